"""Stored files: bytes under their SHA-256 in Django's storage, and rows that say whose they are."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import inside_transaction
from core.models import Company
from core.refusals import Refused
from documents.models import StoredFile
from users.models import User

LONGEST_TITLE = 200
COLUMNS = (
    "id",
    "company_id",
    "sha256",
    "title",
    "content_type",
    "size",
    "created_at",
    "created_by_id",
    "source_kind",
    "source_id",
)
NOT_IN_A_TITLE = dict.fromkeys([*range(32), 127, *map(ord, '/\\"')], " ")


@dataclass(frozen=True)
class NewFile:
    """A file to keep; `source` is the document (kind, id) it belongs to."""

    title: str
    content_type: str
    content: bytes
    source: tuple[str, int]


@inside_transaction
def store(company: Company, files: Sequence[NewFile], *, by: User) -> list[int]:
    """Keeps files and returns their ids, in a fixed number of statements.

    Bytes left behind by a rollback are harmless: their name is their content.
    """
    if not files:
        return []
    ids = bulk.take_ids({StoredFile: len(files)})[StoredFile]
    at = clock.now()
    bulk.insert(
        StoredFile,
        COLUMNS,
        [
            (
                pk,
                company.pk,
                keep(file.content),
                clean_title(file.title),
                file.content_type,
                len(file.content),
                at,
                by.pk,
                *file.source,
            )
            for pk, file in zip(ids, files, strict=True)
        ],
    )
    return ids


def keep(content: bytes) -> str:
    """Puts bytes into the storage under their SHA-256 and returns it; the same bytes only once."""
    digest = hashlib.sha256(content).hexdigest()
    place = address(digest)
    if default_storage.exists(place):
        if default_storage.size(place) == len(content):
            return digest
        default_storage.delete(place)  # left half-written by a process that was killed
    stored_as = default_storage.save(place, ContentFile(content))
    _flush(stored_as)
    if stored_as != place:  # somebody else stored the same bytes in this moment
        default_storage.delete(stored_as)
    return digest


def read(file: StoredFile) -> bytes:
    """The bytes of a file, proved to be those that were stored."""
    try:
        with default_storage.open(address(file.sha256)) as stored:
            content = bytes(stored.read())
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refused(
            "file.damaged",
            _("The stored file %(title)s is missing or damaged. Restore it from the backup.")
            % {"title": file.title},
            sha256=file.sha256,
        )
    return content


def address(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def clean_title(title: str) -> str:
    """A file name without path, control characters and quotes; its ending survives shortening."""
    words = " ".join(title.translate(NOT_IN_A_TITLE).split()).lstrip(". ") or "file"
    if len(words) <= LONGEST_TITLE:
        return words
    ending = Path(words).suffix[:10]
    return words[: LONGEST_TITLE - len(ending)] + ending


def _flush(place: str) -> None:
    """Makes sure a file in a folder is on the disk before its row says that it is there."""
    try:
        path = Path(default_storage.path(place))
    except NotImplementedError:  # a storage behind a network answers only once it is durable
        return
    for name in (path, path.parent):
        handle = os.open(name, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
