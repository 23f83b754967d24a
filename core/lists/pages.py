"""The one page function of lists: a page, the changed part of it for htmx, or a file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import clock, formats, spreadsheets
from core.access import Request
from core.lists.columns import MoneyColumn, Table, file_rows
from core.lists.filters import Filters
from core.lists.paging import MOST_COUNTED, Tally, cut, tally
from core.lists.wishes import SIZES, Wishes, sortable, wishes
from core.models import Company
from core.refusals import Refused

MOST_EXPORTED = 100_000


def serve(
    request: Request,
    company: Company,
    *,
    rows: QuerySet[Any],
    table: type[Table],
    filters: type[Filters],
    **page: Any,
) -> HttpResponseBase:
    """The list of `rows`. `page` goes to the template: `title` (always), `deeds` for ticked rows,
    `new` (a deed shown as the button of the page), `empty` (what belongs here), `template` …
    """
    wanted = wishes(request, table)
    asked = filters(request.GET, rows, request=request)
    found = asked.found()
    if request.GET.get("export") in {"csv", "xlsx"}:
        return _file(request, company, wanted, found, str(page["title"]))
    place = {side: request.GET.get(side, "") for side in ("before", "after")}
    cut_out = cut(found, wanted.order, wanted.size, **place)
    shown = table(cut_out.rows, company=company, today=clock.today(company), shown=wanted.columns)
    context = {
        **page,
        "table": shown,
        "heads": _heads(shown, wanted),
        "filters": asked,
        "mistakes": asked.mistakes(),
        "page": cut_out,
        "tally": _tally(table, found),
        "sizes": SIZES,
        "wanted": wanted,
        "choices": [(n, c.header, n in wanted.columns) for n, c in table.base_columns.items()],
    }
    partly = request.headers.get("HX-Request-Type") == "partial"
    template = "_rows.html" if partly else page.get("template", "list.html")
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request-Type", "Cookie"])
    if {"columns", "sort", "size"} & request.GET.keys():
        wanted.remember(response)
    return response


def chosen(request: Request, rows: QuerySet[Any]) -> list[int]:
    """The ids of the ticked ones among the rows behind a page, for the view of a set deed.

    Refuses ids of other rows: whoever comes in by the door of one company acts in that one.
    """
    ids = request.POST.getlist("ids")
    if not ids:
        raise Refused("list.nothing_chosen", _("Tick at least one row first."))
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in ids):
        raise Refused(
            "list.bad_choice", _("The choice is damaged. Reload the list and tick again.")
        )
    wanted = {int(text) for text in ids}
    found = set(rows.filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    if found != wanted:
        raise Refused("list.unknown_choice", _("What you ticked is not there. Reload the list."))
    return sorted(found)


@dataclass(frozen=True)
class Head:
    """The heading of a column: its sort link, or nothing where it cannot be sorted by."""

    name: str
    label: str
    css: str
    sort: str
    direction: str


def _heads(table: Table, wanted: Wishes) -> list[Head]:
    heads = []
    for bound in table.columns:
        now = bound.name == wanted.sort.lstrip("-")
        direction = ("descending" if wanted.order.descending else "ascending") if now else ""
        next_sort = f"-{bound.name}" if direction == "ascending" else bound.name
        column = bound.column
        label = column.heading() if hasattr(column, "heading") else str(bound.header)
        css = getattr(column, "css", "")
        may = bound.name in sortable(type(table))
        heads.append(Head(bound.name, label, css, next_sort if may else "", direction))
    return heads


def _tally(table: type[Table], rows: QuerySet[Any]) -> dict[str, Any]:
    """The figures of the title line, in words."""
    columns = {name: cast(MoneyColumn, table.base_columns[name]) for name in table.totals}
    paths = [(_path(c.accessor or name), _path(c.currency)) for name, c in columns.items()]
    counted: Tally = tally(rows, paths)
    most = formats.number(MOST_COUNTED, 0, 0)
    return {
        "text": f"{most}+" if counted.more else formats.number(counted.count, 0, 0),
        "sums": [
            (
                column.total,
                " · ".join(formats.amount(amount, code, code=True) for code, amount in _worth(of)),
            )
            for column, of in zip(columns.values(), counted.sums, strict=True)
            if of
        ],
    }


def _worth(sums: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """The sums that say something; one nought where there is nothing else."""
    return [pair for pair in sums.items() if pair[1]] or list(sums.items())[:1]


def _path(accessor: object) -> str:
    return str(accessor).replace(".", "__")


def _file(
    request: Request, company: Company, wanted: Wishes, rows: QuerySet[Any], title: str
) -> HttpResponseBase:
    """Exactly the rows and columns asked for, in their order."""
    if rows.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        most = formats.number(MOST_EXPORTED, 0, 0)
        text = _("The list has more than %(most)s rows. No file was made: filter it, then export.")
        messages.error(request, text % {"most": most})
        query = request.GET.copy()
        del query["export"]
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    order = wanted.order
    records = order.sorted(order.keyed(rows)).iterator(chunk_size=2000)
    empty = wanted.table([], company=company, today=clock.today(company), shown=wanted.columns)
    make = spreadsheets.csv_file if request.GET["export"] == "csv" else spreadsheets.xlsx_file
    return make(f"{company.slug}-{slugify(title) or 'list'}", file_rows(empty, records))
