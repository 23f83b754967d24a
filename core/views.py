"""Administration: the choice of the company, people, jobs, parked work, the record of events."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import companies as master
from core import follow_ups, jobs, lists, people, tables
from core.access import FORM, Request, door, public, signed_in
from core.filters import EventFilters, JobFilters, ParkedFilters, PersonFilters, RefusedFilters
from core.forms import CompanyForm, RoleForm, SettingsForm
from core.models import Company, Event, FollowUp, Job, Membership, RefusedAttempt, rights
from core.pages import Deed
from core.preferences import set_preferences
from core.refusals import Refused
from core.roles import Role
from users.models import User

POST = ("POST",)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the program runs and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@signed_in
def companies(request: Request) -> HttpResponse:
    """The choice of the company; straight to the only one."""
    mine = list(Company.objects.filter(pk__in=rights(request.user).roles))
    if len(mine) == 1:
        return redirect("analytics:home", mine[0].slug)
    return render(request, "core/companies.html", {"choices": mine, "title": _("Companies")})


@signed_in
def settings(request: Request) -> HttpResponse:
    """How a person wants to be called and to see the screens."""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        set_preferences(request.user, form.wanted())
        messages.success(request, _("Your settings are saved."))
        return redirect("core:settings")
    context = {"form": form, "title": _("Your settings"), "submit": _("Save"), "cancel_url": "/"}
    return render(request, "entry.html", context)


@door("core.company", methods=FORM)
def company(request: Request, company: Company) -> HttpResponse:
    """What the company says of itself."""
    form = CompanyForm(request.POST or None, instance=company, initial={"version": company.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            master.change_company(company, form.changes(), version=version, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The company is saved."))
            return redirect("core:company", company.slug)
    standing = _("Base currency %(currency)s and the fiscal year stay: the books stand on them.")
    intro = standing % {"currency": company.currency}
    context = {"form": form, "title": company.name, "intro": intro, "submit": _("Save")}
    return render(request, "entry.html", context)


def _memberships(request: Request, company: Company) -> QuerySet[Membership]:
    return people.memberships(request.user).filter(company=company)


@door("core.people")
def people_list(request: Request, company: Company) -> HttpResponseBase:
    """Who has which roles."""
    may = rights(request.user).may("core.give_roles", company.pk)
    give = Deed("give", _("Give a role"), reverse("core:give_role", args=[company.slug]))
    return lists.serve(
        request,
        company,
        rows=people.members(request.user, company),
        table=tables.PersonTable,
        filters=PersonFilters,
        title=_("People"),
        new=give if may else None,
        empty=_("Whoever has a role in this company is listed here."),
    )


@door("core.people")
def person(request: Request, company: Company, pk: int) -> HttpResponse:
    """One person's roles, and what each may do."""
    row = get_object_or_404(people.members(request.user, company), pk=pk)
    theirs = people.memberships(request.user).filter(company=company, user=row)
    may = rights(request.user).may("core.give_roles", company.pk) and row != request.user
    context = {
        "person": row,
        "title": row.name,
        "roles": [
            (m, tables.DUTIES[Role(m.role)], _take(company, m) if may else None)
            for m in theirs.order_by("created_at")
        ],
        "may": may,
        "second_factor": is_mfa_enabled(row),
        "new": people.sets_password_first(row),
        "deeds": _deeds_of(company, row, request.user) if may else [],
    }
    return render(request, "core/person.html", context)


def _take(company: Company, given: Membership) -> Deed:
    """The button that takes one role; it asks."""
    role = given.get_role_display()
    words = _("%(person)s will no longer be %(role)s here. The role can be given back.")
    asks = words % {"person": given.user, "role": role}
    url = reverse("core:take_roles", args=[company.slug])
    return Deed(f"take-{given.pk}", _("Take the role"), url, confirm=asks, ids=str(given.pk))


def _deeds_of(company: Company, row: User, by: User) -> list[Deed]:
    """What a user administrator may do for somebody else."""
    give = f"{reverse('core:give_role', args=[company.slug])}?{urlencode({'email': row.email})}"
    deeds = [Deed("give", _("Give a role"), give, method="get", primary=True)]
    if people.sets_password_first(row):
        again = reverse("core:invite", args=[company.slug, row.pk])
        deeds.append(Deed("invite", _("Send the link again"), again))
    if is_mfa_enabled(row):
        url = reverse("core:reset_second_factor", args=[company.slug, row.pk])
        asks = _("Make sure that it is %(person)s who asks. A new one is set up at the next login.")
        words = asks % {"person": row}
        refusal = people.not_to_reset([row], by).get(row.pk)
        why = refusal.message if refusal else ""
        deeds.append(Deed("reset", _("Reset the second factor"), url, why, confirm=words))
    return deeds


def _invite(request: Request, person: User) -> None:
    """Mails the link that sets the password, and says what came of it."""
    if people.invite(person, request):
        words = _("A mail with a link to set the password went to %(address)s.")
        messages.success(request, words % {"address": person.email})
    else:
        words = _("The mail to %(address)s could not be sent. Send the link again later.")
        messages.error(request, words % {"address": person.email})


