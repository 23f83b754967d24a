"""Receipts: the list, the page, money entered by hand, and the deeds on one receipt."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import lists, pages
from core.access import FORM, Request, door
from core.formats import amount
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import ZERO, Money
from core.pages import Deed
from core.refusals import Refused
from core.templatetags.o2c import badge
from ledger.queries import Settlement, books_of, settlements_of
from partners.models import Customer
from payments import actions, queries, wording
from payments.booking import Incoming
from payments.filters import ReceiptFilters
from payments.findings import open_of, standing_of
from payments.forms import PayerForm, ReceiptForm
from payments.models import BankTransaction, Receipt
from payments.tables import ReceiptTable

POST = ("POST",)
MOST_NAMED = 3


def url(name: str, company: Company, *more: str) -> str:
    return reverse(f"payments:{name}", args=[company.slug, *more])


@door("payments.view")
def receipts(request: Request, company: Company) -> HttpResponseBase:
    """The list of receipts."""
    may = rights(request.user).may("payments.apply", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.receipts(request.user, company),
        table=ReceiptTable,
        filters=ReceiptFilters,
        title=_("Receipts"),
        new=_new(company) if may else None,
        buttons=[Deed("apply", _("Cash application"), url("worklist", company))] if may else [],
        empty=_("Receipts appear here once a bank statement with incoming payments is imported."),
    )


def _new(company: Company) -> Deed:
    """Money entered by hand, where there is an account that no statement keeps."""
    why = "" if queries.kept_by_hand(company).exists() else _only_by_statement()
    return Deed("new", _("New receipt"), url("new_receipt", company), why, method="get")


def _only_by_statement() -> str:
    return _("Every account is kept by bank statements: import those, and their payments are here.")


def find(request: Request, company: Company, name: str) -> Receipt:
    """The receipt of an address."""
    rows = queries.receipts(request.user, company)
    related = rows.select_related("transaction__statement", "returned_by", "entry", "company")
    return get_object_or_404(related, number=name)


@door("payments.view")
def receipt(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of a receipt."""
    row = find(request, company, name)
    settlements = settlements_of(company, "receipt", row.pk)
    return pages.show(
        request,
        "payments/receipt.html",
        row,
        kind="receipt",
        badge=badge(*standing_of(row)),
        list_url=url("receipts", company),
        figures=[
            (_("Amount"), Money(row.amount, row.currency)),
            (_("Applied"), Money(_sum(settlements), row.currency)),
            (_("Not applied"), Money(open_of(row), row.currency)),
        ],
        deeds=deeds(request, company, row),
        facts=_facts(company, row),
        settlements=[(one, _take_back(request, company, row, one)) for one in settlements],
        sentences=wording.sentences(row.evidence),
        books=books_of(company, "receipt", row.pk),
    )  # fmt: skip


def _sum(settlements: Sequence[Settlement]) -> Decimal:
    return sum((one.amount for one in settlements), ZERO)


def _take_back(request: Request, company: Company, row: Receipt, one: Settlement) -> Deed | None:
    """Takes back one of several applications; says how much, and asks."""
    if not rights(request.user).may("payments.apply", company.pk):
        return None
    address = f"{url('unapply', company, row.name)}?allocation={one.allocation_id}"
    say = _("%(amount)s of %(receipt)s no longer pay %(document)s and wait to be applied again.")
    words = {
        "amount": amount(one.amount, row.currency, code=True),
        "receipt": row,
        "document": one.name,
    }
    return pages.take_back(one.allocation_id, one.name, address, say % words)


def _facts(company: Company, row: Receipt) -> list[tuple[str, object]]:
    entry = row.transaction
    rate = f"1 {company.currency} = {row.fx_rate.normalize():f} {row.currency}"
    facts: list[tuple[str, object]] = [
        (_("Received"), row.received_on),
        (_("Posted"), row.entry.posting_date),
        (_("Bank account"), row.bank_account.title),
        (_("Payer"), row.payer),
        (_("IBAN"), entry.counterparty_iban if entry else ""),
        (_("Reference"), entry.reference if entry else ""),
        (_("Text"), row.text),
        (_("Payer known"), row.get_known_by_display() if row.known_by else ""),
        (_("Kept by the bank"), Money(row.charges, row.currency) if row.charges else ""),
        (_("Rate of exchange"), rate if row.fx_rate != 1 else ""),
        (_("Reason"), row.reason),
        (_("Bank entry"), _entry_link(company, row.transaction)),
        (_("Bank statement"), _statement_link(company, row.transaction)),
        (_("Taken back by the bank"), _entry_link(company, row.returned_by)),
    ]
    return [(label, value) for label, value in facts if value]


