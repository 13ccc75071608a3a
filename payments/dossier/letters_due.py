"""Of which occasions clients and creditors are told by letter, each once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.dossier.case import Case, EventKind, FixedCost
from payments.dossier.ending import Fit, Junction
from payments.dossier.worklist import warning
from payments.dossier.worklist_items import Look
from payments.month import Month, first_day, month_of
from payments.parties import Category


class NoticeKind(StrEnum):
    """What a notice tells; `ground_ends` goes to the client, and with an obligation to its creditor."""

    GROUND_ENDS = "ground_ends"
    HANDOVER = "handover"  # to the client, about one obligation
    HANDOVER_CREDITOR = "handover_creditor"  # to the creditor of the same one
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One letter to be made; `obligation` is empty where it is about the client as a whole."""

    client: str
    obligation: str
    kind: NoticeKind
    about: date

    @property
    def to_creditor(self) -> bool:
        """Whether the creditor of the obligation gets it, and not the client."""
        return self.kind is NoticeKind.HANDOVER_CREDITOR or (
            self.kind is NoticeKind.GROUND_ENDS and self.obligation != ""
        )


@dataclass(frozen=True, slots=True)
class Passing:
    """An obligation that passes from us to the client with its first own month."""

    cost: FixedCost
    first_own: Month


def occasions(look: Look, warn_weeks: Sequence[int], today: date) -> Iterator[Occasion]:
    """Everything that client and creditors have to be told of today; of a death nobody is told by letter."""
    case, who = look.case, look.case.client.client
    if case.trajectory is None or any(event.kind is EventKind.DEATH for event in case.events):
        return
    if case.ended_on is not None:
        yield Occasion(who, "", NoticeKind.ENDED, case.ended_on)
    last = case.last_ground_day(today)
    if last is not None and ground_ending(case, last) and _told(last, warn_weeks, today):
        yield Occasion(who, "", NoticeKind.GROUND_ENDS, last)
        for passing in to_pass(look, today):
            if passing.cost.first_own is None:  # else its creditor reads of the hand-over
                yield Occasion(who, passing.cost.obligation.obligation, NoticeKind.GROUND_ENDS, last)
    for cost in case.costs:
        if cost.first_own is not None:
            for kind in (NoticeKind.HANDOVER, NoticeKind.HANDOVER_CREDITOR):
                yield Occasion(who, cost.obligation.obligation, kind, first_day(cost.first_own))


def ground_ending(case: Case, last: date) -> bool:
    """Whether the grounds really end on that day, without a follow-up and without an end that comes first."""
    proposed = case.proposal.end_date if case.proposal else None
    ended = case.ended_on is not None and case.ended_on <= last
    return case.last_ground_day(last) == last and not ended and (proposed is None or proposed > last)


def _told(last: date, warn_weeks: Sequence[int], today: date) -> bool:
    """From the second warning on: the first one is for the office, in time for a follow-up decision."""
    steps = sorted(warn_weeks, reverse=True)
    return warning(last, steps[1:] or steps, today) is not None


def to_pass(look: Look, on: date) -> list[Passing]:
    """The obligations that we still paid on a day and that the client pays afterwards, from which month on."""
    found = []
    for cost, junction in zip(look.case.costs, look.junctions, strict=True):
        first_own = cost.first_own or junction.expected
        if _paid_by_us(cost, junction) and (cost.first_own is None or first_own > month_of(on)):
            found.append(Passing(cost, first_own))
    return found


def _paid_by_us(cost: FixedCost, junction: Junction) -> bool:
    if junction.fit is Fit.NOT_NEEDED or junction.last_ours is None:
        return False
    return cost.paid != () or cost.obligation.category is not Category.OTHER  # overig: not on every ground
