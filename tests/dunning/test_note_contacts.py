"""Noting what was said to customers about what they owe."""

from datetime import UTC, date, datetime

import pytest

from core import clock
from core.models import Event, EventSubject, rights
from core.pages import timeline
from core.refusals import Refused
from core.roles import Role
from dunning.actions import Said, note_contacts
from dunning.models import ContactNote
from ledger.models import OpenItem
from partners.drafts import ContactDraft
from tests import cast
from tests.dunning.owing import apply, owe, pay
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
TODAY_LATER = date(2026, 4, 3)
SAID = Said("Pays on Friday.", spoke_with="Bea Braun", next_contact_on=date(2026, 4, 3))


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.travel(datetime(2026, 4, 1, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def company():
    return cast.make_company()


@pytest.fixture
def collector(company):
    return cast.member(company, Role.COLLECTOR, "Cora Lind")


@pytest.fixture
def debtor(company):
    customer = make_customer(company, "Acme")
    owe(customer, "INV1", date(2026, 1, 10), date(2026, 2, 9), "1000.00")
    owe(customer, "INV2", date(2026, 3, 20), date(2026, 4, 19), "500.00")
    return customer


def test_a_note_is_about_everything_that_is_open(company, collector, debtor):
    (note,) = note_contacts(company, [debtor.pk], SAID, by=collector)
    assert (note.customer, note.channel, note.spoke_with) == (debtor, "call", "Bea Braun")
    assert (note.text, note.next_contact_on) == ("Pays on Friday.", date(2026, 4, 3))
    assert (note.noted_by, note.noted_at) == (collector, datetime(2026, 4, 1, 9, tzinfo=UTC))
    assert [item.source_name for item in note.items.order_by("pk")] == ["INV1", "INV2"]


def test_the_event_shows_with_customer_and_documents_and_keeps_the_words_out(
    company, collector, debtor
):
    note_contacts(company, [debtor.pk], SAID, by=collector)
    event = Event.objects.get(verb="contact.noted")
    assert event.facts == {"channel": "call", "next_contact_on": "2026-04-03", "items": 2}
    kinds = EventSubject.objects.filter(event_id=event.pk).order_by("pk").values_list("kind")
    assert [kind for (kind,) in kinds] == ["customer", "invoice", "invoice"]
    moment = timeline(debtor.company, "customer", debtor.pk)[0]
    assert (str(moment.words), moment.by) == ("Contact noted", "Cora Lind")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said("  "), "contact.empty"),
        (Said("Hello", next_contact_on=date(2026, 3, 31)), "contact.past"),
    ],
)
def test_what_cannot_be_noted(company, collector, debtor, said, code):
    with pytest.raises(Refused) as refused:
        note_contacts(company, [debtor.pk], said, by=collector)
    assert refused.value.code == code
    assert not ContactNote.objects.exists()


def test_who_owes_nothing_is_not_talked_to_and_nobody_else_is_noted(company, collector, debtor):
    paid = make_customer(company, "Bolt")
    invoice = owe(paid, "INV3", TODAY, TODAY, "10.00")
    apply(invoice, pay(paid, "RC1", TODAY, "10.00"), "10.00", TODAY)
    with pytest.raises(Refused) as refused:
        note_contacts(company, [debtor.pk, paid.pk], SAID, by=collector)
    assert refused.value.code == "contact.nothing_open"
    assert not ContactNote.objects.exists()


@pytest.mark.parametrize("role", [Role.SALES_REP, Role.AUDITOR, Role.CONTROLLER])
def test_only_those_who_collect_take_notes(company, debtor, role):
    with pytest.raises(Refused) as refused:
        note_contacts(company, [debtor.pk], SAID, by=cast.member(company, role))
    assert refused.value.code == "not_allowed"


def test_a_customer_of_another_company_is_not_found(company, debtor):
    other = cast.make_company()
    with pytest.raises(Refused) as refused:
        note_contacts(other, [debtor.pk], SAID, by=cast.member(other, Role.COLLECTOR))
    assert refused.value.code == "contact.nothing_open"


