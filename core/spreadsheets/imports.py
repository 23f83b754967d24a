"""The one page function of spreadsheet imports: upload, look at what was found, import all.

An app declares a `Sheet`. Nothing is written before every line is fine and the reader has seen
what would be; the file waits in the cache between the two steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import formats
from core.access import Request
from core.models import Company
from core.refusals import Refused
from core.spreadsheets.lines import Problem
from core.spreadsheets.reading import Line, read_table, refuse_too_big
from core.spreadsheets.writing import csv_file

T = TypeVar("T")
AN_HOUR = 60 * 60
MOST_PROBLEMS, MOST_SHOWN = 500, 50


@dataclass(frozen=True)
class Checked(Generic[T]):
    """A file as it was understood: what would be imported, and what forbids it."""

    drafts: Sequence[T]
    problems: Sequence[Problem] = ()
    heads: Sequence[Any] = ()
    rows: Sequence[Sequence[object]] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet(Generic[T]):
    """A kind of import: its columns, how lines are checked, and the deed that carries it out."""

    title: Any
    name: str  # of the file with an empty table
    required: Sequence[str]
    optional: Sequence[str]
    check: Callable[[list[Line]], Checked[T]]
    carry_out: Callable[[Sequence[T]], object]
    back: str
    hint: Any = ""
    # Lines that fit the company as it is, by the names of the columns: a file to begin with. The
    # page offers it where there are any.
    example: Callable[[], Sequence[Mapping[str, object]]] | None = None


class UploadForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label=__("File"),
        help_text=__("CSV or XLSX; the first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            refuse_too_big(file.size)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None
        return file


def serve(request: Request, company: Company, sheet: Sheet[T]) -> HttpResponseBase:
    """Upload page; on POST of a file its check; on POST of what was checked, the import."""
    if request.GET.get("table") == "empty":
        return csv_file(sheet.name, [[*sheet.required, *sheet.optional]])
    if request.GET.get("table") == "example" and sheet.example:
        lines = sheet.example() or [dict.fromkeys(sheet.required, "")]
        return csv_file(f"{sheet.name}-example", _filled(lines))
    form = UploadForm(request.POST or None, request.FILES or None)
    try:
        if request.POST.get("checked"):
            return _import(request, company, sheet)
        if request.method == "POST" and form.is_valid():
            return _look_at(request, company, sheet, form.cleaned_data["file"].read())
    except Refused as refusal:
        form.is_bound = True
        form.add_error("file" if not request.POST.get("checked") else None, refusal.message)
    context = {"form": form, "sheet": sheet, "title": sheet.title, "cancel_url": sheet.back}
    return render(request, "import.html", {**context, "submit": _("Check the file")})


def _filled(lines: Sequence[Mapping[str, object]]) -> list[list[Any]]:
    """Example lines as a table of the columns they use."""
    names = list(dict.fromkeys(name for line in lines for name in line))
    return [names, *([line.get(name, "") for name in names] for line in lines)]


def _shown(cell: Any) -> Any:
    """A cell of the preview: days read as on every other page."""
    return formats.day(cell) if isinstance(cell, date) else cell


def _look_at(
    request: Request, company: Company, sheet: Sheet[T], content: bytes, token: str = ""
) -> HttpResponseBase:
    """The page that shows what the file would do, or every mistake in it."""
    lines = _lines(content, sheet)
    checked = sheet.check(lines)
    token = token or uuid4().hex
    if not checked.problems:
        cache.set(_key(request, company, sheet, token), content, AN_HOUR)
    wrong = {problem.line for problem in checked.problems}
    context = {
        "sheet": sheet,
        "title": sheet.title,
        "checked": checked,
        "token": token,
        "count": len(lines),
        "wrong": len(wrong),
        "problems": checked.problems[:MOST_PROBLEMS],
        "rows": [[_shown(cell) for cell in row] for row in checked.rows[:MOST_SHOWN]],
        "form": UploadForm(),
    }
    status = 422 if checked.problems else 200
    return render(request, "import_check.html", context, status=status)


def _lines(content: bytes, sheet: Sheet[T]) -> list[Line]:
    lines = read_table(ContentFile(content), required=sheet.required, optional=sheet.optional)
    if not lines:
        text = _("The file has a heading but no lines below it. Nothing to import.")
        raise Refused("spreadsheet.no_lines", text)
    return lines


def _import(request: Request, company: Company, sheet: Sheet[T]) -> HttpResponseBase:
    """Checks the kept file once more, since the books may have changed, and imports it whole."""
    token = request.POST["checked"]
    content = cache.get(_key(request, company, sheet, token))
    if content is None:
        text = _("The checked file is not kept any more, or was imported. Upload it again.")
        raise Refused("spreadsheet.gone", text)
    checked = sheet.check(_lines(content, sheet))
    if checked.problems:
        return _look_at(request, company, sheet, content, token)
    sheet.carry_out(checked.drafts)
    cache.delete(_key(request, company, sheet, token))
    words = {"n": len(checked.drafts), "title": sheet.title}
    messages.success(request, _("%(title)s: %(n)d lines are imported.") % words)
    return HttpResponseRedirect(sheet.back)


def _key(request: Request, company: Company, sheet: Sheet[T], token: str) -> str:
    """Where a checked file waits: only its uploader finds it, for this company and purpose."""
    safe = token if token.isalnum() and len(token) == 32 else "none"
    return f"import:{request.user.pk}:{company.pk}:{sheet.name}:{safe}"
