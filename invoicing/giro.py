"""The code on an invoice that a banking app scans: EPC069-12 (SEPA credit transfer) as SVG.

Version 2, UTF-8, error correction M; at most 331 bytes. It carries what the payer would type.
"""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

MOST = Decimal("999999999.99")
LONGEST_NAME = 70
QUIET_ZONE = 4


def payload(name: str, iban: str, bic: str, amount: Decimal, reference: str) -> str:
    """The text of the code: service, version, character set, kind, payee, amount, reference."""
    lines = ("BCD", "002", "1", "SCT", bic, name[:LONGEST_NAME], iban.replace(" ", ""))
    return "\n".join((*lines, f"EUR{amount:.2f}", "", reference))


def drawing(text: str) -> SafeString:
    """A QR code as one SVG path in a square with its quiet zone."""
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text.encode())
    matrix = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="giro" viewBox="0 0 {0} {0}" role="img"><path d="{1}"/></svg>',
        len(matrix),
        mark_safe(path),  # noqa: S308  (letters and digits made above)
    )
