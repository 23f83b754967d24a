"""From the order to the money: parts, credit notes, returned and gathered payments, dollars."""

from decimal import Decimal

import pytest

from invoicing.actions import Correction, credit_invoices, issue_invoices
from invoicing.models import Billable, Invoice
from ledger.models import AccountRole
from ledger.queries import ageing, trial_balance
from orders.actions import Parcel, confirm_orders, ship_orders, submit_orders
from orders.models import Order
from partners.models import Exposure
from payments.actions import Choice, apply_receipts, leave_on_account, return_receipts
from payments.models import BankTransaction, Receipt
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import receive
from tests.factories.invoicing import collect_bills
from tests.factories.ledger import booked
from tests.factories.orders import make_order
from tests.factories.partners import make_customer
from tests.factories.payments import Paid, make_rate, make_statement

D = Decimal
R = AccountRole


@pytest.fixture
def pumps(company, on):
    """They sell at 10.00, and a hundred lie in the warehouse that cost 4.00 each."""
    with on(1):
        product = make_product(company, 10)
        receive(company, (product, 100))
    return product


@pytest.fixture
def ship(company, hand):
    """So many pieces of an order leave; the worker bills them."""

    def parcel(order, quantity):
        wanted = {order.lines.get().pk: D(quantity)}
        return ship_orders(company, [Parcel(order.pk, wanted)], by=hand)[0]

    return parcel


@pytest.fixture
def sell(company, rep, ship, pumps):
    """The rep enters, submits and confirms an order of pumps, and all of it leaves, or `first`."""

    def enter(customer, quantity, first=None):
        order = make_order(company, customer, [(pumps, quantity)], by=rep)
        submit_orders([order.pk], by=rep)
        confirm_orders([order.pk], by=rep)
        ship(order, first or quantity)
        return order

    return enter


def invoices(customer):
    """The invoices of a customer, the first one first: gross, open amount and state."""
    rows = Invoice.objects.filter(customer=customer, kind="invoice").order_by("pk")
    return [(row.gross, row.open_amount, row.state) for row in rows]


def sales_of(company):
    """What stands in the books, but for the goods."""
    goods = {R.INVENTORY, R.COGS, R.GRNI}
    return {role: amount for role, amount in booked(company).items() if role not in goods}


def test_an_order_leaves_in_two_parts_and_a_part_comes_back(company, on, sell, ship, clerk):
    with on(2):
        acme = make_customer(company, "Acme")
        order = sell(acme, 10, first=6)
    with on(5):
        ship(order, 4)
    assert invoices(acme) == [
        (D("71.40"), D("71.40"), "issued"),
        (D("47.60"), D("47.60"), "issued"),
    ]
    assert Order.objects.get(pk=order.pk).state == "closed"

    with on(9):
        first = Invoice.objects.filter(customer=acme).earliest("pk")
        broken = {first.lines.get().pk: D(2)}
        credit_invoices(company, [Correction(first.pk, broken, "Two were broken")], by=clerk)
    assert invoices(acme) == [
        (D("71.40"), D("47.60"), "issued"),
        (D("47.60"), D("47.60"), "issued"),
    ]
    assert sales_of(company) == {
        R.AR_CONTROL: D("95.20"), R.REVENUE: D(-100), R.REVENUE_RETURNS: D(20),
        R.VAT_OUTPUT: D("-15.20"),
    }  # fmt: skip
    assert Exposure.objects.get(credit_account=acme.credit_account).receivable == D("95.20")


def test_a_payment_bounces_and_is_paid_again(company, on, sell, clerk, controller):
    with on(2):
        acme = make_customer(company, "Acme")
        sell(acme, 10)
    invoice = Invoice.objects.get()
    paid = Paid("119.00", reference=invoice.payment_reference)
    with on(10) as today:
        make_statement(company, [paid], by=clerk, on=today)
    assert invoices(acme) == [(D(119), 0, "settled")]

    with on(12) as today:
        bounced = make_statement(company, [Paid("-119.00")], by=clerk, on=today, opening="119.00")
        returned = {Receipt.objects.get().pk: bounced.transactions.get().pk}
        return_receipts(returned, by=controller, reason="No funds")
    assert invoices(acme) == [(D(119), D(119), "issued")]

    with on(20) as today:
        make_statement(company, [paid], by=clerk, on=today)
    assert invoices(acme) == [(D(119), 0, "settled")]
    assert sales_of(company) == {R.BANK: D(119), R.REVENUE: D(-100), R.VAT_OUTPUT: D(-19)}
    assert {t.state for t in BankTransaction.objects.all()} == {"recorded"}


