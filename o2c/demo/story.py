"""The weeks of the demo: what is ordered, shipped, billed, paid, and what is left undone today."""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from catalog.models import Product
from core import clock, events, follow_ups
from core.money import ZERO, round_amount
from inventory.actions import receive_stock
from inventory.drafts import StockChange, StockLine
from inventory.models import Stock
from invoicing.models import Instalment
from o2c.demo import office
from o2c.demo.bank import Booking, Statement, camt053
from o2c.demo.company import first_day
from o2c.demo.founding import Account, Stage, found
from o2c.demo.habits import BANKRUPT, LAST_PAYMENT_WEEK
from orders.actions import Parcel, enter_orders, ship_orders, submit_orders
from orders.drafts import DraftLine, OrderDraft
from orders.locking import read_lines
from orders.models import Order
from payments.actions import import_statement
from users.models import User

WEEKS = 104
LEFT_TO_YOU = 3  # the last weeks' worklists are left undone
WEEKS_OF_STRANGERS = 13  # who paid before that was found out
WEEKS_OF_CALLS = 3  # before that, nobody wrote down what was said
SHIPPED_TODAY = 2  # by the worker these become invoices, PDFs and mail, as all will from now on
# Orders a week, the year's ups and downs on top; 5,000 in all.
ORDERS_A_WEEK = {"nordwind": 24, "rive": 14, "harbour": 10}
SEASON = (0.9, 0.9, 1.0, 1.05, 1.1, 1.1, 0.9, 0.8, 1.05, 1.1, 1.15, 0.95)
MORNING = time(8, 30)


@dataclass(order=True)
class Plan:
    """A payment a customer means to make."""

    on: date
    invoice_id: int
    amount: Decimal = field(compare=False)
    number: str = field(compare=False)
    reference: str = field(compare=False)
    currency: str = field(compare=False)
    account: Account = field(compare=False)


