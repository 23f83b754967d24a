"""Statements, transactions and receipts to look at; they change through their deeds alone."""

from core.admin import look_only
from payments.models import BankStatement, BankTransaction, Receipt

look_only(BankStatement, BankTransaction, Receipt)
