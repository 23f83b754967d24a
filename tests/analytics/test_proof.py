"""The books are proved by command, by the worker when asked, and every night."""

import json

import pytest
from django.core.management import call_command

from analytics.models import Proof, ProofResult
from analytics.tasks import prove_books_nightly
from core import follow_ups
from core.invariants import INVARIANTS, Invariant
from core.roles import Role
from tests import cast

pytestmark = pytest.mark.django_db
BROKEN = Invariant("I99", "Two and two are five", "SELECT 'row', 1 UNION ALL SELECT 'row', 2")


@pytest.fixture
def company():
    return cast.make_company()


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr("core.invariants.INVARIANTS", (*INVARIANTS, BROKEN))


def proved(capsys, *arguments):
    call_command("check_books", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_exactly_what_is_agreed(company, capsys):
    said = json.loads(proved(capsys, "--json"))
    assert list(said) == ["ok", "invariants"]
    assert said["ok"] is True
    assert len(said["invariants"]) > 10
    for one in said["invariants"]:
        assert list(one) == ["id", "name", "violations", "seconds"]
        assert (type(one["id"]), type(one["name"]), one["violations"]) == (str, str, 0)
        assert isinstance(one["seconds"], float)


def test_every_invariant_has_a_number_of_its_own(company, capsys):
    ids = [one["id"] for one in json.loads(proved(capsys, "--json"))["invariants"]]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)


def test_the_command_fails_when_a_promise_is_broken(company, capsys, broken):
    with pytest.raises(SystemExit) as ended:
        proved(capsys, "--json")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert said["invariants"][-1]["violations"] == 2


def test_without_json_a_person_can_read_it(company, capsys, broken):
    with pytest.raises(SystemExit):
        proved(capsys)
    said = capsys.readouterr().out
    assert "I99    BROKEN" in said
    assert "The books are NOT proved." in said


def test_the_worker_proves_when_asked(company, client):
    controller = cast.controller(company)
    client.force_login(controller)
    url = f"/{company.slug}/proof"
    assert "No proof yet" in client.get(url).content.decode()
    assert client.post(f"{url}/prove").status_code == 302
    assert "Being proved right now" in client.get(url).content.decode()
    follow_ups.work_off()
    proof = Proof.objects.get()
    assert (proof.asked_by, proof.violations) == (controller, 0)
    assert proof.results.count() > 10
    shown = client.get(url).content.decode()
    assert "proved" in shown
    assert "Last proved" in shown


def test_one_proof_at_a_time(company, client):
    client.force_login(cast.controller(company))
    for _twice in range(2):
        client.post(f"/{company.slug}/proof/prove")
    assert Proof.objects.count() == 1


def test_what_is_broken_shows_its_rows_to_who_audits(company, client, broken):
    prove_books_nightly()
    assert ProofResult.objects.get(invariant="I99").examples == [["row", "1"], ["row", "2"]]
    client.force_login(cast.auditor(company))
    shown = client.get(f"/{company.slug}/proof").content.decode()
    assert "2 violations" in shown
    assert "row · 1" in shown
    client.force_login(cast.company_admin(company))
    assert "row · 1" not in client.get(f"/{company.slug}/proof").content.decode()


def test_rows_of_other_companies_are_shown_to_nobody_of_one_company(company, client, broken):
    other = cast.make_company()
    prove_books_nightly()
    aude = cast.auditor(company)
    client.force_login(aude)
    page = f"/{company.slug}/proof"
    shown = client.get(page).content.decode()
    assert "2 violations" in shown
    assert "row · 1" not in shown
    cast.give(aude, other, Role.AUDITOR)
    assert "row · 1" in client.get(page).content.decode()


def test_the_home_page_tells_what_the_proof_found(company, client, broken):
    prove_books_nightly()
    client.force_login(cast.controller(company))
    assert "Findings of the proof of the books" in client.get(f"/{company.slug}/").content.decode()


@pytest.mark.parametrize("role", [Role.SALES_REP, Role.AR_CLERK, Role.EXECUTIVE])
def test_who_may_not_prove(company, client, role):
    client.force_login(cast.member(company, role))
    assert client.post(f"/{company.slug}/proof/prove").status_code == 403
    assert not Proof.objects.exists()
