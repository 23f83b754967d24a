"""Setting up the books: the chart of accounts, bank accounts, rates and tax codes."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, lists
from core.access import FORM, Request, door
from core.forms import blame
from core.kinds import KINDS
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from core.spreadsheets import imports
from ledger import actions, sheets
from ledger.drafts import RateDraft
from ledger.filters import BankFilters, ChartFilters, RateFilters, TaxCodeFilters
from ledger.forms import (
    AccountChangeForm,
    AccountForm,
    BankAccountChangeForm,
    BankAccountForm,
    EndForm,
    RateForm,
    TaxCodeForm,
)
from ledger.models import Account, BankAccount, FxRate, TaxCode
from ledger.models.accounts import CONTROL_ROLES
from ledger.tables import BankTable, ChartTable, RateTable, TaxCodeTable
from users.models import User


def _url(name: str, company: Company, *more: object) -> str:
    return reverse(f"ledger:{name}", args=[company.slug, *more])


def _set_deeds(request: Request, company: Company, what: str) -> list[Deed]:
    """What is done to ticked accounts, for those who may."""
    if not rights(request.user).may("ledger.setup", company.pk):
        return []
    return [
        Deed("archive", _("Archive"), _url(f"archive_{what}", company)),
        Deed("restore", _("Restore"), _url(f"restore_{what}", company)),
    ]


def _new(request: Request, company: Company, label: str, name: str) -> Deed | None:
    may = rights(request.user).may("ledger.setup", company.pk)
    return Deed("new", label, _url(name, company)) if may else None


def _entered(
    request: Request, form: forms.Form, deed: Any, *, done: str, back: str, **page: Any
) -> HttpResponse:
    """A form that calls one deed: back to the list when done, shown again when refused."""
    if request.method == "POST" and form.is_valid():
        try:
            deed()
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, "entry.html", {"form": form, "cancel_url": back, **page})


# --- accounts -------------------------------------------------------------------------------------


@door("ledger.view_setup")
def chart(request: Request, company: Company) -> HttpResponseBase:
    """The chart of accounts."""
    return lists.serve(
        request,
        company,
        rows=_accounts(request.user, company),
        table=ChartTable,
        filters=ChartFilters,
        title=_("Chart of accounts"),
        deeds=_set_deeds(request, company, "accounts"),
        new=_new(request, company, _("New account"), "new_account"),
        empty=_("The chart of accounts comes with setting up the company."),
    )


@door("ledger.setup", methods=FORM)
def new_account(request: Request, company: Company) -> HttpResponse:
    """Adds an account."""
    form = AccountForm(request.POST or None)
    return _entered(
        request,
        form,
        lambda: actions.add_accounts(company, [form.draft()], by=request.user),
        done=_("The account is added."),
        back=_url("chart", company),
        title=_("New account"),
    )


def _accounts(user: User, company: Company) -> QuerySet[Account]:
    return Account.objects.visible_to(user).filter(company=company)


def _account(request: Request, company: Company, number: str) -> Account:
    return get_object_or_404(_accounts(request.user, company), number=number)


@door("ledger.setup", methods=FORM)
def edit_account(request: Request, company: Company, number: str) -> HttpResponse:
    """Renames an account and says what it is used for."""
    row = _account(request, company, number)
    now = {"title": row.title, "role": row.role}
    form = AccountChangeForm(request.POST or None, initial=now)
    return _entered(
        request,
        form,
        lambda: actions.change_account(row.pk, by=request.user, **form.cleaned_data),
        done=_("The account is saved."),
        back=KINDS["account"].address(company, row.number) or _url("chart", company),
        title=str(row),
    )


ARCHIVE = lists.Archive("account", "ledger.setup", "ledger:chart", _account, _accounts)
archive_accounts = ARCHIVE.archiving(actions.archive_accounts)[1]
restore_accounts = ARCHIVE.restoring(actions.restore_accounts)[1]


@door("ledger.view_setup")
def find_accounts(request: Request, company: Company) -> HttpResponse:
    """Accounts for a combo box that may be posted to by hand."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:60]
    rows = Account.objects.visible_to(request.user).filter(company=company, archived_at=None)
    named = Q(number__startswith=typed) | Q(title__icontains=typed)
    found = rows.exclude(role__in=CONTROL_ROLES).filter(named)[:12] if typed else []
    return JsonResponse(
        [{"value": r.number, "label": r.title, "note": str(r.get_kind_display())} for r in found],
        safe=False,
    )


# --- bank accounts --------------------------------------------------------------------------------


def _banks(user: User, company: Company) -> QuerySet[BankAccount]:
    rows: QuerySet[BankAccount] = BankAccount.objects.visible_to(user).filter(company=company)
    return rows.select_related("account")


def _bank(request: Request, company: Company, pk: int) -> BankAccount:
    return get_object_or_404(_banks(request.user, company), pk=pk)


@door("ledger.view_setup")
def banks(request: Request, company: Company) -> HttpResponseBase:
    """The company's accounts at banks."""
    return lists.serve(
        request,
        company,
        rows=_banks(request.user, company),
        table=BankTable,
        filters=BankFilters,
        title=_("Bank accounts"),
        deeds=_set_deeds(request, company, "bank_accounts"),
        new=_new(request, company, _("New bank account"), "new_bank_account"),
        empty=_("Add the account that invoices name and statements come from."),
    )


