"""Legal entities, and who has which role in which of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import MINYEAR, date
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _refused
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.roles import ROLES, Role
from users.models import User

# Addresses that begin with another word than a company's.
RESERVED_SLUGS = (
    "accounts", "admin", "api", "healthz", "media", "portal", "preferences", "settings", "static",
)  # fmt: skip


class Company(models.Model):
    """A legal entity that sells and buys: the seller of EN 16931 (BG-4)."""

    slug = models.SlugField(_("short name"), unique=True, max_length=20)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("registered name"), max_length=200)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration_id = models.CharField(_("registration number"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    currency = models.CharField(_("base currency"), max_length=3)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Berlin")
    fiscal_year_start = models.PositiveSmallIntegerField(_("first month of the year"), default=1)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("name",)
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="company_month"
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=RESERVED_SLUGS), name="company_slug_is_free"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def fiscal_year(self, on: date) -> int:
        """The fiscal year of a day, named after the calendar year in which it ends."""
        if self.fiscal_year_start == 1 or on.month < self.fiscal_year_start:
            return on.year
        return on.year + 1

    def year_begins(self, on: date) -> date:
        """The first day of the fiscal year of a day."""
        before = on.month < self.fiscal_year_start and on.year > MINYEAR
        return date(on.year - before, self.fiscal_year_start, 1)


class Membership(models.Model):
    """One role of one person in one company; a person may have several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        constraints = (
            models.UniqueConstraint(fields=["user", "company", "role"], name="role_given_once"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


@dataclass
class Rights:
    """What one person may do, by company. The program itself may do everything."""

    user: User
    roles: dict[int, frozenset[str]]

    @cached_property
    def _permissions(self) -> dict[int, frozenset[str]]:
        return {
            company_id: frozenset().union(*(ROLES[Role(role)] for role in roles))
            for company_id, roles in self.roles.items()
        }

    @property
    def everything(self) -> bool:
        return self.user.is_system

    def permissions(self, company_id: int) -> frozenset[str]:
        return self._permissions.get(company_id, frozenset())

    def may(self, permission: str, company_id: int) -> bool:
        return self.everything or permission in self.permissions(company_id)

    def require(self, permission: str, company_id: int) -> None:
        """Raises Refused `not_allowed` unless the person may: the deed's own door."""
        if not self.may(permission, company_id):
            raise Refused(
                "not_allowed", _refused("You are not allowed to do this."), permission=permission
            )

    def companies(self, permission: str) -> list[int]:
        """Ids of the companies in which the person has `permission`."""
        return [pk for pk, granted in self._permissions.items() if permission in granted]


def rights(user: User) -> Rights:
    """The rights of `user`, read once for each loaded user object, i.e. once a request."""
    known: Rights | None = getattr(user, "_rights", None)
    if known is None:
        roles: dict[int, set[str]] = defaultdict(set)
        if user.is_active and not user.is_system:
            for company_id, role in Membership.objects.filter(
                user=user, company__archived_at=None
            ).values_list("company_id", "role"):
                roles[company_id].add(role)
        known = Rights(user, {pk: frozenset(names) for pk, names in roles.items()})
        user._rights = known  # type: ignore[attr-defined]
    return known
