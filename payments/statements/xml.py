"""Other people's XML, read without trust: no DTD, no entities, bounded size and depth.

Elements come stripped of their namespaces, so that one reader serves every version of a message.
"""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from core.refusals import Refused

MOST_BYTES = 50 * 2**20
MOST_DEPTH = 40
MARKS = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # of byte order, and blanks, in any encoding
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"


def elements(content: bytes) -> Iterator[tuple[str, Element, str]]:
    """Start and end of every element: event, element with its bare name, namespace."""
    _check_size(content)
    depth = 0
    try:
        for event, element in iterparse(
            io.BytesIO(content), ("start", "end"), forbid_dtd=True, forbid_external=True
        ):
            depth += 1 if event == "start" else -1
            if depth > MOST_DEPTH:
                raise refused("too_deep", _("The file is nested deeper than any statement."))
            namespace, brace, name = element.tag.rpartition("}")
            if brace and event == "end":
                element.tag = name
            yield event, element, namespace
    except DefusedXmlException:
        text = _(
            "The file declares a document type or entities, which statements never do. "
            "It was not read. Download it again from the bank."
        )
        raise refused("dtd", text) from None
    except (ParseError, ValueError, LookupError):
        raise refused("not_xml", _unreadable(content)) from None


def _unreadable(content: bytes) -> str:
    """Whether it is XML that is damaged, or something else altogether: an image, a table, a PDF."""
    if content.lstrip(MARKS).startswith(b"<"):
        return _("The file is not well-formed XML: it is damaged or cut off. Download it again.")
    return _(
        "This is no bank statement: it is not even XML. In the online banking, export the account "
        "statement as camt.053 (XML)."
    )


def _check_size(content: bytes) -> None:
    if not content.strip():
        raise refused("empty", _("The file is empty."))
    if len(content) > MOST_BYTES:
        text = _("The file is larger than %(most)d MiB. Export fewer days at a time.")
        raise refused("too_big", text, most=MOST_BYTES // 2**20)
    if content.startswith((ZIP, GZIP)):
        raise refused("packed", _("The file is packed. Unpack it and upload the XML inside."))


def refused(code: str, text: str, **numbers: object) -> Refused:
    """A refusal of the whole file, with its figures in the words."""
    return Refused(f"statement.{code}", text % numbers if numbers else text, **numbers)
