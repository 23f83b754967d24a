"""The lists of the administration pages."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats, kinds, lists
from core.lists.columns import Raw
from core.models import EventSubject, Job
from core.roles import Role

DUTIES = {
    Role.SALES_REP: _("Enters and cancels orders of their own customers."),
    Role.SALES_MANAGER: _("Enters any order, releases price holds, keeps customers and prices."),
    Role.WAREHOUSE: _("Ships orders, receives and counts goods."),
    Role.AR_CLERK: _("Issues, sends and credits invoices, and applies what customers pay."),
    Role.CREDIT_CONTROLLER: _("Sets credit limits and terms, decides on orders on credit hold."),
    Role.COLLECTOR: _("Reminds late customers and notes what they say."),
    Role.AP_CLERK: _("Keeps suppliers and their bank accounts, and reads the books."),
    Role.BUYER: _("Keeps suppliers, and sees products and stock."),
    Role.TREASURER: _("Imports bank statements, and sees receivables, payments and the books."),
    Role.CONTROLLER: _("Closes periods, posts and reverses entries, reverses receipts."),
    Role.AUDITOR: _("Reads documents, books and the record of events; changes nothing."),
    Role.EXECUTIVE: _("Reads figures and documents; changes nothing."),
    Role.COMPANY_ADMIN: _("Keeps the master data: company, partners, products, warehouses, terms."),
    Role.USER_ADMIN: _("Lets people in, and gives and takes their roles."),
}


class RolesColumn(lists.TextColumn):
    """The roles of a person, and what each may do."""

    css = "wrap"

    def show(self, value: Any, record: Any, table: Any) -> SafeString:
        line = '<div><strong>{}</strong> <span class="text-secondary">{}</span></div>'
        rows = [(Role(role).label, DUTIES[Role(role)]) for role in value]
        return format_html_join("", line, rows)

    def raw(self, record: Any, name: str) -> Raw:
        return ", ".join(str(Role(role).label) for role in record.roles)


class PersonTable(lists.Table):
    """People, each with all their roles."""

    name = lists.NameColumn(_("Name"))
    email = lists.TextColumn(_("E-mail address"))
    roles = RolesColumn(_("Roles"), orderable=False)
    since = lists.DayColumn(_("Since"))
    last_login = lists.DayColumn(_("Last sign-in"))
    kind = "person"
    order = "name"


class JobTable(lists.Table):
    """Runs over many documents."""

    title = lists.NameColumn(_("Job"))
    state = lists.TextColumn(_("State"), accessor="words", orderable=False)
    done = lists.NumberColumn(_("Done"))
    refused = lists.NumberColumn(_("Not done"))
    total = lists.NumberColumn(_("Of"))
    started_by = lists.TextColumn(_("Started by"), accessor="started_by__name")
    started_at = lists.DayColumn(_("Started"))
    ended_at = lists.DayColumn(_("Ended"))
    order = "-started_at"

    def link(self, record: Job) -> str:
        return reverse("core:job", args=[self.company.slug, record.pk])


class DocumentsColumn(lists.Column):
    """The documents a row is about, as links; found with one statement per kind on the page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), orderable=False, **options)
        self.about: dict[int, list[tuple[str, int]]] = {}
        self.known: dict[tuple[str, int], tuple[str, str]] = {}

    def subjects(self, rows: list[Any]) -> dict[int, list[tuple[str, int]]]:
        return {row.pk: [(row.kind, row.subject_id)] for row in rows}

    def prepare(self, rows: list[Any]) -> None:
        self.about = self.subjects(rows)
        if rows:
            wanted = [pair for pairs in self.about.values() for pair in pairs]
            self.known = kinds.addresses(rows[0].company, wanted)

    def render(self, record: Any) -> SafeString | str:
        found = [self.known[pair] for pair in self.about[record.pk] if pair in self.known]
        return format_html_join(", ", "{}", [(kinds.linked(*pair),) for pair in found]) or "—"

    def raw(self, record: Any, name: str) -> Raw:
        return f"{record.kind} {record.subject_id}" if hasattr(record, "kind") else ""