def test_a_set_is_noted_as_one_by_one_with_as_many_statements(
    company, collector, debtor, django_assert_num_queries
):
    def noted(customers):
        rows = ContactNote.objects.filter(customer__in=customers).order_by("pk")
        return [(n.customer_id, n.text, n.items.count()) for n in rows]

    others = [make_customer(company, f"C{number}") for number in range(3)]
    for customer in others:
        owe(customer, f"I{customer.pk}", TODAY, TODAY, "10.00")
    rights(collector)
    with django_assert_num_queries(11):
        note_contacts(company, [debtor.pk], SAID, by=collector)
    with django_assert_num_queries(11):
        note_contacts(company, [c.pk for c in others], SAID, by=collector)
    assert noted([debtor, *others]) == [
        (debtor.pk, "Pays on Friday.", 2),
        *((c.pk, "Pays on Friday.", 1) for c in others),
    ]


def test_the_page_takes_a_note_once_however_often_it_is_sent(company, collector, debtor, client):
    client.force_login(collector)
    url = f"/{company.slug}/collections/customers/{debtor.number}"
    form = {
        "channel": "email",
        "spoke_with": "",
        "text": "Asked for a copy.",
        "next_contact_on": "2026-04-03",
        "idempotency_key": "8d3a4a0e-2b6f-4f0e-9a50-6f6f2f4b8f11",
    }
    for _twice in range(2):
        assert client.post(f"{url}/contacts", form).status_code == 302
    assert ContactNote.objects.get().channel == "email"


def test_a_form_with_a_mistake_keeps_what_was_typed(company, collector, debtor, client):
    client.force_login(collector)
    url = f"/{company.slug}/collections/customers/{debtor.number}/contacts"
    answer = client.post(url, {"channel": "call", "text": "", "spoke_with": "Bea Braun"})
    assert answer.status_code == 200
    assert "Bea Braun" in answer.content.decode()
    assert not ContactNote.objects.exists()


def test_a_refused_day_is_said_at_its_field_and_nothing_typed_is_lost(
    company, collector, debtor, client
):
    client.force_login(collector)
    url = f"/{company.slug}/collections/customers/{debtor.number}/contacts"
    typed = {
        "channel": "call", "spoke_with": "Bea Braun", "text": "Pays in a week.",
        "next_contact_on": "2026-03-31",
    }  # fmt: skip
    form = client.post(url, typed).context["contact"]
    assert {name: form[name].value() for name in typed} == typed
    assert form.errors == {
        "next_contact_on": ["The day to come back on lies in the past. Choose 1 Apr 2026 or later."]
    }
    assert not ContactNote.objects.exists()


def test_the_address_of_the_form_leads_to_the_customer(company, collector, debtor, client):
    client.force_login(collector)
    page = f"/{company.slug}/collections/customers/{debtor.number}"
    answer = client.get(f"{page}/contacts")
    assert (answer.status_code, answer.url) == (302, page)


def test_whom_to_call_and_how_much_is_overdue_stand_on_the_page(company, collector, client):
    customer = make_customer(
        company,
        "Calling GmbH",
        contacts=[
            ContactDraft("orders@calling.example", "Otto Order", "+49 40 1", "orders"),
            ContactDraft("books@calling.example", "Bea Braun", "+49 40 2", "dunning"),
            ContactDraft("books@calling.example", "Bea Braun", "+49 40 2", "invoices"),
        ],
    )
    owe(customer, "INV1", date(2026, 1, 10), date(2026, 2, 9), "1000.00")
    owe(customer, "INV2", date(2026, 3, 20), date(2026, 4, 19), "500.00")
    pay(customer, "RC1", date(2026, 3, 20), "100.00")
    client.force_login(collector)
    page = client.get(f"/{company.slug}/collections/customers/{customer.number}")
    assert (page.context["total"], page.context["overdue"]) == (1400, 1000)
    assert [one.name for one in page.context["people"]] == ["Bea Braun", "Otto Order"]
    assert 'href="tel:+49402">+49 40 2' in page.content.decode()


