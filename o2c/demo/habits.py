"""How the demo's customers pay. Each has one habit, kept for two years; one goes bankrupt."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Habit:
    """Days after the due date a payment arrives, how it names its invoice, how big a share."""

    name: str
    share: int  # customers of 100 with this habit
    days_after_due: tuple[int, int]
    # Of 100 payments: structured reference, number in the text, several invoices at once.
    by_reference: int
    by_number: int
    partly: int = 0

    def delay(self, random: Random) -> int:
        low, high = self.days_after_due
        return random.randint(low, high)


HABITS = (
    Habit("early", 22, (-22, -6), by_reference=80, by_number=20),
    Habit("on time", 40, (-3, 2), by_reference=65, by_number=30),
    Habit("a little late", 22, (4, 18), by_reference=45, by_number=45, partly=4),
    Habit("late", 12, (20, 55), by_reference=30, by_number=50, partly=8),
    Habit("very late", 4, (60, 110), by_reference=10, by_number=60, partly=15),
)
# The one that stops paying: on time for a year and a half, then nothing more.
BANKRUPT = Habit("bankrupt", 0, (0, 6), by_reference=60, by_number=40)
LAST_PAYMENT_WEEK = 84


def pick_habit(random: Random) -> Habit:
    """One of the habits, by its share."""
    return random.choices(HABITS, [habit.share for habit in HABITS])[0]
