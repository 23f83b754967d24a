"""Runs over PDFs and mail: drawing and sending, each between two deeds and never inside one."""

from collections.abc import Sequence

from core.models import Company
from documents import actions, outbox, renderings
from documents.models import Message, Rendering
from documents.renderings import PrinterMissing, of_sources
from users.models import User

FEW = 20  # PDFs drawn, or messages handed to the mail server, between two deeds


def render_documents(
    company: Company, kind: str, ids: Sequence[int], *, by: User
) -> list[Rendering]:
    """The PDFs of documents, drawn now where they are not there yet; in the order of `ids`.

    Without Pango they go on waiting, with the remedy as their problem.
    """
    missing = [pk for pk in ids if pk not in _done(kind, ids)]
    for start in range(0, len(missing), FEW):
        few = missing[start : start + FEW]
        try:
            drawn = list(renderings.draw(company, kind, few))
        except PrinterMissing as problem:
            names = [(pk, s.name) for pk, s in renderings.sheets(company, kind, missing).items()]
            actions.note_missing_printer(company, kind, names, str(problem), by=by)
            break
        actions.keep_renderings(company, kind, drawn, by=by)
    known = {r.source_id: r for r in of_sources(kind, ids)}
    return [known[pk] for pk in ids if pk in known]


def _done(kind: str, ids: Sequence[int]) -> set[int]:
    rows = of_sources(kind, ids).filter(state=Rendering.State.DONE)
    return set(rows.values_list("source_id", flat=True))


def draw_renderings(company: Company, ids: Sequence[int], *, by: User) -> list[str]:
    """Draws PDFs that were asked for, and says of which document there is none and why."""
    rows = Rendering.objects.filter(company=company, pk__in=ids).order_by("pk")
    sources = list(rows.values_list("source_kind", "source_id"))
    made: list[Rendering] = []
    for kind in dict(sources):
        made += render_documents(company, kind, [pk for k, pk in sources if k == kind], by=by)
    return [f"{row.source_name}: {row.problem}" for row in made if row.problem]


def send_messages(company: Company, ids: Sequence[int], *, by: User) -> None:
    """Sends queued messages: marked in one deed, handed over, and settled in a second one.

    A message about a document that is printed waits until its PDF is there.
    """
    _draw_attachments(company, ids, by=by)
    for start in range(0, len(ids), FEW):
        parcels = actions.start_messages(company, ids[start : start + FEW], by=by)
        if parcels:
            outcomes = outbox.deliver(company, parcels)
            actions.settle_messages(company, outcomes, by=by)


def _draw_attachments(company: Company, ids: Sequence[int], *, by: User) -> None:
    queued = Message.objects.filter(pk__in=ids, state=Message.State.QUEUED)
    sources = list(queued.order_by("pk").values_list("source_kind", "source_id"))
    for kind in renderings.PRINTS:
        wanted = [pk for source_kind, pk in sources if source_kind == kind]
        failed = of_sources(kind, wanted).filter(state=Rendering.State.FAILED)
        hopeless = set(failed.values_list("source_id", flat=True))
        render_documents(company, kind, [pk for pk in wanted if pk not in hopeless], by=by)
