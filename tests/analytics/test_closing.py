"""What a period's page shows as still open."""

import pytest

from core import clock
from ledger.models import Period
from tests import cast
from tests.factories.payments import Paid, make_receipts

pytestmark = pytest.mark.django_db


def page(client, company, person, module, month):
    row = Period.objects.get(company=company, module=module, starts_on=month)
    client.force_login(person)
    return client.get(f"/{company.slug}/books/periods/{row.pk}").content.decode()


def test_a_period_shows_what_is_still_open_with_the_way_to_it(client):
    company = cast.make_company()
    make_receipts(company, [Paid("10.00", text="Thank you", name="Nobody")])
    month = clock.today(company).replace(day=1)
    shown = page(client, company, cast.controller(company), "AR", month)
    assert "Still open" in shown
    assert "Receipts to apply" in shown
    assert "applied=waiting&amp;received=&lt;=2" in shown
    assert "Open before it: " in shown
    inventory = page(client, company, cast.controller(company), "INV", month)
    assert "Receipts to apply" not in inventory
    general = page(client, company, cast.controller(company), "GL", month)
    assert "Open parts of the same month: " in general
    begun = Period.objects.filter(company=company).earliest("starts_on").starts_on
    first = page(client, company, cast.controller(company), "INV", begun)
    assert "Nothing is open: it can be closed." in first
