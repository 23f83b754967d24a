"""How the business says no. Everything else that is raised is a bug."""

from typing import Any


class Refused(Exception):
    """The business says no.

    `code` is stable (`credit.over_limit`), `message` names the rule, the numbers, who can lift
    it and, where an amount is the rule, the smallest change that would pass. `numbers` hold the
    same figures for machines. A refused deed has changed nothing.
    """

    def __init__(self, code: str, message: object, **numbers: Any) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = str(message)
        self.numbers = numbers


class NeedsConfirmation(Refused):
    """The business asks "are you sure?"; the same request with `confirmed` set goes through."""