class SubjectsColumn(DocumentsColumn):
    """The subjects of events."""

    def subjects(self, rows: list[Any]) -> dict[int, list[tuple[str, int]]]:
        about: dict[int, list[tuple[str, int]]] = {row.pk: [] for row in rows}
        for event_id, kind, pk in EventSubject.objects.filter(event_id__in=list(about)).values_list(
            "event_id", "kind", "subject_id"
        ):
            about[event_id].append((kind, pk))
        return about


class VerbColumn(lists.TextColumn):
    """What happened or was to be done in words; the verb or handler itself on hover."""

    def words(self, value: str, record: Any) -> Any:
        return kinds.VERBS.get(value, value)

    def show(self, value: Any, record: Any, table: Any) -> SafeString:
        return format_html('<span title="{}">{}</span>', value, self.words(value, record))


class ReasonColumn(lists.TextColumn):
    """A sentence, shown whole."""

    css = "text wrap"


class ParkedTable(lists.Table):
    """Follow-ups that a person must look at."""

    what = VerbColumn(_("What was to be done"), accessor="handler", orderable=False)
    document = DocumentsColumn(_("Document"))
    reason = ReasonColumn(_("Why it was not"), orderable=False)
    parked_at = lists.DayColumn(_("Parked"))
    attempts = lists.NumberColumn(_("Attempts"))
    order = "parked_at"
    hidden = ("attempts",)


class RefusedTable(lists.Table):
    """Deeds the business said no to."""

    at = lists.DayColumn(_("When"))
    user = lists.TextColumn(_("Who"), accessor="user__name")
    message = ReasonColumn(_("Why not"), orderable=False)
    code = lists.TextColumn(_("Rule"))
    path = lists.TextColumn(_("Page"), orderable=False)
    order = "-at"
    hidden = ("path",)


class HappenedColumn(VerbColumn):
    """What happened, with the role it was about."""

    def words(self, value: str, record: Any) -> Any:
        words, role = super().words(value, record), record.facts.get("role")
        return f"{words}: {Role(role).label}" if role in Role.values else words


FIGURES = {
    "amount": _("Amount"),
    "backorder": _("Backorder"),
    "cost": _("Cost"),
    "credit": _("Credit"),
    "entries": _("Entries"),
    "exposure": _("Exposure"),
    "gross": _("Gross"),
    "holds": _("Holds"),
    "limit": _("Limit"),
    "lines": _("Lines"),
    "reason": _("Reason"),
    "repeated": _("Repeated"),
    "rule": _("Rule"),
    "value": _("Value"),
}
MONEY = frozenset(("amount", "cost", "exposure", "gross", "limit", "value"))


def in_words(facts: dict[str, Any], currency: str) -> str:
    """The figures of an event as people read them; amounts in their currency or the company's."""
    currency = facts.get("currency") or currency
    said = [
        (FIGURES.get(name) or name.replace("_", " ").capitalize(), _figure(name, value, currency))
        for name, value in facts.items()
        if name not in {"currency", "role"}
    ]
    return " · ".join(f"{label}: {words}" for label, words in said if words)


def _figure(name: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return in_words(value, currency)
    if isinstance(value, list):
        return ", ".join(_figure("", part, currency) for part in value)
    if name.endswith("_on") and value:
        return formats.day(date.fromisoformat(value))
    if name in MONEY and value is not None:
        return formats.amount(Decimal(value), currency, code=True)
    return "" if value is None else str(value)


class FiguresColumn(lists.TextColumn):
    """What an event says beside its subjects."""

    def raw(self, record: Any, name: str) -> Raw:
        return in_words(record.facts, record.company.currency)

    def show(self, value: Any, record: Any, table: Any) -> str:
        return str(self.raw(record, "facts"))


class EventTable(lists.Table):
    """Everything that happened in a company."""

    at = lists.DayColumn(_("When"), orderable=False)
    by = lists.TextColumn(_("Who"), accessor="by__name", orderable=False)
    verb = HappenedColumn(_("What"), orderable=False)
    subjects = SubjectsColumn(_("Documents"))
    facts = FiguresColumn(_("Figures"), orderable=False)
    order = "-pk"
    hidden = ("facts",)
