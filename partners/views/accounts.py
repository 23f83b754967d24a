"""What the pages of customers and suppliers share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import Request
from core.forms import blame, countries
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from partners import queries
from partners.editing import kind_of, permission_for
from partners.forms import SHOWN_AT, AccountForm
from partners.models import Customer, Supplier
from partners.terms import on_screen

Account = TypeVar("Account", Customer, Supplier)


def customer_of(request: Request, company: Company, number: str) -> Customer:
    """The customer of an address, with its exposure; unknown to whoever may not see it."""
    return get_object_or_404(queries.customers(request.user, company), number=number)


def supplier_of(request: Request, company: Company, number: str) -> Supplier:
    """The supplier of an address."""
    return get_object_or_404(queries.suppliers(request.user, company), number=number)


def page_of(account: Customer | Supplier) -> str:
    """The address of an account's page."""
    kind = kind_of(account)
    return reverse(f"partners:{kind}", args=[account.company.slug, account.number])


def carried_out(
    request: Request, form: AccountForm, deed: Callable[[], Any], account: Any = None
) -> HttpResponse | None:
    """Carries out the deed of a form that is fine; a refusal goes back into the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        saved = deed()
    except Refused as refusal:
        blame(form, refusal, SHOWN_AT)
        if refusal.code == "changed_meanwhile":
            account.refresh_from_db()
            form.refresh(account)
        return None
    messages.success(request, _("%(name)s is saved.") % {"name": saved})
    return redirect(page_of(saved))


def edit_title(account: Customer | Supplier) -> str:
    """The title of the form that changes an account."""
    return _("Edit %(name)s") % {"name": account.partner.name}


def show_form(request: Request, form: AccountForm, title: str, back: str) -> HttpResponse:
    """The form of an account."""
    context = {"form": form, "title": title, "cancel_url": back, "draft_key": request.path}
    return render(request, "partners/account_form.html", context)


def deeds_of(request: Request, account: Customer | Supplier) -> list[Deed]:
    """The deeds of an account's page that the reader's role includes."""
    kind, company = kind_of(account), account.company

    def deed(name: str, label: Any, **more: Any) -> Deed:
        url = reverse(f"partners:{kind}_{name}", args=[company.slug, account.number])
        return Deed(name, label, url, **more)

    deeds = [
        deed("edit", _("Edit"), method="get", primary=True, key="e"),
        *([deed("credit", _("Credit terms"), method="get")] if kind == "customer" else []),
        deed("addresses", _("Addresses"), method="get"),
        deed("contacts", _("Contacts"), method="get"),
        deed("bank_accounts", _("Bank accounts"), method="get"),
        deed("restore", _("Restore"))
        if account.archived_at
        else deed("archive", _("Archive"), confirm=_away_words(account)),
    ]
    may = rights(request.user).may
    return [one for one in deeds if may(permission_for(account, one.name), company.pk)]


def _away_words(account: Customer | Supplier) -> str:
    words = _("%(name)s is offered no more for new documents. All that is there stays.")
    return words % {"name": account}


def facts_of(account: Customer | Supplier) -> list[tuple[Any, Any]]:
    """What is known of an account, as its page lists it."""
    partner = account.partner
    agreed: list[tuple[Any, Any]] = [
        (_("Number"), account.number),
        (_("Payment terms"), on_screen(account.payment_terms.name)),
        (_("Currency"), account.currency),
    ]
    if isinstance(account, Customer):
        agreed += [
            (_("Sales rep"), account.sales_rep and account.sales_rep.name),
            (_("Collector"), account.collector and account.collector.name),
            (
                _("Its order number"),
                _("needed on invoices") if account.po_number_required else _("not needed"),
            ),
        ]
    return [
        *agreed,
        (_("Registered name"), partner.legal_name),
        (_("Country"), dict(countries()).get(partner.country, partner.country)),
        (_("VAT number"), partner.vat_id),
        (_("Registration number"), partner.registration_id),
        (_("Language"), dict(settings.DOCUMENT_LANGUAGES).get(partner.language, partner.language)),
    ]


def parts_of(request: Request, account: Customer | Supplier) -> dict[str, Any]:
    """The addresses, contacts, bank accounts, other accounts and history of an account."""
    return {
        "addresses": queries.addresses(account.partner),
        "contacts": queries.contacts(account.partner),
        "bank_accounts": queries.bank_accounts(account.partner),
        "other_accounts": [
            (other, page_of(other)) for other in queries.other_accounts(account, request.user)
        ],
        "changes": queries.history(account),
        "facts": facts_of(account),
        "deeds": deeds_of(request, account),
        "title": account.partner.name,
    }
