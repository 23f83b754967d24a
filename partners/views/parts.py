"""The grids of an account's addresses, contacts and bank accounts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core.access import FORM, Request, door
from core.lists import grids
from core.models import Company
from core.refusals import Refused
from partners import actions, queries
from partners.editing import Versions
from partners.forms import AddressForm, BankAccountForm, ContactForm, PartForm, WhyForm
from partners.views import accounts


class Grid(NamedTuple):
    """One kind of part: its form, its rows, its deed and its title."""

    form: type[PartForm]
    rows: Callable[..., list[Any]]
    deed: Callable[..., Any]
    title: Any


GRIDS = {
    "addresses": Grid(
        AddressForm, queries.addresses, actions.change_addresses, __("Addresses of %(name)s")
    ),
    "contacts": Grid(
        ContactForm, queries.contacts, actions.change_contacts, __("Contacts of %(name)s")
    ),
    "bank_accounts": Grid(
        BankAccountForm, queries.bank_accounts, actions.change_bank_accounts,
        __("Bank accounts of %(name)s"),
    ),
}  # fmt: skip


@door("partners.edit", methods=FORM)
def customer_addresses(request: Request, company: Company, number: str) -> HttpResponse:
    """Where a customer is billed and supplied."""
    return _edit(request, accounts.customer_of(request, company, number), "addresses")


@door("partners.contacts", methods=FORM)
def customer_contacts(request: Request, company: Company, number: str) -> HttpResponse:
    """Whom to write to at a customer."""
    return _edit(request, accounts.customer_of(request, company, number), "contacts")


@door("partners.bank", methods=FORM)
def customer_bank_accounts(request: Request, company: Company, number: str) -> HttpResponse:
    """The accounts a customer pays from."""
    return _edit(request, accounts.customer_of(request, company, number), "bank_accounts")


@door("partners.suppliers", methods=FORM)
def supplier_addresses(request: Request, company: Company, number: str) -> HttpResponse:
    """Where a supplier is."""
    return _edit(request, accounts.supplier_of(request, company, number), "addresses")


@door("partners.suppliers", methods=FORM)
def supplier_contacts(request: Request, company: Company, number: str) -> HttpResponse:
    """Whom to write to at a supplier."""
    return _edit(request, accounts.supplier_of(request, company, number), "contacts")


@door("partners.supplier_bank", methods=FORM)
def supplier_bank_accounts(request: Request, company: Company, number: str) -> HttpResponse:
    """The accounts a supplier is paid to."""
    return _edit(request, accounts.supplier_of(request, company, number), "bank_accounts")


def _edit(request: Request, account: Any, what: str) -> HttpResponse:
    grid = GRIDS[what]
    form = WhyForm(request.POST or None, initial={"seen": str(Versions.of(account))})
    form.fields["reason"].required = what == "bank_accounts"
    lines = _lines(request, grid, account)
    sent = request.method == "POST" and not grids.is_asked_for_more(request.POST)
    if sent and all([form.is_valid(), lines.is_valid()]):
        try:
            _carry_out(request, grid, account, form, lines)
        except Refused as refusal:
            _blame(form, lines, refusal, account)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": account})
            return redirect(accounts.page_of(account))
    title = grid.title % {"name": account}
    context = {"form": form, "lines": lines, "title": title}
    return render(request, "entry.html", {**context, "cancel_url": accounts.page_of(account)})


def _carry_out(request: Request, grid: Grid, account: Any, form: WhyForm, lines: Any) -> None:
    grid.deed(
        account,
        [line.pair() for line in grids.filled(lines)],
        seen=Versions.read(form.cleaned_data["seen"]),
        by=request.user,
        reason=form.cleaned_data["reason"],
    )


def _lines(request: Request, grid: Grid, account: Any) -> Any:
    names = [name for name in grid.form.base_fields if name != "id"]
    rows = grid.rows(account.partner)
    usual = {"country": account.partner.country, "purpose": next(iter(grid.form.purposes()), "")}
    return grids.grid(
        grid.form,
        request.POST or None,
        stored=[{"id": row.pk, **model_to_dict(row, names)} for row in rows],
        usual={name: value for name, value in usual.items() if name in names},
    )


def _blame(form: WhyForm, lines: Any, refusal: Refused, account: Any) -> None:
    """Shows a refusal at its line; after one of an old version, the next save overwrites it."""
    place = refusal.numbers.get("place")
    if place is not None:
        grids.filled(lines)[place].add_error(None, refusal.message)
        return
    name = str(refusal.numbers.get("field", ""))
    form.add_error(name if name in form.fields else None, refusal.message)
    if refusal.code == "changed_meanwhile":
        account.refresh_from_db()
        form.data = {**form.data.dict(), "seen": str(Versions.of(account))}  # type: ignore[attr-defined]
