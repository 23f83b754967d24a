"""Price lists and the prices in them."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from catalog.actions import (
    add_price_lists,
    archive_price_list,
    assign_price_list,
    change_price_list,
    change_prices,
    copy_price_list,
    raise_prices,
    restore_price_list,
    set_prices,
)
from catalog.drafts import PriceDraft, PriceListDraft
from catalog.models import Price, PriceList, PriceListAssignment
from catalog.queries import prices
from catalog.quote import find_prices
from catalog.raising import plan
from core.models import Event
from core.refusals import NeedsConfirmation, Refused
from tests.cast import accountant, sales_manager, system
from tests.factories.catalog import (
    LONG_AGO,
    default_list,
    make_price,
    make_price_list,
    make_product,
)
from tests.factories.partners import make_customer, make_customers

JULY = date(2026, 7, 1)
pytestmark = pytest.mark.django_db


def rows(price_list):
    return sorted(
        Price.objects.filter(price_list=price_list).values_list(
            "product__code", "min_quantity", "valid_from", "valid_to", "amount"
        )
    )


def refused(deed):
    with pytest.raises(Refused) as refusal:
        deed()
    return refusal.value.code


def test_a_new_default_takes_the_place_of_the_old(company):
    old = default_list(company)
    new = add_price_lists(company, [PriceListDraft("2027", "EUR", True)], by=system())[0]
    old.refresh_from_db()
    assert (old.is_default, new.is_default) == (False, True)
    default_list(company, "USD")
    assert PriceList.objects.filter(company=company, is_default=True).count() == 2


def test_names_are_there_once_in_a_company(company, other_company):
    make_price_list(company, "A")
    make_price_list(other_company, "A")
    assert refused(lambda: make_price_list(company, "A")) == "catalog.name_taken"
    drafts = [PriceListDraft("B", "EUR")] * 2
    assert refused(lambda: add_price_lists(company, drafts, by=system())) == "catalog.name_taken"


def test_sets_prices_and_replaces_them(company):
    product, price_list = make_product(company), default_list(company)
    make_price(price_list, product, 10)
    make_price(price_list, product, "11.12345678")
    assert rows(price_list) == [(product.code, 0, LONG_AGO, None, Decimal("11.12345678"))]


WRONG = [
    ("catalog.amount", {"amount": Decimal(-1)}),
    ("catalog.amount", {"amount": Decimal("NaN")}),
    ("catalog.amount", {"amount": Decimal("1e400")}),
    ("catalog.amount", {"amount": Decimal("0.000000001")}),
    ("catalog.min_quantity", {"min_quantity": Decimal("-0.1")}),
    ("catalog.min_quantity", {"min_quantity": Decimal("1e-7")}),
    ("catalog.days", {"valid_to": date(2019, 1, 1)}),
    ("catalog.no_product", {"product_id": 0x7FFFFFFF}),
]


@pytest.mark.parametrize(("code", "fields"), WRONG)
def test_refuses_and_sets_nothing(company, code, fields):
    good = make_product(company)
    other = {"product_id": make_product(company).pk, "amount": Decimal(1), "valid_from": LONG_AGO}
    price_list = default_list(company)
    prices = [PriceDraft(good.pk, Decimal(5), LONG_AGO), PriceDraft(**{**other, **fields})]
    assert refused(lambda: set_prices(company, price_list.pk, prices, by=system())) == code
    assert rows(price_list) == []


def test_two_prices_for_the_same_case_are_refused(company):
    product = make_product(company)
    prices = [PriceDraft(product.pk, Decimal(amount), LONG_AGO) for amount in (1, 2)]
    deed = lambda: set_prices(company, default_list(company).pk, prices, by=system())  # noqa: E731
    assert refused(deed) == "catalog.price_twice"


def test_another_companys_list_is_not_there(company, other_company):
    product, theirs = make_product(company), default_list(other_company)
    by = sales_manager(company)
    prices = [PriceDraft(product.pk, Decimal(1), LONG_AGO)]
    assert refused(lambda: set_prices(company, theirs.pk, prices, by=by)) == "catalog.no_list"
    assert refused(lambda: raise_prices(theirs, Decimal(5), JULY, by=by)) == "not_allowed"


def test_wrong_person(company):
    price_list, by = default_list(company), accountant(company)
    for deed in (
        lambda: set_prices(company, price_list.pk, [], by=by),
        lambda: add_price_lists(company, [PriceListDraft("X", "EUR")], by=by),
        lambda: change_price_list(price_list, "X", True, seen=1, by=by),
        lambda: archive_price_list(price_list, by=by),
        lambda: assign_price_list(company, [], None, by=by),
        lambda: copy_price_list(price_list, "X", percent=Decimal(0), on=JULY, by=by),
    ):
        assert refused(deed) == "not_allowed"


def test_the_grid_changes_adds_moves_and_removes_lines(company):
    price_list = default_list(company)
    products = [make_product(company, code=f"P{i}", price=i) for i in range(1, 5)]
    ids = dict(Price.objects.values_list("product__code", "pk"))
    seen = PriceList.objects.get(pk=price_list.pk).version
    wanted = [
        (ids["P1"], PriceDraft(products[0].pk, Decimal(100), LONG_AGO)),
        (ids["P2"], PriceDraft(products[1].pk, Decimal(2), JULY)),
        (None, PriceDraft(products[0].pk, Decimal(90), LONG_AGO, Decimal(10))),
    ]
    change_prices(price_list, wanted, removed=[ids["P3"]], seen=seen, by=sales_manager(company))
    assert rows(price_list) == [
        ("P1", 0, LONG_AGO, None, 100),
        ("P1", 10, LONG_AGO, None, 90),
        ("P2", 0, JULY, None, 2),
        ("P4", 0, LONG_AGO, None, 4),
    ]
    assert (
        refused(lambda: change_prices(price_list, wanted, seen=seen, by=system()))
        == "changed_meanwhile"
    )


def test_the_grid_replaces_no_other_line(company):
    price_list, product = default_list(company), make_product(company, price=5)
    seen = PriceList.objects.get(pk=price_list.pk).version
    wanted = [(None, PriceDraft(product.pk, Decimal(9), LONG_AGO))]
    deed = lambda: change_prices(price_list, wanted, seen=seen, by=system())  # noqa: E731
    assert refused(deed) == "catalog.price_there"
    assert rows(price_list) == [(product.code, 0, LONG_AGO, None, 5)]


def test_a_line_moved_onto_another_line_of_the_grid_is_refused_where_it_stands(company):
    price_list, product = default_list(company), make_product(company, price=5)
    make_price(price_list, product, 4, min_quantity=Decimal(10))
    (first, one), (second, ten) = Price.objects.order_by("min_quantity").values_list("pk", "amount")
    seen = PriceList.objects.get(pk=price_list.pk).version
    wanted = [
        (first, PriceDraft(product.pk, one, LONG_AGO)),
        (second, PriceDraft(product.pk, ten, LONG_AGO)),
    ]
    with pytest.raises(Refused) as refusal:
        change_prices(price_list, wanted, seen=seen, by=system())
    assert (refusal.value.code, refusal.value.numbers["line"]) == ("catalog.price_twice", 1)
    assert rows(price_list) == [
        (product.code, 0, LONG_AGO, None, 5), (product.code, 10, LONG_AGO, None, 4),
    ]  # fmt: skip


def test_a_wrong_price_is_told_at_its_line_of_the_grid(company):
    price_list = default_list(company)
    products = [make_product(company, price=5) for _ in range(3)]
    ids = dict(Price.objects.values_list("product_id", "pk"))
    seen = PriceList.objects.get(pk=price_list.pk).version
    amounts = (5, 5, -1)
    wanted = [
        (ids[product.pk], PriceDraft(product.pk, Decimal(amount), LONG_AGO))
        for product, amount in zip(products, amounts, strict=True)
    ]
    with pytest.raises(Refused) as refusal:
        change_prices(price_list, wanted, seen=seen, by=system())
    assert (refusal.value.code, refusal.value.numbers["line"]) == ("catalog.amount", 2)


def test_raises_from_a_day_on(company):
    price_list = default_list(company)
    product = make_product(company, code="P", price="9.99")
    make_price(price_list, product, "9.00", min_quantity=Decimal(10))
    raise_prices(price_list, Decimal("3.5"), JULY, by=sales_manager(company))
    assert rows(price_list) == [
        ("P", 0, LONG_AGO, None, Decimal("9.99")),
        ("P", 0, JULY, None, Decimal("10.34")),
        ("P", 10, LONG_AGO, None, Decimal("9.00")),
        ("P", 10, JULY, None, Decimal("9.32")),
    ]


def test_a_campaign_keeps_its_price_and_the_raise_follows_it(company):
    price_list = default_list(company)
    product = make_product(company, price=10)
    june, end = date(2026, 6, 1), date(2026, 7, 31)
    make_price(price_list, product, 7, valid_from=june, valid_to=end)
    raise_prices(price_list, Decimal(10), JULY, by=system())
    days = [date(2026, 6, 30), JULY, end, date(2026, 8, 1)]
    wanted = [(None, "EUR", product.pk, Decimal(1), day) for day in days]
    assert find_prices(company, wanted) == [7, 7, 7, 11]


def test_prices_with_an_end_go_up_until_it(company):
    price_list, product = default_list(company), make_product(company, code="P")
    year_end = date(2026, 12, 31)
    make_price(price_list, product, 10, valid_from=date(2026, 1, 1), valid_to=year_end)
    raise_prices(price_list, Decimal(-10), JULY, by=system())
    assert rows(price_list)[1] == ("P", 0, JULY, year_end, 9)


def test_a_price_planned_for_the_end_of_a_campaign_goes_up_and_is_not_replaced(company):
    price_list, product = default_list(company), make_product(company, code="P", price=100)
    march, end, april = date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)
    make_price(price_list, product, 80, valid_from=march, valid_to=end)
    make_price(price_list, product, 120, valid_from=april)
    raise_prices(price_list, Decimal(10), date(2026, 3, 15), by=system())
    assert rows(price_list) == [
        ("P", 0, LONG_AGO, None, 100), ("P", 0, march, end, 80), ("P", 0, april, None, 132),
    ]  # fmt: skip


def test_coming_prices_go_up_in_place_and_coming_campaigns_keep_theirs(company):
    price_list, product = default_list(company), make_product(company, code="P", price=100)
    august, december, year_end = date(2026, 8, 1), date(2026, 12, 1), date(2026, 12, 31)
    make_price(price_list, product, 120, valid_from=august)
    make_price(price_list, product, 70, valid_from=december, valid_to=year_end)
    raise_prices(price_list, Decimal(10), JULY, by=system())
    assert rows(price_list) == [
        ("P", 0, LONG_AGO, None, 100), ("P", 0, JULY, None, 110), ("P", 0, august, None, 132),
        ("P", 0, december, year_end, 70),
    ]  # fmt: skip


def test_the_raise_waits_for_the_longest_of_campaigns_that_overlap(company):
    price_list, product = default_list(company), make_product(company, price=10)
    long, short, end = date(2026, 6, 1), date(2026, 6, 15), date(2026, 8, 31)
    make_price(price_list, product, 8, valid_from=long, valid_to=end)
    make_price(price_list, product, 7, valid_from=short, valid_to=date(2026, 7, 10))
    raise_prices(price_list, Decimal(10), JULY, by=system())
    days = [JULY, date(2026, 7, 11), end, date(2026, 9, 1)]
    wanted = [(None, "EUR", product.pk, Decimal(1), day) for day in days]
    assert find_prices(company, wanted) == [7, 8, 8, 11]


def test_nothing_to_raise_and_too_much(company):
    price_list = default_list(company)
    assert refused(lambda: raise_prices(price_list, Decimal(5), JULY, by=system())) == (
        "catalog.nothing_to_raise"
    )
    assert refused(lambda: raise_prices(price_list, Decimal(-101), JULY, by=system())) == (
        "catalog.percent"
    )


def test_copies_a_list(company):
    source, product = default_list(company), make_product(company, code="P", price="10.005")
    make_price(
        source, product, 5, valid_from=LONG_AGO, valid_to=date(2026, 6, 30), min_quantity=Decimal(2)
    )
    exact = copy_price_list(source, "Exact", percent=Decimal(0), on=JULY, by=system())
    less = copy_price_list(source, "Less", percent=Decimal(-10), on=JULY, by=system())
    assert rows(exact) == [("P", 0, LONG_AGO, None, Decimal("10.005"))]
    assert rows(less) == [("P", 0, LONG_AGO, None, Decimal("9.00"))]
    assert (less.currency, less.is_default) == ("EUR", False)


def test_renames_and_moves_the_default(company):
    old, new = default_list(company), make_price_list(company, "New")
    change_price_list(new, "Newest", True, seen=1, by=sales_manager(company))
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.is_default, new.is_default, new.name) == (False, True, "Newest")
    assert refused(lambda: change_price_list(new, "x", True, seen=1, by=system())) == (
        "changed_meanwhile"
    )


def test_a_list_in_use_is_not_put_away(company):
    price_list, customer = make_price_list(company), make_customer(company)
    assert refused(lambda: archive_price_list(default_list(company), by=system())) == (
        "catalog.is_default"
    )
    assign_price_list(company, [customer.pk], price_list.pk, by=system())
    assert refused(lambda: archive_price_list(price_list, by=system())) == "catalog.in_use"
    assign_price_list(company, [customer.pk], None, by=system())
    archive_price_list(price_list, by=system())
    deed = lambda: assign_price_list(company, [customer.pk], price_list.pk, by=system())  # noqa: E731
    assert refused(deed) == "catalog.archived"
    restore_price_list(price_list, by=system())
    assign_price_list(company, [customer.pk], price_list.pk, by=system())


def test_a_list_in_another_currency_is_not_assigned(company):
    """No order would find its prices, since an order is in the currency of the customer."""
    here, there = make_customer(company), make_customer(company, currency="USD")
    dollars = make_price_list(company, currency="USD")
    both = [there.pk, here.pk]
    deed = lambda: assign_price_list(company, both, dollars.pk, by=system())  # noqa: E731
    assert refused(deed) == "catalog.other_currency"
    assert not PriceListAssignment.objects.exists()
    assign_price_list(company, [there.pk], dollars.pk, by=system())
    assert PriceListAssignment.objects.get().customer == there


def test_assigns_a_set(company, other_company, django_assert_max_num_queries):
    customers, price_list = make_customers(company, 10), make_price_list(company)
    by = sales_manager(company)
    with django_assert_max_num_queries(12):
        ids = [customer.pk for customer in customers]
        assign_price_list(company, ids, price_list.pk, by=by)
    assert PriceListAssignment.objects.filter(price_list=price_list).count() == 10
    assert Event.objects.filter(verb="customer.price_list_assigned").count() == 10
    stranger = make_customer(other_company)
    deed = lambda: assign_price_list(company, [stranger.pk], price_list.pk, by=by)  # noqa: E731
    assert refused(deed) == "catalog.no_customer"


def states(price_list):
    rows = prices(price_list, date(2026, 7, 10)).order_by("min_quantity", "valid_from")
    return [(row.amount, row.state, row.ends_on) for row in rows]


def test_a_price_is_superseded_from_the_day_the_next_one_begins(company):
    price_list, product = default_list(company), make_product(company, price=10)
    make_price(price_list, product, 9, min_quantity=Decimal(5))
    make_price(price_list, product, 11, valid_from=JULY)
    make_price(price_list, product, 12, valid_from=date(2026, 8, 1))
    assert states(price_list) == [
        (10, "superseded", date(2026, 6, 30)), (11, "valid", date(2026, 7, 31)),
        (12, "coming", None), (9, "valid", None),
    ]  # fmt: skip


def test_a_price_under_a_campaign_rests_until_the_campaign_ends(company):
    price_list, product = default_list(company), make_product(company, price=10)
    june, end = date(2026, 6, 1), date(2026, 7, 31)
    make_price(price_list, product, 6, valid_from=date(2026, 5, 1), valid_to=date(2026, 5, 31))
    make_price(price_list, product, 7, valid_from=june, valid_to=end)
    assert states(price_list) == [
        (10, "resting", None), (6, "ended", date(2026, 5, 31)), (7, "valid", end),
    ]  # fmt: skip


def test_what_is_valid_is_what_is_quoted(company):
    price_list, product = default_list(company), make_product(company, price=10)
    make_price(price_list, product, 8, valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31))
    make_price(price_list, product, 7, valid_from=date(2026, 6, 9), valid_to=date(2026, 7, 9))
    make_price(price_list, product, 11, valid_from=date(2026, 9, 1))
    for day in (JULY, date(2026, 7, 10), date(2026, 8, 31), date(2026, 9, 1), date(2026, 5, 31)):
        valid = [row.amount for row in prices(price_list, day) if row.state == "valid"]
        assert valid == find_prices(company, [(None, "EUR", product.pk, Decimal(1), day)])


@pytest.mark.parametrize("percent", [-100, -101, 1001])
def test_a_raise_leaves_something_of_each_price(company, percent):
    price_list, _product = default_list(company), make_product(company, price=5)
    for deed in (
        lambda: raise_prices(price_list, Decimal(percent), JULY, confirmed=True, by=system()),
        lambda: copy_price_list(price_list, "X", percent=Decimal(percent), on=JULY, by=system()),
    ):
        assert refused(deed) == "catalog.percent"
    assert len(rows(price_list)) == 1


@pytest.mark.parametrize("percent", ["50.0001", "-51"])
def test_a_large_change_is_asked_about(company, percent):
    price_list, _product = default_list(company), make_product(company, price=5)
    deed = partial(raise_prices, price_list, Decimal(percent), JULY, by=system())
    with pytest.raises(NeedsConfirmation, match="is a large change"):
        deed()
    deed(confirmed=True)
    assert len(rows(price_list)) == 2


def test_a_second_raise_from_the_same_day_on_is_asked_about(company):
    price_list, _product = default_list(company), make_product(company, price=10)
    raise_prices(price_list, Decimal(5), JULY, by=sales_manager(company))
    with pytest.raises(NeedsConfirmation, match=r"changed by \+5 % already, by Sofia Lindgren"):
        raise_prices(price_list, Decimal(5), JULY, by=system())
    assert [row[-1] for row in rows(price_list)] == [10, Decimal("10.5")]
    raise_prices(price_list, Decimal(5), date(2026, 8, 1), by=system())


def test_the_plan_says_what_the_raise_does(company):
    price_list = default_list(company)
    first = make_product(company, code="P1", price=10)
    make_product(company, code="P2", price="0.01")
    make_price(price_list, first, 7, valid_from=date(2026, 6, 1), valid_to=date(2026, 7, 31))
    said = {"percent": Decimal(-60), "on": JULY}
    found = plan(price_list, **said, digits=2)
    assert (found.count, found.at_zero) == (2, 1)
    planned = {(row.code, row.valid_from, row.raised) for row in found.examples}
    before = set(rows(price_list))
    raise_prices(price_list, **said, confirmed=True, by=system())
    assert planned == {(row[0], row[2], row[4]) for row in set(rows(price_list)) - before}
