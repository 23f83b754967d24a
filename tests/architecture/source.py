"""The program's own source as the architecture tests read it."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
APPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]


class Module(NamedTuple):
    """One Python file: its dotted name, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.name.split(".")[0]

    @property
    def file(self) -> str:
        """What kind of file it is: `views` for orders.views and for orders.views.entry."""
        return [*self.name.split("."), ""][1]


def parse(name: str, text: str) -> Module:
    return Module(name, text, ast.parse(text))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product; migrations are made by machine and left out."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return tuple(
        parse(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            path.read_text(),
        )
        for path in paths
        if "migrations" not in path.parts
    )


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def functions(module: Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def imports(module: Module) -> Iterator[str]:
    """Every imported module, dotted; `from a import b` gives both a and a.b."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), path.read_text()
