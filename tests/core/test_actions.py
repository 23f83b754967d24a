"""Deeds: one durable transaction, a request counts once, steps do not run bare."""

from uuid import uuid4

import pytest
from django.db import transaction

from core.actions import RequestKey, action, inside_transaction, request_key
from core.models import Company, IdempotencyKey
from core.refusals import Refused
from tests import cast

pytestmark = pytest.mark.django_db


@action
def rename_company(company_id, name, *, by):
    company = Company.objects.get(pk=company_id)
    company.name = name
    company.save()
    return company


@action
def found_twins(*, by):
    return [
        Company.objects.create(slug=s, name=s, legal_name=s, country="DE", currency="EUR")
        for s in ("castor", "pollux")
    ]


@pytest.fixture
def company():
    return Company.objects.create(
        slug="acme", name="Acme", legal_name="Acme", country="DE", currency="EUR"
    )


@pytest.fixture
def asked(company):
    """Makes the deeds of a test part of one request with an idempotency key."""
    key = RequestKey(cast.stranger(), uuid4(), "digest")
    token = request_key.set(key)
    yield key
    request_key.reset(token)


def test_a_deed_returns_its_row(company):
    assert rename_company(company.pk, "New", by=None).name == "New"


def test_deeds_do_not_nest(company):
    @action
    def outer(*, by):
        rename_company(company.pk, "Never", by=by)

    with pytest.raises(RuntimeError, match="durable"):
        outer(by=None)
    assert Company.objects.get(pk=company.pk).name == "Acme"


def test_a_step_refuses_to_run_outside_a_deed(company):
    @inside_transaction
    def step():
        return "taken"

    @action
    def deed(*, by):
        return step()

    with pytest.raises(RuntimeError, match="only inside an @action"):
        step()
    assert deed(by=None) == "taken"


def test_a_step_accepts_no_foreign_transaction_of_the_test_case():
    @inside_transaction
    def step():
        return "taken"

    with transaction.atomic():
        assert step() == "taken"


def test_the_same_request_counts_once(company, asked):
    first = rename_company(company.pk, "Once", by=None)
    Company.objects.filter(pk=company.pk).update(name="Changed since")
    again = rename_company(company.pk, "Once", by=None)
    assert again == first
    assert Company.objects.get(pk=company.pk).name == "Changed since"
    assert IdempotencyKey.objects.count() == 1


def test_the_same_request_for_a_set_returns_the_same_rows(asked):
    assert found_twins(by=None) == found_twins(by=None)
    assert Company.objects.filter(slug__in=["castor", "pollux"]).count() == 2


def test_the_same_key_with_other_content_is_refused(company, asked):
    rename_company(company.pk, "Once", by=None)
    token = request_key.set(RequestKey(asked.user, asked.key, "another digest"))
    with pytest.raises(Refused) as refused:
        rename_company(company.pk, "Twice", by=None)
    request_key.reset(token)
    assert refused.value.code == "request.key_reused"
    assert Company.objects.get(pk=company.pk).name == "Once"


def test_a_deed_that_failed_did_not_use_up_its_key(company, asked):
    fail = True

    @action
    def unlucky(*, by):
        Company.objects.filter(pk=company.pk).update(name="Half done")
        if fail:
            raise Refused("test", "no")
        return company

    with pytest.raises(Refused):
        unlucky(by=None)
    assert Company.objects.get(pk=company.pk).name == "Acme"
    fail = False
    assert unlucky(by=None) == company
    assert Company.objects.get(pk=company.pk).name == "Half done"
