"""Customers: the list, the page, the forms, and what is done to several."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.utils.translation import ngettext

from core import lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm, blame
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from partners import actions, queries
from partners.actions import CreditTerms
from partners.filters import CustomerFilters
from partners.forms import CreditForm, CustomerForm
from partners.tables import CustomerTable
from partners.views import accounts

POST = ("POST",)
PARTS = (("orders", __("Open orders")), ("unbilled", __("Shipped, not billed")),
         ("receivable", __("Open invoices")))  # fmt: skip


@door("partners.view")
def customers(request: Request, company: Company) -> HttpResponseBase:
    """The list of customers."""
    return lists.serve(
        request,
        company,
        rows=queries.customers(request.user, company),
        table=CustomerTable,
        filters=CustomerFilters,
        title=_("Customers"),
        deeds=_set_deeds(request, company),
        new=_may(request, company, Deed("new", _("New customer"), _url("new_customer", company))),
        buttons=_buttons(request, company),
        empty=_("Whoever buys from this company is listed here, once an account is opened."),
    )


def _url(name: str, company: Company, *more: str) -> str:
    return reverse(f"partners:{name}", args=[company.slug, *more])


def _may(
    request: Request, company: Company, deed: Deed, permission: str = "partners.edit"
) -> Deed | None:
    return deed if rights(request.user).may(permission, company.pk) else None


def _buttons(request: Request, company: Company) -> list[Deed]:
    deed = Deed("import", _("Import"), _url("import_customers", company))
    return [deed] if _may(request, company, deed) else []


def _set_deeds(request: Request, company: Company) -> list[Deed]:
    archive = Deed("archive", _("Archive"), _url("archive_customers", company))
    restore = Deed("restore", _("Restore"), _url("restore_customers", company))
    block = Deed("block", _("Block credit"), _url("block_customers", company))
    unblock = Deed("unblock", _("Lift block"), _url("unblock_customers", company))
    credit = [_may(request, company, deed, "partners.credit") for deed in (block, unblock)]
    return [
        deed
        for deed in (*credit, _may(request, company, archive), _may(request, company, restore))
        if deed
    ]


@door("partners.view")
def customer(request: Request, company: Company, number: str) -> HttpResponse:
    """The page of a customer."""
    row = accounts.customer_of(request, company, number)
    credit = queries.credit(row, request.user)
    return pages.show(
        request,
        "partners/customer.html",
        row,
        kind="customer",
        list_url=_url("customers", company),
        credit=credit,
        bars=credit.parts(PARTS),
        figures=[
            (_("Credit limit"), credit.limit),
            (_("Exposure"), credit.exposure),
            (_("Free"), credit.free),
        ],
        holds=_holds(request, row, credit),
        **accounts.parts_of(request, row),
    )


def _holds(request: Request, row: Any, credit: queries.Credit) -> list[dict[str, Any]]:
    """What stands in the way of new orders, said at the top of the page."""
    found = []
    who = _("a credit controller")
    if credit.account.blocked:
        text = _("Every new order is held until the block is lifted.")
        found.append({"title": _("Credit is blocked"), "text": text, "who": who})
    if credit.is_over:
        words = {"over": -credit.free, "exposure": credit.exposure, "limit": credit.limit}
        text = _("The exposure is %(exposure)s, the limit %(limit)s: %(over)s too much.")
        remedy = _("a payment of %(over)s, or a limit of %(exposure)s")
        found.append(
            {"title": _("Over the limit"), "text": text % words, "remedy": remedy % words,
             "who": who}
        )  # fmt: skip
    return found


@door("partners.edit", methods=FORM)
def new_customer(request: Request, company: Company) -> HttpResponse:
    """Opens an account."""
    may_grant = rights(request.user).may("partners.credit", company.pk)
    form = CustomerForm(request.POST or None, company=company, may_grant=may_grant)

    def deed() -> Any:
        return actions.open_customers(company, [form.draft()], by=request.user)[0]

    saved = accounts.carried_out(request, form, deed)
    return saved or accounts.show_form(request, form, _("New customer"), _url("customers", company))


@door("partners.edit", methods=FORM)
def edit_customer(request: Request, company: Company, number: str) -> HttpResponse:
    """Changes what is said of a customer."""
    row = accounts.customer_of(request, company, number)
    form = CustomerForm(request.POST or None, company=company, account=row)

    def deed() -> Any:
        reason = form.cleaned_data["reason"]
        return actions.change_customer(
            row, form.draft(), seen=form.versions(), by=request.user, reason=reason
        )

    saved = accounts.carried_out(request, form, deed, row)
    return saved or accounts.show_form(
        request, form, accounts.edit_title(row), accounts.page_of(row)
    )


@door("partners.credit", methods=FORM)
def set_credit(request: Request, company: Company, number: str) -> HttpResponse:
    """Sets limit, days overdue and block of a customer's credit account."""
    row = accounts.customer_of(request, company, number)
    account = row.credit_account
    names = ("limit", "max_overdue_days", "blocked")
    now = {name: getattr(account, name) for name in names} | {"seen": account.version}
    form = CreditForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = CreditTerms(*(typed[name] for name in names))
        try:
            actions.set_credit_limit(
                row, wanted, seen=typed["seen"], by=request.user, reason=typed["reason"]
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The credit terms are set."))
            return redirect(accounts.page_of(row))
    return render(request, "entry.html", _credit_context(request, row, form))


def _credit_context(request: Request, row: Any, form: CreditForm) -> dict[str, Any]:
    credit = queries.credit(row, request.user)
    intro = _("Exposure now: %(exposure)s.") % {"exposure": credit.exposure}
    if credit.sharers:
        names = ", ".join(str(other) for other in credit.sharers)
        intro += " " + _("The limit is shared with %(names)s.") % {"names": names}
    title = _("Credit terms of %(name)s") % {"name": row}
    return {"form": form, "title": title, "intro": intro, "cancel_url": accounts.page_of(row)}


ARCHIVE = lists.Archive(
    "customer", "partners.edit", "partners:customers", accounts.customer_of, queries.customers
)
archive_customer, archive_customers = ARCHIVE.archiving(actions.archive_customers)
restore_customer, restore_customers = ARCHIVE.restoring(actions.restore_customers)


@door("partners.credit", methods=POST)
def block_customers(request: Request, company: Company) -> HttpResponse:
    """Asks why, then stops credit for the ticked customers."""
    return _with_reason(request, company, _("Block credit"), actions.block_customers)


@door("partners.credit", methods=POST)
def unblock_customers(request: Request, company: Company) -> HttpResponse:
    """Asks why, then lifts the block of the ticked customers."""
    return _with_reason(request, company, _("Lift the block"), actions.unblock_customers)


def _with_reason(
    request: Request, company: Company, title: str, deed: Callable[..., list[Any]]
) -> HttpResponse:
    ids = lists.chosen(request, queries.customers(request.user, company))
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        done = deed(company, ids, by=request.user, reason=form.cleaned_data["reason"])
        words = ngettext("Done for %(n)d customer.", "Done for %(n)d customers.", len(done))
        messages.success(request, words % {"n": len(done)})
        return redirect("partners:customers", company.slug)
    count = ngettext("%(n)d customer", "%(n)d customers", len(ids)) % {"n": len(ids)}
    context = {"form": form, "title": title, "intro": count, "ids": ids, "submit": title}
    back = {"cancel_url": _url("customers", company)}
    return render(request, "partners/set_reason.html", {**context, **back})
