"""The journal: its list, an entry, posting and reversing entries by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, lists, pages
from core.access import FORM, Request, door
from core.forms import blame
from core.lists import grids
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from ledger import actions
from ledger.actions.manual import why_not_reversible
from ledger.drafts import ManualDraft
from ledger.filters import EntryFilters
from ledger.forms import ManualForm, ManualLineForm, ReverseForm
from ledger.models import Entry
from ledger.queries import entries as queries
from ledger.tables import EntryTable


def _url(name: str, company: Company, *more: object) -> str:
    return reverse(f"ledger:{name}", args=[company.slug, *more])


def _may_post(request: Request, company: Company) -> bool:
    return rights(request.user).may("ledger.post", company.pk)


@door("ledger.view")
def entries(request: Request, company: Company) -> HttpResponseBase:
    """The journal."""
    new = Deed("new", _("New entry"), _url("new_entry", company))
    return lists.serve(
        request,
        company,
        rows=queries.journal(request.user, company),
        table=EntryTable,
        filters=EntryFilters,
        title=_("Journal"),
        new=new if _may_post(request, company) else None,
        empty=_("Every document with money in it writes its entry here by itself."),
    )


@door("ledger.view")
def entry(request: Request, company: Company, number: str) -> HttpResponse:
    """One entry with its lines, its document and what reversed it."""
    row = get_object_or_404(queries.journal(request.user, company), number=number)
    lines = queries.lines_of(row)
    return pages.show(
        request,
        "ledger/entry.html",
        row,
        kind="entry",
        title=row.number,
        list_url=_url("entries", company),
        deeds=[_reverse_deed(row)] if _may_post(request, company) else [],
        lines=lines,
        facts=queries.facts_of(row),
        source=queries.source_of(company, row),
        counterpart=queries.counterpart_of(company, row),
    )


def _reverse_deed(row: Entry) -> Deed:
    problem = why_not_reversible(row)
    refusal = problem.message if problem else ""
    if hasattr(row, "reversed_by"):
        refusal = _("%(entry)s reversed it already.") % {"entry": row.reversed_by}
    url = _url("reverse_entry", row.company, row.number)
    return Deed("reverse", _("Reverse"), url, refusal, method="get")


@door("ledger.post", methods=FORM)
def new_entry(request: Request, company: Company) -> HttpResponse:
    """Posts an entry by hand."""
    usual = {"on": clock.today(company), "currency": company.currency}
    form = ManualForm(request.POST or None, initial=usual)
    lines = grids.grid(ManualLineForm, request.POST or None, stored=[{}, {}])
    sent = request.method == "POST" and not grids.is_asked_for_more(request.POST)
    if sent and all([form.is_valid(), lines.is_valid()]):
        draft = form.draft([line.line() for line in grids.filled(lines)])
        if posted := _post(request, company, form, draft):
            return redirect("ledger:entry", company.slug, posted.number)
    context = {
        "form": form,
        "lines": lines,
        "title": _("New entry"),
        "submit": _("Post"),
        "cancel_url": _url("entries", company),
        "draft_key": f"entry-{company.slug}",
        "accounts": _url("find_accounts", company),
    }
    return render(request, "ledger/new_entry.html", context)


def _post(request: Request, company: Company, form: ManualForm, draft: ManualDraft) -> Entry | None:
    try:
        (posted,) = actions.post_manual_entries(company, [draft], by=request.user)
    except Refused as refusal:
        blame(form, refusal)
        return None
    messages.success(request, _("%(entry)s is posted.") % {"entry": posted.number})
    return posted


@door("ledger.post", methods=FORM)
def reverse_entry(request: Request, company: Company, number: str) -> HttpResponse:
    """Reverses a manual entry, with its day and reason."""
    row = get_object_or_404(queries.journal(request.user, company), number=number)
    form = ReverseForm(request.POST or None, initial={"on": row.posting_date})
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        (reversal,) = actions.reverse_entries([row.pk], by=request.user, **typed)
        messages.success(
            request,
            _("%(entry)s is reversed by %(by)s.") % {"entry": row.number, "by": reversal.number},
        )
        return redirect("ledger:entry", company.slug, reversal.number)
    context = {
        "form": form,
        "title": _("Reverse %(entry)s") % {"entry": row.number},
        "intro": _("The same lines are posted with sides swapped; both entries stay to be read."),
        "submit": _("Reverse"),
        "cancel_url": _url("entry", company, row.number),
    }
    return render(request, "entry.html", context)