def _entry_link(company: Company, entry: BankTransaction | None) -> object:
    return _link(url("transaction", company, entry.name), str(entry)) if entry else ""


def _statement_link(company: Company, entry: BankTransaction | None) -> object:
    if entry is None:
        return ""
    return _link(url("statement", company, entry.statement.name), entry.statement.statement_id)


def _link(address: str, words: str) -> object:
    return format_html('<a href="{}">{}</a>', address, words)


def deeds(request: Request, company: Company, row: Receipt) -> list[Deed]:
    """The deeds of a receipt that the reader's role includes."""
    mine = rights(request.user)
    gone = _("It was reversed.") if row.state == Receipt.State.REVERSED else ""
    reverses = [
        Deed("reverse", _("Reverse"), url("reverse", company, row.name), gone, method="get"),
        *([undo_return_deed(company, row)] if row.returned_by_id else []),
    ]
    return [
        *(_applying(company, row, gone) if mine.may("payments.apply", company.pk) else []),
        *(reverses if mine.may("payments.reverse", company.pk) else []),
    ]


def _applying(company: Company, row: Receipt, gone: str) -> list[Deed]:
    """The deeds of cash application, each with the reason where it is not possible."""
    left = open_of(row)
    full = gone or ("" if left else _("It is applied in full."))
    nothing = gone or ("" if left < row.amount else _("It is applied to nothing."))
    unknown = full or ("" if row.customer_id else _("Name the payer first."))
    named = gone or ("" if left == row.amount else _("Part of it is applied; take that back."))
    taken = _("What it paid is open again: %(amount)s.") % {
        "amount": amount(row.amount - left, row.currency, code=True)
    }
    return [
        Deed("apply", _("Apply"), f"{url('worklist', company)}?item={row.name}", full,
             primary=True, method="get"),
        Deed("identify", _("Name the payer"), url("identify", company, row.name), named,
             method="get"),
        Deed("leave", _("Leave on account"), url("leave", company, row.name), unknown),
        Deed("match", _("Match again"), url("match", company, row.name), full),
        Deed("unapply", _("Take the application back"), url("unapply", company, row.name),
             nothing, confirm=taken),
    ]  # fmt: skip


def undo_return_deed(company: Company, row: Receipt) -> Deed:
    """The deed on a returned receipt, on its page and on those of its two bank entries."""
    return Deed(
        "undo_return",
        _("Undo the return"),
        url("undo_return", company, row.name),
        confirm=_("The bank took back another payment: both entries wait for another decision."),
    )


