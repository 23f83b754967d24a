"""The pages of invoicing: who sees what, what the buttons do, and what a page costs."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from documents.models import Message
from invoicing.actions import bill_shipments, unapply_credits
from invoicing.models import Billable, BillingRule, Invoice
from invoicing.queries import invoices, with_status
from invoicing.tables import InvoiceTable
from partners.models import Contact
from tests import cast
from tests.factories.catalog import make_product
from tests.factories.invoicing import applications, collect_bills, credit, items_of, make_invoice
from tests.factories.orders import make_confirmed_order, ship
from tests.factories.partners import make_customer
from tests.invoicing.test_settlement import pay

D = Decimal


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def at(company, rest):
    return f"/{company.slug}/{rest}"


def statements(desk, address):
    desk.get(address)  # the first visit reads the session and the person
    with CaptureQueriesContext(connection) as captured:
        answer = desk.get(address)
    assert answer.status_code == 200, address
    return len(captured)


def status_of(invoice, today=None):
    rows = invoices(cast.system(), invoice.company)
    row = with_status(rows, today or clock.today(invoice.company)).get(pk=invoice.pk)
    return row.status


def test_the_status_is_derived(company, clerk):
    from datetime import timedelta

    made = {name: make_invoice(company) for name in ("issued", "part", "paid", "credited", "late")}
    pay(made["part"], 19)
    pay(made["paid"], 119)
    note = credit(made["credited"])
    assert status_of(made["issued"]) == "issued"
    assert status_of(made["part"]) == "partly_paid"
    assert status_of(made["paid"]) == "paid"
    assert status_of(made["credited"]) == "credited"
    assert status_of(note) == "applied"
    later = made["late"].due_on + timedelta(1)
    assert status_of(made["late"], made["late"].due_on) == "issued"
    assert status_of(made["late"], later) == "overdue"
    assert status_of(made["part"], later) == "overdue"


def test_the_list_and_its_views(desk, company):
    invoice, paid = make_invoice(company), make_invoice(company)
    pay(paid, 119)
    text = desk.get(at(company, "invoices/")).content.decode()
    assert invoice.number in text
    assert paid.number in text
    text = desk.get(at(company, "invoices/?only=open")).content.decode()
    assert invoice.number in text
    assert paid.number not in text
    assert invoice.number not in desk.get(at(company, "invoices/?only=overdue")).content.decode()
    exported = b"".join(desk.get(at(company, "invoices/?export=csv")).streaming_content).decode()
    assert invoice.number in exported
    assert ",119.00," in exported
    assert "119.0000" not in exported


def test_lists_cost_the_same_for_any_number_of_rows(desk, company):
    make_invoice(company)
    few = statements(desk, at(company, "invoices/"))
    for _ in range(4):
        make_invoice(company)
    assert statements(desk, at(company, "invoices/")) == few <= 15


def test_the_page_costs_the_same_for_any_number_of_lines(desk, company):
    counts = []
    for lines in (2, 30):
        product = make_product(company, 1)
        invoice = make_invoice(company, make_customer(company), [(product, 1)] * lines)
        counts.append(statements(desk, at(company, f"invoices/{invoice.number}")))
    assert counts[0] == counts[1] <= 25


def test_the_page_says_it_all(desk, company):
    invoice = make_invoice(company, make_customer(company, terms="3PARTS"))
    note = credit(invoice, {invoice.lines.get().pk: D(1)})
    text = desk.get(at(company, f"invoices/{invoice.number}")).content.decode()
    for words in (invoice.number, note.number, "Instalments", "Books", "119.00", "Credit"):
        assert words in text, words
    text = desk.get(at(company, f"invoices/{note.number}")).content.decode()
    assert invoice.number in text


def test_the_pdf_is_made_by_a_post_and_fetched_by_a_get(desk, company):
    invoice = make_invoice(company)
    answer = desk.post(at(company, f"invoices/{invoice.number}/pdf"))
    assert answer.status_code == 302
    pdf = desk.get(answer["Location"])
    assert pdf["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert desk.get(at(company, f"invoices/{invoice.number}/pdf")).status_code == 405
    desk.force_login(cast.warehouse_hand(company))
    assert desk.get(answer["Location"]).status_code == 404
    other = cast.make_company()
    desk.force_login(cast.accountant(other))
    assert desk.get(answer["Location"]).status_code == 404
    assert desk.get(answer["Location"].replace(company.slug, other.slug)).status_code == 404


def test_a_click_sends(desk, company):
    invoice = make_invoice(company)
    desk.post(at(company, f"invoices/{invoice.number}/send"))
    assert Message.objects.get().source_name == invoice.number


def test_the_button_asks_first_and_names_who_gets_it(desk, company):
    invoice = make_invoice(company)
    to = Contact.objects.get(partner=invoice.customer.partner, purpose="invoices")
    page = at(company, f"invoices/{invoice.number}")

    def sending():
        return next(deed for deed in desk.get(page).context["deeds"] if deed.name == "send")

    assert sending().confirm == f"Send {invoice.number} to {to.email}?"
    desk.post(at(company, f"invoices/{invoice.number}/send"))
    assert sending().refusal == f"It was mailed already to {to.email}."
    Contact.objects.filter(pk=to.pk).update(archived_at=clock.now())
    assert "has no address for invoices" in sending().refusal


def test_invoices_that_never_left_are_found(desk, company):
    """Those of customers who want mail and that are still open."""
    waits, left, paid, by_post = (make_invoice(company) for _each in range(4))
    Invoice.objects.filter(pk=left.pk).update(sent_at=clock.now())
    pay(paid, 119)
    contacts = Contact.objects.filter(partner=by_post.customer.partner)
    contacts.update(archived_at=clock.now())
    page = desk.get(at(company, "invoices/?only=unsent"))
    assert [row.record.number for row in page.context["table"].rows] == [waits.number]
    home = desk.get(at(company, "")).context["waiting"]
    [card] = [of for of in home if of.work.name == "unsent"]
    assert (card.text, [line.name for line in card.lines]) == ("1", [waits.number])
    assert desk.get(card.url).context["tally"]["text"] == "1"


def test_a_click_on_several_sends_them(desk, company):
    ids = [make_invoice(company).pk for _ in range(2)]
    desk.post(at(company, "invoices/send"), {"ids": ids})
    assert Message.objects.count() == 2


def test_an_invoice_is_credited_on_one_page(desk, company):
    invoice = make_invoice(company)
    line = invoice.lines.get()
    address = at(company, f"invoices/{invoice.number}/credit")
    assert desk.get(address).status_code == 200
    wrong = desk.post(address, {"reason": "Broken", f"line_{line.pk}": "11"})
    assert wrong.status_code == 422
    assert "Broken" in wrong.content.decode()
    nothing = desk.post(address, {"reason": "Broken"})
    assert nothing.status_code == 422
    answer = desk.post(address, {"reason": "Broken", f"line_{line.pk}": "4"})
    assert answer.status_code == 302
    note = Invoice.objects.get(kind="credit_note")
    assert (note.net, note.reason) == (40, "Broken")
    desk.post(address, {"reason": "All of it", "whole": "1"})
    assert Invoice.objects.filter(kind="credit_note").count() == 2


def test_the_credit_page_says_that_it_is_mailed_at_once_and_to_whom(desk, company):
    invoice = make_invoice(company)
    page = at(company, f"invoices/{invoice.number}/credit")
    to = Contact.objects.get(partner=invoice.customer.partner, purpose="invoices")
    assert f"issued at once and mailed to {to.email}." in desk.get(page).content.decode()
    Contact.objects.filter(pk=to.pk).update(archived_at=clock.now())
    assert "has no address for invoices" in desk.get(page).content.decode()


def test_a_fraction_of_a_piece_is_refused_beside_its_line(desk, company):
    invoice = make_invoice(company)
    field = f"line_{invoice.lines.get().pk}"
    said = {"reason": "Broken", field: "1.5"}
    wrong = desk.post(at(company, f"invoices/{invoice.number}/credit"), said)
    assert "sold in whole pieces only" in wrong.context["form"].errors[field][0]


def test_a_form_sent_twice_credits_once(desk, company):
    invoice = make_invoice(company)
    said = {
        "reason": "Broken",
        f"line_{invoice.lines.get().pk}": "4",
        "idempotency_key": "6f6f2b0e-8f0d-4f5e-9a57-111111111111",
    }
    address = at(company, f"invoices/{invoice.number}/credit")
    first, second = desk.post(address, said), desk.post(address, said)
    assert first["Location"] == second["Location"]
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_what_waits_is_issued_by_a_click(desk, company):
    customer = make_customer(company)
    collect_bills(customer)
    shipment = ship(make_confirmed_order(company, customer))
    bill_shipments(company, [shipment.pk], by=cast.system())
    waiting = Billable.objects.get()
    assert shipment.order.number in desk.get(at(company, "invoices/to-bill")).content.decode()
    desk.post(at(company, "invoices/issue"), {"ids": [waiting.pk]})
    assert Invoice.objects.get().net == 100
    assert "Nothing waits" in desk.get(at(company, "invoices/to-bill")).content.decode()


def test_a_way_of_billing_is_set(desk, company):
    customer = make_customer(company)
    address = at(company, "invoices/rules/set")
    assert desk.get(address).status_code == 200
    said = {"customer": customer.number, "rhythm": "collected"}
    assert desk.post(address, said).status_code == 302
    assert BillingRule.objects.get().customer == customer
    assert desk.post(address, {**said, "customer": "?"}).status_code == 422
    assert str(customer) in desk.get(at(company, "invoices/rules")).content.decode()


def test_a_sales_rep_sees_only_the_own_customers(client, company):
    rep = cast.sales_rep(company)
    mine = make_invoice(company, make_customer(company, sales_rep=rep))
    other = make_invoice(company)
    client.force_login(rep)
    text = client.get(at(company, "invoices/")).content.decode()
    assert mine.number in text
    assert other.number not in text
    assert client.get(at(company, f"invoices/{mine.number}")).status_code == 200
    assert client.get(at(company, f"invoices/{other.number}")).status_code == 404
    assert client.post(at(company, f"invoices/{mine.number}/send")).status_code == 403
    assert client.get(at(company, f"invoices/{mine.number}/credit")).status_code == 403


def test_a_stranger_finds_nothing(client, company):
    invoice = make_invoice(company)
    client.force_login(cast.stranger())
    for rest in ("invoices/", f"invoices/{invoice.number}", "invoices/to-bill"):
        assert client.get(at(company, rest)).status_code == 404


@pytest.mark.parametrize(
    ("status", "due", "said"),
    [
        ("overdue", date(2026, 5, 1), "a part 30 d late"),
        ("overdue", date(2026, 3, 20), "12 d late"),
        ("sent", date(2026, 4, 11), "in 10 d"),
    ],
)
def test_an_overdue_part_shows_before_the_last_is_due(status, due, said):
    since = date(2026, 3, 2)
    row = SimpleNamespace(status=status, open_amount=D(5), kind="invoice", late_since=since)
    table = SimpleNamespace(today=date(2026, 4, 1))
    assert said in InvoiceTable.base_columns["due_on"].show(due, row, table)


def test_the_head_of_the_list_says_what_was_invoiced_and_what_is_open(desk, company):
    """In the company's currency, less what was credited: the figure of the dashboard."""
    invoice = make_invoice(company)
    make_invoice(company)
    credit(invoice, {invoice.lines.get().pk: Decimal(4)})
    page = desk.get(at(company, "invoices/")).content.decode()
    assert "Invoiced 190.40\N{NO-BREAK SPACE}EUR; Open 190.40\N{NO-BREAK SPACE}EUR" in page


