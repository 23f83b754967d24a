"""The outbox: mail is queued inside a deed, and leaves between transactions.

There is no exactly-once in mail. What surely did not leave waits for the next try, what the
server refused has failed, and what may have left is *uncertain*: a person decides.
"""

import hashlib
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core import bulk, clock
from core.actions import inside_transaction
from core.events import Fact, record
from core.models import Company
from core.refusals import Refused
from documents.files import read
from documents.models import Message, StoredFile
from users.models import User

MOST_ATTEMPTS = 5
REFUSED_BY_SERVER = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
COLUMNS = (
    "id",
    "company_id",
    "message_id",
    "to",
    "subject",
    "body",
    "source_kind",
    "source_id",
    "source_name",
    "purpose",
    "queued_at",
)
Source = tuple[str, int, str]  # kind, id, name


@dataclass(frozen=True)
class Letter:
    """A mail to queue: about which document, for which purpose, to whom."""

    source: Source
    purpose: str
    to: str
    subject: str
    body: str


def objection(letter: Letter) -> Refused | None:
    """Why a letter cannot be queued: no good address, or a line break where a header would end."""
    try:
        validate_email(letter.to)
    except ValidationError:
        return Refused(
            "mail.address",
            _("%(document)s: “%(address)s” is no e-mail address. Correct it at the customer.")
            % {"document": letter.source[2], "address": letter.to},
        )
    if not letter.subject.isprintable():
        return Refused(
            "mail.subject",
            _("%(document)s: the subject of the mail holds a line break or a control character.")
            % {"document": letter.source[2]},
        )
    return None


@inside_transaction
def queue_messages(company: Company, letters: Sequence[Letter], *, by: User) -> list[int]:
    """Queues letters and returns their message ids.

    Queued once per document, purpose and address: the caller holds the lock on the documents.
    Raises the first objection; a set deed partitions by `objection` before.
    """
    for letter in letters:
        if refusal := objection(letter):
            raise refusal
    new = not_queued_yet(letters)
    if not new:
        return []
    ids = bulk.take_ids({Message: len(new)})[Message]
    at = clock.now()
    bulk.insert(
        Message,
        COLUMNS,
        [
            (
                pk,
                company.pk,
                message_id(x),
                x.to,
                x.subject[:200],
                x.body,
                *x.source,
                x.purpose,
                at,
            )
            for pk, x in zip(ids, new, strict=True)
        ],
    )
    facts = [
        Fact([("message", pk), x.source[:2]], {"name": x.source[2], "purpose": x.purpose})
        for pk, x in zip(ids, new, strict=True)
    ]
    record(company, "message.queued", facts, by=by)
    return ids


def not_queued_yet(letters: Sequence[Letter]) -> list[Letter]:
    """One letter for each document, purpose and address that has no message yet."""
    rows = Message.objects.filter(
        source_kind__in={x.source[0] for x in letters},
        source_id__in={x.source[1] for x in letters},
    ).values_list("source_kind", "source_id", "purpose", "to")
    known = {(*about, to.lower()) for *about, to in rows}
    by_key = {(*x.source[:2], x.purpose, x.to.lower()): x for x in letters}
    return [x for key, x in by_key.items() if key not in known]


def message_id(letter: Letter) -> str:
    """The Message-ID: the same on every attempt, so that a second copy can be recognised."""
    kind, pk, _name = letter.source
    reader = hashlib.sha256(letter.to.lower().encode()).hexdigest()[:12]
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{kind}.{pk}.{letter.purpose}.{reader}@{host}>"


def goes_out() -> bool:
    """Whether there is a mail server; without one the mailbox page is where mail ends."""
    return bool(settings.EMAIL_HOST)


@dataclass(frozen=True)
class Parcel:
    """A message with the files that go with it."""

    message: Message
    files: Sequence[StoredFile] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of one message: the transition to take, and why."""

    message: Message
    became: Callable[..., None]
    problem: str = ""


def deliver(company: Company, parcels: Sequence[Parcel]) -> list[Outcome]:
    """Hands messages to the mail server, between transactions."""
    if not goes_out():
        return [Outcome(parcel.message, Message.arrive) for parcel in parcels]
    server = get_connection()
    try:
        return [_deliver(server, company, parcel) for parcel in parcels]
    finally:
        server.close()


def _deliver(server: BaseEmailBackend, company: Company, parcel: Parcel) -> Outcome:
    message = parcel.message
    try:
        mail = mail_of(company, parcel)
    except Refused as refusal:
        return Outcome(message, Message.fail, refusal.message)
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        return _try_later(message, _("The mail server cannot be reached: %(error)s"), error)
    try:
        server.send_messages([mail])
    except REFUSED_BY_SERVER as error:
        if _means_later(error):
            server.close()  # it may have hung up with its "later"
            return _try_later(message, _("The mail server does not take it now: %(error)s"), error)
        words = _("The mail server refused it: %(error)s") % {"error": error}
        return Outcome(message, Message.fail, words)
    except (smtplib.SMTPException, OSError) as error:
        server.close()  # the next message gets a connection of its own
        words = _("The connection broke while it was sent: %(error)s") % {"error": error}
        return Outcome(message, Message.doubt, words)
    return Outcome(message, Message.arrive)


def _means_later(error: Exception) -> bool:
    """Whether a refusal is for the moment only (RFC 5321: 4yz), as greylisting is."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    else:
        codes = [getattr(error, "smtp_code", 0)]
    return all(400 <= code < 500 for code in codes)


def _try_later(message: Message, words: str, error: Exception) -> Outcome:
    worn_out = message.attempts >= MOST_ATTEMPTS
    return Outcome(
        message, Message.fail if worn_out else Message.postpone, words % {"error": error}
    )


def mail_of(company: Company, parcel: Parcel) -> EmailMessage:
    """The mail as it leaves. Django refuses line breaks in any of its headers."""
    message = parcel.message
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((company.name, settings.DEFAULT_FROM_EMAIL)),
        to=[message.to],
        reply_to=[company.email] if company.email else [],
        headers={"Message-ID": message.message_id},
    )
    for file in parcel.files:
        mail.attach(file.title, read(file), file.content_type)
    return mail