def test_one_transfer_pays_two_invoices_and_the_rest_stays_on_account(company, on, sell, clerk):
    with on(2):
        acme = make_customer(company, "Acme", iban="DE89370400440532013000")
        sell(acme, 10)
        sell(acme, 5)
    with on(16) as today:
        paid = Paid("200.00", "for all of it", "Acme", iban="DE89370400440532013000")
        make_statement(company, [paid], by=clerk, on=today)
    receipt = Receipt.objects.get()
    assert (receipt.customer, receipt.open_item.open_amount) == (acme, D(200))

    with on(17):
        bills = Invoice.objects.filter(customer=acme).order_by("pk")
        parts = [(bill.instalments.get().open_item_id, bill.gross) for bill in bills]
        apply_receipts([Choice(receipt.pk, parts)], by=clerk)
        leave_on_account([receipt.pk], by=clerk)
    assert invoices(acme) == [(D(119), 0, "settled"), (D("59.50"), 0, "settled")]
    assert sales_of(company) == {
        R.BANK: D(200), R.UNAPPLIED_RECEIPTS: D("-21.50"), R.REVENUE: D(-150),
        R.VAT_OUTPUT: D("-28.50"),
    }  # fmt: skip
    assert Exposure.objects.get(credit_account=acme.credit_account).unapplied == D("21.50")


def test_dollars_are_worth_less_when_they_come(company, on, sell, clerk, pumps):
    with on(2) as today:
        make_price(default_list(company, "USD"), pumps, 11)
        make_rate(company, "USD", "1.10", today)
        globex = make_customer(company, "Globex", currency="USD")
        sell(globex, 10)
    assert invoices(globex) == [(D("130.90"), D("130.90"), "issued")]
    assert booked(company)[R.AR_CONTROL] == D(119)

    with on(30) as today:
        make_rate(company, "USD", "1.19", today)
        paid = Paid("130.90", reference=Invoice.objects.get().payment_reference)
        make_statement(company, [paid], by=clerk, on=today, currency="USD",
                       iban="DE27100777770209299700")  # fmt: skip
    assert invoices(globex) == [(D("130.90"), 0, "settled")]
    found = sales_of(company)
    assert found.pop(R.FX_REALISED) == D(9)
    assert found.pop(R.REVENUE) == D(-100)
    assert found.pop(R.VAT_OUTPUT) == D(-19)
    assert list(found.values()) == [D(110)]  # on the bank account in dollars


def test_deliveries_of_a_month_are_billed_together(company, on, sell, clerk):
    with on(2):
        acme = make_customer(company, "Acme")
        collect_bills(acme)
        sell(acme, 3)
    with on(18):
        sell(acme, 4)
    assert invoices(acme) == []
    assert Exposure.objects.get(credit_account=acme.credit_account).unbilled == D("83.30")

    with on(31) as today:
        waiting = Billable.objects.order_by("pk").values_list("pk", flat=True)
        (bill,) = issue_invoices(company, list(waiting), by=clerk)
        assert (bill.issued_on, bill.lines.count()) == (today, 2)
    with on(15, month=4) as today:
        paid = Paid("83.30", reference=bill.payment_reference)
        make_statement(company, [paid], by=clerk, on=today)
    assert invoices(acme) == [(D("83.30"), 0, "settled")]
    assert Order.objects.filter(state="closed").count() == 2
    assert sales_of(company) == {R.BANK: D("83.30"), R.REVENUE: D(-70), R.VAT_OUTPUT: D("-13.30")}


def test_the_figures_of_march_stay_what_they_were(company, on, sell, clerk, controller):
    with on(2):
        acme = make_customer(company, "Acme")
        sell(acme, 10)
    (bill,) = Invoice.objects.all()
    with on(20) as today:
        make_statement(
            company, [Paid("19.00", reference=bill.payment_reference)], by=clerk, on=today
        )
    with on(31) as march:
        before = trial_balance(company, march), ageing(company, march)
    assert [row.receivable for row in before[1]] == [D(100)]

    with on(3, month=4):
        piece = {bill.lines.get().pk: D(1)}
        credit_invoices(company, [Correction(bill.pk, piece, "Scratched")], by=clerk)
    with on(7, month=4) as today:
        paid = Paid("88.10", reference=bill.payment_reference)
        make_statement(company, [paid], by=clerk, on=today, opening="19.00")
    with on(9, month=4) as today:
        back = make_statement(company, [Paid("-88.10")], by=clerk, on=today, opening="107.10")
        last = Receipt.objects.latest("pk")
        return_receipts({last.pk: back.transactions.get().pk}, by=controller, reason="Recalled")
    assert (trial_balance(company, march), ageing(company, march)) == before
    assert [row.receivable for row in ageing(company, today)] == [D("88.10")]
