"""The typed door to django-fsm: state fields, transitions, and transitions of a whole set.

A state field is protected: only a transition changes it. Each state also has its proof, a check
constraint on the row, which holds even against `QuerySet.update()`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from django_fsm import FSMField, can_proceed
from django_fsm import transition as fsm_transition

from core import bulk
from core.actions import inside_transaction
from core.refusals import Refused

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


def state_field(states: type[TextChoices], default: TextChoices, **options: Any) -> Any:
    """A protected state column."""
    return FSMField(
        choices=states.choices, default=default.value, max_length=12, protected=True, **options
    )


def transition(
    field: Any, source: Sequence[TextChoices] | TextChoices, target: TextChoices
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Declares a method as the transition from `source` to `target`."""
    sources = [source] if isinstance(source, TextChoices) else list(source)
    decorate: Callable[[Callable[P, None]], Callable[P, None]] = fsm_transition(
        field=field, source=[s.value for s in sources], target=target.value
    )
    return decorate


@inside_transaction
def apply(
    rows: Sequence[Row],
    method: Callable[Concatenate[Any, P], None],
    fields: Sequence[str] = (),
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Runs a transition on locked rows and writes state and `fields` in one UPDATE per state left.

    Raises Refused `state.not_allowed` when a row is in another state; a row changed by someone
    else meanwhile raises too, since the UPDATE asks for the state it left.
    """
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        bound = getattr(row, method.__name__)
        if not can_proceed(bound):
            raise not_allowed(row, method.__name__)
        source = row.state  # type: ignore[attr-defined]
        bound(*args, **kwargs)
        by_source[source].append(row)
    for source, left in by_source.items():
        columns = ("id", "state", *fields)
        values = [tuple(getattr(row, column) for column in ("pk", *columns[1:])) for row in left]
        changed = bulk.update(type(left[0]), columns, values, where=f"t.state = '{source}'")
        if changed != len(left):
            raise Refused("state.changed", _("Someone else changed this. Reload and try again."))


def not_allowed(row: Any, verb: str) -> Refused:
    """The refusal for a deed that the row's state does not allow."""
    return Refused(
        "state.not_allowed",
        _("%(document)s is %(state)s, so this is not possible.")
        % {"document": row, "state": str(row.get_state_display()).lower()},
        verb=verb,
        state=row.state,
    )
