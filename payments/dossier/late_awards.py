"""Rights awarded so long after they arose that no payday lies within the mandatory months any more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from payments.calendar import payday
from payments.month import add_months, month_of
from payments.parties import Client
from payments.plan.grounds import in_scope, last_day_of_months


@dataclass(frozen=True, slots=True)
class LateAward:
    """A right of which the mandatory months end before a run can pay: it needs another ground."""

    client: str
    right_from: date
    last_day: date  # of the mandatory months
    next_payday: date


def late_awards(
    records: Iterable[Client], known: Mapping[str, Client], months: int, paydays: Mapping[str, int], today: date
) -> Iterator[LateAward]:
    """Of the lines of a register those whose right is new or begins otherwise than `known`, and began too long ago."""
    for record in records:
        before = known.get(record.client)
        if not in_scope(record) or (before is not None and before.right_from == record.right_from):
            continue
        last = last_day_of_months(record.right_from, months)
        on = payday(month_of(today), paydays[record.gemeente])
        if on < today:
            on = payday(add_months(month_of(today), 1), paydays[record.gemeente])
        if last < on and (record.right_until is None or record.right_until >= on):
            yield LateAward(record.client, record.right_from, last, on)
