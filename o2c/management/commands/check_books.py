"""Proves the books: every invariant of every app, each one query that must find nothing."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.invariants import Proof, check_books


class Command(BaseCommand):
    """Exit status 0 only if every invariant holds."""

    help = "Prove the books: run every invariant and say which ones are broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        proofs = check_books()
        ok = not any(proof.violations for proof in proofs)
        if options["json"]:
            said = {"ok": ok, "invariants": [as_json(proof) for proof in proofs]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self._table(proofs, ok)
        if not ok:
            sys.exit(1)

    def _table(self, proofs: list[Proof], ok: bool) -> None:
        for proof in proofs:
            mark = self.style.ERROR("BROKEN") if proof.violations else self.style.SUCCESS("ok")
            line = f"{proof.invariant.id:<6} {mark:<7} {proof.seconds:7.3f} s  "
            self.stdout.write(line + str(proof.invariant.name))
            if proof.violations:
                self.stdout.write(f"       {proof.violations} rows, e.g. {proof.examples}")
        said = "All invariants hold." if ok else "The books are NOT proved."
        self.stdout.write(f"{len(proofs)} invariants. {said}")


def as_json(proof: Proof) -> dict[str, object]:
    return {
        "id": proof.invariant.id,
        "name": str(proof.invariant.name),
        "violations": proof.violations,
        "seconds": round(proof.seconds, 4),
    }
