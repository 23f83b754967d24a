"""Holds: why an order may not be confirmed, who can lift that, and what would pass."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import bulk, clock, events
from core.actions import inside_transaction
from core.models import Company, Rights
from core.refusals import Refused
from core.states import apply
from orders.models import Hold, Order
from users.models import User

Rule = Hold.Rule
RULE_VERSION = 1
# Which right lifts a hold.
LIFTED_WITH = {
    Rule.CREDIT: "orders.release_credit",
    Rule.PRICE: "orders.release_price",
    Rule.DUPLICATE: "orders.release_entry",
    Rule.DATA: "orders.release_entry",
}
WHO = {
    "orders.release_credit": __("a credit controller"),
    "orders.release_price": __("a sales manager"),
    "orders.release_entry": __("a sales manager"),
}


@dataclass(frozen=True)
class Finding:
    """A rule that an order breaks, with its figures and the smallest change that would pass."""

    rule: Hold.Rule
    code: str
    message: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Known:
    """What holds an order now, and which releases it has for the version it is at."""

    open: list[Hold]
    released: list[Hold]

    def is_released(self, rule: Hold.Rule, order: Order) -> bool:
        """Whether someone lifted this rule for the order as it is now."""
        return any(
            hold.rule == rule and hold.order_version == order.version for hold in self.released
        )

    @property
    def credit(self) -> bool:
        """Whether the credit check holds the order, so that it uses no credit."""
        return any(hold.rule == Rule.CREDIT for hold in self.open)


def read(order_ids: Iterable[int]) -> dict[int, Known]:
    """Open and released holds by order, in one statement; read after the order is locked."""
    known: dict[int, Known] = defaultdict(lambda: Known([], []))
    states = (Hold.State.OPEN, Hold.State.RELEASED)
    for hold in Hold.objects.filter(order__in=list(order_ids), state__in=states).order_by("pk"):
        is_open = hold.state == Hold.State.OPEN
        (known[hold.order_id].open if is_open else known[hold.order_id].released).append(hold)
    return known


OPENED = (
    "order_id",
    "rule",
    "rule_version",
    "code",
    "message",
    "numbers",
    "permission",
    "order_version",
    "state",
    "opened_at",
    "entered_by_id",
    "edited_by_id",
    "caused_by_id",
)


@inside_transaction
def open_holds(
    company: Company,
    found: Sequence[tuple[Order, Finding]],
    *,
    by: User,
    reopened_by: User | None = None,
) -> None:
    """Writes holds for findings and records them, after what was done to the orders.

    They are caused by who submitted the order, or else by who reopened it.
    """
    at = clock.now()
    bulk.insert(Hold, OPENED, [_opened(*one, at, reopened_by) for one in found])
    events.record(company, "order.held", [_fact(order, finding) for order, finding in found], by=by)


def _opened(
    order: Order, finding: Finding, at: datetime, reopened_by: User | None
) -> tuple[object, ...]:
    return (
        order.pk,
        finding.rule.value,
        RULE_VERSION,
        finding.code,
        finding.message,
        dict(finding.numbers),
        LIFTED_WITH[finding.rule],
        order.version,
        Hold.State.OPEN.value,
        at,
        order.created_by_id,
        order.edited_by_id,
        reopened_by.pk if reopened_by else order.submitted_by_id,
    )


def _fact(order: Order, finding: Finding) -> events.Fact:
    subjects = [("order", order.pk), ("customer", order.customer_id)]
    return events.Fact(subjects, {"rule": finding.rule.value, "reason": finding.message})


@inside_transaction
def supersede(open_holds: Sequence[Hold], at: datetime) -> None:
    """Closes holds of orders that are changed, cancelled or closed."""
    apply(open_holds, Hold.supersede, ("closed_at",), at)


@inside_transaction
def renew(found: Sequence[tuple[Hold, Finding]]) -> None:
    """Writes what open holds find today in place of what they found before."""
    rows = [(h.pk, f.code, f.message, dict(f.numbers)) for h, f in found]
    bulk.update(Hold, ("id", "code", "message", "numbers"), rows)


def refusal(order: Order, hold: Hold) -> Refused:
    """What a deed says that an open hold stands in the way of."""
    return Refused(
        "order.held",
        _("%(order)s is held (%(rule)s): %(why)s")
        % {"order": order.name, "rule": hold.get_rule_display(), "why": hold.message},
        **hold.numbers,
    )


def own_refusal(order: Order, hold: Hold) -> Refused:
    """What a person is told who made the order what it is, and wants to lift its hold."""
    return Refused(
        "hold.own_order",
        _(
            "You entered, changed, submitted or reopened %(order)s yourself. Somebody else has to"
            " release it: %(who)s. Where there is none, a user administrator gives the role."
        )
        % {"order": order.name, "who": WHO[hold.permission]},
    )


def not_yours_to_send_back(order: Order, held: Sequence[Hold], granted: Rights) -> Refused | None:
    """Whoever enters no orders sends back only what they may also release; `held` are open holds.

    Else who decides on credit could take orders from the desk that have no question for them.
    """
    wanted = ["orders.enter", *(hold.permission for hold in held)]
    if any(granted.may(permission, order.company_id) for permission in wanted):
        return None
    return Refused(
        "order.not_held_for_you",
        _(
            "%(order)s is not held for you to decide on; it is sent back by whoever may enter"
            " orders, or lift its hold."
        )
        % {"order": order.name},
    )
