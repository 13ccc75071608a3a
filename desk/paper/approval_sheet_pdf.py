"""The approval sheet on paper: the words and figures of the one on screen, signed and compared with the bank's screen.

The same sheet gives the same bytes, whenever it is printed.
"""

from desk.paper.approval_sheet import (
    COMPARE,
    HASHES,
    HEAD,
    KEEP,
    NEXT,
    NOTHING,
    SIGNATURES,
    SIGNED,
    SIGNERS,
    TITLE,
    UNPAID,
    Order,
    Sheet,
    steps,
)
from desk.paper.typesetting import Data, pdf
from desk.words.formats import euros, grouped
from payments.money import format_amount


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet as an A4 document."""
    return pdf(
        "approval_sheet.typ",
        {
            "title": f"{TITLE} {sheet.file_id}",
            "heading": TITLE,
            "foot": f"{sheet.file_id}  SHA-256 ..{sheet.hashes[0][2]}",
            "facts": sheet.facts,
            "figures": (("Totaal", euros(sheet.cents)), ("Aantal betalingen", str(sheet.count))),
            "orders": [_order(order) for order in sheet.orders],
            "hashes": sheet.hashes,
            "warnings": sheet.warnings,
            "unpaid": sheet.unpaid,
            "head": (("Regel en controlegetal", sheet.head),),
            "steps": steps(sheet.file_id),
            "signers": SIGNERS,
            "signed": SIGNED,
            "words": {
                "order": "Opdracht",
                "hashes": HASHES,
                "compare": f"Vergelijk de grote tekens {COMPARE}",
                "warnings": f"Let op ({len(sheet.warnings)})",
                "nothing": NOTHING,
                "unpaid": UNPAID,
                "head": HEAD,
                "keep": KEEP,
                "next": NEXT,
                "signatures": SIGNATURES,
            },
        },
    )


def _order(order: Order) -> Data:
    """One order: its account and day, and a table of who is paid."""
    return {
        "facts": order.facts,
        "columns": ("Per ontvanger", "Rekening", "Aantal", "Bedrag"),
        "recipients": [(r.name, grouped(r.iban), str(r.count), format_amount(r.cents)) for r in order.recipients],
        "total": ("Samen", "", str(order.count), format_amount(order.cents)),
    }
