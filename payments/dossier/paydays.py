"""Until when we pay for a client, by paydays: a day without a ground matters only where a month is paid on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from payments.calendar import payday
from payments.month import Month, add_months, month_of
from payments.plan.grounds import Segment

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GroundGap:
    """Days without a ground between two that have one; `missed` are the benefit months whose payday is among them."""

    first: date
    until: date
    missed: tuple[Month, ...]

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.until - self.first).days + 1


def missed_paydays(first: date, until: date, day: int) -> tuple[Month, ...]:
    """The benefit months that are paid on one of these days; `day` is the payday of the gemeente."""
    found = []
    month = add_months(month_of(first), -1)  # a payday moves back to a day on which banks settle
    while month <= add_months(month_of(until), 1):
        if first <= payday(month, day) <= until:
            found.append(month)
        month = add_months(month, 1)
    return tuple(found)


def ground_gaps(segments: Sequence[Segment], day: int) -> Iterator[GroundGap]:
    """Every stretch without a ground that is followed by one, in order of time."""
    last: date | None = None
    for segment in sorted(segments, key=lambda s: (s.start, s.until)):
        if last is not None and segment.start > last + ONE_DAY:
            first, until = last + ONE_DAY, segment.start - ONE_DAY
            yield GroundGap(first, until, missed_paydays(first, until, day))
        last = segment.until if last is None else max(last, segment.until)


def paid_until(segments: Sequence[Segment], day: int, on: date) -> date | None:
    """The last day of the grounds that follow each other from `on` without a payday between them; None: there is none.

    This is the one answer to "until when do we pay", for the worklist as for letters.
    """
    broken = [gap for gap in ground_gaps(segments, day) if gap.missed]
    starts = [segment.start for segment in segments]
    if not starts or on < min(starts) or any(gap.first <= on <= gap.until for gap in broken):
        return None
    end = min((gap.first - ONE_DAY for gap in broken if gap.first > on), default=max(s.until for s in segments))
    return end if on <= end else None
