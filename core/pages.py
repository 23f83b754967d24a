"""What a document page shows beside the document itself: its deeds and its timeline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.kinds import VERBS


@dataclass(frozen=True)
class Deed:
    """A button. With `refusal` it is shown disabled, with that sentence as the reason."""

    name: str
    label: Any
    url: str
    refusal: str = ""
    confirm: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    by: str
    verb: str
    words: Any
    facts: dict[str, Any]


TIMELINE = """
SELECT e.at, u.name, e.verb, e.facts
  FROM core_eventsubject s
  JOIN core_event e ON e.id = s.event_id
  JOIN users_user u ON u.id = e.by_id
 WHERE s.kind = %s AND s.subject_id = %s
 ORDER BY e.at DESC, e.id DESC
 LIMIT %s
"""


def timeline(kind: str, pk: int, most: int = 100) -> Sequence[Moment]:
    """The newest events of a document, newest first, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TIMELINE, [kind, pk, most])
        return [
            Moment(at, by, verb, VERBS.get(verb, verb), json.loads(facts))
            for at, by, verb, facts in cursor.fetchall()
        ]
