"""How a customer wants to be billed: at once, or collected."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core import events
from core.actions import action
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from invoicing.models import BillingRule
from partners.models import Customer
from users.models import User


@action
def set_billing_rules(
    company: Company, rhythms: Mapping[int, str], *, by: User
) -> list[BillingRule]:
    """Sets the rhythm (`BillingRule.Rhythm`) of customers, by id, for what ships from now on."""
    rights(by).require("invoicing.issue", company.pk)
    rows = lock(Customer.objects.visible_to(by).filter(company=company, pk__in=rhythms))
    if len(rows) < len(rhythms) or not set(rhythms.values()) <= set(BillingRule.Rhythm.values):
        raise Refused("billing_rule.unknown", _("This customer or this way of billing is unknown."))
    rules = [BillingRule(company=company, customer=row, rhythm=rhythms[row.pk]) for row in rows]
    BillingRule.objects.bulk_create(
        rules, update_conflicts=True, unique_fields=["customer"], update_fields=["rhythm"]
    )
    facts = [events.Fact([("customer", row.pk)], {"rhythm": rhythms[row.pk]}) for row in rows]
    events.record(company, "billing_rule.set", facts, by=by)
    return list(BillingRule.objects.filter(customer__in=rows).select_related("customer__partner"))