def test_an_invoice_says_what_settled_it(desk, company):
    invoice = make_invoice(company)
    note = credit(invoice, {invoice.lines.get().pk: Decimal(4)})
    receipt = pay(invoice, Decimal("71.40"))
    page = desk.get(at(company, f"invoices/{invoice.number}"))
    assert [str(of.label) for of, _deed in page.context["settlements"]] == [
        "Credit note",
        "Receipt",
    ]
    settled = [(of.name, of.amount) for of, _deed in page.context["settlements"]]
    assert settled == [(note.number, Decimal("47.60")), (receipt.number, Decimal("71.40"))]
    assert f'/payments/receipts/{receipt.number}"' in page.content.decode()


def test_a_credit_note_is_applied_on_its_page_and_taken_back(desk, company):
    customer = make_customer(company)
    paid = make_invoice(company, customer)
    pay(paid, 119)
    note, other = credit(paid), make_invoice(company, customer)
    page = at(company, f"invoices/{note.number}")
    assert f"{page}/apply" in desk.get(page).content.decode()
    asked = desk.get(f"{page}/apply")
    assert other.number in asked.content.decode()
    field = f"item_{items_of(other)[0].pk}"
    assert asked.context["form"][field].initial == 119
    too_much = desk.post(f"{page}/apply", {field: "119.01"})
    assert "Take off 0.01" in too_much.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    desk.post(f"{page}/apply", {field: "100"})
    assert Invoice.objects.get(pk=other.pk).open_amount == 19
    shown = desk.get(page)
    assert "Applied: " in shown.content.decode()
    take_back = next(d for one, d in shown.context["settlements"] if one.name == other.number)
    assert "100.00\N{NO-BREAK SPACE}EUR of" in take_back.confirm
    beside = desk.get(at(company, f"invoices/{other.number}")).content.decode()
    assert f'<a href="{page}">{note.number}</a> Applied' in beside
    desk.post(take_back.url)
    assert Invoice.objects.get(pk=other.pk).open_amount == 119


