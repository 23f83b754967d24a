"""Collections: the ageing as of any day, what to chase first, one customer's open items."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core import clock, formats, spreadsheets
from core.access import FORM, Request, door
from core.forms import blame
from core.kinds import source_address
from core.models import Company, rights
from core.refusals import Refused
from dunning import priority, queries, tables
from dunning.actions import note_contacts
from dunning.forms import AgeingForm, ContactForm
from ledger.models import Side
from ledger.queries import Ageing, added_up, open_items
from partners.models import Customer

PAGE = 100


@door("dunning.view")
def ageing(request: Request, company: Company) -> HttpResponseBase:
    """Open amounts by how long they have been due, as of any day, proved against the books."""
    form = AgeingForm(request.GET, company=company)
    on, asked = form.day(), form.text("currency").upper()
    currency = "" if asked == company.currency else asked
    everyone = queries.aged(company, on, currency)
    sort = request.GET.get("sort", "-total")
    rows = tables.in_order(_matching(everyone, form.text("q")), sort)
    shown_in = currency or company.currency
    if made := _file(request, f"{company.slug}-ageing-{on}", tables.ageing_file(rows, shown_in)):
        return made
    foot = added_up((row.ageing for row in everyone), shown_in)
    context = {
        "title": _("Ageing"),
        "form": form,
        "on": on,
        "today": clock.today(company),
        "currency": shown_in,
        "heads": tables.heads(tables.AGEING, sort),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "tally": _in_words(foot),
        "sums": added_up((row.ageing for row in rows), shown_in),
        "proof": (foot.total, queries.in_the_books(company, on, currency)),
    }
    return render(request, "dunning/ageing.html", context)


def _in_words(owed: Ageing) -> str:
    """What all owe, as the dashboard says it."""
    parts = {
        "receivable": formats.amount(owed.receivable, owed.currency, code=True),
        "overdue": formats.amount(owed.overdue, owed.currency, code=True),
        "unapplied": formats.amount(owed.unapplied, owed.currency, code=True),
    }
    return _("Receivables %(receivable)s, of that overdue %(overdue)s; unapplied %(unapplied)s") % (
        parts
    )


@door("dunning.view")
def late(request: Request, company: Company) -> HttpResponseBase:
    """Who is late, ordered by what to chase first."""
    today = clock.today(company)
    form = AgeingForm(request.GET, company=company)
    everyone = _matching(queries.late(company, today), form.text("q"))
    mine = [row for row in everyone if row.customer.collector_id == request.user.pk]
    chosen = mine if request.GET.get("whose") == "mine" else everyone
    agreed = [row for row in chosen if priority.is_waiting(row.late, today)]
    chase = [row for row in chosen if not priority.is_waiting(row.late, today)]
    back = [row for row in chase if priority.is_to_come_back_to(row.late, today)]
    rows = {"agreed": agreed, "back": back}.get(request.GET.get("view", ""), chase)
    if made := _file(request, f"{company.slug}-late", tables.late_file(rows, company.currency)):
        return made
    context = {
        "title": _("Late"),
        "form": form,
        "today": today,
        "tabs": _tabs(request, len(chase), len(back), len(agreed)),
        "overdue": sum(row.late.overdue for row in rows),
        "unapplied": sum(row.late.unapplied for row in rows),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "dunning/late.html", context)


@door("dunning.view")
def customer(request: Request, company: Company, number: str) -> HttpResponse:
    """What is open with one customer as of a day, and what was said about it."""
    form = AgeingForm(request.GET, company=company)
    return _customer_page(request, company, _customer(request, company, number), form)


@door("dunning.view")
def next_customer(request: Request, company: Company, number: str) -> HttpResponse:
    """Leads to the customer to chase after this one."""
    found = _customer(request, company, number)
    following = queries.next_to_chase(company, found.pk, clock.today(company))
    if following:
        return redirect("dunning:customer", company.slug, following)
    messages.info(request, _("Nobody else is to be chased today."))
    return redirect("dunning:late", company.slug)


@door("dunning.note", methods=FORM)
def note_contact(request: Request, company: Company, number: str) -> HttpResponse:
    """Notes a call, a mail or a visit; what is refused is said at its field."""
    found = _customer(request, company, number)
    if request.method != "POST":
        return redirect("dunning:customer", company.slug, number)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            note_contacts(company, [found.pk], form.said(), by=request.user)
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("The contact is noted."))
            return redirect("dunning:customer", company.slug, number)
    return _customer_page(request, company, found, AgeingForm({}, company=company), form)


def _customer(request: Request, company: Company, number: str) -> Customer:
    visible = Customer.objects.visible_to(request.user).filter(company=company)
    return get_object_or_404(visible.select_related("partner", "collector"), number=number)


def _customer_page(
    request: Request,
    company: Company,
    found: Customer,
    form: AgeingForm,
    contact: ContactForm | None = None,
) -> HttpResponse:
    on, today = form.day(), clock.today(company)
    items = open_items(company, on, customers=[found.pk])
    may_note = on == today and rights(request.user).may("dunning.note", company.pk)
    context = {
        "title": found.partner.name,
        "customer": found,
        "form": form,
        "on": on,
        "today": today,
        "items": [(item, source_address(company, item)) for item in items],
        "total": sum(item.sign * item.open_base_amount for item in items),
        "overdue": sum(i.open_base_amount for i in items if i.side == Side.DEBIT and i.due_on < on),
        "people": queries.people(found),
        "notes": queries.notes(found),
        "contact": (contact or ContactForm()) if may_note else None,
    }
    return render(request, "dunning/customer.html", context)


def _matching(rows: Sequence[Any], text: str) -> list[Any]:
    """The rows whose customer's name or number holds the text."""
    wanted = text.strip().casefold()
    if not wanted:
        return list(rows)
    found = [row for row in rows if row.customer]
    return [
        row for row in found if wanted in f"{row.customer.number} {row.customer.name}".casefold()
    ]


def _tabs(request: Request, chase: int, back: int, agreed: int) -> list[dict[str, Any]]:
    """The saved views of the late list: what they are called, count, change, and which is on."""
    mine, view = request.GET.get("whose") == "mine", request.GET.get("view", "")
    view = view if view in ("back", "agreed") else ""
    views = (
        (_("To chase"), chase, ""),
        (_("To come back to"), back, "back"),
        (_("Agreed"), agreed, "agreed"),
    )
    return [
        *(
            {"label": label, "count": count, "name": "view", "value": value, "on": view == value}
            for label, count, value in views
        ),
        {"label": _("Mine"), "name": "whose", "value": "" if mine else "mine", "on": mine},
    ]


def _file(request: Request, name: str, rows: Any) -> HttpResponseBase | None:
    """The same rows as a file, where one is asked for."""
    make = {"csv": spreadsheets.csv_file, "xlsx": spreadsheets.xlsx_file}
    wanted = make.get(request.GET.get("export", ""))
    return wanted(name, rows) if wanted else None
