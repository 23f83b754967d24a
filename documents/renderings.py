"""PDFs of documents, drawn by WeasyPrint from the frozen document, always between transactions.

Upper apps say at start-up how a kind of document is printed (`register`). Nothing that a
document says can make the printer reach out: it gets our own static files and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from threading import Lock
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import inside_transaction
from core.models import Company
from documents.models import Rendering

BASE = "static://own/"
REMEDY = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# What a template or the printer raises over one document; it must not stop the others.
UNDRAWABLE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(OSError, RuntimeError, TypeError, ValueError),
)


@dataclass(frozen=True)
class Sheet:
    """What is printed of one document, and in which language; its file is named like it."""

    name: str
    language: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Print:
    """How a kind of document is printed. `sheets` reads the documents of a company by id."""

    template: str
    stylesheet: str
    sheets: Callable[[Company, Sequence[int]], Mapping[int, Sheet]]


@dataclass(frozen=True)
class Drawn:
    """The outcome for one document: its PDF, or the problem why there is none."""

    source_id: int
    name: str
    content: bytes = b""
    problem: str = ""


class PrinterMissing(Exception):
    """The system libraries that WeasyPrint draws with are not installed."""


PRINTS: dict[str, Print] = {}
_one_at_a_time = Lock()  # the font configuration is shared by the threads of a web process


def register(kind: str, how: Print) -> None:
    """Says how documents of `kind` are printed; called at start-up."""
    PRINTS[kind] = how


def of_sources(kind: str, ids: Sequence[int]) -> "QuerySet[Rendering]":
    """The renderings of documents, with their files."""
    return Rendering.objects.filter(source_kind=kind, source_id__in=ids).select_related("file")


@inside_transaction
def ask(company: Company, kind: str, documents: Sequence[tuple[int, str]]) -> None:
    """Notes that PDFs of documents (id, name) are wanted; those asked for already stay."""
    known = set(
        Rendering.objects.filter(
            source_kind=kind, source_id__in=[pk for pk, _name in documents]
        ).values_list("source_id", flat=True)
    )
    at = clock.now()
    bulk.insert(
        Rendering,
        ("company_id", "source_kind", "source_id", "source_name", "asked_at"),
        [(company.pk, kind, pk, name, at) for pk, name in documents if pk not in known],
    )


def draw(company: Company, kind: str, ids: Sequence[int]) -> Iterator[Drawn]:
    """Draws documents one after another. Raises PrinterMissing when there is nothing to draw with.

    Never inside a deed: drawing takes longer than any lock may be held.
    """
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Documents are drawn between transactions.")
    how, wanted = PRINTS[kind], sheets(company, kind, ids)
    for pk in ids:
        sheet = wanted[pk]
        try:
            yield Drawn(pk, sheet.name, content=_pdf(how, sheet))
        except UNDRAWABLE as problem:
            yield Drawn(pk, sheet.name, problem=f"{type(problem).__name__}: {problem}")


def sheets(company: Company, kind: str, ids: Sequence[int]) -> Mapping[int, Sheet]:
    """What is printed of each document."""
    return PRINTS[kind].sheets(company, ids)


def _pdf(how: Print, sheet: Sheet) -> bytes:
    with translation.override(sheet.language):
        page = render_to_string(how.template, {**sheet.context, "language": sheet.language})
    return pdf(page, how.stylesheet)


def pdf(page: str, stylesheet: str) -> bytes:
    """An HTML page with one of our style sheets as a PDF."""
    with _one_at_a_time:
        printer = _printer()
        target = BytesIO()
        printer.weasyprint.HTML(string=page, base_url=BASE, url_fetcher=printer.fetcher).write_pdf(
            target,
            stylesheets=[_stylesheet(stylesheet)],
            font_config=printer.fonts,
            cache=printer.pictures,
            pdf_variant="pdf/a-3b",
        )
    return target.getvalue()


@dataclass(frozen=True)
class _Printer:
    """What is loaded once per process: made anew for each page it would eat memory for ever."""

    weasyprint: Any
    fonts: Any
    fetcher: Any
    pictures: dict[str, Any]


@cache
def _printer() -> _Printer:
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:  # the Python package is there, Pango is not
        raise PrinterMissing(
            _("PDFs wait: Pango is not installed on this machine. On Debian: %(remedy)s")
            % {"remedy": REMEDY}
        ) from error

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """Answers with our own static files; opens no connection and no other file."""

        def fetch(self, url: str, headers: object = None) -> Any:
            return URLFetcherResponse(
                url, own_file(url).read_bytes(), {"Content-Type": guess_type(url)[0] or ""}
            )

    return _Printer(weasyprint, FontConfiguration(), OwnFilesOnly(), {})


@cache
def _stylesheet(name: str) -> Any:
    printer = _printer()
    return printer.weasyprint.CSS(
        url=BASE + name, url_fetcher=printer.fetcher, font_config=printer.fonts
    )


def own_file(url: str) -> Path:
    """The static file behind an address of ours; anything else is refused."""
    name = url.removeprefix(BASE)
    found = finders.find(name) if name != url else None
    if not found:
        raise ValueError(f"Printed pages use our own static files only, not {url[:100]}")
    return Path(found)
