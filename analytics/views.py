"""Home, dashboard, search and the proof of the books."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from analytics import charts, pace, search, waiting
from analytics.actions import ask_for_proof, running_proofs
from analytics.figures import Frame, figures
from analytics.flows import Flows, flows
from analytics.forms import DashboardForm
from analytics.models import Proof
from analytics.together import Reader
from core import clock
from core.access import Request, door
from core.models import Company, rights
from core.money import ZERO
from core.pages import Deed
from ledger.models import AccountRole
from ledger.queries import added_up, ageing, trial_balance
from users.models import User


def reader_of(request: Request, company: Company) -> Reader:
    return Reader(request.user, company, clock.today(company))


@door("core.home")
def home(request: Request, company: Company) -> HttpResponse:
    """What waits for me."""
    found = waiting.waiting(reader_of(request, company))
    context = {
        "title": _("What waits for you"),
        "waiting": [work for work in found if work.tally.count],
        "calm": [work for work in found if not work.tally.count],
        "today": clock.today(company),
    }
    return render(request, "analytics/home.html", context)


@door("core.search")
def find(request: Request, company: Company) -> HttpResponse:
    """Everything the text may mean; straight to the one document with exactly this number."""
    text = request.GET.get("q", "")
    groups = search.find(reader_of(request, company), text)
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse(search.flat(groups), safe=False)
    hit = search.only(groups, text)
    if hit and hit.url:
        return redirect(hit.url)
    context = {"title": _("Search"), "groups": groups, "search": text}
    return render(request, "analytics/search.html", context)


@door("analytics.view")
def dashboard(request: Request, company: Company) -> HttpResponse:
    """How the company stands, as of any day."""
    form = DashboardForm(request.GET or None, company=company)
    moved = flows(company)
    frame = form.frame(moved.begun)
    paces = (
        pace.order_to_invoice(company, frame.on, frame.days),
        pace.invoice_to_cash(company, frame.on, frame.days),
    )
    owed = added_up(ageing(company, frame.on), company.currency)
    context = {
        "title": _("Dashboard"),
        "form": form,
        "mistakes": form.mistakes(),
        "as_of": frame.on,
        "frame": frame,
        "proved": moved.owed.up_to(frame.on) == _receivables_in_books(frame),
        "figures": figures(frame, moved, *paces),
        "charts": [charts.ageing_chart(owed), charts.dso_chart(frame, moved)],
        "computed": _computed(frame, moved),
    }
    return render(request, "analytics/dashboard.html", context)


def _receivables_in_books(frame: Frame) -> Decimal:
    """What the general ledger says is owed; it must equal the figures."""
    balances = trial_balance(frame.company, frame.on)
    return sum((row.closing for row in balances if row.role == AccountRole.AR_CONTROL), ZERO)


def _computed(frame: Frame, moved: Flows) -> dict[str, Any]:
    """What the DSO figures are computed from, with the way to the invoices of each month."""
    months = [
        (month, frame.url("invoicing:invoices", date=f"{month.first}..{month.last}"))
        for month in moved.months(frame.on)
    ]
    return {
        "receivable": moved.owed.up_to(frame.on),
        "not_due": moved.owed.up_to(frame.on) - moved.late.up_to(frame.on),
        "sales": moved.sales(frame.on, frame.days),
        "months": months[:13],
    }


@door("analytics.prove")
def proof(request: Request, company: Company) -> HttpResponse:
    """Every promise of the books with what the latest proof said."""
    ended = Proof.objects.filter(ended_at__isnull=False).order_by("-ended_at")
    latest = ended.prefetch_related("results").first()
    running = running_proofs().order_by("-asked_at").first()
    prove = Deed("prove", _("Prove now"), reverse("analytics:prove", args=[company.slug]))
    context = {
        "title": _("Proof of the books"),
        "latest": latest,
        "running": running,
        "deeds": [prove],
        "earlier": ended.select_related("asked_by")[1:11],
        "may_look": _audits_all(request.user),
    }
    return render(request, "analytics/proof.html", context)


def _audits_all(user: User) -> bool:
    """Whether a person audits every company: a proof is one of all of them, and so are its rows."""
    audited = rights(user).companies("core.audit")
    return not Company.objects.filter(archived_at=None).exclude(pk__in=audited).exists()


@door("analytics.prove", methods=("POST",))
def prove(request: Request, company: Company) -> HttpResponseBase:
    """Has the worker prove the books."""
    ask_for_proof(company, by=request.user)
    messages.success(request, _("The books are being proved. This page shows the result."))
    return redirect("analytics:proof", company.slug)
