"""What creditors are still owed, as office Dutch and as a document: codes of clients, no names of theirs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from desk.words.dossier import ARREARS
from desk.words.formats import euros, in_columns
from flows.actions.arrears import Owed
from payments.money import format_amount

_WIDTHS = (10, 24, 18, 10, -12)


def document(owed: Owed) -> list[dict[str, Any]]:
    """The list as `report arrears --json` gives it."""
    return [
        {
            "creditor": item.creditor,
            "client": item.client,
            "obligation": item.obligation,
            "category": item.category.value,
            "month": item.month,
            "amount_cents": item.amount_cents,
            "why": item.why.value,
        }
        for item in owed.items
    ]


def text(owed: Owed) -> str:
    """The same on a screen, creditor by creditor with what each is owed."""
    return "\n".join(_lines(owed)) if owed.items else "Er zijn geen achterstanden bekend."


def _lines(owed: Owed) -> Iterator[str]:
    for code, group in groupby(owed.items, key=lambda item: item.creditor):
        items = [*group]
        creditor = owed.creditors.get(code)
        name = f" {creditor.name}" if creditor else ""
        yield f"{code}{name}: {euros(sum(item.amount_cents for item in items))}"
        for item in items:
            cells = (item.client, item.obligation, item.category.value, item.month, format_amount(item.amount_cents))
            yield f"  {in_columns(cells, _WIDTHS)}  {ARREARS[item.why]}"
