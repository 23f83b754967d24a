"""Stored files: named by their content, kept once, served as attachments to those who may see."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from core.actions import action
from core.models import Company
from core.refusals import Refused
from documents import files
from documents.files import NewFile, clean_title
from documents.models import StoredFile
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme GmbH", country="DE", currency="EUR"
    )


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@action
def store_files(company, new, *, by):
    return list(StoredFile.objects.filter(pk__in=files.store(company, new, by=by)).order_by("pk"))


def test_a_file_is_kept_under_its_hash(company, folder):
    content = b"%PDF-1.7 hello"
    [file] = store_files(
        company,
        [NewFile("INV-2026-00001.pdf", "application/pdf", content, ("invoice", 7))],
        by=cast.system(),
    )
    digest = hashlib.sha256(content).hexdigest()
    assert (file.sha256, file.size, file.title) == (digest, 14, "INV-2026-00001.pdf")
    assert (folder / digest[:2] / digest).read_bytes() == content
    assert files.read(file) == content


def test_the_same_bytes_are_stored_once(company, folder):
    twice = [NewFile(name, "text/plain", b"same", ("invoice", 7)) for name in ("a", "b")]
    first, second = store_files(company, twice, by=cast.system())
    assert first.sha256 == second.sha256
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_a_half_written_file_is_written_again(company):
    place = files.address(hashlib.sha256(b"whole").hexdigest())
    default_storage.save(place, __import__("io").BytesIO(b"who"))
    [file] = store_files(
        company, [NewFile("a.txt", "text/plain", b"whole", ("invoice", 7))], by=cast.system()
    )
    assert files.read(file) == b"whole"


def test_a_damaged_file_is_refused(company, folder):
    [file] = store_files(
        company, [NewFile("a.txt", "text/plain", b"whole", ("invoice", 7))], by=cast.system()
    )
    (folder / file.sha256[:2] / file.sha256).write_bytes(b"other")
    with pytest.raises(Refused, match="damaged"):
        files.read(file)
    (folder / file.sha256[:2] / file.sha256).unlink()
    with pytest.raises(Refused, match="missing"):
        files.read(file)


def test_storing_is_a_step(company):
    with pytest.raises(RuntimeError, match="inside"):
        files.store(company, [NewFile("a", "b", b"c", ("invoice", 7))], by=cast.system())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a.pdf\r\nX: y", "a.pdf X: y"),
        ("nul\0name", "nul name"),
        ('say "hi".pdf', "say hi .pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert clean_title(given) == kept
