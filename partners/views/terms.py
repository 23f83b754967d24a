"""Payment terms: the list, the page, the form."""

from decimal import Decimal
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
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from partners import actions, queries
from partners.filters import TermsFilters
from partners.forms import InstalmentForm, TermsForm
from partners.forms.terms import values_of
from partners.models import PaymentTerms
from partners.tables import TermsTable
from partners.terms import TermsDraft, due_dates

POST = ("POST",)


def _url(name: str, company: Company, *more: str) -> str:
    return reverse(f"partners:{name}", args=[company.slug, *more])


def _terms_of(request: Request, company: Company, code: str) -> PaymentTerms:
    rows = queries.terms(request.user, company).prefetch_related("instalments")
    return get_object_or_404(rows.select_related("company"), code=code)


@door("partners.view")
def terms_list(request: Request, company: Company) -> HttpResponseBase:
    """The list of payment terms."""
    may = rights(request.user).may("partners.terms", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.terms(request.user, company),
        table=TermsTable,
        filters=TermsFilters,
        title=_("Payment terms"),
        new=Deed("new", _("New terms"), _url("new_terms", company)) if may else None,
        empty=_("When invoices are due is agreed here once, and then chosen for each customer."),
    )


@door("partners.view")
def terms_page(request: Request, company: Company, code: str) -> HttpResponse:
    """The page of payment terms, with what they mean for an invoice of today."""
    row = _terms_of(request, company, code)
    parts = list(row.instalments.all())
    today, example = clock.today(company), Money(Decimal(1000), company.currency)
    due = due_dates(parts, today, example.amount, company.currency)
    return pages.show(
        request,
        "partners/terms.html",
        row,
        kind="terms",
        title=row.name,
        list_url=_url("terms", company),
        deeds=_deeds(request, row),
        parts=parts,
        example=example,
        due=due,
        facts=[(_("Code"), row.code), (_("Customers"), str(row.used_by))],  # type: ignore[attr-defined]
        changes=queries.terms_history(row),
    )


def _deeds(request: Request, row: PaymentTerms) -> list[Deed]:
    if not rights(request.user).may("partners.terms", row.company_id):
        return []
    where = (row.company, row.code)
    away = (
        Deed("restore", _("Restore"), _url("restore_terms", *where))
        if row.archived_at
        else Deed(
            "archive", _("Archive"), _url("archive_terms", *where),
            confirm=_("Nobody new gets these terms. Who has them keeps them."),
        )
    )  # fmt: skip
    edit = _url("edit_terms", *where)
    return [Deed("edit", _("Edit"), edit, primary=True, method="get", key="e"), away]


@door("partners.terms", methods=FORM)
def new_terms(request: Request, company: Company) -> HttpResponse:
    """Adds payment terms."""
    return _edit(request, company, None)


@door("partners.terms", methods=FORM)
def edit_terms(request: Request, company: Company, code: str) -> HttpResponse:
    """Changes payment terms for what comes."""
    return _edit(request, company, _terms_of(request, company, code))


def _edit(request: Request, company: Company, row: PaymentTerms | None) -> HttpResponse:
    now = {"code": row.code, "name": row.name, "seen": row.version} if row else {}
    form = TermsForm(request.POST or None, initial=now)
    lines = grids.grid(
        InstalmentForm,
        request.POST or None,
        stored=values_of(row) if row else [{"percent": 100, "rule": "net", "days": 30}],
        usual={"rule": "net", "months": 0, "days": 0},
        most=36,
    )
    sent = request.method == "POST" and not grids.is_asked_for_more(request.POST)
    if sent and all([form.is_valid(), lines.is_valid()]):
        try:
            saved = _save(request, company, row, form, lines)
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": saved})
            return redirect("partners:terms_page", company.slug, saved.code)
    back = _url("terms_page", company, row.code) if row else _url("terms", company)
    title = row.name if row else _("New payment terms")
    context = {"form": form, "lines": lines, "title": title, "cancel_url": back}
    return render(request, "entry.html", context)


def _save(
    request: Request, company: Company, row: PaymentTerms | None, form: TermsForm, lines: Any
) -> PaymentTerms:
    typed = form.cleaned_data
    parts = tuple(line.instalment() for line in grids.filled(lines))
    draft = TermsDraft(typed["code"], typed["name"], parts)
    if row is None:
        return actions.add_terms(company, [draft], by=request.user)[0]
    return actions.change_terms(
        row, draft, seen=typed["seen"] or 0, by=request.user, reason=typed["reason"]
    )


@door("partners.terms", methods=POST)
def archive_terms(request: Request, company: Company, code: str) -> HttpResponse:
    """Puts terms away."""
    row = actions.archive_terms(_terms_of(request, company, code), by=request.user)
    messages.success(request, _("%(name)s is archived.") % {"name": row})
    return redirect("partners:terms_page", company.slug, code)


@door("partners.terms", methods=POST)
def restore_terms(request: Request, company: Company, code: str) -> HttpResponse:
    """Takes terms out again."""
    row = actions.restore_terms(_terms_of(request, company, code), by=request.user)
    messages.success(request, _("%(name)s is restored.") % {"name": row})
    return redirect("partners:terms_page", company.slug, code)
