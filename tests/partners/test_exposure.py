"""The running totals of credit accounts."""

from decimal import Decimal

import pytest

from core.actions import action
from partners.exposure import Moves, lock_exposure, standings
from partners.models import Exposure
from tests.factories.partners import make_customer, make_customers

pytestmark = pytest.mark.django_db


@action
def write(moves):
    moves.write()


@action
def locked(ids):
    return lock_exposure(ids)


def one_to_one(amount, source, target):
    return amount


def test_the_four_parts_make_the_exposure(company):
    account = make_customer(company).credit_account
    moves = Moves()
    moves.add(account.pk, "EUR", open_orders=Decimal("8330.00"), unbilled=Decimal("4760.00"))
    moves.add_item(account.pk, "EUR", "debit", Decimal("32000.00"))
    moves.add_item(account.pk, "EUR", "credit", Decimal("2500.00"))
    moves.add_item(account.pk, "EUR", "credit", Decimal("590.00"))
    write(moves)
    standing = standings([account])[account.pk]
    assert standing.exposure(one_to_one) == Decimal("42000.00")


def test_moves_add_up_and_go_down(company):
    account = make_customer(company).credit_account
    for change in (100, 50, -150):
        moves = Moves()
        moves.add(account.pk, "EUR", open_orders=Decimal(change))
        write(moves)
    assert Exposure.objects.get(credit_account=account).open_orders == 0


def test_a_new_currency_gets_its_own_row(company):
    account = make_customer(company).credit_account
    moves = Moves()
    moves.add(account.pk, "USD", receivable=Decimal(110))
    write(moves)
    standing = locked([account.pk])[account.pk]
    assert {c: t.receivable for c, t in standing.totals.items()} == {"EUR": 0, "USD": 110}
    at_rate = standing.exposure(lambda a, c, to: a if c == to else a / Decimal("1.1"))
    assert at_rate == Decimal(100)


def test_one_statement_for_many_accounts_and_none_for_nothing(company, django_assert_num_queries):
    accounts = [customer.credit_account_id for customer in make_customers(company, 20)]
    moves = Moves()
    for account in accounts:
        moves.add(account, "EUR", unbilled=Decimal(5))
        moves.add(account, "EUR", unbilled=Decimal(5), open_orders=Decimal(-5))
    with django_assert_num_queries(3):  # with BEGIN and COMMIT, as savepoints in a test
        write(moves)
    assert {e.unbilled for e in Exposure.objects.filter(credit_account__in=accounts)} == {10}
    with django_assert_num_queries(2):
        write(moves)


def test_moves_are_a_step_of_a_deed():
    with pytest.raises(RuntimeError):
        Moves().write()
