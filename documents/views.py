"""The mailbox, failed deliveries, PDFs that wait, and files."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import lists, pages
from core.access import Request, door
from core.kinds import source_address
from core.models import Company, rights
from core.pages import Deed
from core.refusals import Refused
from documents import actions, queries
from documents.files import read
from documents.filters import MessageFilters, RenderingFilters
from documents.forms import AddressForm
from documents.models import Message
from documents.outbox import goes_out
from documents.tables import MessageTable, RenderingTable

POST = ("POST",)
MOST_LISTED = 100
DECIDED = (Message.State.FAILED, Message.State.UNCERTAIN)


def url(name: str, company: Company, *more: int) -> str:
    return reverse(f"documents:{name}", args=[company.slug, *more])


@door("documents.view")
def mailbox(request: Request, company: Company) -> HttpResponseBase:
    """All mail; without a mail server this is where it ends."""
    may = rights(request.user).may("documents.send", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.mail(request.user, company),
        table=MessageTable,
        filters=MessageFilters,
        title=_("Mailbox"),
        deeds=[Deed("retry", _("Send again"), url("retry_messages", company))] if may else [],
        buttons=[
            Deed("failed", _("Failed deliveries"), url("failures", company), method="get"),
            Deed("pdfs", _("Waiting PDFs"), url("renderings", company), method="get"),
        ],
        empty=_("Mail to customers appears here."),
    )


@door("documents.view")
def message(request: Request, company: Company, name: int) -> HttpResponse:
    """One message with its text and its files."""
    row = get_object_or_404(queries.mail(request.user, company), pk=name)
    return pages.show(
        request,
        "documents/message.html",
        row,
        kind="message",
        message=row,
        title=row.subject,
        list_url=url("mailbox", company),
        files=list(row.files.all()),
        source_url=source_address(company, row),
        deeds=deeds_of(request, company, row),
        goes_out=goes_out(),
        facts=[
            (_("To"), row.to),
            (_("Queued"), row.queued_at),
            (_("Sent"), row.sent_at),
            (_("Attempts"), str(row.attempts)),
        ],
    )


def deeds_of(request: Request, company: Company, row: Message) -> list[Deed]:
    """What a person may decide about a message that failed or is in doubt."""
    if not rights(request.user).may("documents.send", company.pk):
        return []
    refusal = ""
    if row.state not in DECIDED:
        refusal = _("Only a message that failed or is in doubt needs a decision.")
    again = _("It may have arrived already; the reader may get it twice.")
    return [
        Deed(
            "retry",
            _("Send again"),
            url("retry_message", company, row.pk),
            refusal,
            confirm=again if row.state == Message.State.UNCERTAIN else "",
            primary=True,
            key="r",
        ),
        Deed("sent", _("It was sent"), url("mark_sent", company, row.pk), refusal, key="m"),
    ]


@door("documents.view")
def failures(request: Request, company: Company) -> HttpResponse:
    """The worklist of mail that did not arrive, or perhaps did."""
    troubled = queries.troubled(request.user, company)
    rows = list(troubled[:MOST_LISTED])
    wanted = request.GET.get("item", "")
    item = next((row for row in rows if str(row.pk) == wanted), rows[0] if rows else None)
    context = {
        "title": _("Failed deliveries"),
        "left": troubled.count(),
        "queue": [_queued(company, row, current=row == item) for row in rows],
        "item": item,
        "address": AddressForm(initial={"to": item.to}) if item else None,
        "files": list(item.files.all()) if item else [],
        "deeds": deeds_of(request, company, item) if item else [],
        "done_url": url("mailbox", company),
        "done_label": _("Mailbox"),
        "empty": _("Every message reached its server."),
    }
    return render(request, "documents/failures.html", context)


def _queued(company: Company, row: Message, *, current: bool) -> dict[str, object]:
    """A line of the queue."""
    return {
        "url": f"{url('failures', company)}?item={row.pk}",
        "title": row.subject,
        "reason": f"{row.get_state_display()}: {row.to}",
        "current": current,
    }


@door("documents.send", POST)
def retry_messages(request: Request, company: Company) -> HttpResponse:
    """Queues the ticked messages again."""
    ids = lists.chosen(request, queries.mail(request.user, company))
    rows = actions.retry_messages(ids, by=request.user)
    count = len(rows)
    words = ngettext("%(count)d message is queued.", "%(count)d messages are queued.", count)
    messages.success(request, words % {"count": count})
    return redirect("documents:mailbox", company.slug)


@door("documents.send", POST)
def retry_message(request: Request, company: Company, name: int) -> HttpResponse:
    """Queues one message again, perhaps to another address."""
    row = get_object_or_404(queries.mail(request.user, company), pk=name)
    form = AddressForm(request.POST)
    if not form.is_valid():
        raise Refused("mail.address", _("This is no e-mail address."))
    to = form.cleaned_data["to"].strip()
    actions.retry_messages([row.pk], by=request.user, to="" if to == row.to else to)
    messages.success(request, _("The message is queued."))
    return redirect("documents:failures", company.slug)


@door("documents.send", POST)
def mark_sent(request: Request, company: Company, name: int) -> HttpResponse:
    """Takes a person's word that a message arrived."""
    row = get_object_or_404(queries.mail(request.user, company), pk=name)
    actions.mark_messages_sent([row.pk], by=request.user)
    messages.success(request, _("The message counts as sent."))
    return redirect("documents:failures", company.slug)


@door("documents.view")
def renderings(request: Request, company: Company) -> HttpResponseBase:
    """PDFs that are not there yet, and what to do about it."""
    may = rights(request.user).may("documents.send", company.pk)
    return lists.serve(
        request,
        company,
        rows=queries.renderings(request.user, company),
        table=RenderingTable,
        filters=RenderingFilters,
        title=_("Waiting PDFs"),
        deeds=[Deed("render", _("Make now"), url("render_waiting", company))] if may else [],
        empty=_("Every PDF that was asked for is there."),
    )


@door("documents.send", POST)
def render_waiting(request: Request, company: Company) -> HttpResponse:
    """Starts a job that draws the ticked PDFs, and goes to its progress."""
    ids = lists.chosen(request, queries.pdfs(request.user, company))
    job = actions.ask_renderings(company, ids, by=request.user)
    return redirect("core:job", company.slug, job.pk)


@door("core.home")
def file(request: Request, company: Company, pk: int) -> FileResponse:
    """A file as a download, for whoever may see its document; unknown to everybody else."""
    found = queries.file_for(request.user, company, pk)
    if found is None:
        raise Http404
    response = FileResponse(
        BytesIO(read(found)),
        as_attachment=True,
        filename=found.title,
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
