"""Bank accounts and their statements: how they stand, the list, the page, the upload."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import lists, pages
from core.access import FORM, Request, door
from core.forms import ReasonForm
from core.models import Company, rights
from core.money import Money
from core.pages import Deed
from core.refusals import Refused
from payments import actions, queries, withdrawal
from payments.filters import StatementFilters
from payments.forms import UploadForm
from payments.models import BankStatement, BankTransaction, Receipt, pk_in
from payments.tables import StatementTable

MOST_ENTRIES = 200


@door("payments.view")
def accounts(request: Request, company: Company) -> HttpResponse:
    """The bank accounts: what the bank says, what the books say, and what explains the rest."""
    context = {
        "title": _("Bank accounts"),
        "standings": queries.accounts(request.user, company),
        "buttons": _upload(request, company),
    }
    return render(request, "payments/accounts.html", context)


def _upload(request: Request, company: Company) -> list[Deed]:
    deed = Deed("upload", _("Import statements"), reverse("payments:upload", args=[company.slug]))
    return [deed] if rights(request.user).may("payments.import", company.pk) else []


@door("payments.view")
def statements(request: Request, company: Company) -> HttpResponseBase:
    """The list of statements."""
    new = _upload(request, company)
    return lists.serve(
        request,
        company,
        rows=queries.statements(request.user, company),
        table=StatementTable,
        filters=StatementFilters,
        title=_("Bank statements"),
        new=new[0] if new else None,
        buttons=_others(company),
        empty=_("Statements appear here once a camt.053 file of the bank is imported."),
    )


def _others(company: Company) -> list[Deed]:
    return [
        Deed("accounts", _("Accounts"), reverse("payments:accounts", args=[company.slug])),
        Deed("entries", _("Entries"), reverse("payments:transactions", args=[company.slug])),
    ]


@door("payments.view")
def statement(request: Request, company: Company, name: str) -> HttpResponse:
    """The page of a statement."""
    row = _find(request, company, name)
    entries = BankTransaction.objects.filter(statement=row).order_by("position")
    count, todo = entries.count(), entries.filter(state=BankTransaction.State.NEW).count()
    waiting = queries.to_apply(Receipt.objects.filter(transaction__statement=row)).count()
    return pages.show(
        request,
        "payments/statement.html",
        row,
        kind="statement",
        title=_("Statement %(id)s") % {"id": row.statement_id},
        list_url=reverse("payments:statements", args=[company.slug]),
        entries=entries[:MOST_ENTRIES],
        more=max(count - MOST_ENTRIES, 0),
        deeds=_deeds(request, company, row),
        figures=[*_figures(row, count, todo), (_("Not applied yet"), _waiting(row, waiting))],
        facts=_facts(row),
    )


def _find(request: Request, company: Company, name: str) -> BankStatement:
    rows = BankStatement.objects.visible_to(request.user).filter(company=company)
    related = rows.select_related("company", "bank_account", "file", "imported_by")
    return get_object_or_404(related, pk=pk_in(name))


def _deeds(request: Request, company: Company, row: BankStatement) -> list[Deed]:
    if not rights(request.user).may("payments.withdraw", company.pk):
        return []
    why = withdrawal.not_to_withdraw(row)
    address = reverse("payments:withdraw", args=[company.slug, row.name])
    say = why.message if why else ""
    return [Deed("withdraw", _("Withdraw the statement"), address, say, method="get")]


def _figures(row: BankStatement, count: int, todo: int) -> list[tuple[str, object]]:
    return [
        (_("Opening"), Money(row.opening_balance, row.currency)),
        (_("Closing"), Money(row.closing_balance, row.currency)),
        (_("Entries"), count),
        (_("To do"), todo),
    ]


def _waiting(row: BankStatement, count: int) -> object:
    """How many of its payments wait to be applied, with the way to them."""
    if not count:
        return count
    asked = urlencode({"applied": "waiting", "statement": row.statement_id})
    address = reverse("payments:receipts", args=[row.company.slug])
    return format_html('<a href="{}?{}">{}</a>', address, asked, count)


def _file(row: BankStatement) -> object:
    """The link to the file as the bank made it."""
    if row.file is None:
        return "—"
    address = reverse("documents:file", args=[row.company.slug, row.file.pk])
    return format_html('<a href="{}">{}</a>', address, row.file.title)


def _facts(row: BankStatement) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Account"), row.bank_account.title),
        (_("IBAN"), row.bank_account.iban),
        (_("Imported"), row.imported_at),
        (_("By"), row.imported_by),
        (_("File"), _file(row)),
    ]
    if row.is_withdrawn:
        facts.append((_("Withdrawn"), row.reason))
    if row.repeated:
        facts.append(
            (_("Left out"), _("%(n)d entries that were there already") % {"n": row.repeated})
        )
    return facts


@door("payments.import", methods=FORM)
def upload(request: Request, company: Company) -> HttpResponse:
    """Imports statement files; what is refused is said beside the file field."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.import_statements(company, form.contents(), by=request.user)
        except Refused as refusal:
            form.add_error("statements", f"{form.only_name()}{refusal.message}")
        else:
            return _imported(request, company, done)
    context = {
        "title": _("Import bank statements"),
        "form": form,
        "submit": _("Import"),
        "cancel_url": reverse("payments:statements", args=[company.slug]),
    }
    status = 409 if form.errors else 200
    return render(request, "payments/upload.html", context, status=status)


def _imported(request: Request, company: Company, done: list[BankStatement]) -> HttpResponse:
    say = ngettext("%(n)d statement is imported.", "%(n)d statements are imported.", len(done))
    follows = _("What came in is recorded and matched in a moment.")
    messages.success(request, f"{say % {'n': len(done)}} {follows}")
    if len(done) == 1:
        return redirect("payments:statement", company.slug, done[0].name)
    return redirect("payments:statements", company.slug)


@door("payments.withdraw", methods=FORM)
def withdraw(request: Request, company: Company, name: str) -> HttpResponse:
    """Asks why, then withdraws the last statement of an account."""
    row = _find(request, company, name)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_statements([row.pk], by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Statement %(id)s is withdrawn.") % {"id": row})
            return redirect("payments:statement", company.slug, row.name)
    intro = _("It was wrong: it leaves the chain of its account, its entries are never booked, and "
              "the right statement of these days can be imported.")  # fmt: skip
    back = reverse("payments:statement", args=[company.slug, row.name])
    context = {"form": form, "intro": intro, "cancel_url": back, "submit": _("Withdraw")}
    title = _("Withdraw statement %(id)s") % {"id": row}
    return render(request, "entry.html", {**context, "title": title})
