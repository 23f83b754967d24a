"""Cash application: one payment after the other, with its evidence and what it may pay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.access import FORM, Request, door
from core.formats import amount
from core.models import Company, rights
from core.money import ZERO, Money, minor_digits
from core.pages import Deed
from core.refusals import Refused
from ledger.models import OpenItem
from payments import actions, candidates, queries, wording
from payments.actions import Choice
from payments.candidates import Found
from payments.findings import kept, open_of
from payments.forms import parts
from payments.matching import Book, Part, Payment, Verdict, decide
from payments.models import Receipt
from payments.views.receipts import find, to_payer, url

MOST_QUEUED, LONGEST_SEARCH = 50, 100


@dataclass(frozen=True)
class Candidate:
    """An open item beside a payment: what of it is chosen, and why it is shown."""

    item: OpenItem
    is_ticked: bool
    typed: str
    why: list[str]
    is_late: bool
    refusal: str = ""

    @property
    def instalment(self) -> str:
        """Which of several of its document it is."""
        count = getattr(self.item, "instalments", 1)
        words = {"n": self.item.position, "count": count}
        return _("%(n)d of %(count)d") % words if count > 1 else ""


@dataclass(frozen=True)
class Chosen:
    """What is ticked and typed: as proposed, or as it was sent, with the reason it was refused."""

    ticked: Collection[int]
    typed: Mapping[int, str]
    total: Decimal
    wrong: int = 0
    refusal: str = ""


@door("payments.apply")
def worklist(request: Request, company: Company) -> HttpResponse:
    """The payments that wait, the first or chosen one beside what it may pay."""
    return _show(request, company, request.GET.get("item", ""))


@door("payments.apply", methods=FORM)
def apply(request: Request, company: Company, name: str) -> HttpResponse:
    """Applies one payment to what was ticked; the next one follows.

    Asked by GET it shows what was looked for, beside what is ticked already.
    """
    row = find(request, company, name)
    if request.method != "POST":
        return _show(request, company, name, _kept_while_searching(request.GET, row))
    chosen: list[Part] = []
    try:
        chosen = parts(request.POST, request.POST.getlist("item"), open_of(row))
        actions.apply_receipts([Choice(row.pk, chosen)], by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _show(request, company, name, _sent(request.POST, chosen, refusal))
    total = amount(sum((part for _item, part in chosen), ZERO), row.currency, code=True)
    words = {"receipt": row, "amount": total}
    messages.success(request, _("%(amount)s of %(receipt)s are applied.") % words)
    return redirect(f"{url('worklist', company)}?done={row.name}")


def _sent(said: QueryDict, chosen: Sequence[Part], refusal: Refused | None = None) -> Chosen:
    """The choice as it was sent; where it is too much, the last one ticked is what goes over."""
    ticked = [int(pk) for pk in said.getlist("item") if pk.isdecimal()]
    typed = {pk: said.get(f"amount-{pk}", "") for pk in ticked}
    total = sum((part for _item, part in chosen), ZERO)
    if refusal is None:
        return Chosen(ticked, typed, total)
    last = ticked[-1] if ticked and "over" in refusal.numbers else 0
    return Chosen(ticked, typed, total, refusal.numbers.get("item", last), refusal.message)


def _kept_while_searching(said: QueryDict, row: Receipt) -> Chosen | None:
    """What was ticked and typed when an open item was looked for."""
    if "choosing" not in said:
        return None
    try:
        return _sent(said, parts(said, said.getlist("item"), open_of(row)))
    except Refused as refusal:
        return _sent(said, [], refusal)


@door("payments.apply", methods=("POST",))
def match_waiting(request: Request, company: Company) -> HttpResponse:
    """Looks once more for what all waiting payments pay."""
    ids = list(queries.worklist(request.user, company).values_list("pk", flat=True)[:500])
    done = actions.match_receipts(ids, by=request.user)
    messages.info(request, _("%(n)d payments were applied.") % {"n": len(done)})
    return redirect("payments:worklist", company.slug)


def _show(
    request: Request, company: Company, name: str, sent: Chosen | None = None
) -> HttpResponse:
    waiting = queries.worklist(request.user, company)
    queue = list(waiting[:MOST_QUEUED])
    row = _chosen(request, company, name, queue)
    context: dict[str, Any] = {
        "title": _("Cash application"),
        "left": len(queue) if len(queue) < MOST_QUEUED else waiting.count(),
        "queue": [_queued(company, one, row) for one in queue],
        "empty": _("Every payment that came in is applied or left on account."),
        "done_url": url("receipts", company),
        "done_label": _("All receipts"),
        "undo": _undo(request, company),
        "receipt": row,
    }
    if row:
        context |= _beside(request, company, row, sent)
        context["deeds"] = _outcomes(request, company, row, queue)
        context["queue"] = context["queue"] or [_queued(company, row, row)]
    status = 409 if request.method == "POST" else 200
    return render(request, "payments/worklist.html", context, status=status)


def _chosen(
    request: Request, company: Company, name: str, queue: Sequence[Receipt]
) -> Receipt | None:
    """The receipt asked for as long as something of it is left, else the first that waits."""
    if name and all(one.name != name for one in queue):
        row = find(request, company, name)
        if open_of(row) and row.state == Receipt.State.RECORDED:
            return row
    return next((one for one in queue if one.name == name), queue[0] if queue else None)


def _queued(company: Company, one: Receipt, current: Receipt | None) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": f"{url('worklist', company)}?item={one.name}",
        "title": one.customer or one.payer or _("No name"),
        "reason": one.get_finding_display(),
        "amount": Money(open_of(one), one.currency),
        "current": one == current,
    }


def _beside(
    request: Request, company: Company, row: Receipt, sent: Chosen | None
) -> dict[str, Any]:
    """The evidence on a payment, and the open items it may pay."""
    found = candidates.find(company, [row])
    payment = found.payments[0]
    verdict = decide(payment, Book(found.items))
    asked = request.POST or request.GET
    looked_for = asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    chosen = sent or _proposed(verdict, found)
    shown = _items(company, row, found, verdict, looked_for)
    if hidden := set(chosen.ticked) - {item.pk for item in shown}:
        shown += queries.items_by_id(company, hidden)
    today = clock.today(company)
    return {
        "amount_left": open_of(row),
        "digits": minor_digits(row.currency),
        "sentences": wording.sentences([kept(one) for one in verdict.evidence]),
        "candidates": [_candidate(item, chosen, payment, today) for item in shown],
        "rest": open_of(row) - chosen.total,
        "q": looked_for,
        "payer_form": to_payer(request, company, row),
        "account": row.transaction.counterparty_iban if row.transaction else "",
        "on_statement": row.transaction,
    }


def _proposed(verdict: Verdict, found: Found) -> Chosen:
    """What matching proposes; only a part of an item needs typing."""
    items = {item.id: item for item in found.items}
    typed = {
        pk: amount(part, items[pk].currency)
        for pk, part in verdict.parts
        if part != items[pk].open_amount
    }
    total = sum((part for _item, part in verdict.parts), ZERO)
    return Chosen([pk for pk, _part in verdict.parts], typed, total)


def _items(
    company: Company, row: Receipt, found: Found, verdict: Verdict, typed: str
) -> list[OpenItem]:
    """What was proposed, then what else the customer owes, or what was looked for instead."""
    proposed = {item_id for item_id, _part in verdict.parts}
    quoted = {item.id for item in found.items if item.document in found.payments[0].quotes.numbers}
    first = queries.items_by_id(company, proposed | quoted)
    if typed:
        more = queries.found_items(company, row.currency, typed)
    else:
        customer = row.customer_id or verdict.customer_id
        more = queries.open_items_of(company, customer, row.currency) if customer else []
    known = {item.pk for item in first}
    return first + [item for item in more if item.pk not in known]


def _candidate(item: OpenItem, chosen: Chosen, payment: Payment, today: date) -> Candidate:
    why = []
    if item.payment_reference and item.payment_reference in payment.quotes.references:
        why.append(_("its reference"))
    if item.source_name in payment.quotes.numbers:
        why.append(_("named in the text"))
    if item.open_amount == payment.amount:
        why.append(_("same amount"))
    return Candidate(
        item,
        item.pk in chosen.ticked,
        chosen.typed.get(item.pk, ""),
        why,
        item.due_on < today,
        chosen.refusal if item.pk == chosen.wrong else "",
    )


def _undo(request: Request, company: Company) -> Deed | None:
    """Takes back what was applied a moment ago."""
    done = request.GET.get("done", "")
    rows = queries.receipts(request.user, company).filter(number=done) if done else []
    for row in rows:
        if open_of(row) < row.amount and row.state == Receipt.State.RECORDED:
            label = _("Undo %(receipt)s") % {"receipt": row}
            address = f"{url('unapply', company, row.name)}?from=worklist"
            return Deed("undo", label, address, key="u")
    return None


def _outcomes(
    request: Request, company: Company, row: Receipt, queue: Sequence[Receipt]
) -> list[Deed]:
    may_reverse = rights(request.user).may("payments.reverse", company.pk)
    unknown = "" if row.customer_id else _("Name the payer first.")
    controller = "" if may_reverse else _("A controller reverses it on its page.")
    return [
        Deed("leave", _("Leave on account"), f"{url('leave', company, row.name)}?from=worklist",
             unknown, key="o"),
        Deed("wrong", _("Not a customer's payment"), url("reverse", company, row.name),
             controller, method="get", key="x"),
        Deed("skip", _("Skip"), _next(company, row, queue), method="get", key="s"),
    ]  # fmt: skip


def _next(company: Company, row: Receipt, queue: Sequence[Receipt]) -> str:
    names = [one.name for one in queue]
    place = names.index(row.name) + 1 if row.name in names else 0
    following = names[place % len(names)] if names else row.name
    return f"{reverse('payments:worklist', args=[company.slug])}?item={following}"
