"""Taking over the books of the system before: choose the day, load balances and open items."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import formats, pages
from core.access import FORM, Request, door
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.spreadsheets import imports, parse_date
from ledger import actions, sheets
from ledger.drafts import BalanceDraft, ItemDraft
from ledger.forms import TakeOverForm
from ledger.models import Account, AccountRole, OpenItem, Period
from ledger.queries import account_balance, books_of
from ledger.reversal import why_not_taken_back

DAY = "%Y-%m-%d"
POST = ("POST",)


def _url(name: str, company: Company, *more: object) -> str:
    return reverse(f"ledger:{name}", args=[company.slug, *more])


@door("ledger.take_over")
def take_over(request: Request, company: Company) -> HttpResponse:
    """What can be taken over, for which day, and what is left on opening balances."""
    first = Period.objects.filter(company=company).order_by("starts_on").first()
    form = TakeOverForm(request.GET or None, initial={"on": first.starts_on if first else None})
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else form.initial["on"]
    account = Account.objects.filter(company=company, role=AccountRole.OPENING_BALANCE).first()
    left = account_balance(company, account, date.max) if account else []
    context = {
        "title": _("Take over the books before"),
        "form": form,
        "on": on,
        "account": account,
        "left": [Money(part.base_amount, company.currency) for part in left if part.base_amount],
        "items_url": _url("take_over_items", company, f"{on:{DAY}}") if on else "",
        "balances_url": _url("take_over_balances", company, f"{on:{DAY}}") if on else "",
    }
    return render(request, "ledger/take_over.html", context)


@door("ledger.take_over", methods=FORM)
def balances(request: Request, company: Company, day: str) -> HttpResponseBase:
    """Balances of accounts from a spreadsheet."""
    on = parse_date(day)
    required, optional = sheets.BALANCES
    sheet: imports.Sheet[BalanceDraft] = imports.Sheet(
        title=_("Balances on %(day)s") % {"day": formats.day(on)},
        name="balances",
        required=required,
        optional=optional,
        check=lambda lines: sheets.check_balances(company, lines, on),
        carry_out=partial(
            actions.take_over_balances, company, on=on, by=request.user, name=_("Balances")
        ),
        back=f"{_url('take_over', company)}?on={day}",
        hint=_("One line is one account; debit stands above zero, credit below. Accounts that are "
               "the sum of open items or stock are taken over by those."),
    )  # fmt: skip
    return imports.serve(request, company, sheet)


@door("ledger.take_over", methods=FORM)
def items(request: Request, company: Company, day: str) -> HttpResponseBase:
    """Open items from a spreadsheet."""
    on = parse_date(day)
    required, optional = sheets.ITEMS
    sheet: imports.Sheet[ItemDraft] = imports.Sheet(
        title=_("Open items on %(day)s") % {"day": formats.day(on)},
        name="open-items",
        required=required,
        optional=optional,
        check=lambda lines: sheets.check_items(company, lines, on),
        carry_out=partial(actions.take_over_open_items, company, on=on, by=request.user),
        back=f"{_url('take_over', company)}?on={day}",
        hint=_("One line is one open document with the number it has there; below zero is a credit "
               "or a payment. Name the customer or the supplier by the number it has here."),
    )  # fmt: skip
    return imports.serve(request, company, sheet)


@door("ledger.view")
def open_item(request: Request, company: Company, pk: int) -> HttpResponse:
    """An open item that was taken over; others are shown by their documents."""
    rows = OpenItem.objects.visible_to(request.user).select_related("customer", "supplier")
    row = get_object_or_404(rows, company=company, pk=pk)
    if row.source_kind != "open_item" or row.position > 1:
        return redirect("ledger:entries", company.slug)
    may_take_over = rights(request.user).may("ledger.take_over", company.pk)
    return pages.show(
        request,
        "ledger/open_item.html",
        row,
        kind="open_item",
        title=row.source_name,
        list_url=_url("take_over", company) if may_take_over else "",
        partner=row.customer or row.supplier,
        figures=[
            (_("Amount"), Money(row.amount, row.currency)),
            (_("Open"), Money(row.open_amount, row.currency)),
        ],
        facts=_facts(row),
        deeds=[_take_back(company, row)] if may_take_over else [],
        books=books_of(company, "open_item", row.pk),
    )


def _take_back(company: Company, row: OpenItem) -> Deed:
    problem = why_not_taken_back(row)
    amount = formats.amount(row.amount, row.currency, code=True)
    say = _("%(amount)s leave the books again by a reversal. %(item)s may then be taken over anew.")
    return Deed(
        "take_back",
        _("Take back"),
        _url("take_back_item", company, row.pk),
        problem.message if problem else "",
        confirm=say % {"amount": amount, "item": row.name},
    )


@door("ledger.take_over", methods=POST)
def take_back_item(request: Request, company: Company, pk: int) -> HttpResponse:
    """Takes an open item that was taken over wrongly out of the books."""
    rows = OpenItem.objects.visible_to(request.user).filter(source_kind="open_item")
    row = get_object_or_404(rows, company=company, pk=pk)
    actions.take_back_open_items([row.pk], by=request.user)
    messages.success(request, _("%(item)s is taken back.") % {"item": row.name})
    return redirect("ledger:open_item", company.slug, row.pk)


def _facts(row: OpenItem) -> list[tuple[str, str]]:
    return [
        (_("Taken over"), formats.day_html(row.posted_on)),
        (_("Due"), formats.day_html(row.due_on)),
        (_("Reference"), row.payment_reference or "—"),
    ]