@door("ledger.setup", methods=FORM)
def new_bank_account(request: Request, company: Company) -> HttpResponse:
    """Adds an own bank account."""
    form = BankAccountForm(request.POST or None, initial={"currency": company.currency})
    return _entered(
        request,
        form,
        lambda: actions.add_bank_accounts(company, [form.draft()], by=request.user),
        done=_("The bank account is added."),
        back=_url("banks", company),
        title=_("New bank account"),
    )


@door("ledger.setup", methods=FORM)
def bank_account(request: Request, company: Company, pk: int) -> HttpResponse:
    """Changes an own bank account."""
    row = _bank(request, company, pk)
    now = {name: getattr(row, name) for name in BankAccountForm.base_fields}
    form = BankAccountChangeForm(request.POST or None, initial=now)
    return _entered(
        request,
        form,
        lambda: actions.change_bank_account(row.pk, form.draft(), by=request.user),
        done=_("The bank account is saved."),
        back=_url("banks", company),
        title=row.title,
    )


ARCHIVE_BANKS = lists.Archive("bank_account", "ledger.setup", "ledger:banks", _bank, _banks)
archive_bank_accounts = ARCHIVE_BANKS.archiving(actions.archive_bank_accounts)[1]
restore_bank_accounts = ARCHIVE_BANKS.restoring(actions.restore_bank_accounts)[1]


# --- rates ----------------------------------------------------------------------------------------


@door("ledger.view_setup")
def rates(request: Request, company: Company) -> HttpResponseBase:
    """Rates of exchange."""
    load = _new(request, company, _("Import"), "import_rates")
    return lists.serve(
        request,
        company,
        rows=FxRate.objects.all(),
        table=RateTable,
        filters=RateFilters,
        title=_("Exchange rates"),
        new=_new(request, company, _("New rate"), "new_rate"),
        buttons=[load] if load else [],
        empty=_("Documents in foreign currency need the rate of their day."),
    )


@door("ledger.setup", methods=FORM)
def new_rate(request: Request, company: Company) -> HttpResponse:
    """Enters one rate."""
    usual = {"base": company.currency, "on": clock.today(company)}
    form = RateForm(request.POST or None, initial=usual)
    return _entered(
        request,
        form,
        lambda: actions.set_fx_rates([form.rate_of_day()], company=company, by=request.user),
        done=_("The rate is entered."),
        back=_url("rates", company),
        title=_("New exchange rate"),
        intro=_("It holds from its day on, until the next one. Posted documents keep theirs."),
    )


@door("ledger.setup", methods=FORM)
def import_rates(request: Request, company: Company) -> HttpResponseBase:
    """Loads rates from a spreadsheet."""
    required, optional = sheets.RATES
    sheet: imports.Sheet[RateDraft] = imports.Sheet(
        title=_("Import exchange rates"),
        name="exchange-rates",
        required=required,
        optional=optional,
        check=sheets.check_rates,
        carry_out=partial(actions.set_fx_rates, company=company, by=request.user),
        back=_url("rates", company),
        hint=_("1 unit of “base” is worth “rate” units of “quote” on the day."),
        example=lambda: sheets.example_rates(company),
    )
    return imports.serve(request, company, sheet)


# --- taxes ----------------------------------------------------------------------------------------


@door("ledger.view_setup")
def taxes(request: Request, company: Company) -> HttpResponseBase:
    """Tax codes."""
    return lists.serve(
        request,
        company,
        rows=TaxCode.objects.visible_to(request.user).filter(company=company),
        table=TaxCodeTable,
        filters=TaxCodeFilters,
        title=_("Tax codes"),
        new=_new(request, company, _("New tax code"), "new_tax_code"),
        empty=_("Tax codes come with setting up the company."),
    )


@door("ledger.setup", methods=FORM)
def new_tax_code(request: Request, company: Company) -> HttpResponse:
    """Adds a tax code, or a new rate of one that is there."""
    form = TaxCodeForm(request.POST or None, initial={"valid_from": clock.today(company)})
    return _entered(
        request,
        form,
        lambda: actions.add_tax_codes(company, [form.draft()], by=request.user),
        done=_("The tax code is added."),
        back=_url("taxes", company),
        title=_("New tax code"),
        intro=_("One of the same code that is still valid ends the day before."),
    )


@door("ledger.setup", methods=FORM)
def end_tax_code(request: Request, company: Company, pk: int) -> HttpResponse:
    """Says the last day a tax code is used."""
    row = get_object_or_404(TaxCode.objects.visible_to(request.user), company=company, pk=pk)
    form = EndForm(request.POST or None, initial={"on": row.valid_to or clock.today(company)})
    return _entered(
        request,
        form,
        lambda: actions.end_tax_code(row.pk, by=request.user, **form.cleaned_data),
        done=_("The tax code is saved."),
        back=_url("taxes", company),
        title=_("Last day of %(code)s") % {"code": row.code},
    )
