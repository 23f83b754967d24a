"""Browser tests: Debian's Chromium against a live server; any complaint of a page is a failure."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests import chromium
from users.models import User

# Playwright runs an event loop in this thread, where Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium the tests of this folder are skipped, but in CI they fail."""
    for item in items:
        if "tests/browser/" not in item.nodeid:
            continue
        item.add_marker(pytest.mark.browser)
        if chromium.EXECUTABLE is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if chromium.EXECUTABLE is None:
        pytest.fail(chromium.MISSING)
    return {
        **browser_type_launch_args,
        "executable_path": chromium.EXECUTABLE,
        "args": chromium.ARGUMENTS,
    }


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose errors, and what the content security policy blocked, fail the test.

    A question before a deed is none, though its status, 409, is told in the console.
    """
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    assert [told for told in complaints if "409 (Conflict)" not in told] == []


@pytest.fixture
def cookies_of(client: Client, live_server: Any) -> Callable[[User], list[Any]]:
    """The cookies of somebody who has logged in."""

    def cookies(person: User) -> list[Any]:
        client.force_login(person)
        return [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]

    return cookies