@door("core.give_roles", methods=POST)
def invite(request: Request, company: Company, pk: int) -> HttpResponse:
    """Mails the link to set the password to somebody who never set one."""
    row = get_object_or_404(people.members(request.user, company), pk=pk)
    if not people.sets_password_first(row):
        words = _("%(person)s has a password. The login page offers a link to whoever forgot it.")
        raise Refused("people.has_password", words % {"person": row})
    _invite(request, row)
    return redirect("core:person", company.slug, pk)


@door("core.give_roles", methods=POST)
def reset_second_factor(request: Request, company: Company, pk: int) -> HttpResponse:
    """Forgets the second factor of somebody who lost it."""
    row = get_object_or_404(people.members(request.user, company), pk=pk)
    people.reset_second_factors(company, [row.pk], by=request.user)
    messages.success(request, _("The second factor of %(person)s is reset.") % {"person": row})
    return redirect("core:person", company.slug, pk)


@door("core.give_roles", methods=FORM)
def give_role(request: Request, company: Company) -> HttpResponse:
    """Gives a role, and lets a new person in."""
    form = RoleForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    if request.method == "POST" and form.is_valid():
        try:
            given = people.give_role(company, **form.wanted(), by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"person": given.user, "role": given.get_role_display()}
            messages.success(request, _("%(person)s now has the role %(role)s.") % words)
            if people.sets_password_first(given.user):
                _invite(request, given.user)
            return redirect("core:people", company.slug)
    back = reverse("core:people", args=[company.slug])
    context = {"form": form, "title": _("Give a role"), "submit": _("Give"), "cancel_url": back}
    return render(request, "entry.html", context)


@door("core.give_roles", methods=POST)
def take_roles(request: Request, company: Company) -> HttpResponse:
    """Takes the ticked roles away."""
    ids = lists.chosen(request, _memberships(request, company))
    people.take_roles(company, ids, by=request.user)
    words = ngettext("%(n)d role is taken.", "%(n)d roles are taken.", len(ids))
    messages.success(request, words % {"n": len(ids)})
    return redirect("core:people", company.slug)


@door("core.jobs")
def job_list(request: Request, company: Company) -> HttpResponseBase:
    """Long work, running and ended."""
    rows = Job.objects.visible_to(request.user).filter(company=company)
    return lists.serve(
        request,
        company,
        rows=rows.select_related("started_by"),
        table=tables.JobTable,
        filters=JobFilters,
        title=_("Jobs"),
        empty=_("Imports and runs over many documents show their progress here."),
    )


@door("core.jobs")
def job(request: Request, company: Company, pk: int) -> HttpResponse:
    """The progress of one run; the page asks again while it runs."""
    rows = Job.objects.visible_to(request.user).select_related("started_by")
    found = get_object_or_404(rows, company=company, pk=pk)
    own = found.started_by_id == request.user.pk
    may = own or rights(request.user).may("core.stop_jobs", company.pk)
    stop_url = reverse("core:stop_job", args=[company.slug, pk]) if may else ""
    return render(request, "job.html", {"job": found, "title": found.title, "stop_url": stop_url})


@door("core.jobs", methods=POST)
def stop_job(request: Request, company: Company, pk: int) -> HttpResponse:
    """Asks a run to stop after the chunk at hand."""
    found = get_object_or_404(Job.objects.visible_to(request.user), company=company, pk=pk)
    jobs.stop_job(found.pk, by=request.user)
    messages.success(request, _("It stops after the chunk at hand."))
    return redirect("core:job", company.slug, pk)


@door("core.follow_ups")
def parked(request: Request, company: Company) -> HttpResponseBase:
    """Work the program could not do by itself."""
    rows = FollowUp.objects.visible_to(request.user).filter(company=company, done_at=None)
    retry = Deed("retry", _("Try again"), reverse("core:retry", args=[company.slug]), primary=True)
    may = rights(request.user).may("core.retry", company.pk)
    return lists.serve(
        request,
        company,
        rows=rows.filter(parked_at__isnull=False).select_related("company"),
        table=tables.ParkedTable,
        filters=ParkedFilters,
        title=_("Parked work"),
        deeds=[retry] if may else [],
        empty=_("What the program cannot do by itself waits here, with the reason."),
    )


@door("core.retry", methods=POST)
def retry(request: Request, company: Company) -> HttpResponse:
    """Puts the ticked follow-ups back into the queue."""
    mine = FollowUp.objects.visible_to(request.user).filter(company=company)
    again = follow_ups.retry_follow_ups(lists.chosen(request, mine), by=request.user)
    words = ngettext("%(n)d is tried again.", "%(n)d are tried again.", len(again))
    messages.success(request, words % {"n": len(again)})
    return redirect("core:follow_ups", company.slug)


@door("core.audit")
def refused(request: Request, company: Company) -> HttpResponseBase:
    """What people tried and the business said no to."""
    rows = RefusedAttempt.objects.visible_to(request.user).filter(company=company)
    return lists.serve(
        request,
        company,
        rows=rows.select_related("user"),
        table=tables.RefusedTable,
        filters=RefusedFilters,
        title=_("Refused attempts"),
        empty=_("Whatever the business said no to is listed here."),
    )


@door("core.audit")
def events(request: Request, company: Company) -> HttpResponseBase:
    """Everything that happened, newest first."""
    rows = Event.objects.filter(company=company).select_related("by", "company")
    return lists.serve(
        request,
        company,
        rows=rows,
        table=tables.EventTable,
        filters=EventFilters,
        title=_("Events"),
        empty=_("Every deed leaves its event here."),
    )
