"""What orders do when something happened: the handlers of `o2c/follow_ups.py`."""

from core.models import Company
from orders import queries
from orders.actions import check_orders, close_orders, confirm_orders, serve_backorders
from users.models import User


def confirm_what_nothing_holds(company: Company, ids: list[int], by: User) -> None:
    """After an order was submitted or a hold released: confirms what nothing holds any more."""
    confirm_orders(ids, by=by)


def check_what_credit_holds(company: Company, ids: list[int], by: User) -> None:
    """After a customer's limit or block changed: checks again what is held for its credit."""
    check_orders(queries.held_for_credit(company, ids), by=by)


def close_billed_orders(company: Company, ids: list[int], by: User) -> None:
    """After invoices were issued: closes the orders that are delivered and billed in full."""
    close_orders(queries.billed_by(company, ids), by=by)


def serve_from_stock(company: Company, ids: list[int], by: User) -> None:
    """After stock came in or was found: serves backorders, the most urgent first."""
    serve_backorders(queries.waiting_for_documents(company, ids), by=by)


def serve_from_orders(company: Company, ids: list[int], by: User) -> None:
    """After orders gave goods back: serves backorders with them."""
    serve_backorders(queries.waiting_for_orders(company, ids), by=by)
