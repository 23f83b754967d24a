"""docs/states.md, made from the transitions the models declare."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.models import Model
from django_fsm import FSMField

HEAD = """# States

Made from the code by `manage.py states`; a test fails when this page is stale. What can be derived
(partly shipped, overdue, paid …) is no state and is not stored.
"""
LATER = "Decided, but no deed leads there yet (docs/decisions/0006-states-to-come.md):"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(model, field) for model, field in state_fields())])


def state_fields() -> Iterator[tuple[type[Model], FSMField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FSMField) and not hasattr(model, "pgh_tracked_model"):
                yield model, field


def reached(model: type[Model], field: FSMField) -> set[str]:
    """The states a row can be in: those that transitions lead to from the one it begins in."""
    found, steps = {str(field.default)}, _steps(model, field)
    while more := {target for source, target, _name in steps if source in found} - found:
        found |= more
    return found


def _steps(model: type[Model], field: FSMField) -> list[tuple[str, str, str]]:
    return sorted((str(t.source), str(t.target), t.name) for t in field.get_all_transitions(model))


def _section(model: type[Model], field: FSMField) -> str:
    steps, found = _steps(model, field), reached(model, field)
    head = f"## {model.__name__}\n\nBegins as {field.default}.\n\n"
    section = head + _table(step for step in steps if step[0] in found)
    later = [step for step in steps if step[0] not in found]
    return f"{section}\n{LATER}\n\n{_table(later)}" if later else section


def _table(steps: Iterable[tuple[str, str, str]]) -> str:
    rows = "\n".join(f"| {source} | {target} | {name} |" for source, target, name in steps)
    return f"| from | to | by |\n|---|---|---|\n{rows}\n"
