"""Deeds on PDFs and mail. Drawing and sending lie between two of them, in `documents.runs`."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import bulk, clock, states
from core.actions import action
from core.events import Fact, record
from core.jobs import start_job
from core.locks import lock
from core.models import Company, Job, rights
from core.refusals import Refused
from documents import files, outbox, queries, renderings
from documents.models import Message, Rendering
from documents.outbox import Outcome, Parcel
from documents.renderings import Drawn, of_sources
from users.models import User

PDF = "application/pdf"
STUCK = timedelta(minutes=15)


@action
def keep_renderings(
    company: Company, kind: str, drawn: Sequence[Drawn], *, by: User
) -> list[Rendering]:
    """Stores what was drawn; a document that somebody else finished meanwhile keeps its PDF."""
    renderings.ask(company, kind, [(d.source_id, d.name) for d in drawn])
    rows = lock(of_sources(kind, [d.source_id for d in drawn]))
    drawn_by_id = {d.source_id: d for d in drawn}
    wanted = [(r, drawn_by_id[r.source_id]) for r in rows if r.state != Rendering.State.DONE]
    good = [(row, d) for row, d in wanted if not d.problem]
    new = [files.NewFile(f"{d.name}.pdf", PDF, d.content, (kind, d.source_id)) for _r, d in good]
    at = clock.now()
    for (row, _d), file_id in zip(good, files.store(company, new, by=by), strict=True):
        row.finish(file_id, at)
    for row, d in wanted:
        if d.problem:
            row.fail(d.problem)
    bulk.update(
        Rendering,
        ("id", "state", "file_id", "done_at", "problem"),
        [(row.pk, row.state, row.file_id, row.done_at, row.problem) for row, _d in wanted],
    )
    return rows


@action
def note_missing_printer(
    company: Company, kind: str, documents: Sequence[tuple[int, str]], problem: str, *, by: User
) -> None:
    """Leaves renderings waiting, with the remedy as their problem."""
    renderings.ask(company, kind, documents)
    rows = of_sources(kind, [pk for pk, _name in documents])
    rows.exclude(state=Rendering.State.DONE).update(problem=problem)


@action
def ask_renderings(company: Company, ids: Sequence[int], *, by: User) -> Job:
    """Starts a job that draws these PDFs, those that failed included."""
    rights(by).require("documents.send", company.pk)
    waiting = queries.renderings(by, company).filter(pk__in=ids)
    wanted = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not wanted:
        raise Refused("pdf.none", _("Tick at least one PDF that is not there yet."))
    count = len(wanted)
    title = ngettext("Make %(count)d PDF", "Make %(count)d PDFs", count) % {"count": count}
    return start_job(company, title, wanted, verb="pdfs.asked", by=by)


@action
def start_messages(company: Company, ids: Sequence[int], *, by: User) -> list[Parcel]:
    """Marks queued messages as being sent and fixes their attachments; the rest is left out."""
    rows = lock(Message.objects.filter(company=company, pk__in=ids, state=Message.State.QUEUED))
    made = _renderings_of(rows)
    parcels = []
    for row in rows:
        rendering = made.get((row.source_kind, row.source_id))
        if row.source_kind not in renderings.PRINTS:
            parcels.append(Parcel(row))
        elif rendering and rendering.file:
            parcels.append(Parcel(row, [rendering.file]))
        else:
            row.problem = rendering.problem if rendering else ""
    ready = [parcel.message for parcel in parcels]
    bulk.update(
        Message, ("id", "problem"), [(row.pk, row.problem) for row in rows if row not in ready]
    )
    states.apply(ready, Message.start, ["sending_since", "attempts"], clock.now())
    _attach(parcels)
    return parcels


def _renderings_of(rows: Sequence[Message]) -> dict[tuple[str, int], Rendering]:
    found = Rendering.objects.filter(
        source_kind__in={row.source_kind for row in rows},
        source_id__in={row.source_id for row in rows},
    ).select_related("file")
    return {(r.source_kind, r.source_id): r for r in found}


def _attach(parcels: Sequence[Parcel]) -> None:
    """Notes for good which files go with which message."""
    through = Message.files.through
    pairs = [(parcel.message.pk, file.pk) for parcel in parcels for file in parcel.files]
    through.objects.bulk_create(
        [through(message_id=message, storedfile_id=file) for message, file in pairs],
        ignore_conflicts=True,
    )


@action
def settle_messages(company: Company, outcomes: Sequence[Outcome], *, by: User) -> list[Message]:
    """Writes down what became of messages that were handed over."""
    at = clock.now()
    lock(Message.objects.filter(pk__in=[o.message.pk for o in outcomes]))
    for became, problem in dict.fromkeys((o.became, o.problem) for o in outcomes):
        rows = [o.message for o in outcomes if (o.became, o.problem) == (became, problem)]
        argument = at if became is Message.arrive else problem
        states.apply(rows, became, ["sent_at", "problem"], argument)
    sent = [o.message for o in outcomes if o.became is Message.arrive]
    _record_sent(company, sent, by=by)
    return sent


def _record_sent(company: Company, rows: Sequence[Message], *, by: User) -> None:
    facts = [
        Fact(
            [("message", row.pk), (row.source_kind, row.source_id)],
            {"name": row.source_name, "purpose": row.purpose},
        )
        for row in rows
    ]
    record(company, "message.sent", facts, by=by)


@action
def retry_messages(ids: Sequence[int], *, by: User, to: str = "") -> list[Message]:
    """Queues failed or uncertain messages once more; `to` corrects the address of a failed one."""
    rows = _locked(ids, by)
    if to:
        _readdress(rows, to)
    states.apply(rows, Message.requeue, ["problem", "attempts", "to", "message_id"])
    facts = [
        Fact([("message", r.pk), (r.source_kind, r.source_id)], {"name": r.source_name})
        for r in rows
    ]
    record(rows[0].company, "message.queued", facts, by=by)
    return rows


def _readdress(rows: Sequence[Message], to: str) -> None:
    letters = [
        outbox.Letter((r.source_kind, r.source_id, r.source_name), r.purpose, to, r.subject, r.body)
        for r in rows
    ]
    for row, letter in zip(rows, letters, strict=True):
        if refusal := outbox.objection(letter):
            raise refusal
        if row.state != Message.State.FAILED:
            raise states.not_allowed(row, "readdress")
        row.to, row.message_id = to, outbox.message_id(letter)
    if len(outbox.not_queued_yet(letters)) < len(letters):
        raise _there_already(letters)


def _there_already(letters: Sequence[outbox.Letter]) -> Refused:
    names = ", ".join(sorted({letter.source[2] for letter in letters}))
    words = _(
        "%(document)s was mailed to %(address)s already. "
        "Enter another address, or say that it was sent."
    )
    return Refused("mail.there_already", words % {"document": names, "address": letters[0].to})


@action
def mark_messages_sent(ids: Sequence[int], *, by: User) -> list[Message]:
    """A person says that failed or uncertain messages reached their readers."""
    rows = _locked(ids, by)
    states.apply(rows, Message.arrive, ["sent_at", "problem"], clock.now())
    _record_sent(rows[0].company, rows, by=by)
    return rows


def _locked(ids: Sequence[int], by: User) -> list[Message]:
    rows = lock(Message.objects.visible_to(by).filter(pk__in=ids).select_related("company"))
    if not rows or len(rows) != len(set(ids)) or len({row.company_id for row in rows}) != 1:
        raise Refused("mail.not_found", _("Choose messages of one company that you may see."))
    rights(by).require("documents.send", rows[0].company_id)
    return rows


@action
def doubt_stuck_messages(*, by: User) -> list[Message]:
    """Marks messages uncertain whose sender died between handing over and settling."""
    stuck = Message.objects.filter(
        state=Message.State.SENDING, sending_since__lt=clock.now() - STUCK
    )
    rows = lock(stuck)
    words = _("The program stopped while it was sent. Ask the reader, then decide.")
    states.apply(rows, Message.doubt, ["problem"], words)
    return rows
