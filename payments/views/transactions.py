"""Entries of bank statements: the list, the page, and what becomes of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from core.templatetags.o2c import badge
from ledger.queries import books_of
from payments import actions, queries, wording
from payments.filters import TransactionFilters
from payments.findings import standing_of
from payments.forms import BookForm, ReturnForm
from payments.models import BankTransaction, Receipt, pk_in
from payments.tables import TransactionTable
from payments.views.receipts import undo_return_deed

POST = ("POST",)
State = BankTransaction.State


def url(name: str, company: Company, *more: str) -> str:
    return reverse(f"payments:{name}", args=[company.slug, *more])


@door("payments.view")
def transactions(request: Request, company: Company) -> HttpResponseBase:
    """The list of entries."""
    may = rights(request.user).may("payments.apply", company.pk)
    deeds = [
        Deed("record", _("Record as receipts"), url("record_set", company)),
        Deed("book", _("Book to an account"), url("book_set", company)),
        Deed("set_aside", _("Set aside"), url("set_aside_set", company)),
        Deed("take_back", _("Take back"), url("take_back_set", company)),
    ]
    return lists.serve(
        request,
        company,
        rows=queries.transactions(request.user, company),
        table=TransactionTable,
        filters=TransactionFilters,
        title=_("Bank entries"),
        deeds=deeds if may else [],
        buttons=[Deed("statements", _("Statements"), url("statements", company))],
        empty=_("Entries appear here with the bank statements they are on."),
    )


def _find(request: Request, company: Company, name: str) -> BankTransaction:
    rows = queries.transactions(request.user, company).select_related("entry")
    return get_object_or_404(rows.select_related("statement__bank_account"), pk=pk_in(name))


def _chosen(request: Request, company: Company) -> list[int]:
    return lists.chosen(request, queries.transactions(request.user, company))


@door("payments.view")
def transaction(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of an entry."""
    row = _find(request, company, name)
    receipts = Receipt.objects.filter(transaction=row) | Receipt.objects.filter(returned_by=row)
    receipts = receipts.select_related("open_item").order_by("pk")
    return pages.show(
        request,
        "payments/transaction.html",
        row,
        kind="transaction",
        title=row.counterparty or _("No name"),
        list_url=url("transactions", company),
        figures=[(_("Amount"), Money(row.amount, row.currency))],
        deeds=_deeds(request, company, row, receipts),
        facts=_facts(row),
        receipts=[(receipt, badge(*standing_of(receipt))) for receipt in receipts],
        books=books_of(company, "transaction", row.pk),
    )


def _facts(row: BankTransaction) -> list[tuple[str, object]]:
    facts = [
        (_("Booked"), row.booked_on),
        (_("Value date"), row.value_on),
        (_("On"), row.statement.bank_account.title),
        (_("IBAN"), row.counterparty_iban),
        (_("Reference"), row.reference),
        (_("End to end"), row.end_to_end_id),
        (_("Bank's reference"), row.bank_reference),
        (_("Kind"), _kind(row.code)),
        (_("Reason"), row.reason),
    ]
    if row.charges:
        facts.insert(2, (_("Kept by the bank"), Money(row.charges, row.currency)))
    if row.is_reversal:
        facts.insert(2, (_("Reversal"), _("The bank undoes an earlier entry.")))
    return [(label, value) for label, value in facts if value]


def _kind(code: str) -> str:
    """The kind in words, the bank's code on hover."""
    if (words := wording.kind_of(code)) == code:
        return code
    term = '<span class="term" tabindex="0" data-meaning="{}">{}</span>'
    return format_html(term, code, words)


def _deeds(
    request: Request, company: Company, row: BankTransaction, receipts: Iterable[Receipt]
) -> list[Deed]:
    mine = rights(request.user)
    applies = mine.may("payments.apply", company.pk)
    if row.state != State.NEW:
        return _taking_back(request, company, row, receipts)
    came_in = row.amount > 0 and not row.is_reversal
    record = "" if came_in else _("Nobody paid us by this.")
    book = "" if row.amount else _("No money moved. Set it aside.")
    returned = "" if row.amount < 0 else _("Nothing went out by this.")
    deeds = [
        Deed("record", _("Record as receipt"), url("record", company, row.name), record,
             primary=came_in),
        Deed("book", _("Book to an account"), url("book", company, row.name), book,
             primary=not came_in, method="get"),
        Deed("set_aside", _("Set aside"), url("set_aside", company, row.name),
             method="get"),
    ]  # fmt: skip
    back = Deed("return", _("Returned payment"), url("return", company, row.name), returned,
                method="get")  # fmt: skip
    return [
        *(deeds if applies else []),
        *([back] if mine.may("payments.reverse", company.pk) else []),
    ]


def _taking_back(
    request: Request, company: Company, row: BankTransaction, receipts: Iterable[Receipt]
) -> list[Deed]:
    """How what was decided on an entry is taken back, by whoever may."""
    may = rights(request.user).may
    if row.state == State.WITHDRAWN:
        return []
    for receipt in receipts:
        if receipt.returned_by_id:
            undo = undo_return_deed(company, receipt)
            return [undo] if may("payments.reverse", company.pk) else []
    booked = row.state == State.SET_ASIDE or row.entry_id
    why = "" if booked else _("It is a receipt. Reverse the receipt instead.")
    take_back = Deed("take_back", _("Take back"), url("take_back", company, row.name), why)
    return [take_back] if may("payments.apply", company.pk) else []


