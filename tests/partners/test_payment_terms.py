"""Adding and changing payment terms."""

from decimal import Decimal

import pytest

from core.refusals import Refused
from partners.actions import (
    add_terms,
    archive_terms,
    change_terms,
    open_customers,
    restore_terms,
)
from partners.drafts import CustomerDraft
from partners.models import PaymentTerms
from partners.terms import STANDARD, Instalment, Rule, TermsDraft, standard
from tests.cast import controller, sales_manager, system
from tests.factories.partners import make_customer, make_terms, partner_draft

pytestmark = pytest.mark.django_db


def refused(deed, *given, **said):
    with pytest.raises(Refused) as refusal:
        deed(*given, **said)
    return refusal.value.code


def parts(terms):
    return [(i.percent, i.rule, i.months, i.days) for i in terms.instalments.all()]


def test_adds_the_standard_terms(company):
    found = make_terms(company)
    assert set(found) == {draft.code for draft in STANDARD}
    assert parts(found["3PARTS"]) == [(30, "net", 0, 0), (30, "net", 0, 30), (40, "net", 0, 60)]
    assert parts(found["NOW"]) == [(100, "net", 0, 0)]


WRONG = [
    ("partners.terms_total", [Instalment(Decimal(30)), Instalment(Decimal(60))]),
    ("partners.terms_parts", []),
    ("partners.terms_percent", [Instalment(Decimal(0)), Instalment(Decimal(100))]),
    ("partners.terms_percent", [Instalment(Decimal("33.33333")), Instalment(Decimal("66.66667"))]),
    ("partners.terms_days", [Instalment(days=1000)]),
    ("partners.terms_days", [Instalment(rule="sometime")]),
    ("partners.terms_day", [Instalment(rule=Rule.DAY_OF_NEXT_MONTH, days=0)]),
]


@pytest.mark.parametrize(("code", "instalments"), WRONG)
def test_refuses_and_adds_nothing(company, code, instalments):
    drafts = [TermsDraft("OK", "Fine"), TermsDraft("BAD", "Bad", tuple(instalments))]
    assert refused(add_terms, company, drafts, by=system()) == code
    assert not PaymentTerms.objects.exists()


def test_codes_are_there_once(company):
    make_terms(company)
    draft = TermsDraft("net30", "Again")
    assert refused(add_terms, company, [draft], by=system()) == "partners.terms_taken"
    twice = [TermsDraft("A", "A"), TermsDraft("a", "A")]
    assert refused(add_terms, company, twice, by=system()) == "partners.terms_taken"


def test_wrong_people(company, other_company):
    terms = make_terms(company)["NET30"]
    for by in (sales_manager(company), controller(other_company)):
        assert refused(add_terms, company, [], by=by) == "not_allowed"
        assert refused(change_terms, terms, STANDARD[0], seen=1, by=by) == "not_allowed"
        assert refused(archive_terms, terms, by=by) == "not_allowed"


def test_changes_terms_and_refuses_an_old_version(company):
    terms, by = make_terms(company)["NET30"], controller(company)
    half = Instalment(Decimal(50)), Instalment(Decimal(50), days=30)
    change_terms(terms, TermsDraft("NET30", "Half and half", half), seen=1, by=by)
    terms.refresh_from_db()
    assert (terms.name, terms.version, len(parts(terms))) == ("Half and half", 2, 2)
    change_terms(terms, TermsDraft("NET30", "Half and half", half[::-1]), seen=2, by=by)
    terms.refresh_from_db()
    assert terms.version == 3
    assert refused(change_terms, terms, STANDARD[0], seen=2, by=by) == "changed_meanwhile"


def test_archived_terms_are_not_given_any_more(company):
    customer = make_customer(company, terms="NET14")
    archive_terms(customer.payment_terms, by=system())
    draft = CustomerDraft(partner_draft(), terms="NET14")
    assert refused(open_customers, company, [draft], by=system()) == "partners.no_terms"
    restore_terms(customer.payment_terms, by=system())
    open_customers(company, [draft], by=system())


def test_the_usual_terms_are_named_in_the_language_of_the_company():
    assert [draft.name for draft in standard("de")][:3] == [
        *("sofort fällig", "14 Tage netto", "30 Tage netto")
    ]
    assert [d.code for d in standard("de")] == [d.code for d in standard("fr")]
    assert standard("fr") == list(STANDARD)
