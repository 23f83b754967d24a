"""Numbers are read in the browser as the server reads them."""

import math

from django.templatetags.static import static
from playwright.sync_api import Page

from core.refusals import Refused
from core.spreadsheets import parse_number

TYPED = [
    "12,50", "12.50", "1,250", "1.250", "0,125", "2500,5", "1234,567", "1.250,75", "1,250.75",
    "1,250,000", "1.250.000,5", "1,25,000", "1.2,3", "1,2.3,4", "12345,678.9", "1 250", "1'250.5",
    "1\N{RIGHT SINGLE QUOTATION MARK}250", "1\N{NARROW NO-BREAK SPACE}250,5", " 7 ", "-5",
    "\N{MINUS SIGN}5,5", "+5", "--5", "5-", "", "ten", "1e5", "NaN", ".5", "5.", "1,,5", "0",
    "A5", "/5", ".500",
]  # fmt: skip


def by_the_server(text: str) -> float:
    try:
        return float(parse_number(text, places=6))
    except Refused:
        return math.nan


def test_the_browser_reads_what_the_server_reads(page: Page, live_server):
    page.goto(f"{live_server.url}/accounts/login/")
    read = "async ([file, typed]) => typed.map((await import(file)).read).map(String)"
    found = page.evaluate(read, [static("js/number.js"), TYPED])
    assert [repr(float(number)) for number in found] == [repr(by_the_server(t)) for t in TYPED]
