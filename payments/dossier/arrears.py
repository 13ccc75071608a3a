"""What creditors did not get: terms that nobody paid, and payments that were lower than the bill."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.dossier.coverage import Covering, Span, Who, line_at, missed, term_at
from payments.dossier.uncovered import covering_of, spans_of
from payments.dossier.worklist_items import Look
from payments.month import Month
from payments.parties import Category

Key = tuple[str, Month]  # obligation and covered month


class ArrearsReason(StrEnum):
    """Why a term is not, or not wholly, paid."""

    SHORTFALL = "shortfall"  # it did not fit in the benefit
    RETURN = "return"  # the payment came back, or was refused
    TARIFF = "tariff"  # paid, and less than the bill of that month
    GAP = "gap"  # nobody was to pay it, or could


@dataclass(frozen=True, slots=True)
class Arrear:
    """One term that a creditor is still owed, in the name of its first month that nobody paid."""

    creditor: str
    client: str
    obligation: str
    category: Category
    month: Month
    amount_cents: int
    why: ArrearsReason


@dataclass(frozen=True, slots=True)
class PaidSoFar:
    """What the books add: which months fell short or came back, and what was paid for lines that changed."""

    short: Collection[Key]
    returned: Collection[Key]
    paid: Mapping[Key, int]


def arrears(looks: Sequence[Look], books: PaidSoFar, today: date) -> list[Arrear]:
    """Everything that is owed, by creditor, client and month."""
    found = [item for look in looks for item in _of_client(look, books, today)]
    return sorted(found, key=lambda item: (item.creditor, item.client, item.month, item.obligation))


def _of_client(look: Look, books: PaidSoFar, today: date) -> Iterator[Arrear]:
    if look.case.trajectory is None:
        return
    spans = spans_of(look, today)
    for cost in look.case.costs:
        covering, span = covering_of(cost), spans[cost.obligation.category]
        owed = [m.month for m in missed(covering, span) if m.who is Who.NOBODY and m.month <= span.due]
        said: set[Month] = set()
        for month in sorted({*owed, *cost.waiting}):
            term = term_at(covering, span.offset, month)
            if term is not None and term[0] not in said:
                said.add(term[0])
                yield from _owed(covering, span, term[0], month, _why((cost.obligation.obligation, term[0]), books))
        for month in cost.paid:
            yield from _too_little(covering, span, month, books)


def _why(key: Key, books: PaidSoFar) -> ArrearsReason:
    if key in books.returned:
        return ArrearsReason.RETURN
    return ArrearsReason.SHORTFALL if key in books.short else ArrearsReason.GAP


def _owed(covering: Covering, span: Span, start: Month, month: Month, why: ArrearsReason) -> Iterator[Arrear]:
    line = line_at(covering, span.offset, start)
    if line is not None:
        yield Arrear(line.creditor, line.client, line.obligation, line.category, month, line.amount_cents, why)


def _too_little(covering: Covering, span: Span, month: Month, books: PaidSoFar) -> Iterator[Arrear]:
    paid = books.paid.get((covering.obligation.obligation, month))
    line = line_at(covering, span.offset, month)
    if paid is not None and line is not None and paid < line.amount_cents:
        what = line.creditor, line.client, line.obligation, line.category, month
        yield Arrear(*what, line.amount_cents - paid, ArrearsReason.TARIFF)
