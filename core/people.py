"""Who has which role in a company: giving roles, taking them, letting a new person in."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from core import clock
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import Company, Membership, rights
from core.refusals import Refused
from core.roles import Role
from users.models import User


def memberships(user: User) -> "QuerySet[Membership]":
    """The roles of people in the companies where `user` may see them."""
    rows = Membership.objects.select_related("user", "company")
    granted = rights(user)
    return rows if granted.everything else rows.filter(company__in=granted.companies("core.people"))


def members(user: User, company: Company) -> "QuerySet[User]":
    """People with a role in the company: their `roles`, and `since` when they have the first."""
    theirs = memberships(user).filter(company=company, user=OuterRef("pk")).order_by("created_at")
    roles, since = ArraySubquery(theirs.values("role")), Subquery(theirs.values("created_at")[:1])
    return User.objects.filter(Exists(theirs)).annotate(roles=roles, since=since)


@action
def give_role(company: Company, *, email: str, name: str, role: Role, by: User) -> Membership:
    """Gives a role to the person with this address, whose login is made when there is none yet.

    A new person has no password; the link "Forgot your password?" of the login page sets one.
    """
    rights(by).require("core.give_roles", company.pk)
    lock(Company.objects.filter(pk=company.pk))
    address = email.strip().lower()
    person = User.objects.filter(email=address).first()
    if person is None:
        if not name.strip():
            raise Refused("people.name_missing", _("Nobody has this address yet. Add the name."))
        person = User.objects.create_user(address, name=name.strip())
    _refuse_own(person, by)
    _refuse_other_name(person, name)
    if Membership.objects.filter(user=person, company=company, role=role).exists():
        words = _("%(person)s has the role %(role)s already.")
        raise Refused("people.role_given", words % {"person": person, "role": role.label})
    given = Membership.objects.create(
        user=person, company=company, role=role, created_at=clock.now()
    )
    _record(company, "role.given", [given], by)
    return given


@action
def take_roles(company: Company, ids: list[int], *, by: User) -> list[Membership]:
    """Takes roles away; the company keeps at least one user administrator."""
    rights(by).require("core.give_roles", company.pk)
    lock(Company.objects.filter(pk=company.pk))
    taken = list(memberships(by).filter(company=company, pk__in=ids).order_by("pk"))
    if len(taken) != len(set(ids)):
        raise Refused("people.gone", _("One of these roles is gone already. Reload the list."))
    for membership in taken:
        _refuse_own(membership.user, by)
    _refuse_without_user_admin(company, ids)
    _record(company, "role.taken", taken, by)
    Membership.objects.filter(pk__in=ids).delete()
    return []


def _refuse_other_name(person: User, name: str) -> None:
    """An address that somebody else has is a slip, or a trap."""
    typed, known = " ".join(name.split()), " ".join(person.name.split())
    if typed and typed.casefold() != known.casefold():
        words = _("%(address)s belongs to %(person)s. If that person is meant, enter no name.")
        raise Refused("people.other_name", words % {"address": person.email, "person": person})


def _refuse_own(person: User, by: User) -> None:
    if person == by:
        words = _("Nobody changes their own roles. Another user administrator can do this.")
        raise Refused("people.own_role", words)


def _refuse_without_user_admin(company: Company, leaving: list[int]) -> None:
    admins = Membership.objects.filter(company=company, role=Role.USER_ADMIN, user__is_active=True)
    if admins.filter(pk__in=leaving).exists() and not admins.exclude(pk__in=leaving).exists():
        words = _(
            "A company keeps at least one user administrator. Give the role to another first."
        )
        raise Refused("people.last_user_admin", words)


@inside_transaction
def _record(company: Company, verb: str, changed: list[Membership], by: User) -> None:
    happened = [
        Fact([("company", company.pk), ("person", row.user_id)], {"role": row.role})
        for row in changed
    ]
    record(company, verb, happened, by=by)
