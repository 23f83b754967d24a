"""The alarm sizes of the house. Each rule also meets something that breaks it."""

import re

from tests.architecture.source import ROOT, Module, functions, modules, parse, templates

MODULE, FUNCTION, VIEW, PARAMETERS, TEMPLATE, SCRIPT, PAGE = 500, 40, 25, 6, 200, 150, 60


def long_modules(found):
    return [m.name for m in found if m.text.count("\n") > MODULE]


def long_functions(found):
    return [
        f"{m.name}.{f.name}"
        for m in found
        for f in functions(m)
        if f.end_lineno - f.lineno + 1 > (VIEW if m.file == "views" else FUNCTION)
    ]


def many_parameters(found):
    return [
        f"{m.name}.{f.name}"
        for m in found
        for f in functions(m)
        if len([a for a in f.args.args if a.arg not in ("self", "cls")]) > PARAMETERS
    ]


def test_modules_stay_readable():
    assert long_modules(modules()) == []
    assert long_modules([parse("a.b", "x = 1\n" * (MODULE + 1))])


def test_functions_stay_short_and_views_shorter():
    assert long_functions(modules()) == []
    body = "    x = 1\n" * VIEW
    assert long_functions([parse("orders.views", f"def v():\n{body}")])
    assert not long_functions([parse("orders.actions", f"def v():\n{body}")])


def test_functions_take_few_parameters():
    assert many_parameters(modules()) == []
    assert many_parameters([parse("a.b", "def f(a, b, c, d, e, f, g): pass")])


def test_templates_stay_small():
    long = [name for name, text in templates() if text.count("\n") > TEMPLATE]
    assert long == []


def test_scripts_stay_small():
    scripts = (ROOT / "static").rglob("*.js")
    assert [p.name for p in scripts if p.read_text().count("\n") > SCRIPT] == []


def test_the_choreography_fits_one_screen():
    for name in ("follow_ups.py", "panels.py", "menu.py"):
        path = ROOT / "o2c" / name
        assert not path.exists() or path.read_text().count("\n") <= PAGE, name


def test_half_of_all_modules_and_functions_are_small():
    found = list(modules())
    sizes = sorted(m.text.count("\n") for m in found)
    lengths = sorted(f.end_lineno - f.lineno + 1 for m in found for f in functions(m))
    assert sizes[len(sizes) // 2] <= 120
    assert lengths[len(lengths) // 2] <= 12


def code_lines(module: Module) -> int:
    """Lines that do something: no blank lines, comments or docstrings."""
    without = re.sub(r'"""(.|\n)*?"""', "", module.text)
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") for line in without.split("\n")
    )


def test_the_mechanisms_of_core_stay_small():
    """docs/decisions/0001-what-core-holds.md says what is counted and why."""
    shared = {"pages", "formats", "lists", "spreadsheets", "templatetags", "checks", "history"}
    administration = {"people", "companies", "views", "forms", "tables", "filters"}
    counted = [m for m in modules() if m.app == "core" and m.file not in shared | administration]
    assert sum(map(code_lines, counted)) <= 1650