@door("payments.apply", methods=FORM)
def new_receipt(request: Request, company: Company) -> HttpResponse:
    """Enters money that came by no statement."""
    finder = reverse("partners:find_customers", args=[company.slug])
    form = ReceiptForm(request.POST or None, company=company, find=finder)
    if request.method == "POST" and form.is_valid():
        try:
            (row,) = actions.enter_receipts(
                company, [Incoming(**form.cleaned_data)], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(receipt)s is recorded.") % {"receipt": row.number})
            return redirect("payments:receipt", company.slug, row.name)
    context = {"form": form, "title": _("New receipt"), "cancel_url": url("receipts", company)}
    intro = _("For cash, cheques and accounts without statements. Money on a bank statement is "
              "recorded by importing the statement.")  # fmt: skip
    if not form.fields["account"].queryset.exists():  # type: ignore[attr-defined]
        intro = _only_by_statement()
    return render(request, "entry.html", {**context, "intro": intro, "submit": _("Record")})


def to_payer(
    request: Request, company: Company, row: Receipt, posted: QueryDict | None = None
) -> PayerForm:
    """The form that names the payer."""
    customers = Customer.objects.visible_to(request.user).filter(company=company, archived_at=None)
    form = PayerForm(
        posted,
        customers=customers.select_related("partner"),
        find=reverse("partners:find_customers", args=[company.slug]),
        initial={"customer": row.customer.number if row.customer else ""},
    )
    if not (row.transaction and row.transaction.counterparty_iban):
        del form.fields["remember"]
    return form


@door("payments.apply", methods=FORM)
def identify(request: Request, company: Company, name: str) -> HttpResponse:
    """Names the payer of one receipt."""
    row = find(request, company, name)
    form = to_payer(request, company, row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        customer = form.cleaned_data["customer"]
        remember = form.cleaned_data.get("remember", False)
        try:
            actions.identify_payer([row.pk], customer, by=request.user, remember=remember)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"receipt": row, "customer": customer}
            messages.success(request, _("%(receipt)s came from %(customer)s.") % words)
            return redirect(_after(request, company, row))
    context: dict[str, Any] = {"form": form, "title": _("Who paid %(receipt)s?") % {"receipt": row}}
    cancel = url("receipt", company, row.name)
    return render(request, "entry.html", {**context, "cancel_url": cancel, "submit": _("Save")})


def _after(request: Request, company: Company, row: Receipt) -> str:
    """Back to the worklist where that is where one came from, else to the receipt."""
    if _from_worklist(request):
        return f"{url('worklist', company)}?item={row.name}"
    return url("receipt", company, row.name)


def _from_worklist(request: Request) -> bool:
    return "worklist" in (request.POST.get("from"), request.GET.get("from"))


@door("payments.apply", methods=POST)
def match(request: Request, company: Company, name: str) -> HttpResponse:
    """Looks once more for what one receipt pays."""
    row = find(request, company, name)
    if actions.match_receipts([row.pk], by=request.user):
        messages.success(request, _("%(receipt)s is applied.") % {"receipt": row})
    else:
        messages.info(request, _("Nothing was found that is beyond doubt."))
    return redirect("payments:receipt", company.slug, row.name)


@door("payments.apply", methods=POST)
def unapply(request: Request, company: Company, name: str) -> HttpResponse:
    """Takes back what one receipt was applied to, or one of its applications."""
    row = find(request, company, name)
    taken = settlements_of(company, "receipt", row.pk)
    if "allocation" in request.GET:
        only = request.GET.getlist("allocation")
        taken = [one for one in taken if str(one.allocation_id) in only]
    ids = [one.allocation_id for one in taken]
    actions.unapply_receipts([row.pk], by=request.user, allocation_ids=ids)
    documents = list(dict.fromkeys(one.name for one in taken))
    many = ngettext("%(n)d document", "%(n)d documents", len(documents)) % {"n": len(documents)}
    words = {
        "amount": amount(_sum(taken), row.currency, code=True),
        "receipt": row,
        "documents": ", ".join(documents) if len(documents) <= MOST_NAMED else many,
    }
    say = _("%(amount)s of %(receipt)s are taken back from %(documents)s.")
    messages.success(request, say % words)
    return redirect(_after(request, company, row))


@door("payments.apply", methods=POST)
def leave(request: Request, company: Company, name: str) -> HttpResponse:
    """Leaves what is left of one receipt on the customer's account."""
    row = find(request, company, name)
    actions.leave_on_account([row.pk], by=request.user)
    words = {"receipt": row, "customer": row.customer}
    messages.success(request, _("%(receipt)s is left on account of %(customer)s.") % words)
    if _from_worklist(request):
        return redirect("payments:worklist", company.slug)
    return redirect("payments:receipt", company.slug, row.name)


@door("payments.reverse", methods=FORM)
def reverse_receipt(request: Request, company: Company, name: str) -> HttpResponse:
    """Reverses one receipt that was none."""
    row = find(request, company, name)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reverse_receipts([row.pk], by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(receipt)s is reversed.") % {"receipt": row})
            return redirect("payments:receipt", company.slug, row.name)
    words = {"receipt": row, "amount": amount(row.amount, row.currency, code=True)}
    intro = _("%(amount)s leave the books again. What %(receipt)s paid is open again, and its bank "
              "entry waits for another decision.")  # fmt: skip
    context = {"form": form, "title": _("Reverse %(receipt)s") % words, "intro": intro % words}
    cancel = url("receipt", company, row.name)
    return render(request, "entry.html", {**context, "cancel_url": cancel, "submit": _("Reverse")})


@door("payments.reverse", methods=POST)
def undo_return(request: Request, company: Company, name: str) -> HttpResponse:
    """Says that the bank took back another payment than this receipt."""
    row = find(request, company, name)
    actions.undo_returns([row.pk], by=request.user)
    say = _("The return of %(receipt)s is undone. Its bank entries wait for another decision.")
    messages.success(request, say % {"receipt": row})
    return redirect("payments:receipt", company.slug, row.name)
