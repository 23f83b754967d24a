"""Addresses of bank accounts, statements, their entries, receipts, and cash application."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from payments.views import banks, receipts, transactions, worklist


def _on(kind: str, deed: str, view: Callable[..., Any], name: str = "") -> URLPattern:
    """A deed on one row: receipts/RC-2026-00001/unapply."""
    return path(f"{kind}/<str:name>/{deed}", view, name=name or deed.replace("-", "_"))


app_name = "payments"
urlpatterns = [
    path("", banks.accounts, name="accounts"),
    path("statements/", banks.statements, name="statements"),
    path("statements/import", banks.upload, name="upload"),
    path("statements/<str:name>", banks.statement, name="statement"),
    _on("statements", "withdraw", banks.withdraw),
    path("entries/", transactions.transactions, name="transactions"),
    path("entries/record", transactions.record_set, name="record_set"),
    path("entries/book", transactions.book_set, name="book_set"),
    path("entries/set-aside", transactions.set_aside_set, name="set_aside_set"),
    path("entries/take-back", transactions.take_back_set, name="take_back_set"),
    path("entries/<str:name>", transactions.transaction, name="transaction"),
    _on("entries", "record", transactions.record),
    _on("entries", "book", transactions.book),
    _on("entries", "set-aside", transactions.set_aside),
    _on("entries", "take-back", transactions.take_back),
    _on("entries", "return", transactions.return_payment),
    path("cash-application", worklist.worklist, name="worklist"),
    path("cash-application/match", worklist.match_waiting, name="match_waiting"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/new", receipts.new_receipt, name="new_receipt"),
    path("receipts/<str:name>", receipts.receipt, name="receipt"),
    _on("receipts", "apply", worklist.apply),
    _on("receipts", "identify", receipts.identify),
    _on("receipts", "match", receipts.match),
    _on("receipts", "unapply", receipts.unapply),
    _on("receipts", "leave", receipts.leave),
    _on("receipts", "reverse", receipts.reverse_receipt),
    _on("receipts", "undo-return", receipts.undo_return),
]
