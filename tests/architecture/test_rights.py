"""The wrong person at every deed: somebody who sees the whole company and may do nothing there.

Doors ask for a permission too, but a deed is also called by commands, jobs and pages to come, so
it asks by itself. A new deed is called here by its name: what its ids are about is read from the
noun in it, and a parameter nobody knows yet fails until `VALUES` says what to give.
"""

import inspect
from copy import deepcopy
from datetime import date
from importlib import import_module

import pytest

from catalog.models import PriceList, Product
from core import clock
from core.models import FollowUp, Job, Membership
from core.models.companies import Rights
from core.refusals import Refused
from core.roles import Role
from documents.models import Message, Rendering
from inventory.models import StockDocument, Warehouse
from ledger.models import Account, BankAccount, Entry, OpenItem, Period, TaxCode
from orders.models import Hold, Order, Shipment
from partners.models import Customer, PaymentTerms, Supplier
from payments.actions import Choice
from payments.models import BankStatement, BankTransaction, Receipt
from tests.architecture.source import functions, modules
from tests.architecture.test_deeds import deeds
from tests.architecture.world import build
from tests.undone import undone

# Deeds that ask for no right, and who calls them instead of a door that would ask.
WORKER = "a step of the worker between two transactions, which nobody asks for"
NO_RIGHT = {
    "core.jobs.end_silent_jobs": WORKER,
    "documents.actions.doubt_stuck_messages": WORKER,
    "documents.actions.keep_renderings": "drawn for whoever may see the document",
    "documents.actions.note_missing_printer": "noted for whoever may see the document",
    "documents.actions.settle_messages": WORKER,
    "documents.actions.start_messages": WORKER,
    "invoicing.actions.send_invoices.note_sent_invoices": WORKER,
    "analytics.actions.begin_proof": WORKER,
    "analytics.actions.keep_proof": WORKER,
}
# Deeds that belong to the demo and the bench alone.
NO_PRODUCT = ("o2c.",)
# The auditor may do these, so somebody else is the wrong person.
WRONG = {
    "ask_for_proof": Role.WAREHOUSE,
    "find_settled_entries": Role.WAREHOUSE,
    "fold_totals": Role.WAREHOUSE,
}
# Nouns in the names of deeds, and the rows they are about.
NOUNS = {
    "account": Account, "bank_account": BankAccount, "tax_code": TaxCode, "entries": Entry,
    "periods": Period, "warehouse": Warehouse, "warehouses": Warehouse, "products": Product,
    "price_list": Customer, "customers": Customer, "suppliers": Supplier, "orders": Order,
    "order": Order, "backorders": Order, "holds": Hold, "shipments": Shipment,
    "messages": Message, "renderings": Rendering, "transactions": BankTransaction,
    "receipts": Receipt, "returns": Receipt, "stock_documents": StockDocument,
    "open_items": OpenItem, "statements": BankStatement,
    "payer": Receipt, "on_account": Receipt,
    "contacts": Customer, "follow_ups": FollowUp, "job": Job, "roles": Membership,
    "second_factors": Membership,
}  # fmt: skip
# One row of the company for a parameter of this name.
ROWS = {
    "customer": Customer, "supplier": Supplier, "terms": PaymentTerms, "product": Product,
    "price_list": PriceList, "price_list_id": PriceList, "transaction_ids": BankTransaction,
    "shipment_ids": Shipment, "warehouse": Warehouse,
}  # fmt: skip
IDS = {"ids", "customer_ids", "transaction_ids", "shipment_ids"}
ONE = {"pk", "order_id", "warehouse_id", "job_id", "price_list_id"}
# What is said; most of it is not looked at before the right is.
VALUES = {
    "company": lambda world: world.company,
    "account": lambda world: first(Customer, world),
    "choices": lambda world: [Choice(first(Receipt, world).pk, [(0, 1)])],
    "returned": lambda world: {first(Receipt, world).pk: 0},
    "on": lambda world: date(2026, 3, 1),
    "reason": lambda world: "Because",
    "content": lambda world: b"",
    **{
        name: lambda world, value=value: deepcopy(value)
        for name, value in {
            "changes": {}, "code": "X", "draft": None, "drafts": [], "email": "a@example.com",
            "fields": {}, "files": [], "first_year": 2026, "is_default": False, "name": "X",
            "parcels": [], "percent": 1, "prices": [], "rates": [], "rhythms": {}, "role": "",
            "said": None, "seen": 1, "title": "X", "upto": 0, "version": 1, "wanted": [],
            "years": [], "invoice_ids": [], "billable_ids": [], "allocation_ids": [],
        }.items()
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def built(module_db):
    world = build()
    FollowUp.objects.filter(company=world.company).update(parked_at=clock.now())
    return world


@pytest.fixture
def world(built, db):
    return deepcopy(built)


def deeds_with_a_doer():
    return {
        f"{module.name}.{function.name}": getattr(import_module(module.name), function.name)
        for module in modules()
        if not module.name.startswith(NO_PRODUCT)
        for function in functions(module)
        if function.name in deeds(module)
        and "by" in [a.arg for a in function.args.args + function.args.kwonlyargs]
    }


def first(model, world):
    path = "order__company" if model is Hold else "company"
    scope = {} if model is Product else {path: world.company}
    if model is OpenItem:
        scope["source_kind"] = "open_item"  # of those the books of before alone has deeds
    return model.objects.filter(**scope).order_by("pk")[0]


def noun(name):
    """What the ids of a deed are about: the longest noun in its name."""
    return NOUNS[max((each for each in NOUNS if f"_{each}" in name), key=len)]


def arguments(deed, world):
    """What the deed is told: everything it cannot do without."""
    told = {}
    for parameter in inspect.signature(deed).parameters.values():
        name, left_out = parameter.name, parameter.default is not inspect.Parameter.empty
        if name in IDS | ONE:
            pk = first(ROWS.get(name) or noun(deed.__name__), world).pk
            told[name] = [pk] if name in IDS else pk
        elif name in ROWS:
            told[name] = first(ROWS[name], world)
        elif name != "by" and not left_out:
            told[name] = VALUES[name](world)
    return told


def answer(deed, world):
    """What the wrong person hears."""
    person = world.people[WRONG.get(deed.__name__, Role.AUDITOR)]
    try:
        told = arguments(deed, world)
    except (KeyError, ValueError) as problem:
        return f"say in VALUES, ROWS or NOUNS what it is told: {problem!r}"
    try:
        with undone():
            deed(**told, by=person)
    except Refused as refused:
        return refused.code
    except Exception as problem:  # noqa: BLE001 - whatever it is, it did not ask for the right
        return repr(problem)
    return "done"


def heard(world):
    """What the wrong person hears at every deed that needs a right."""
    deeds = deeds_with_a_doer().items()
    return {name: answer(deed, world) for name, deed in deeds if name not in NO_RIGHT}


def test_no_deed_is_done_for_the_wrong_person(world):
    wrong = {name: said for name, said in heard(world).items() if said != "not_allowed"}
    assert wrong == {}


def test_where_nobody_asks_for_the_right_every_deed_is_found(world, monkeypatch):
    """So it is the right that each was asked for, and not something else that was refused."""
    monkeypatch.setattr(Rights, "require", lambda *_about: None)
    found = heard(world)
    assert [name for name, said in found.items() if said == "not_allowed"] == []
    assert len(found) > 100


def test_what_needs_no_right_is_there():
    assert NO_RIGHT.keys() <= deeds_with_a_doer().keys()
