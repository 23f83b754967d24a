"""What every business row shares: a company, and one door through which people see it."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from core.models.companies import Company, rights
from users.models import User

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class CompanyQuerySet(models.QuerySet[Row_co]):
    """Rows of companies. `visible_to` is the only door to them for a person."""

    def visible_to(self, user: User) -> Self:
        """Rows in companies where `user` may view them, or only the own ones of a sales rep."""
        granted = rights(user)
        if granted.everything:
            return self
        model: Any = self.model
        path = model.company_path
        scope = Q(**{f"{path}__in": granted.companies(model.view_permission)})
        if model.own_rows:
            own = granted.companies(f"{model.view_permission}_own")
            scope |= Q(**{f"{path}__in": own, model.own_rows: user})
        return self.filter(scope)

    def of(self, company: Company) -> Self:
        return self.filter(**{self.model.company_path: company})  # type: ignore[attr-defined]


class SharedQuerySet(models.QuerySet[Row_co]):
    """Rows shared by all companies (partners, products): seen by whoever may view any."""

    def visible_to(self, user: User) -> Self:
        granted = rights(user)
        permission = self.model.view_permission  # type: ignore[attr-defined]
        if granted.everything or granted.companies(permission):
            return self
        return self.none()


class CompanyRow(models.Model):
    """A row that belongs to one company.

    `view_permission` is what it takes to see it; `own_rows` is the path to the user whose own
    rows are seen with `<view_permission>_own` alone.
    """

    view_permission: ClassVar[str]
    own_rows: ClassVar[str] = ""
    company_path: ClassVar[str] = "company"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True


class Document(CompanyRow):
    """A row with a number and a history: never deleted once it has its number.

    `version` grows with each edit, so that a form posted on an old version is refused.
    """

    number = models.CharField(max_length=30, null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, db_index=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The number, or `draft-<id>` while there is none; this is also the name in URLs."""
        return self.number or f"draft-{self.pk}"

    @classmethod
    def named(cls, name: str) -> Q:
        """The filter that finds a document by its name."""
        draft, dash, pk = name.partition("-")
        if draft == "draft" and dash and pk.isascii() and pk.isdigit() and len(pk) < 19:
            return Q(pk=int(pk), number=None)
        return Q(number=name)
