"""What the tests of invoicing share: a company with its clerk, and proof that nothing changed."""

from contextlib import contextmanager

import pytest

from core.models import DocumentLink, Event, FollowUp, NumberSeries
from invoicing.models import Billable, Instalment, Invoice, InvoiceLine, TaxGroup
from ledger.models import Allocation, Entry, EntryLine, OpenItem
from orders.models import Order
from partners.models import Exposure
from tests import cast

WATCHED = (
    Invoice, InvoiceLine, TaxGroup, Instalment, Billable, Order, OpenItem, Allocation, Entry,
    EntryLine, Exposure, Event, FollowUp, DocumentLink, NumberSeries,
)  # fmt: skip


@pytest.fixture
def company(proved):
    """Every test of invoicing ends with all the books proved."""
    return cast.make_company()


@pytest.fixture
def clerk(company):
    return cast.accountant(company)


def _all_rows():
    return [list(model.objects.order_by("pk").values_list()) for model in WATCHED]


@pytest.fixture
def nothing_changes():
    """Fails when what is done inside leaves a trace in any table that billing writes."""

    @contextmanager
    def watch():
        before = _all_rows()
        yield
        for model, was, now in zip(WATCHED, before, _all_rows(), strict=True):
            assert was == now, model

    return watch