def test_the_corrected_invoice_comes_first(desk, company):
    customer = make_customer(company)
    make_invoice(company, customer)
    corrected = make_invoice(company, customer)
    note = credit(corrected)
    unapply_credits(company, applications(note), by=cast.system())
    form = desk.get(at(company, f"invoices/{note.number}/apply")).context["form"]
    assert form.items[0].name == corrected.number
    wrong = desk.get(at(company, f"invoices/{corrected.number}/apply"))
    assert wrong.status_code == 409


@pytest.mark.django_db
def test_the_head_of_the_list_adds_up_in_the_companys_currency(client):
    company = cast.make_company()
    make_invoice(company)
    client.force_login(cast.accountant(company))
    sums = dict(client.get(f"/{company.slug}/invoices/").context["tally"]["sums"])
    assert set(sums) == {"Invoiced", "Open", "Overdue"}
    assert sums["Invoiced"] == sums["Open"]
    assert sums["Overdue"] == "0.00\xa0EUR"


def test_the_facts_of_a_late_invoice_say_which_part_is_late():
    from core import clock
    from invoicing.views.invoices import _due

    company = SimpleNamespace(time_zone="Europe/Berlin")
    today = clock.today(company)
    row = SimpleNamespace(late_since=today - timedelta(days=12), due_on=today + timedelta(days=40))
    (part, since), (last, due_on) = _due(company, row)
    assert (str(part), str(last), due_on) == ("A part is due", "Last part due", row.due_on)
    assert "12 d late" in since
    whole = SimpleNamespace(late_since=row.late_since, due_on=row.late_since)
    assert [str(label) for label, _value in _due(company, whole)] == ["Due"]
