"""Opening accounts for customers and suppliers, one or a thousand."""

from collections.abc import Mapping, Sequence

from core import bulk, events
from core.actions import action
from core.history import recorded
from core.models import Company, rights
from partners.drafts import CustomerDraft, Findings, SupplierDraft
from partners.models import CreditAccount, Customer, Exposure, Partner, Supplier
from partners.numbers import PREFIXES, take_numbers
from partners.opening import Known, examine_customers, examine_suppliers, write_partners
from users.models import User


@action
def open_customers(
    company: Company, drafts: Sequence[CustomerDraft], *, by: User
) -> list[Customer]:
    """Opens accounts for buyers, each with its credit account; all of them or, refused, none."""
    rights(by).require("partners.edit", company.pk)
    checked, known, wrong = examine_customers(company, drafts, by)
    _raise_first(wrong)
    fresh = [d for d in checked if known.partner_id(d.partner) is None]
    own_credit = sum(not d.credit_with for d in checked)
    ids = bulk.take_ids({Partner: len(fresh), CreditAccount: own_credit, Customer: len(checked)})
    with recorded(by):
        partner_ids = write_partners([d.partner for d in checked], known, ids)
        credit_ids = _write_credit_accounts(company, checked, known, ids[CreditAccount])
        _write_customers(company, checked, known, (ids[Customer], partner_ids, credit_ids))
        facts = [events.Fact([("customer", pk)]) for pk in ids[Customer]]
        events.record(company, "customer.opened", facts, by=by)
    rows = Customer.objects.select_related("partner").in_bulk(ids[Customer])
    return [rows[pk] for pk in ids[Customer]]


@action
def open_suppliers(
    company: Company, drafts: Sequence[SupplierDraft], *, by: User
) -> list[Supplier]:
    """Opens accounts for sellers; all of them or, refused, none."""
    rights(by).require("partners.suppliers", company.pk)
    checked, known, wrong = examine_suppliers(company, drafts)
    _raise_first(wrong)
    fresh = [d for d in checked if known.partner_id(d.partner) is None]
    ids = bulk.take_ids({Partner: len(fresh), Supplier: len(checked)})
    with recorded(by):
        partner_ids = write_partners([d.partner for d in checked], known, ids)
        given = numbered(company, "supplier", checked, known)
        bulk.insert(
            Supplier,
            ("id", "company_id", "number", "partner_id", "currency", "payment_terms_id"),
            [
                (pk, company.pk, number, partner_id, d.currency, known.terms[d.terms])
                for pk, number, partner_id, d in zip(
                    ids[Supplier], given, partner_ids, checked, strict=True
                )
            ],
        )
        facts = [events.Fact([("supplier", pk)]) for pk in ids[Supplier]]
        events.record(company, "supplier.opened", facts, by=by)
    rows = Supplier.objects.select_related("partner").in_bulk(ids[Supplier])
    return [rows[pk] for pk in ids[Supplier]]


def _raise_first(wrong: Mapping[int, Findings]) -> None:
    for place, found in wrong.items():
        refusal = found[0]
        refusal.numbers.setdefault("line", place)
        raise refusal


def numbered(
    company: Company,
    kind: str,
    drafts: Sequence[CustomerDraft | SupplierDraft],
    known: Known,
) -> list[str]:
    """The number of each draft: its own, or the next free one."""
    model = Customer if kind == "customer" else Supplier
    own = {d.number for d in drafts if d.number}
    count = len(drafts) - sum(bool(d.number) for d in drafts)
    if not count:
        return [d.number for d in drafts]
    alike = model.objects.filter(company=company, number__startswith=f"{PREFIXES[kind]}-")
    taken = own | set(alike.values_list("number", flat=True))
    fresh = iter(take_numbers(company, kind, count, taken))
    return [d.number or next(fresh) for d in drafts]


def _write_credit_accounts(
    company: Company, drafts: Sequence[CustomerDraft], known: Known, new_ids: Sequence[int]
) -> list[int]:
    """Writes credit accounts with an empty exposure; returns the one each draft uses."""
    fresh = iter(new_ids)
    ids = [known.numbers[d.credit_with] if d.credit_with else next(fresh) for d in drafts]
    bulk.insert(
        CreditAccount,
        ("id", "company_id", "name", "currency", "limit"),
        [
            (pk, company.pk, d.partner.name, d.currency, d.credit_limit)
            for pk, d in zip(ids, drafts, strict=True)
            if not d.credit_with
        ],
    )
    pairs = {(pk, d.currency) for pk, d in zip(ids, drafts, strict=True) if not d.credit_with}
    bulk.insert(Exposure, ("credit_account_id", "currency"), sorted(pairs))
    return [pk or 0 for pk in ids]


def _write_customers(
    company: Company,
    drafts: Sequence[CustomerDraft],
    known: Known,
    ids: tuple[Sequence[int], Sequence[int], Sequence[int]],
) -> None:
    given = numbered(company, "customer", drafts, known)
    bulk.insert(
        Customer,
        (
            "id", "company_id", "number", "partner_id", "credit_account_id", "currency",
            "payment_terms_id", "sales_rep_id", "collector_id", "po_number_required",
        ),
        [
            (
                pk, company.pk, number, partner_id, credit_id, d.currency, known.terms[d.terms],
                d.sales_rep_id, d.collector_id, d.po_number_required,
            )
            for pk, partner_id, credit_id, number, d in zip(*ids, given, drafts, strict=True)
        ],
    )  # fmt: skip
