"""Whose each month of each fixed cost is: ours, in a file, reserved, the client's, paid otherwise, or nobody's.

A month is due once the run that should pay it is over: it was made, or its payday has gone by. What is not due yet is
`future`, unless it is certain already that no run will ever pay it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.calendar import payday
from payments.dossier.case import Case
from payments.intake.dated_versions import ALWAYS, Version, counting
from payments.month import Month, add_months, index, month_of
from payments.parties import Category, Frequency, Obligation
from payments.plan.due import LATE_MONTHS
from payments.plan.grounds import Segment
from payments.plan.terms import OwnStretch, claims, end_of_term, start_of_term, through
from payments.plan.withholding import ALLOWS_OTHER

AHEAD = 6  # months that are shown beside those gone by


class Who(StrEnum):
    """Whose a month of a fixed cost is."""

    PAID = "paid"  # a payment of ours that left the house
    IN_FILE = "in_file"  # a payment in a file that waits
    RESERVED = "reserved"  # money set apart, or come back and not decided about
    CLIENT = "client"
    OTHERWISE = "otherwise"
    BOTH = "both"
    NOBODY = "nobody"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Ours:
    """What we did for a month: paid, in a file or reserved, with the payment where there is one."""

    who: Who
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """One month of one fixed cost."""

    month: Month
    who: Who
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Covering:
    """All that says whose the months of a fixed cost are; `dated` is the register through time, if it ever changed."""

    obligation: Obligation
    dated: Sequence[Version[Obligation]]
    ours: Mapping[Month, Ours]
    own: Sequence[OwnStretch] = ()
    otherwise: AbstractSet[Month] = frozenset()

    @property
    def versions(self) -> Sequence[Version[Obligation]]:
        """The line of the register through time, at least as it is."""
        return self.dated or (Version(ALWAYS, 1, self.obligation, dated=False),)

    @property
    def touched(self) -> AbstractSet[Month]:
        """Months of which somebody said or did something."""
        return self.ours.keys() | self.otherwise

    def clients_own(self, month: Month) -> bool:
        """Whether the client pays this month alone."""
        return any(stretch.holds(month) for stretch in self.own)


@dataclass(frozen=True, slots=True)
class Span:
    """The months that matter for one client and one category.

    `begins`: the first that can be anybody's business here; `first`: the first that a run could pay; `due`: the last
    of which the run is over; `last`: the last that is looked at.
    """

    offset: int
    begins: Month
    first: Month
    due: Month
    last: Month
    payday: int
    grounds: Sequence[Segment] = ()

    def allows_other(self, month: Month) -> bool:
        """Whether a cost outside the closed list of art. 56a may be paid for a month at all."""
        day = payday(add_months(month, -self.offset), self.payday)
        return any(segment.ground in ALLOWS_OTHER and segment.covers(day) for segment in self.grounds)


def span_of(case: Case, ran: Collection[Month], payday_of_month: int, offset: int, today: date) -> Span:
    """The months of a client by the day that their right began, the runs of the gemeente and the end."""
    now = month_of(today)
    over = now if payday(now, payday_of_month) < today else add_months(now, -1)
    while add_months(over, 1) in ran:
        over = add_months(over, 1)
    right = case.client.right_from
    entry = month_of(right)
    if payday(entry, payday_of_month) < right:
        entry = add_months(entry, 1)
    started = min(ran) if ran else (now if payday(now, payday_of_month) >= today else add_months(now, 1))
    first = add_months(max(entry, started), offset)
    last = add_months(now, AHEAD)
    if case.ended_on is not None:
        last = min(last, add_months(_last_run(case.ended_on, payday_of_month), offset))
    # Who was here before our first run brings months of before; those are not ours to ask about.
    begins = month_of(right) if entry >= started else first
    return Span(offset, begins, first, add_months(over, offset), last, payday_of_month, case.segments)


def _last_run(ended_on: date, payday_of_month: int) -> Month:
    month = month_of(ended_on)
    return month if payday(month, payday_of_month) <= ended_on else add_months(month, -1)


def calendar(cost: Covering, span: Span) -> tuple[Covered, ...]:
    """Every month of a cost in its order, from its start to its end."""
    months = set(cost.touched) | set(_range(cost, span))
    found = (_covered(cost, span, month) for month in sorted(months))
    return tuple(covered for covered in found if covered is not None)


def missed(cost: Covering, span: Span) -> tuple[Covered, ...]:
    """The months that are nobody's or twice somebody's and certain, from the start of the right on."""
    start = max(span.begins, _first_covered(cost))
    plain = not cost.own and not cost.otherwise and len(cost.versions) == 1
    until = min(span.last, add_months(span.due, cost.obligation.frequency.months - 1) if plain else span.last)
    if start > until or (plain and sum(start <= month <= until for month in cost.ours) > index(until) - index(start)):
        return ()  # most costs of most clients: every month is paid
    found = (_covered(cost, span, month) for month in through(start, until))
    return tuple(covered for covered in found if covered is not None and covered.who in (Who.NOBODY, Who.BOTH))


def _range(cost: Covering, span: Span) -> tuple[Month, ...]:
    obligation = cost.obligation
    over = obligation.last_covered is not None and obligation.last_covered < span.first
    start = max(span.begins if over else span.first, _first_covered(cost))
    return through(start, span.last) if start <= span.last else ()


def _first_covered(cost: Covering) -> Month:
    return min(version.record.first_covered for version in _standing(cost.versions))


def _standing(versions: Sequence[Version[Obligation]]) -> Iterator[Version[Obligation]]:
    """The versions that count for some month: of those from one month the newest."""
    newest: dict[Month, Version[Obligation]] = {}
    for version in versions:
        known = newest.get(version.from_month)
        if known is None or known.sequence < version.sequence:
            newest[version.from_month] = version
    return iter(sorted(newest.values(), key=lambda version: version.from_month))


def _covered(cost: Covering, span: Span, month: Month) -> Covered | None:
    ours, theirs = cost.ours.get(month), cost.clients_own(month)
    elsewhere = month in cost.otherwise
    if ours is not None:
        return Covered(month, Who.BOTH if theirs or elsewhere else ours.who, ours.payment)
    if theirs or elsewhere:
        return Covered(month, Who.CLIENT if theirs else Who.OTHERWISE)
    who = _unclaimed(cost, span, month)
    return None if who is None else Covered(month, who)


def _unclaimed(cost: Covering, span: Span, month: Month) -> Who | None:
    """Whose a month is that nobody paid or took over; None where the register asks for no payment."""
    version = counting(cost.versions, add_months(month, -span.offset))
    if version is None:
        return None
    obligation = version.record
    if claims(obligation, month):
        if obligation.category is Category.OTHER and not span.allows_other(month):
            return Who.CLIENT  # outside the closed list of art. 56a
        return _awaited(obligation, span, month)
    if month < obligation.first_covered:
        # A later line moved the start: the month that an earlier one claimed is still to be paid by somebody.
        before = [older for older in _standing(cost.versions) if older.from_month < version.from_month]
        if before and claims(before[-1].record, month):
            return Who.NOBODY
    return None


def term_at(cost: Covering, offset: int, month: Month) -> tuple[Month, Month] | None:
    """The first and the last month of the term that a month belongs to; None where the register never had it."""
    line = line_at(cost, offset, month)
    start = None if line is None else start_of_term(line, month)
    return None if line is None or start is None else (start, end_of_term(line, start))


def line_at(cost: Covering, offset: int, month: Month) -> Obligation | None:
    """The line of the register that a month belongs to: the one that counts for it, else the newest that had it."""
    version = counting(cost.versions, add_months(month, -offset))
    for known in ([version] if version else []) + [*_standing(cost.versions)][::-1]:
        if claims(known.record, month):
            return known.record
    return None


def claimed(cost: Covering, span: Span, month: Month) -> bool:
    """Whether the register has this cost in a month."""
    version = counting(cost.versions, add_months(month, -span.offset))
    return version is not None and claims(version.record, month)


def once_claimed(cost: Covering, month: Month) -> bool:
    """Whether a line that counted for some month had this cost in it."""
    return any(claims(version.record, month) for version in _standing(cost.versions))


def _awaited(obligation: Obligation, span: Span, month: Month) -> Who:
    """Whether a run is still to come that pays the term of this month."""
    start = start_of_term(obligation, month)
    assert start is not None, "the register claims this month"
    if obligation.frequency is Frequency.ONCE:
        until = add_months(start, LATE_MONTHS)  # a run so late still pays it
        return Who.NOBODY if until < span.first or until <= span.due else Who.FUTURE
    if start < span.first and end_of_term(obligation, start) < span.first:
        return Who.NOBODY  # no run can pay it by itself
    return Who.NOBODY if max(start, span.first) <= span.due else Who.FUTURE
