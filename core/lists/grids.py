"""Editable grids of lines: a formset that knows what stood there, what is usual, what is filled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

PREFIX = "lines"
MORE = "more"  # the button that works without script


class LineForm(forms.Form):
    """One line of a grid. `usual` is what an empty line begins with; left so, it stays empty.

    `outcome` heads a column that a script fills with what comes of the line.
    """

    outcome: Any = ""

    def __init__(self, *args: Any, usual: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, value in (usual or {}).items():
            self.fields[name].initial = value


def grid(
    form: type[LineForm],
    post: QueryDict | None,
    *,
    stored: Sequence[Mapping[str, Any]] = (),
    usual: Mapping[str, Any] | None = None,
    most: int = 100,
) -> Any:
    """The lines as stored with an empty one below, or as typed; with more empty ones if asked."""
    more = bool(post) and MORE in (post or {})
    initial = _typed(form, post, most) if post and more else list(stored)
    factory = forms.formset_factory(form, extra=5 if more else 1, can_delete=True, max_num=most)
    return factory(
        post if post and not more else None,
        initial=initial,
        prefix=PREFIX,
        form_kwargs={"usual": usual},
    )


def filled(lines: Any) -> list[Any]:
    """The lines of a valid grid that stay or are new: neither removed nor left empty."""
    gone = lines.deleted_forms
    return [
        line
        for line in lines
        if line not in gone and (line.cleaned_data.get("id") or line.has_changed())
    ]


def is_asked_for_more(post: QueryDict) -> bool:
    """Whether a form was sent only to get more empty lines."""
    return MORE in post


def _typed(form: type[LineForm], post: QueryDict, most: int) -> list[dict[str, Any]]:
    total = post.get(f"{PREFIX}-TOTAL_FORMS", "")
    count = min(int(total), most) if total.isascii() and total.isdigit() and len(total) < 6 else 0
    names = list(form.base_fields)
    rows = [{name: post.get(f"{PREFIX}-{i}-{name}", "") for name in names} for i in range(count)]
    return [row for row in rows if any(row.values())]
