"""Templates: forms count once, nothing is inline, nothing comes from elsewhere."""

import re

from o2c.glossary import GLOSSARY
from tests.architecture.source import templates

POST_FORM = re.compile(r"<form[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+=\"|\sstyle=\"|<style", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|href)=\"(?:https?:)?//", re.IGNORECASE)
# PDFs and mails are no pages of the browser; allauth's own forms guard themselves.
NO_PAGES = ("templates/print/", "templates/mail/", "templates/allauth/", "templates/account/",
            "templates/mfa/")  # fmt: skip


def pages():
    return [(name, text) for name, text in templates() if not name.startswith(NO_PAGES)]


def forms_that_count_twice(found):
    return [
        name
        for name, text in found
        for form in POST_FORM.findall(text)
        if "{% csrf_token %}" not in form or "{% once %}" not in form
    ]


def test_every_form_that_acts_counts_once():
    assert forms_that_count_twice(pages()) == []
    assert forms_that_count_twice([("a", '<form method="post">{% csrf_token %}</form>')])


def inline(found):
    return [(name, match) for name, text in found for match in INLINE.findall(text)]


def test_nothing_is_inline():
    assert inline(pages()) == []
    for bad in ("<script>x</script>", '<a onclick="x">', '<p style="x">', "<style>"):
        assert inline([("a", bad)])
    assert not inline([("a", '<script type="module" src="x"></script>')])


def test_nothing_is_fetched_from_elsewhere():
    assert [name for name, text in templates() if ELSEWHERE.search(text)] == []
    assert ELSEWHERE.search('<img src="https://example.com/x.png">')


TERM = re.compile(r"{% term \"(\w+)\" %}")


def test_every_term_is_explained_and_every_explanation_is_used():
    used = {name for _template, text in templates() for name in TERM.findall(text)}
    assert used == GLOSSARY.keys()
