"""The credit check, with the vector of the design as its golden case."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.actions import action
from ledger.items import NewItem, open_items
from ledger.models import AccountRole, FxRate, Side
from orders.actions import submit_orders
from orders.models import Hold
from partners.exposure import Moves
from partners.models import CreditAccount
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import default_warehouse
from tests.factories.orders import make_order
from tests.factories.partners import make_customer

D = Decimal


@pytest.fixture
def books():
    """The exposure of these tests is given, not earned: it has no documents behind it."""


@action
def owe(account_id, currency="EUR", *, by, **parts):
    moves = Moves()
    moves.add(account_id, currency, **{name: D(amount) for name, amount in parts.items()})
    moves.write()


@action
def be_late(company, customer, days, *, by, disputed=False):
    due = clock.today(company) - timedelta(days=days)
    item = NewItem(
        account_role=AccountRole.AR_CONTROL,
        side=Side.DEBIT,
        source=("invoice", customer.pk * 1000 + days, f"INV-{days}"),
        position=1,
        posted_on=due,
        due_on=due,
        currency="EUR",
        amount=D(10),
        base_amount=D(10),
        customer_id=customer.pk,
    )
    return open_items(company, [item])


def submitted(company, customer, gross, currency="EUR"):
    """Submits an order of this gross, tax-free, and returns its credit hold if there is one."""
    product = make_product(company, tax_class="zero")
    make_price(default_list(company, currency), product, gross)
    order = make_order(company, customer, [(product, 1)])
    submit_orders([order.pk], by=cast.system())
    return Hold.objects.filter(order=order, rule="credit").first()


@pytest.fixture
def customer(company):
    """ACCOUNTING 2.3: limit 50,000.00, exposure 42,000.00."""
    default_warehouse(company)
    customer = make_customer(company, limit=50_000)
    owe(
        customer.credit_account_id,
        receivable="32000",
        unbilled="4760",
        open_orders="8330",
        unapplied="3090",
        by=None,
    )
    return customer


def test_reaching_the_limit_exactly_passes(company, customer):
    assert submitted(company, customer, "8000.00") is None


def test_a_cent_more_is_held(company, customer):
    hold = submitted(company, customer, "8000.01")
    assert (hold.code, hold.permission) == ("credit.over_limit", "orders.release_credit")
    assert D(hold.numbers["over"]) == D("0.01")
    assert D(hold.numbers["exposure"]) == D("42000.00")
    assert D(hold.numbers["exposure_with_order"]) == D("50000.01")
    assert D(hold.numbers["limit"]) == D("50000.00")
    assert "0.01 EUR" in hold.message


def test_how_far_it_is_over(company, customer):
    hold = submitted(company, customer, "9520.00")
    assert D(hold.numbers["exposure_with_order"]) == D("51520.00")
    assert D(hold.numbers["over"]) == D("1520.00")


def test_of_two_only_one_passes_and_a_held_one_uses_no_credit(company, customer):
    assert submitted(company, customer, "8000.00") is None
    assert submitted(company, customer, "8000.00") is not None
    assert submitted(company, customer, "0.01") is not None
    owe(customer.credit_account_id, unapplied="0.01", by=None)
    assert submitted(company, customer, "0.01") is None


def test_a_blocked_account_is_held_whatever_the_limit(company, customer):
    account = customer.credit_account
    account.blocked = True
    account.save()
    assert submitted(company, customer, "1.00").code == "credit.blocked"


@pytest.mark.parametrize(("days", "held"), [(30, False), (31, True)])
def test_an_invoice_too_long_overdue_holds(company, customer, days, held):
    be_late(company, customer, days, by=None)
    hold = submitted(company, customer, "1.00")
    assert (hold is not None) == held
    if hold:
        assert hold.code == "credit.overdue"
        assert (hold.numbers["days_overdue"], hold.numbers["max_overdue_days"]) == (31, 30)


@pytest.mark.parametrize(("allowed", "words"), [(30, "31 days late"), (0, "1 day late")])
def test_a_hold_says_of_which_day_its_figures_are(company, customer, allowed, words):
    """It is read days later, when more is late and more or less is owed."""
    CreditAccount.objects.update(max_overdue_days=allowed)
    with clock.travel(datetime(2026, 3, 3, 12, tzinfo=UTC)):
        be_late(company, customer, allowed + 1, by=None)
        message = submitted(company, customer, "8000.01").message
    assert f"Oldest open invoice: {words} on 3 Mar 2026; {allowed} allowed." in message
    assert "Exposure with this order: 50,000.01 EUR on 3 Mar 2026; limit: 50,000.00 EUR;" in message


def test_a_disputed_invoice_does_not_count_as_overdue(company, customer):
    from ledger.models import OpenItem

    be_late(company, customer, 90, by=None)
    OpenItem.objects.update(is_disputed=True)
    assert submitted(company, customer, "1.00") is None


def test_a_group_shares_one_limit(company, customer):
    sister = make_customer(company)
    sister.credit_account = customer.credit_account
    sister.save()
    assert submitted(company, sister, "8000.01") is not None
    assert submitted(company, sister, "8000.00") is None
    assert submitted(company, customer, "0.01") is not None


def test_other_currencies_count_at_todays_rate_in_the_currency_of_the_limit(company, customer):
    today = clock.today(company)
    FxRate.objects.create(base="EUR", quote="USD", on=date(2020, 1, 1), rate=D(2), source="old")
    FxRate.objects.create(base="EUR", quote="USD", on=today, rate=D("1.25"), source="test")
    american = make_customer(company, currency="USD", country="US")
    american.credit_account = customer.credit_account
    american.save()
    assert submitted(company, american, "10000.02", "USD") is not None  # 8,000.016 → 8,000.02
    assert submitted(company, american, "10000.00", "USD") is None  # 8,000.00
    assert submitted(company, customer, "0.01") is not None
