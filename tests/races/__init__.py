"""Races on real connections; a barrier lets all begin at once, a negative control proves each."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def race(how_many: int, deed: Callable[[int], str]) -> Counter[str]:
    """Runs `deed(number)` in as many threads at once; counts what they answered or raised."""
    barrier, answers = Barrier(how_many), Counter[str]()

    def run(number: int) -> None:
        connection.ensure_connection()
        barrier.wait(60)
        try:
            answers[deed(number)] += 1
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test must see it
            answers[getattr(problem, "code", type(problem).__name__)] += 1
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