def _said(request: Request, company: Company, done: Sequence[Any], say: str) -> HttpResponse:
    messages.success(request, say)
    if len(done) == 1:
        kind = "receipt" if isinstance(done[0], Receipt) else "transaction"
        return redirect(f"payments:{kind}", company.slug, done[0].name)
    return redirect("payments:transactions", company.slug)


@door("payments.apply", methods=POST)
def record(request: Request, company: Company, name: str) -> HttpResponse:
    """Records one entry as a receipt."""
    (receipt,) = actions.record_receipts([_find(request, company, name).pk], by=request.user)
    messages.success(request, _("%(receipt)s is recorded.") % {"receipt": receipt.number})
    return redirect("payments:receipt", company.slug, receipt.name)


@door("payments.apply", methods=POST)
def record_set(request: Request, company: Company) -> HttpResponse:
    """Records the ticked entries as receipts."""
    done = actions.record_receipts(_chosen(request, company), by=request.user)
    say = ngettext("%(n)d receipt is recorded.", "%(n)d receipts are recorded.", len(done))
    messages.success(request, say % {"n": len(done)})
    return redirect("payments:transactions", company.slug)


@door("payments.apply", methods=POST)
def take_back(request: Request, company: Company, name: str) -> HttpResponse:
    """Takes back what was decided on one entry."""
    ids = [_find(request, company, name).pk]
    done = actions.take_back_transactions(ids, by=request.user)
    return _said(request, company, done, _("It waits for a decision again."))


@door("payments.apply", methods=POST)
def take_back_set(request: Request, company: Company) -> HttpResponse:
    """Takes back what was decided on the ticked entries."""
    done = actions.take_back_transactions(_chosen(request, company), by=request.user)
    say = ngettext("%(n)d entry waits again.", "%(n)d entries wait again.", len(done))
    return _said(request, company, done, say % {"n": len(done)})


@door("payments.apply", methods=FORM)
def book(request: Request, company: Company, name: str) -> HttpResponse:
    """Books one entry to an account."""
    return _book(request, company, [_find(request, company, name).pk])


@door("payments.apply", methods=POST)
def book_set(request: Request, company: Company) -> HttpResponse:
    """Asks to which account, then books the ticked entries."""
    return _book(request, company, _chosen(request, company))


def _book(request: Request, company: Company, ids: list[int]) -> HttpResponse:
    form = BookForm(request.POST if "text" in request.POST else None, company=company)

    def deed() -> Sequence[BankTransaction]:
        return actions.book_transactions(ids, by=request.user, **form.cleaned_data)

    return _asked(request, company, form, ids, (_("Book to an account"), _("Book"), deed))


@door("payments.apply", methods=FORM)
def set_aside(request: Request, company: Company, name: str) -> HttpResponse:
    """Sets one entry aside."""
    return _set_aside(request, company, [_find(request, company, name).pk])


@door("payments.apply", methods=POST)
def set_aside_set(request: Request, company: Company) -> HttpResponse:
    """Asks why, then sets the ticked entries aside."""
    return _set_aside(request, company, _chosen(request, company))


def _set_aside(request: Request, company: Company, ids: list[int]) -> HttpResponse:
    form = ReasonForm(request.POST if "reason" in request.POST else None)

    def deed() -> Sequence[BankTransaction]:
        return actions.set_aside_transactions(ids, by=request.user, **form.cleaned_data)

    return _asked(request, company, form, ids, (_("Set aside"), _("Set aside"), deed))


@door("payments.reverse", methods=FORM)
def return_payment(request: Request, company: Company, name: str) -> HttpResponse:
    """Reverses the receipt that the bank took back by this entry."""
    row = _find(request, company, name)
    form = ReturnForm(request.POST or None, receipts=_returnable(row))

    def deed() -> Sequence[Receipt]:
        receipt, reason = form.cleaned_data["receipt"], form.cleaned_data["reason"]
        return actions.return_receipts({receipt.pk: row.pk}, by=request.user, reason=reason)

    words = (_("Which payment did the bank take back?"), _("Reverse the receipt"), deed)
    return _asked(request, company, form, [row.pk], words)


def _returnable(row: BankTransaction) -> "QuerySet[Receipt]":
    same = Receipt.objects.filter(
        bank_account=row.statement.bank_account_id,
        state=Receipt.State.RECORDED,
        amount=F("charges") - row.amount,
        received_on__lte=row.booked_on,
    )
    return same.select_related("customer__partner").order_by("-received_on")


Words = tuple[str, str, Callable[[], Sequence[Any]]]  # title, button, what to do


def _asked(
    request: Request, company: Company, form: forms.Form, ids: list[int], words: Words
) -> HttpResponse:
    """The form of a deed on entries, or, once it is filled in, the deed."""
    title, submit, deed = words
    if form.is_bound and form.is_valid():
        try:
            done = deed()
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            say = ngettext("%(n)d entry is done.", "%(n)d entries are done.", len(done))
            return _said(request, company, done, say % {"n": len(done)})
    rows = queries.transactions(request.user, company).filter(pk__in=ids)
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "ids": ids,
        "entries": rows.order_by("booked_on", "pk")[:100],
        "cancel_url": url("transactions", company),
    }
    return render(request, "payments/decide.html", context)
