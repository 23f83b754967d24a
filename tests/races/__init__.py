"""Races on real connections; a barrier lets all begin at once, a negative control proves each."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread, local
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")


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


def meeting(how_many: int, look: Callable[P, T]) -> Callable[P, T]:
    """`look`, after which each thread waits once until all have looked: the worst that can happen.

    For negative controls: what is not locked is then surely seen by all before any of them writes.
    """
    barrier, thread = Barrier(how_many), local()

    def look_and_wait(*args: P.args, **kwargs: P.kwargs) -> T:
        seen = look(*args, **kwargs)
        if not getattr(thread, "has_met", False):
            thread.has_met = True
            with suppress(BrokenBarrierError):
                barrier.wait(10)
        return seen

    return look_and_wait