class Life:
    """One company's two years, a week at a time."""

    def __init__(self, stage: Stage, products: list[Product], costs: dict[str, Decimal]) -> None:
        self.stage, self.products, self.costs = stage, products, costs
        self.sales, self.store, self.books = (
            stage.people[name] for name in ("sofia", "walter", "anna")
        )
        self.random = stage.random
        self.accounts = {account.customer.pk: account for account in stage.accounts}
        self.plans: list[Plan] = []
        self.balances: dict[str, Decimal] = defaultdict(Decimal)
        self.billed_until = 0

    def live(self, week: int, monday: date) -> None:
        """Orders on Monday, goods on Wednesday, the bank on Friday."""
        worked_on = week < WEEKS - LEFT_TO_YOU
        with self._at(monday):
            self._take_orders(monday, week)
        with self._at(monday + timedelta(days=1)):
            self._restock(week)
            if worked_on:
                office.let_orders_go(self.stage)
        with self._at(monday + timedelta(days=2)):
            self._ship(week)
            self._plan_payments(week)
        with self._at(monday + timedelta(days=3)):
            if week >= WEEKS - WEEKS_OF_CALLS:
                office.call_who_is_late(self.stage, monday + timedelta(days=3))
        with self._at(monday + timedelta(days=4)):
            friday = monday + timedelta(days=4)
            self._bank(week, friday)
            office.bill_what_was_collected(self.stage, friday)
            if worked_on:
                office.apply_by_hand(self.stage, monday - timedelta(days=7))
                office.book_fees(self.stage)
                office.close_months(self.stage, friday)

    @staticmethod
    def _at(day: date):  # type: ignore[no-untyped-def]
        return clock.travel(datetime.combine(day, MORNING, tzinfo=UTC))

    def _take_orders(self, monday: date, week: int) -> None:
        wanted = ORDERS_A_WEEK[self.stage.company.slug] * SEASON[monday.month - 1]
        buyers = self.random.choices(
            self.stage.accounts, [a.made.weight for a in self.stage.accounts], k=round(wanted)
        )
        drafts = [self._draft(account, week, place) for place, account in enumerate(buyers)]
        last_week = week == WEEKS - 1
        if last_week:
            drafts = [drafts[0], *drafts]  # one comes twice, and is held
        orders = enter_orders(self.stage.company, drafts, by=self.sales)
        submitted = orders[: len(orders) - 4] if last_week else orders  # a few stay drafts
        submit_orders([order.pk for order in submitted], by=self.sales)
        follow_ups.work_off(self.stage.company)

    def _draft(self, account: Account, week: int, place: int) -> OrderDraft:
        lines = self.random.choices((1, 2, 3, 4, 6, 9), (20, 25, 25, 15, 10, 5))[0]
        chosen = self.random.sample(self.products, lines)
        channels = (Order.Channel.SCREEN, Order.Channel.PHONE, Order.Channel.EMAIL)
        return OrderDraft(
            customer_id=account.customer.pk,
            lines=[
                DraftLine(product.pk, Decimal(self.random.choice((1, 2, 4, 5, 10, 12, 20, 60))))
                for product in chosen
            ],
            customer_reference=f"PO-{week:03d}{place:02d}-{account.made.number[-3:]}",
            channel=self.random.choice(channels),
        )

    def _restock(self, week: int) -> None:
        """Each week the emptiest shelves are filled; every few weeks the supplier is late."""
        if week % 7 == 6:
            return
        low = (
            Stock.objects.filter(warehouse=self.stage.warehouse, on_hand__lt=120)
            .select_related("product")
            .order_by("on_hand", "pk")[:60]
        )
        lines = [
            StockLine(row.product_id, Decimal(240), self.costs[row.product.code]) for row in low
        ]
        if lines:
            change = StockChange(self.stage.warehouse.pk, lines, reason="Weekly delivery")
            receive_stock(self.stage.company, [change], by=self.store)
            follow_ups.work_off(self.stage.company)

    def ship_today(self) -> None:
        """A few parcels leave today, one of them to a customer whose invoice finds no address."""
        parcels = self._parcels()[:SHIPPED_TODAY]
        for parcel in parcels[:1]:
            office.lose_an_address(self.stage, parcel.order_id)
        ship_orders(self.stage.company, parcels, by=self.store)

    def _ship(self, week: int) -> None:
        """Ships what is reserved; the last week's orders are mostly still to be shipped."""
        parcels = self._parcels()
        if week == WEEKS - 1:
            parcels = parcels[: len(parcels) // 3]
        if parcels:
            ship_orders(self.stage.company, parcels, by=self.store)
            follow_ups.work_off(self.stage.company)

    def _parcels(self) -> list[Parcel]:
        """Of every order what is reserved for it, the oldest order first."""
        ready = list(
            Order.objects.filter(company=self.stage.company, state=Order.State.CONFIRMED)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        lines = read_lines(ready)
        return [Parcel(pk) for pk in ready if any(line.ready > 0 for line in lines[pk])]

    def _plan_payments(self, week: int) -> None:
        """Customers look at this week's invoices and decide when they will pay."""
        new = (
            Instalment.objects.filter(
                invoice__company=self.stage.company, pk__gt=self.billed_until, amount__gt=0
            )
            .select_related("invoice")
            .order_by("pk")
        )
        for instalment in new:
            self.billed_until = instalment.pk
            account = self.accounts[instalment.invoice.customer_id]
            habit = account.habit
            if habit is BANKRUPT and week > LAST_PAYMENT_WEEK:
                continue
            on = instalment.due_on + timedelta(days=habit.delay(self.random))
            for day, amount in self._parts(account, on, instalment.amount):
                heapq.heappush(self.plans, self._plan(account, instalment, day, amount))

    def _parts(self, account: Account, on: date, amount: Decimal) -> Iterator[tuple[date, Decimal]]:
        if self.random.randrange(100) < account.habit.partly:
            first = round_amount(amount * Decimal("0.6"), account.customer.currency)
            yield on, first
            yield on + timedelta(days=30), amount - first
        else:
            yield on, amount

    @staticmethod
    def _plan(account: Account, instalment: Instalment, on: date, amount: Decimal) -> Plan:
        invoice = instalment.invoice
        return Plan(
            on,
            invoice.pk,
            amount,
            str(invoice.number),
            invoice.payment_reference,
            invoice.currency,
            account,
        )

    def _bank(self, week: int, friday: date) -> None:
        """The week's statements, one per account: payments, now and then a stranger, fees."""
        due: dict[tuple[str, int], list[Plan]] = defaultdict(list)
        while self.plans and self.plans[0].on <= friday:
            plan = heapq.heappop(self.plans)
            due[plan.currency, plan.account.customer.pk].append(plan)
        for currency, bank in self.stage.banks.items():
            bookings = [
                booking
                for (of, _customer), plans in due.items()
                if of == currency
                for booking in self._transfers(plans, friday)
            ]
            bookings += self._others(week, friday, currency)
            if bookings:
                statement = Statement(
                    f"{bank.iban[-6:]}-{friday:%G%V}",
                    bank.iban,
                    currency,
                    friday,
                    self.balances[currency],
                    bookings,
                )
                self.balances[currency] = statement.closing
                import_statement(
                    self.stage.company,
                    camt053(statement),
                    title=f"{statement.number}.xml",
                    by=self.books,
                )
                follow_ups.work_off(self.stage.company)

    def _transfers(self, plans: list[Plan], friday: date) -> Iterator[Booking]:
        """One transfer for all where the customer names numbers in the text, else one each."""
        account, habit = plans[0].account, plans[0].account.habit
        style = self.random.randrange(100)
        if len(plans) > 1 and style >= habit.by_reference:
            text = "Invoices " + ", ".join(sorted({plan.number for plan in plans}))
            yield self._booking(account, sum((p.amount for p in plans), ZERO), friday, text=text)
            return
        for plan in plans:
            if style < habit.by_reference:
                reference = {"reference": plan.reference}
            elif style < habit.by_reference + habit.by_number:
                reference = {"text": f"Payment of {plan.number}"}
            else:
                reference = {"text": "Thank you"}
            yield self._booking(account, plan.amount, friday, **reference)

    @staticmethod
    def _booking(account: Account, amount: Decimal, on: date, **said: str) -> Booking:
        return Booking(on, amount, account.made.name, account.made.iban, **said)

    def _others(self, week: int, friday: date, currency: str) -> Iterator[Booking]:
        if currency != self.stage.company.currency:
            return
        if week % 4 == 3:
            yield Booking(friday, Decimal("-18.50"), "Bank", "", text="Account fees")
        if week >= WEEKS - WEEKS_OF_STRANGERS and (week % 5 == 0 or week == WEEKS - 1):
            amount = Decimal(self.random.randint(2000, 90000)) / 100
            yield Booking(friday, amount, "H. Unknown", "", text="as agreed by telephone")


def begin(today: date, *, by: User) -> list[Life]:
    """The first day: the companies with all they need, and nothing sold yet."""
    start = first_day(today)
    with clock.travel(datetime.combine(start, MORNING, tzinfo=UTC)):
        stages, products, costs = found(today, by=by)
    return [Life(stage, products, costs) for stage in stages]


def live_two_years(life: Life, today: date) -> Iterator[int]:
    """Lives one company's weeks up to today; yields after each how many are done.

    What happens today is no history: the worker will invoice it, print it and send it.
    """
    start = first_day(today)
    with events.history():
        for week in range(WEEKS):
            life.live(week, start + timedelta(weeks=week))
            yield week + 1
    office.note_letters_of_the_past(life.stage)
    life.ship_today()
