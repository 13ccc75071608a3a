"""Deductions against the benefit that they go off, where a gemeente's `regulier` is gross."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from payments.money import format_amount
from payments.month import Month
from payments.parties import BenefitRecord, Component
from payments.problems import Problem

_BENEFIT = (Component.REGULAR, Component.TOP_UP)


def beyond_benefit(
    new: Iterable[BenefitRecord],
    known: Iterable[BenefitRecord],
    counted: AbstractSet[tuple[str, Month]],
    lines: Mapping[str, int],
    file: str,
) -> Iterator[Problem]:
    """Deductions that exceed the benefit of their client and month, or that come when a run `counted` it already.

    `new` are the lines of the file for clients with a gross benefit, `known` those of the books for the same clients.
    """
    months: dict[tuple[str, Month], dict[str, BenefitRecord]] = defaultdict(dict)
    before = {record.reference for record in known}
    for record in (*known, *new):
        months[record.client, record.month][record.reference] = record
    for (client, month), records in sorted(months.items()):
        added = [r for r in records.values() if r.component is Component.DEDUCTION and r.reference not in before]
        regular = next((r for r in records.values() if r.component is Component.REGULAR), None)
        if not added or (regular is not None and regular.suspended):
            continue
        line, amount = lines[added[-1].reference], format_amount(added[-1].amount_cents)
        if (client, month) in counted:
            what = (
                f"comes after the run that counted the benefit of {client} in {month}: what was counted is booked and "
                "may be told or paid. Deduct it from a month that was not run yet"
            )
            yield Problem(file, line, "bedrag", amount, what)
        left = _left(records.values())
        if left < 0:
            what = (
                f"is more than the benefit of {client} in {month}: together they leave {format_amount(left)}. "
                "Correct the amount, or import the benefit that it goes off in the same file"
            )
            yield Problem(file, line, "bedrag", amount, what)


def _left(records: Iterable[BenefitRecord]) -> int:
    granted = [record for record in records if not record.suspended]
    benefit = sum(r.amount_cents for r in granted if r.component in _BENEFIT)
    return benefit - sum(r.amount_cents for r in granted if r.component is Component.DEDUCTION)