def test_next_is_who_is_to_be_chased_after_this_one(company, collector, debtor, client):
    for name, amount in (("Bolt", "700.00"), ("Cord", "20.00")):
        owe(make_customer(company, name), f"I{name}", date(2026, 1, 1), date(2026, 2, 9), amount)
    client.force_login(collector)
    late = client.get(f"/{company.slug}/collections/late").context["page"]
    assert [row.customer.name for row in late] == ["Acme", "Bolt", "Cord"]
    first, second, third = (
        f"/{company.slug}/collections/customers/{row.customer.number}" for row in late
    )
    assert client.get(f"{first}/next").url == second
    note_contacts(company, [late[1].late.customer_id], SAID, by=collector)
    assert client.get(f"{first}/next").url == third
    assert client.get(f"{second}/next").url == first
    assert client.get(f"{third}/next").url == first
    note_contacts(company, [late[0].late.customer_id], SAID, by=collector)
    assert client.get(f"{third}/next").url == f"/{company.slug}/collections/late"


def test_the_late_list_lets_go_of_who_is_agreed_with(company, collector, debtor, client):
    client.force_login(collector)
    url = f"/{company.slug}/collections/late"
    assert [row.customer.name for row in client.get(url).context["page"]] == ["Acme"]
    note_contacts(company, [debtor.pk], SAID, by=collector)
    assert list(client.get(url).context["page"]) == []
    (agreed,) = client.get(f"{url}?view=agreed").context["page"]
    assert (agreed.late.overdue, agreed.late.oldest_days) == (1000, 51)
    assert agreed.late.next_contact_on == date(2026, 4, 3)
    with clock.travel(datetime(2026, 4, 3, 9, tzinfo=UTC)):
        assert [row.customer.name for row in client.get(url).context["page"]] == ["Acme"]


def test_home_counts_whom_its_list_shows(company, collector, debtor, client):
    """Not who has paid since, nor who was spoken with today, nor who is late and never agreed."""
    others = [make_customer(company, name) for name in ("Bolt", "Cord", "Dorn")]
    paid, done, never = others
    for customer in others:
        owe(customer, f"INV-{customer.pk}", date(2026, 1, 10), date(2026, 2, 9), "100.00")
    note_contacts(company, [debtor.pk, paid.pk, done.pk], SAID, by=collector)
    client.force_login(collector)
    with clock.travel(datetime(2026, 4, 3, 9, tzinfo=UTC)):
        (item,) = OpenItem.objects.filter(customer=paid)
        apply(item, pay(paid, "RC1", date(2026, 4, 2), "100.00"), "100.00", date(2026, 4, 2))
        note_contacts(company, [done.pk], Said("Paid.", next_contact_on=TODAY_LATER), by=collector)
        home = client.get(f"/{company.slug}/").context["waiting"]
        [card] = [of for of in home if of.work.name == "contacts"]
        listed = [row.customer.name for row in client.get(card.url).context["page"]]
        chased = client.get(f"/{company.slug}/collections/late").context["page"]
    assert [line.party for line in card.lines] == listed == ["Acme"]
    assert card.text == "1"
    assert {row.customer.name for row in chased} == {"Acme", never.partner.name}


def test_the_late_list_says_what_is_not_applied_yet(company, collector, debtor, client):
    pay(debtor, "RC1", date(2026, 3, 5), "300.00")
    client.force_login(collector)
    response = client.get(f"/{company.slug}/collections/late")
    (row,) = response.context["page"]
    assert (row.late.overdue, row.late.unapplied) == (1000, -300)
    shown = response.content.decode()
    assert 'data-label="Unapplied">\N{MINUS SIGN}300.00<' in shown
    assert "unapplied \N{MINUS SIGN}300.00" in " ".join(shown.split())
    exported = client.get(f"/{company.slug}/collections/late?export=csv")
    assert ",1000.00,-300.00,EUR," in b"".join(exported.streaming_content).decode()


def test_mine_are_those_i_collect_from(company, collector, debtor, client):
    mine = make_customer(company, "Bolt", collector=collector)
    owe(mine, "INV7", date(2026, 1, 1), date(2026, 3, 1), "10.00")
    client.force_login(collector)
    shown = client.get(f"/{company.slug}/collections/late?whose=mine").context["page"]
    assert [row.customer.name for row in shown] == ["Bolt"]
