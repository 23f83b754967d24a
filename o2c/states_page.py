"""docs/states.md, made from the transitions the models declare."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django_fsm import FSMField

HEAD = """# States

Made from the code by `manage.py states`; a test fails when this page is stale. What can be derived
(partly shipped, overdue, paid …) is no state and is not stored.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(model, field) for model, field in _state_fields())])


def _state_fields() -> Iterator[tuple[type[Model], FSMField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FSMField) and not hasattr(model, "pgh_tracked_model"):
                yield model, field


def _section(model: type[Model], field: FSMField) -> str:
    transitions = sorted(
        (str(t.source), str(t.target), t.name) for t in field.get_all_transitions(model)
    )
    rows = "\n".join(f"| {source} | {target} | {name} |" for source, target, name in transitions)
    head = f"## {model.__name__}\n\nBegins as {field.default}."
    return f"{head}\n\n| from | to | by |\n|---|---|---|\n{rows}\n"
