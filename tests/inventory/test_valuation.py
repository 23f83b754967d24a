"""Moving average, exact to the last piece."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from inventory.valuation import average_cost, cost_of_issue

D = Decimal
quantities = st.decimals("0.001", "100000", places=3)


def test_an_issue_takes_its_rounded_share():
    assert cost_of_issue(D(60), D(100), D("1000.00"), "EUR") == D("600.00")
    assert cost_of_issue(D(1), D(3), D("10.00"), "EUR") == D("3.33")
    assert cost_of_issue(D(3), D(3), D("10.00"), "EUR") == D("10.00")
    assert cost_of_issue(D(1), D(3), D(10), "JPY") == D(3)
    assert average_cost(D(0), D(0)) == 0


@given(
    value=st.decimals("0", "1000000", places=2),
    parts=st.lists(quantities, min_size=1, max_size=8),
)
def test_nothing_on_hand_is_nothing_of_value(value, parts):
    on_hand, taken = sum(parts), D(0)
    left = value
    for part in parts:
        cost = cost_of_issue(part, on_hand, left, "EUR")
        assert 0 <= cost <= left
        on_hand, left, taken = on_hand - part, left - cost, taken + cost
    assert (on_hand, left, taken) == (0, 0, value)
