"""Pictures of every kind of page with the demo company: `make screenshots` fills var/screens/.

Each page is taken at two widths and in both themes, so that a person can look at them side by
side. Words after the command take only the pages whose names hold one of them.
"""

import contextlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium

COMPANY = "nordwind"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
READY_SECONDS = 60
FIRST_ROW = "main table tbody tr td a[href]"


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it; `first` goes on to the page of the first row."""

    name: str
    person: str
    path: str
    first: bool = False


def of(person: str, *pages: str) -> list[Picture]:
    """`name path`, and `name path >` for the page behind the first row of that list."""
    parts = [page.split() for page in pages]
    return [Picture(name, person, path, bool(first)) for name, path, *first in parts]


PICTURES = [
    *of("sofia", "home-sales .", "customers customers/", "customer customers/ >",
        "customer-edit customers/C10006/edit", "orders orders/", "order orders/?state=confirmed >",
        "order-draft orders/?state=draft >", "order-new orders/new", "orders-import orders/import",
        "prices prices/ ", "price-list prices/ >", "products products/", "product products/ >",
        "search search?q=Werk", "settings /settings/"),
    *of("walter", "home-warehouse .", "to-ship shipments/to-ship",
        "shipments shipments/", "shipment shipments/ >", "stock stock/",
        "stock-row stock/ >", "stock-receive stock/receive", "stock-documents stock/documents/"),
    *of("anna", "home-receivables .", "to-bill invoices/to-bill", "invoices invoices/",
        "invoice invoices/ >", "invoice-paid invoices/?state=settled >", "mailbox mail/",
        "statements payments/statements/", "statement payments/statements/ >",
        "statement-import payments/statements/import", "cash-application payments/cash-application",
        "receipts payments/receipts/", "receipt payments/receipts/ >", "pdfs mail/pdfs"),
    *of("carlos", "home-credit .", "holds holds/"),
    *of("chiara", "ageing collections/", "late collections/late"),
    *of("clara", "home-controller .", "journal books/journal/", "entry books/journal/ >",
        "entry-new books/journal/new", "chart books/accounts/", "account books/accounts/1200",
        "trial-balance books/trial-balance", "periods books/periods/", "taxes books/taxes/",
        "rates books/rates/", "banks books/banks/", "proof proof", "events events/",
        "take-over books/take-over"),
    *of("elena", "dashboard dashboard"),
    *of("ada", "company company/", "terms terms/", "jobs jobs/", "parked parked/"),
    *of("ulf", "people people/"),
]  # fmt: skip


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of a web server of our own on the database of `make run`."""
    from django.conf import settings
    from django.db import connection

    from o2c import startup
    from o2c.processes import Process, stop_all

    startup.prepare(say)
    connection.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    web = Process("The web server", "gunicorn", "o2c.wsgi", "--bind", f"127.0.0.1:{port}",
                  "--threads", "4", "--log-level", "warning")  # fmt: skip
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_all([web])
        settings.EMBEDDED.release()


def wait_for(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    sys.exit(f"The web server is not ready within {READY_SECONDS} seconds.")


def signed_in(browser: Browser, address: str, person: str) -> Any:
    """The cookies of somebody of the demo, to be used in any window."""
    from o2c.demo.company import DOMAIN, PASSWORD

    page = browser.new_page()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(f"{person}@{DOMAIN}")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "login" not in url)
    state = page.context.storage_state()
    page.context.close()
    return state


def take(page: Page, address: str, picture: Picture, target: str) -> None:
    path = picture.path.removeprefix(".")
    where = path if path.startswith("/") else f"/{COMPANY}/{path}"
    answer = page.goto(address + where)
    if picture.first:
        row = page.locator(FIRST_ROW)
        if not row.count():
            sys.exit(f"{where} has no row to follow.")
        answer = page.goto(address + str(row.first.get_attribute("href")))
    if not (answer and answer.ok):
        sys.exit(f"{page.url} answers {answer and answer.status}.")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=True)


def main(words: list[str]) -> None:
    from django.conf import settings

    folder = settings.VAR / "screens"
    wanted = [p for p in PICTURES if not words or any(word in p.name for word in words)]
    if not words:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium.EXECUTABLE, args=chromium.ARGUMENTS
        )
        for person in dict.fromkeys(picture.person for picture in wanted):
            cookies = signed_in(browser, address, person)
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    context = browser.new_context(
                        storage_state=cookies,
                        viewport={"width": width, "height": height},
                        color_scheme=theme,
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    for picture in wanted:
                        if picture.person == person:
                            name = f"{picture.name}-{width}-{theme}.png"
                            take(page, address, picture, str(folder / name))
                            say(name)
                    context.close()
        browser.close()
    say(f"{len(wanted) * len(WIDTHS) * len(THEMES)} pictures are in {folder}")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    if chromium.EXECUTABLE is None:
        sys.exit(chromium.MISSING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    main(sys.argv[1:])
