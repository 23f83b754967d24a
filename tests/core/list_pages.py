"""The addresses of the list tests: one list of jobs, with money made of their sizes."""

from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F
from django.urls import path

from core import lists
from core.access import door
from core.models import Job
from core.pages import Deed
from o2c.urls import urlpatterns as house


class JobTable(lists.Table):
    title = lists.NameColumn("Job")
    person = lists.TextColumn("Started by", accessor="started_by__name")
    started_at = lists.DayColumn("Started")
    ended_at = lists.DayColumn("Ended")
    amount = lists.MoneyColumn("Amount", currency="company__currency")
    done = lists.NumberColumn("Done")
    order = "-started_at"
    totals = ("amount",)
    hidden = ("done",)

    def link(self, record):
        return f"/jobs/{record.pk}"


class JobFilters(lists.Filters):
    search = ("title", "started_by__name")
    views = (("Big", {"over": "100"}), ("All", {}))
    person = lists.Words("Started by", "started_by__name", "started_by__email")
    over = lists.Over("Amount from", "amount")
    under = lists.Under("Amount up to", "amount")
    started = lists.Days("Started", "started_at")
    title = lists.Choice("Title", "title", [("a", "Letter A"), ("b", "Letter B"), ("c", "C")])


def with_amounts(rows):
    cents = F("total") / Decimal(100)
    amount = ExpressionWrapper(cents, DecimalField(max_digits=20, decimal_places=4))
    return rows.annotate(amount=amount)


@door("core.jobs")
def jobs(request, company):
    rows = with_amounts(Job.objects.visible_to(request.user).filter(company=company))
    return lists.serve(
        request,
        company,
        rows=rows.select_related("started_by", "company"),
        table=JobTable,
        filters=JobFilters,
        title="Jobs",
        deeds=[Deed("stop", "Stop", "stop")],
    )


urlpatterns = [path("<slug:company>/tested-jobs", jobs), *house]
