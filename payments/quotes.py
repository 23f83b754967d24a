"""What a payer says with a payment: references and document numbers, as they may be meant.

Pure. Candidates are only candidates: what counts is whether an open item answers to them.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass

from stdnum import iso11649

SEPARATORS = r"[\s\-_/.:#]{0,3}"
CREDITOR_REFERENCE = re.compile(r"RF\d\d(?:\s?[A-Z0-9]){1,21}", re.ASCII)
# Any other number of a document: four digits or more, or fewer with letters; marks between.
WORD = re.compile(r"[A-Z0-9][A-Z0-9\-/._]{1,38}[A-Z0-9]", re.ASCII | re.IGNORECASE)
MOST_WORDS = 60
LONGEST_REFERENCE = 35


@dataclass(frozen=True, slots=True)
class Quotes:
    """Candidates found: references, numbers, and those numbers that can only be our own."""

    references: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()

    def unresolved(self, known: Container[str]) -> Iterator[str]:
        """Numbers of our own series that no item answers to."""
        return (number for number in self.ours if number not in known)


def read(references: str, text: str, prefix: str) -> Quotes:
    """Reads structured references (parted by blanks) and free text.

    `prefix` is that of the invoice series: `INV 2026/17` is `INV-2026-00017`.
    """
    written = f"{references} {text}"
    words = fold(written)
    ours = tuple(dict.fromkeys(_series_numbers(words, prefix)))
    bare = _bare_numbers(words, prefix)
    numbers = dict.fromkeys([*ours, *bare, *_words(words), *_words(written)])
    structured = [compact(ref) for ref in references.split()]
    referred = dict.fromkeys([*structured, *_creditor_references(words)])
    return Quotes(tuple(ref for ref in referred if ref), tuple(numbers), ours)


def compact(reference: str) -> str:
    """A reference as it is compared: upper case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", fold(reference))[:LONGEST_REFERENCE]


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def fold_name(name: str) -> str:
    """A name as it is compared: `Müller & Söhne` is `MUELLERSOEHNE`, as banks write it."""
    german = fold(name).translate({0xC4: "AE", 0xD6: "OE", 0xDC: "UE", 0x1E9E: "SS"})
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKD", german))


def _series_numbers(words: str, prefix: str) -> Iterator[str]:
    pattern = rf"(?<![A-Z0-9]){prefix}{SEPARATORS}(20\d\d){SEPARATORS}0*(\d{{1,7}})(?!\d)"
    for year, number in re.findall(pattern, words, re.ASCII):
        yield f"{prefix}-{year}-{int(number):05d}"


def _bare_numbers(words: str, prefix: str) -> Iterator[str]:
    """Numbers whose prefix the payer left out; weaker, so no proof against anything."""
    for year, number in re.findall(r"(?<!\d)(20\d\d)[\-/. ]?(\d{5,7})(?!\d)", words, re.ASCII):
        yield f"{prefix}-{year}-{int(number):05d}"


def _creditor_references(words: str) -> Iterator[str]:
    """RF references in the text; where the end is in doubt, each end whose check digits hold."""
    for found in CREDITOR_REFERENCE.findall(words):
        letters = compact(found)
        for end in range(len(letters), 4, -1):
            if iso11649.is_valid(letters[:end]):
                yield letters[:end]


def _words(words: str) -> Iterator[str]:
    for word in WORD.findall(words)[:MOST_WORDS]:
        digits = sum(map(str.isdigit, word))
        if digits >= 4 or (digits and any(map(str.isalpha, word))):
            yield word
