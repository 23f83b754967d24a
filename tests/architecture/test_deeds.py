"""Deeds: only `@action` opens transactions, deeds do not call deeds, doors call deeds."""

import ast

from tests.architecture.source import APPS, calls, functions, imports, modules, parse

# Forms and sheets word what a deed is told, so they know its drafts; runs lie between two deeds.
DOORS = {"views", "tasks", "admin", "management", "schemas", "urls", "forms", "sheets", "runs"}
OPENS = ("transaction.atomic", "atomic", "transaction.commit", "set_autocommit")


def opened_transactions(found):
    return [
        module.name
        for module in found
        for _call, name in calls(module)
        if name in OPENS and module.name != "core.actions"
    ]


def test_only_actions_open_transactions():
    assert opened_transactions(modules()) == []
    assert opened_transactions([parse("orders.stock", "with transaction.atomic(): pass")])


def imported_deeds(found):
    """Modules that import an app's deeds without being a door, the demo or a test."""
    return [
        (module.name, name)
        for module in found
        for name in imports(module)
        if name.split(".")[1:2] == ["actions"]
        and name.split(".")[0] in APPS
        and name.split(".")[0] != "core"
        and module.file not in DOORS
        and not (module.file == "actions" and module.app == name.split(".")[0])
        and module.app != "o2c"
    ]


def test_only_doors_import_deeds():
    assert imported_deeds(modules()) == []
    assert imported_deeds([parse("invoicing.actions", "from orders.actions import ship_orders")])
    assert imported_deeds([parse("orders.stock", "from orders import actions")])


def deeds(module):
    return {
        function.name
        for function in functions(module)
        if any(ast.unparse(d) == "action" for d in function.decorator_list)
    }


def deeds_called_by_deeds(found):
    """Calls of deeds anywhere in `actions`, also by what is no deed: that is a run of several."""
    found = [m for m in found if m.file == "actions"]
    names = set().union(*map(deeds, found))
    return [
        (module.name, name)
        for module in found
        for function in functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func).split(".")[-1]) in names
    ]


def test_a_deed_calls_no_deed():
    assert deeds_called_by_deeds(modules()) == []
    bad = "@action\ndef a_things(): b_things()\n@action\ndef b_things(): pass"
    assert deeds_called_by_deeds([parse("orders.actions", bad)])
    run = "@action\ndef a_things(): pass\ndef do_all(): a_things()"
    assert deeds_called_by_deeds([parse("orders.actions", run)])


def deeds_without_a_doer(found):
    return [
        f"{module.name}.{function.name}"
        for module in found
        if module.file == "actions"
        for function in functions(module)
        if function.name in deeds(module)
        and "by" not in [a.arg for a in function.args.args + function.args.kwonlyargs]
    ]


def test_every_deed_knows_who_does_it():
    assert deeds_without_a_doer(modules()) == []
    assert deeds_without_a_doer([parse("orders.actions", "@action\ndef a_b(ids): pass")])


def writes(found):
    """Calls that write, in files that only read or word things."""
    verbs = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    return [
        (module.name, name)
        for module in found
        if module.file in {"views", "queries", "forms", "tables", "filters", "invariants"}
        for _call, name in calls(module)
        if name.split(".")[-1] in verbs or (name.endswith(".update") and "objects" in name)
    ]


def test_doors_and_reads_do_not_write():
    assert writes(modules()) == []
    assert writes([parse("orders.views", "order.save()")])
    assert writes([parse("orders.queries", "Order.objects.filter(pk=1).update(state='x')")])


def caught_broadly(found):
    return [
        module.name
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]


def test_nothing_is_caught_broadly():
    assert caught_broadly(modules()) == []
    assert caught_broadly([parse("a.views", "try:\n  f()\nexcept Exception:\n  pass")])
