"""Names: no package hides a standard one, no word that says nothing, one word per idea."""

import ast
import re
import sys

from tests.architecture.source import APPS, ROOT, functions, modules, parse

EMPTY_WORDS = re.compile(r"(Manager|Helper|Util|Service|Processor|Handler)s?$")
ALLOWED = {"UserManager"}


def test_no_root_package_hides_the_standard_library():
    """A package `collections` at the root would keep the interpreter from starting."""
    packages = [path.parent.name for path in ROOT.glob("*/__init__.py")]
    assert set(APPS) <= set(packages)
    assert not set(packages) & sys.stdlib_module_names
    assert "collections" in sys.stdlib_module_names


def empty_names(found):
    return [
        f"{module.name}.{node.name}"
        for module in found
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and EMPTY_WORDS.search(node.name)
        and node.name not in ALLOWED
    ]


def test_names_say_something():
    assert empty_names(modules()) == []
    assert empty_names([parse("a.b", "class OrderManager: pass")])


def deeds_without_an_object(found):
    return [
        f"{module.name}.{function.name}"
        for module in found
        if module.file == "actions"
        for function in functions(module)
        if any(ast.unparse(d) == "action" for d in function.decorator_list)
        and "_" not in function.name
    ]


def test_deeds_are_verb_and_nouns():
    assert deeds_without_an_object(modules()) == []
    assert deeds_without_an_object([parse("orders.actions", "@action\ndef confirm(): pass")])


def modules_without_a_word(found):
    return [m.name for m in found if m.text.strip() and not ast.get_docstring(m.tree)]


def test_every_module_opens_by_saying_what_it_is():
    assert modules_without_a_word(modules()) == []
    assert modules_without_a_word([parse("a.b", "x = 1")])


PATH = re.compile(
    r"\b(?:docs|tests|o2c|templates|samples)/[\w./-]+\.(?:md|py|toml|html|csv|xlsx|xml)\b"
)


def files_that_are_not_there(texts):
    return {path for text in texts for path in PATH.findall(text) if not (ROOT / path).exists()}


def test_files_that_the_words_speak_of_are_there():
    texts = [path.read_text() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))]
    assert files_that_are_not_there([*texts, *(module.text for module in modules())]) == set()
    assert files_that_are_not_there(["Rules: docs/algorithms/nothing.md."])
