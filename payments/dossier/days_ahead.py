"""What is on its way for one client: the days in the window that a forecast must not let pass unseen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.dossier.case import Case
from payments.dossier.reassessment import reassessments_due
from payments.month import Month, add_months, first_day, last_day
from payments.plan.forecast import ForecastMonth
from payments.states import TrajectoryState


class AheadKind(StrEnum):
    """What happens on a day to come; of an end it is the last day itself."""

    GROUND_ENDS = "ground_ends"
    RIGHT_ENDS = "right_ends"
    REASSESSMENT_DUE = "reassessment_due"
    END_PROPOSED = "end_proposed"
    ENDS = "ends"
    HANDED_OVER = "handed_over"
    OBLIGATION_ENDS = "obligation_ends"
    MOVES_AWAY = "moves_away"


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One day to come for a client, or for one of their fixed costs."""

    on: date
    kind: AheadKind
    client: str
    obligation: str | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The months ahead of one household; `client` where one person's way was followed."""

    gemeente: str
    household: str
    client: str | None
    months: tuple[ForecastMonth, ...]
    coming: tuple[DayAhead, ...]

    @property
    def outdated(self) -> dict[str, Month]:
        """The clients whose benefit is assumed from an older month than the newest possible, with that month."""
        if not self.months:
            return {}
        first = self.months[0]
        newest = add_months(first.month, -1) if first.assumed else first.month
        return {
            member.client: member.known_in
            for month in self.months
            if month.assumed
            for member in month.members
            if member.known_in is not None and member.known_in < newest
        }


def days_ahead(case: Case, today: date, until: date, again: date | None = None) -> list[DayAhead]:
    """Everything known of a client that happens from today up to and including `until`, in order of time.

    `again` is the day of one more re-assessment, where one is asked for (see reassessment.asked_again).
    """
    found = [item for item in _all(case, today, again) if today <= item.on <= until]
    return sorted(found, key=lambda item: (item.on, item.kind, item.obligation or ""))


def _all(case: Case, today: date, again: date | None) -> Iterator[DayAhead]:
    client = case.client.client
    last = case.last_ground_day(today)
    if last is not None:
        yield DayAhead(last, AheadKind.GROUND_ENDS, client)
    if case.client.right_until is not None:
        yield DayAhead(case.client.right_until, AheadKind.RIGHT_ENDS, client)
    if case.ended_on is not None:
        yield DayAhead(case.ended_on, AheadKind.ENDS, client)
    elif case.proposal is not None and case.stored_state == TrajectoryState.END_PROPOSED:
        yield DayAhead(case.proposal.end_date, AheadKind.END_PROPOSED, client)
    for ground in reassessments_due(case):
        yield DayAhead(ground.reassess_on, AheadKind.REASSESSMENT_DUE, client)
    if again is not None:
        yield DayAhead(again, AheadKind.REASSESSMENT_DUE, client)
    for cost in case.costs:
        code = cost.obligation.obligation
        if cost.first_own is not None:
            yield DayAhead(first_day(cost.first_own), AheadKind.HANDED_OVER, client, code)
        if cost.obligation.last_covered is not None:
            yield DayAhead(last_day(cost.obligation.last_covered), AheadKind.OBLIGATION_ENDS, client, code)
