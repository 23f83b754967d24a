"""Whoever settles open items has the documents' owner follow, in the same function."""

import ast

from tests.architecture.source import functions, modules, parse

SETTLES = {"ledger.settlement.allocate", "ledger.settlement.reverse_allocations"}
FOLLOWS = "invoicing.settlement.apply"
# Closes items taken over from the system before, which no document above has.
WITHOUT_DOCUMENT = {"ledger.actions.take_over._reverse"}


def meanings(module):
    """What the imported names of a module stand for, dotted."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def called(function, names):
    """Everything a function calls, by its full name."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            head, *rest = ast.unparse(node.func).split(".")
            yield ".".join([names.get(head, head), *rest])


def forgetful(found):
    return [
        f"{module.name}.{function.name}"
        for module in found
        for function in functions(module)
        for calls in [set(called(function, meanings(module)))]
        if calls & SETTLES and FOLLOWS not in calls
    ]


def test_who_settles_items_has_their_documents_follow():
    assert set(forgetful(modules())) == WITHOUT_DOCUMENT
    settles = {
        f.name for m in modules() for f in functions(m) if SETTLES & {*called(f, meanings(m))}
    }
    assert settles == {
        *("apply", "take_back", "reverse", "_reverse"),
        *("credit_invoices", "apply_credits", "unapply_credits"),
    }
    bad = "from ledger import settlement as books\ndef pay(): books.allocate()"
    assert forgetful([parse("payments.a", bad)]) == ["payments.a.pay"]
    bad = "from ledger.settlement import reverse_allocations as undo\ndef back(): undo()"
    assert forgetful([parse("payments.a", bad)]) == ["payments.a.back"]
    good = f"{bad}; settlement.apply()\nfrom invoicing import settlement"
    assert forgetful([parse("payments.a", good)]) == []
