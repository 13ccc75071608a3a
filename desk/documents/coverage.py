"""The calendar of fixed costs as office Dutch and as a document: codes, months and payments, no names."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from desk.words.dossier import COVERED_BY
from desk.words.formats import in_columns
from flows.actions.coverage import CostCovered
from payments.dossier.coverage import Covered, Who

_WIDTHS = (10, 24, 18, 20, 26)
_HEAD = ("klant", "vaste last", "soort", "maanden", "wie betaalt")


def document(found: Sequence[CostCovered]) -> list[dict[str, Any]]:
    """The calendar as `coverage --json` gives it."""
    return [
        {
            "client": cost.client,
            "obligation": cost.obligation,
            "category": cost.category.value,
            "months": [{"month": m.month, "who": m.who.value, "payment": m.payment} for m in cost.months],
        }
        for cost in found
    ]


def text(found: Sequence[CostCovered]) -> str:
    """The same on a screen: months in a row that are the same person's are one line."""
    if not any(cost.months for cost in found):
        return "Er zijn geen vaste lasten in deze maanden."
    lines = [in_columns((*_HEAD, "betaling"), (*_WIDTHS, 0))]
    for cost in found:
        for months in _rows(cost.months):
            cells = (cost.client, cost.obligation, cost.category.value, _span(months), COVERED_BY[months[0].who])
            lines.append(in_columns((*cells, months[0].payment or ""), (*_WIDTHS, 0)).rstrip())
    return "\n".join(lines)


def _rows(months: Sequence[Covered]) -> Iterator[list[Covered]]:
    def same(covered: Covered) -> tuple[Who, str | None]:
        return covered.who, covered.payment

    for _, group in groupby(months, key=same):
        yield [*group]


def _span(months: Sequence[Covered]) -> str:
    first, last = months[0].month, months[-1].month
    return first if first == last else f"{first} t/m {last}"
