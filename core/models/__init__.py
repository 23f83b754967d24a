"""The rows of core, one file per noun."""

from core.models.companies import Company, Membership, Rights, rights
from core.models.events import DocumentLink, Event, EventSubject, FollowUp
from core.models.jobs import Job
from core.models.numbers import NumberSeries
from core.models.requests import IdempotencyKey, RefusedAttempt, SignedLink, SignedLinkVisit
from core.models.rows import CompanyQuerySet, CompanyRow, Document, SharedQuerySet

__all__ = [
    "Company", "CompanyQuerySet", "CompanyRow", "Document", "DocumentLink", "Event", "EventSubject",
    "FollowUp", "IdempotencyKey", "Job", "Membership", "NumberSeries", "RefusedAttempt", "Rights",
    "SharedQuerySet", "SignedLink", "SignedLinkVisit", "rights",
]  # fmt: skip
