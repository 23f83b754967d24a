"""The pages of administration: companies, settings, jobs, parked work, refusals, events."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from core import clock, jobs
from core.actions import action
from core.companies import change_company
from core.events import Fact, record
from core.models import Event, FollowUp, Job, RefusedAttempt
from core.refusals import Refused
from core.roles import Role
from core.tables import DUTIES
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return cast.bare_company("nordwind")


@pytest.fixture
def enter(client):
    def entered(person):
        client.force_login(person)
        return client

    return entered


# --- the way in ----------------------------------------------------------------------------------


def test_anybody_may_ask_whether_it_runs(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_the_only_company_is_opened_at_once(company, enter):
    cast.bare_company("other")
    assert enter(cast.auditor(company)).get("/").url == "/nordwind/"


def test_with_two_companies_one_chooses_among_those_alone(company, enter):
    person, other = cast.auditor(company), cast.bare_company("other", name="Sonnwind")
    cast.bare_company("hidden", name="Hidden")
    cast.Membership.objects.create(
        user=person, company=other, role=Role.COLLECTOR, created_at=clock.now()
    )
    shown = enter(person).get("/").content.decode()
    assert "/nordwind/" in shown
    assert "Sonnwind" in shown
    assert "Hidden" not in shown


def test_who_has_no_role_is_told_whom_to_ask(company, enter):
    assert (
        "A user administrator can give you one" in enter(cast.stranger()).get("/").content.decode()
    )


def test_settings_are_kept_with_the_person(enter, company):
    person = cast.auditor(company)
    form = {"name": "Aude M.", "theme": "dark", "density": "comfortable"}
    assert enter(person).post("/settings/", form).status_code == 302
    person.refresh_from_db()
    kept = (person.name, person.theme, person.density)
    assert kept == ("Aude M.", "dark", "comfortable")


def test_settings_take_no_other_field(enter, company):
    person = cast.auditor(company)
    form = {"name": "A", "language": "en", "theme": "dark", "density": "compact"}
    more = {"is_superuser": "1", "is_staff": "1", "is_system": "1", "email": "x@example.com"}
    enter(person).post("/settings/", form | more)
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.is_system) == (False, False, False)
    assert person.email != "x@example.com"


# --- the company ---------------------------------------------------------------------------------


def company_form(company, **changes):
    names = ("name", "legal_name", "street", "postcode", "city", "country", "vat_id",
             "registration_id", "email", "phone", "language", "time_zone", "version")  # fmt: skip
    return {name: getattr(company, name) for name in names} | changes


def test_the_company_is_changed_and_says_what(company, enter):
    client = enter(cast.company_admin(company))
    form = company_form(company, city="Kiel", phone="+49 431 1")
    assert client.post("/nordwind/company/", form).status_code == 302
    company.refresh_from_db()
    assert (company.city, company.phone, company.version) == ("Kiel", "+49 431 1", 2)
    assert Event.objects.get(verb="company.changed").facts == {"fields": ["city", "phone"]}


def test_a_company_has_its_vat_number_in_full_as_partners_have(company, enter):
    form = company_form(company, vat_id="136 695 976")
    assert enter(cast.company_admin(company)).post("/nordwind/company/", form).status_code == 302
    company.refresh_from_db()
    assert company.vat_id == "DE136695976"


def test_a_form_on_an_old_version_is_refused_and_keeps_what_was_typed(company, enter):
    client, old = enter(cast.company_admin(company)), company_form(company, city="Kiel")
    change_company(company, {"street": "Elsewhere 1"}, version=1, by=cast.system())
    answer = client.post("/nordwind/company/", old)
    assert answer.status_code == 200
    assert "Someone else changed the company" in answer.content.decode()
    assert 'value="Kiel"' in answer.content.decode()
    company.refresh_from_db()
    assert (company.city, company.street) == ("Hamburg", "Elsewhere 1")


@pytest.mark.parametrize(
    "changes", [{"vat_id": "DE123456789"}, {"country": "XX"}, {"time_zone": "Mars"}, {"name": ""}]
)
def test_a_company_says_nothing_wrong_of_itself(company, enter, changes):
    answer = enter(cast.company_admin(company)).post(
        "/nordwind/company/", company_form(company, **changes)
    )
    assert answer.status_code == 200
    company.refresh_from_db()
    assert company.version == 1


def test_currency_and_short_name_are_not_in_the_form(company, enter):
    form = company_form(company, currency="USD", slug="mine", fiscal_year_start=7, city="Kiel")
    enter(cast.company_admin(company)).post("/nordwind/company/", form)
    company.refresh_from_db()
    assert (company.currency, company.slug, company.fiscal_year_start) == ("EUR", "nordwind", 1)


def test_only_the_administrator_changes_it(company):
    with pytest.raises(Refused) as refused:
        change_company(company, {"city": "Kiel"}, version=1, by=cast.controller(company))
    assert refused.value.code == "not_allowed"


# --- people --------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_on_the_page(company, enter):
    admin = cast.member(company, Role.USER_ADMIN)
    client = enter(admin)
    form = {"email": "nina@example.com", "name": "Nina Holm", "role": "ar_clerk"}
    assert client.post("/nordwind/people/give", form).status_code == 302
    assert "Nina Holm" in client.get("/nordwind/people/").content.decode()
    given = cast.Membership.objects.get(user__email="nina@example.com")
    client.post("/nordwind/people/take", {"ids": [given.pk]})
    assert not cast.Membership.objects.filter(pk=given.pk).exists()


def test_people_are_listed_once_with_all_their_roles(company, enter):
    greta = cast.member(company, Role.COLLECTOR, "Greta Olsen")
    for role in (Role.AUDITOR, Role.EXECUTIVE):
        cast.Membership.objects.create(
            user=greta, company=company, role=role, created_at=clock.now()
        )
    client = enter(cast.member(company, Role.USER_ADMIN))
    page = client.get("/nordwind/people/", {"role": "auditor,executive"})
    (row,) = page.context["table"].rows
    assert row.record.roles == ["collector", "auditor", "executive"]
    assert "Reminds late customers and notes what they say." in page.content.decode()
    shown = client.get(f"/nordwind/people/{greta.pk}").content.decode()
    assert shown.count("Take the role</button>") == 3
    assert client.get(f"/nordwind/people/{cast.stranger().pk}").status_code == 404


def test_every_role_says_what_it_may_do():
    assert set(DUTIES) == set(Role)


def test_the_record_names_the_person_and_the_role(company, enter):
    admin = cast.member(company, Role.USER_ADMIN)
    form = {"email": "nina@example.com", "name": "Nina Holm", "role": "ar_clerk"}
    enter(admin).post("/nordwind/people/give", form)
    shown = enter(cast.auditor(company)).get("/nordwind/events/").content.decode()
    assert "Role given: Accounts receivable clerk" in shown
    assert ">Nina Holm</a>" in shown


def test_sent_twice_the_role_is_given_once(company, enter):
    client = enter(cast.member(company, Role.USER_ADMIN))
    form = {"email": "nina@example.com", "name": "Nina", "role": "auditor",
            "idempotency_key": str(uuid.uuid4())}  # fmt: skip
    assert [client.post("/nordwind/people/give", form).status_code for _ in range(2)] == [302, 302]
    assert cast.Membership.objects.filter(user__email="nina@example.com").count() == 1


def test_an_auditor_reads_who_may_what_and_changes_nothing(company, enter):
    client = enter(cast.auditor(company))
    assert "Give a role" not in client.get("/nordwind/people/").content.decode()
    assert client.get("/nordwind/people/give").status_code == 403


def new_person(client, mailoutbox):
    """A user administrator lets somebody new in."""
    form = {"email": "nina@example.com", "name": "Nina Holm", "role": "ar_clerk"}
    answer = client.post("/nordwind/people/give", form, follow=True)
    return answer, cast.User.objects.get(email="nina@example.com")


def test_a_new_person_is_mailed_a_link_that_sets_the_password(company, enter, mailoutbox):
    client = enter(cast.member(company, Role.USER_ADMIN))
    answer, person = new_person(client, mailoutbox)
    assert "A mail with a link to set the password went to nina@" in answer.content.decode()
    assert mailoutbox[0].to == ["nina@example.com"]
    assert "You were given a login" in mailoutbox[0].body
    link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[0].body)[0]
    client.logout()
    page = client.get(link, follow=True)
    password = "correct-horse-battery"
    client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    person.refresh_from_db()
    assert person.check_password(password)


def test_the_link_is_sent_again_until_a_password_is_set(company, enter, mailoutbox):
    client = enter(cast.member(company, Role.USER_ADMIN))
    _answer, person = new_person(client, mailoutbox)
    where = f"/nordwind/people/{person.pk}"
    assert "Send the link again" in client.get(where).content.decode()
    client.post(f"{where}/invite")
    assert len(mailoutbox) == 2
    person.set_password("correct-horse-battery")
    person.save()
    assert "Send the link again" not in client.get(where).content.decode()
    client.post(f"{where}/invite")
    assert len(mailoutbox) == 2


def test_mail_that_does_not_go_is_said(company, enter, mailoutbox, monkeypatch):
    def broken(*args, **more):
        raise ConnectionRefusedError

    monkeypatch.setattr("allauth.account.forms.ResetPasswordForm.save", broken)
    answer, person = new_person(enter(cast.member(company, Role.USER_ADMIN)), mailoutbox)
    assert "could not be sent" in answer.content.decode()
    assert person.email == "nina@example.com"


def test_who_lost_every_role_is_found_and_gets_one_back(company, enter, mailoutbox):
    client = enter(cast.member(company, Role.USER_ADMIN))
    _answer, person = new_person(client, mailoutbox)
    asked = client.get(f"/nordwind/people/{person.pk}").content.decode()
    assert "will no longer be Accounts receivable clerk here" in asked
    given = cast.Membership.objects.get(user=person)
    client.post("/nordwind/people/take", {"ids": [given.pk]})
    assert "Nina Holm" not in client.get("/nordwind/people/").content.decode()
    assert "Nina Holm" in client.get("/nordwind/people/?standing=without").content.decode()
    page = client.get(f"/nordwind/people/{person.pk}").content.decode()
    assert "give?email=nina%40example.com" in page


def test_a_lost_second_factor_is_reset_and_recorded(company, enter):
    person = cast.member(company, Role.CONTROLLER)
    TOTP.activate(person, generate_totp_secret())
    client, where = enter(cast.member(company, Role.USER_ADMIN)), f"/nordwind/people/{person.pk}"
    assert "With a second factor" in client.get(where).content.decode()
    client.post(f"{where}/reset-second-factor")
    assert "Without a second factor" in client.get(where).content.decode()
    assert Event.objects.filter(verb="person.second_factor_reset").count() == 1
    assert enter(person).post(f"{where}/reset-second-factor").status_code == 403


# --- jobs ----------------------------------------------------------------------------------------


def test_everybody_sees_the_own_jobs_and_administration_sees_all(company, enter):
    rep, other = cast.sales_rep(company), cast.sales_rep(company)
    mine = cast.start_job(company, "Import of orders", 10, by=rep)
    theirs = cast.start_job(company, "Import of prices", 10, by=other)
    client = enter(rep)
    shown = client.get("/nordwind/jobs/").content.decode()
    assert "Import of orders" in shown
    assert "Import of prices" not in shown
    assert client.get(f"/nordwind/jobs/{mine.pk}").status_code == 200
    assert client.get(f"/nordwind/jobs/{theirs.pk}").status_code == 404
    assert client.post(f"/nordwind/jobs/{theirs.pk}/stop").status_code == 404
    shown = enter(cast.company_admin(company)).get("/nordwind/jobs/").content.decode()
    assert "Import of prices" in shown


def test_a_job_is_stopped_by_who_started_it_or_may(company, enter):
    rep = cast.sales_rep(company)
    job = cast.start_job(company, "Import", 10, by=rep)
    enter(cast.auditor(company)).post(f"/nordwind/jobs/{job.pk}/stop")
    assert not Job.objects.get().stop_requested
    enter(rep).post(f"/nordwind/jobs/{job.pk}/stop")
    assert Job.objects.get().stop_requested
    assert Job.objects.get().words == "Stopping"


def test_what_has_ended_cannot_be_stopped(company):
    rep = cast.sales_rep(company)
    job = cast.start_job(company, "Import", 1, by=rep)
    jobs.note_progress(job, 1)
    jobs.end_job(job)
    with pytest.raises(Refused) as refused:
        jobs.stop_job(job.pk, by=rep)
    assert refused.value.code == "jobs.ended"
    assert Job.objects.get().words == "Done"


def test_a_running_job_asks_again_and_an_ended_one_does_not(company, enter):
    rep = cast.sales_rep(company)
    job, client = cast.start_job(company, "Import", 1, by=rep), enter(rep)
    assert "every 2s" in client.get(f"/nordwind/jobs/{job.pk}").content.decode()
    jobs.end_job(job)
    assert "every 2s" not in client.get(f"/nordwind/jobs/{job.pk}").content.decode()


# --- parked work, refusals, events ---------------------------------------------------------------


def park(company, reason="The period is closed."):
    now = clock.now()
    return FollowUp.objects.create(
        company=company, handler="orders.tasks.serve_from_stock", kind="nothing", subject_id=1,
        event_id=FollowUp.objects.count() + 1, due_at=now, parked_at=now, reason=reason,
    )  # fmt: skip


def test_parked_work_says_why_and_is_tried_again(company, enter):
    row = park(company)
    client = enter(cast.accountant(company))
    shown = client.get("/nordwind/parked/").content.decode()
    assert "Serve backorders from stock" in shown
    assert "The period is closed." in shown
    client.post("/nordwind/parked/retry", {"ids": [row.pk]})
    row.refresh_from_db()
    assert (row.parked_at, row.reason, row.attempts) == (None, "", 0)


def test_an_auditor_reads_parked_work_and_does_not_start_it(company, enter):
    row, client = park(company), enter(cast.auditor(company))
    assert "Try again" not in client.get("/nordwind/parked/").content.decode()
    assert client.post("/nordwind/parked/retry", {"ids": [row.pk]}).status_code == 403


def test_nobody_restarts_the_work_of_another_company(company, enter):
    row = park(cast.bare_company("other"))
    enter(cast.accountant(company)).post("/nordwind/parked/retry", {"ids": [row.pk]})
    row.refresh_from_db()
    assert row.parked_at


def test_a_refused_attempt_is_on_the_auditors_list(company, enter):
    admin = cast.member(company, Role.USER_ADMIN, "Uma Rao")
    own = cast.Membership.objects.get(user=admin)
    enter(admin).post("/nordwind/people/take", {"ids": [own.pk]})
    assert RefusedAttempt.objects.get().code == "people.own_role"
    shown = enter(cast.auditor(company)).get("/nordwind/refused/").content.decode()
    assert "Nobody changes their own roles" in shown
    assert "Uma Rao" in shown


def test_a_form_refused_is_sent_again_with_other_content_and_both_attempts_count(company, enter):
    admin = cast.member(company, Role.USER_ADMIN, "Uma Rao")
    own = cast.Membership.objects.get(user=admin)
    other = cast.Membership.objects.get(user=cast.accountant(company))
    client, key = enter(admin), str(uuid.uuid4())
    for ids in ([own.pk], [own.pk, other.pk]):
        said = {"ids": ids, "idempotency_key": key}
        assert client.post("/nordwind/people/take", said).status_code == 302
    codes = RefusedAttempt.objects.values_list("code", flat=True)
    assert list(codes) == ["people.own_role", "people.own_role"]
    assert cast.Membership.objects.filter(pk=other.pk).exists()


def test_a_refusal_shown_in_its_form_is_on_the_list_too(company, enter):
    admin = cast.member(company, Role.USER_ADMIN, "Uma Rao")
    said = {"email": admin.email, "role": Role.CONTROLLER}
    answer = enter(admin).post("/nordwind/people/give", said)
    assert "Nobody changes their own roles" in answer.content.decode()
    attempt = RefusedAttempt.objects.get()
    assert (attempt.code, attempt.user, attempt.company) == ("people.own_role", admin, company)
    assert attempt.path == "/nordwind/people/give"


@action
def note(company, verb, by):
    record(company, verb, [Fact([("company", company.pk)], {"n": 1})], by=by)


def test_the_events_of_a_company_are_there_to_read(company, enter):
    note(company, "company.changed", cast.system())
    note(cast.bare_company("other"), "role.taken", cast.system())
    shown = enter(cast.auditor(company)).get("/nordwind/events/").content.decode()
    assert "company.changed" in shown
    assert "role.taken" not in shown


@pytest.mark.parametrize("page", ["refused", "events"])
def test_only_auditors_and_controllers_read_the_record(company, enter, page):
    assert enter(cast.company_admin(company)).get(f"/nordwind/{page}/").status_code == 403
    assert enter(cast.controller(company)).get(f"/nordwind/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["people", "jobs", "parked", "refused", "events"])
def test_lists_are_files_too_and_take_few_statements(
    company, enter, page, django_assert_max_num_queries
):
    client = enter(cast.auditor(company))
    with django_assert_max_num_queries(15):
        assert client.get(f"/nordwind/{page}/").status_code == 200
    assert client.get(f"/nordwind/{page}/?export=csv").status_code == 200
    assert client.get(f"/nordwind/{page}/?export=xlsx").status_code == 200


# --- moments -------------------------------------------------------------------------------------


def test_moments_read_in_the_time_of_the_company(enter):
    """Half past eleven at night in London is the next day in Hamburg, as its dates are."""
    for slug, zone, shown in (
        ("hamburg", "Europe/Berlin", "26 Nov 2026, 00:30"),
        ("london", "Europe/London", "25 Nov 2026, 23:30"),
    ):
        company = cast.bare_company(slug, time_zone=zone)
        admin = cast.company_admin(company)
        with clock.travel(datetime(2026, 11, 25, 23, 30, tzinfo=UTC)):
            change_company(company, {"phone": "+49 40 1"}, version=company.version, by=admin)
            page = enter(cast.auditor(company)).get(f"/{slug}/events/").content.decode()
        assert shown in page


def test_events_are_found_by_document_and_by_the_words_they_show(company, enter):
    from tests.factories.partners import make_customer

    housed = cast.make_company()
    first, other = make_customer(housed, "Acme"), make_customer(housed, "Bolt")
    seen = enter(cast.auditor(housed))

    def found(query):
        return seen.get(f"/{housed.slug}/events/?{query}").content.decode()

    assert first.number in found(f"q={first.number.lower()}")
    assert other.number not in found(f"q={first.number}")
    assert first.number in found(f"document={first.number}")
    assert first.number in found("q=opened")
    assert first.number not in found("q=C-999999")


def test_figures_of_events_are_words():
    from core.tables import in_words

    assert in_words({"backorder": False}, "EUR") == "Backorder: no"
    credit = {"limit": "5000.0000", "exposure": "20.5000", "currency": "USD"}
    assert in_words({"gross": "1200.5", "currency": "EUR", "credit": credit}, "EUR") == (
        "Gross: 1,200.50\xa0EUR · Credit: Limit: 5,000.00\xa0USD · Exposure: 20.50\xa0USD"
    )
    assert in_words({"holds": [], "starts_on": "2026-09-01"}, "EUR") == "Starts on: 1 Sept 2026"


def test_every_event_has_its_words():
    from core.kinds import VERBS
    from tests.architecture.source import modules

    verbs = {
        verb
        for module in modules()
        for verb in re.findall(r'(?:record|_record)\([^"()]*"([a-z_]+\.[a-z_]+)"', module.text)
    }
    assert len(verbs) > 30
    assert sorted(verbs - VERBS.keys()) == []


def test_the_tick_of_a_row_is_named_as_the_row_is(company, enter):
    FollowUp.objects.create(
        company=company, handler="invoicing.tasks.invoice_shipments", kind="shipment",
        subject_id=1, event_id=1, due_at=clock.now(), parked_at=clock.now(), reason="Because.",
    )  # fmt: skip
    shown = enter(cast.controller(company)).get(f"/{company.slug}/parked/").content.decode()
    assert 'aria-label="Tick Invoice the delivery"' in shown
