"""One client's case as the books know it on a day: the road from the first payment to a decision that holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from payments.dossier.checklist import Answer
from payments.intake.dated_versions import Version
from payments.month import Month, add_months, first_day
from payments.parties import Category, Client, Obligation, ResidenceGround
from payments.plan.grounds import Segment, in_order, in_scope, last_day_of_months, mandatory_segment
from payments.plan.terms import OwnStretch
from payments.states import TrajectoryState


class EventKind(StrEnum):
    """What can happen in a life that changes a month; `on_day` is its first day, of `right_ended` the last one."""

    RIGHT_ENDED = "right_ended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MOVED_WITHIN = "moved_within"
    MOVED_OUT = "moved_out"
    PARTNER_JOINED = "partner_joined"
    PARTNER_LEFT = "partner_left"
    MANDATE_REVOKED = "mandate_revoked"
    MANDATE_GIVEN = "mandate_given"
    DEATH = "death"
    ARREARS = "arrears"  # seen after the end
    NO_ARREARS = "no_arrears"


class Method(StrEnum):
    """How a client pays a fixed cost alone."""

    DIRECT_DEBIT = "incasso"
    TRANSFER = "overboeking"


class Payer(StrEnum):
    """Who paid a month of a fixed cost beside us."""

    SPECIAL_ASSISTANCE = "bijzondere_bijstand"
    CLIENT = "client"
    CREDIT = "krediet"
    LANDLORD = "verhuurder"


class EarlyReason(StrEnum):
    """Why an ontzorgen may end without a passed checklist."""

    RIGHT_ENDED = "right_ended"
    MOVED = "moved"
    DEATH = "death"
    MANDATE_REVOKED = "mandate_revoked"
    CUSTOM = "maatwerk"  # the individual deviation: named apart in every report


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as a person recorded it."""

    sequence: int
    kind: EventKind
    on_day: date
    why: str
    decision: str | None
    recorded_by: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class AssessmentMade:
    """One assessment as it was recorded; `answers` are only those it brought."""

    sequence: int
    assessed_on: date
    checklist: str
    waive_proof: str | None
    answers: Mapping[str, Answer]
    assessed_by: str


@dataclass(frozen=True, slots=True)
class AddedGround:
    """A ground segment added by decision, with the day by which the client is assessed again."""

    segment: Segment
    reassess_on: date


@dataclass(frozen=True, slots=True)
class EndProposal:
    """An end somebody proposed; `reason` is empty for the ordinary end."""

    sequence: int
    end_date: date
    floor_date: date
    reason: EarlyReason | None
    why: str | None
    missing: tuple[str, ...]
    proposed_by: str
    proposed_on: date


@dataclass(frozen=True, slots=True)
class FixedCost:
    """One obligation with what we paid of it and what the client took over.

    `paid` holds every month that a live payment, or money set apart for one, reaches; `waiting` those that came back or
    were refused and wait for a decision or a new payment; `otherwise` those that somebody else paid; `proofs` what the
    client paid alone; `taken_back` the stretches of own months that ended, oldest first; `versions` the line of the
    register through time, empty where it never changed.
    """

    obligation: Obligation
    paid: tuple[Month, ...]
    first_own: Month | None
    method: str | None
    proofs: Mapping[Month, bool]
    taken_back: tuple[OwnStretch, ...] = ()
    versions: tuple[Version[Obligation], ...] = ()
    otherwise: tuple[Month, ...] = ()
    waiting: tuple[Month, ...] = ()

    @property
    def own(self) -> tuple[OwnStretch, ...]:
        """The months that the client pays alone, oldest first."""
        return self.taken_back if self.first_own is None else (*self.taken_back, OwnStretch(self.first_own))

    @property
    def last_covered(self) -> Month | None:
        """The last month that our payments reach, a quarter to its end."""
        return max(self.paid, default=None)

    def clients_own(self, month: Month) -> bool:
        """Whether the client pays this month, or paid it before we took the cost back."""
        handed = self.first_own is not None and month >= self.first_own
        return handed or any(stretch.holds(month) for stretch in self.taken_back)

    def after(self, last: Month | None) -> Month:
        """The first month that would be the client's after the last that we pay, past those that were theirs before."""
        found = add_months(last, 1) if last else self.obligation.first_covered
        for stretch in self.taken_back:
            if stretch.back_from is not None and stretch.holds(found):
                found = stretch.back_from
        return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exception, or a payment under way, that has to come to rest before an end."""

    key: str
    kind: str
    since: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Case:
    """Everything of one client that a decision rests on."""

    client: Client  # as events changed it
    trajectory: int | None  # None: never in scope
    stored_state: str
    period_from: date | None  # first day of the mandatory months; None while a person must decide
    months: int  # length of those
    segments: tuple[Segment, ...]
    added: tuple[AddedGround, ...]
    on_hold: str | None  # the reason
    events: tuple[Event, ...]
    costs: tuple[FixedCost, ...]
    months_paid: tuple[Month, ...]
    shortages: tuple[tuple[Month, str], ...]  # benefit month and obligation, of the newest run of each month
    unconfirmed: tuple[str, ...]  # obligations whose creditor has no confirmed IBAN
    open_items: tuple[Waiting, ...]
    open_payments: tuple[Waiting, ...]
    ledger_cents: int
    assessments: tuple[AssessmentMade, ...]
    proposal: EndProposal | None  # newest, unless withdrawn
    ended_on: date | None
    without: frozenset[Category] = frozenset()  # costs that somebody said this client does not have
    accepted_doubles: frozenset[str] = frozenset()  # bills of their own that look like another of the household

    @property
    def floor(self) -> date:
        """The last of the six months: no ordinary end lies before it."""
        return last_day_of_months(self.period_from or self.client.right_from, self.months)

    def state(self, on: date) -> TrajectoryState:
        """Where the trajectory stands on a day."""
        if self.stored_state != TrajectoryState.OPEN:
            return TrajectoryState(self.stored_state)
        return TrajectoryState.LAPSED if self.lapsed_since(on) else TrajectoryState.OPEN

    def lapsed_since(self, on: date) -> date | None:
        """The last day of a ground when none is in force any more on `on`; None otherwise."""
        if any(segment.covers(on) for segment in self.segments):
            return None
        past = [segment.until for segment in self.segments if segment.until < on]
        if past:
            return max(past)
        return self.client.right_from if self.period_from is None and self.client.right_from <= on else None

    def last_ground_day(self, on: date) -> date | None:
        """The day on which the unbroken row of grounds in force on `on` ends."""
        last: date | None = None
        for segment in sorted(self.segments, key=lambda s: s.start):
            if last is None:
                last = segment.until if segment.covers(on) else None
            elif segment.start - timedelta(days=1) <= last:
                last = max(last, segment.until)
        return last


def with_events(client: Client, events: Sequence[Event]) -> Client:
    """The client as events changed the register: an ended right and a revoked mandate count from the day they hold.

    What the register says later (a new right, a newer mandate) stands again by itself.
    """
    right_until, mandate = client.right_until, client.mandate_date
    for event in events:
        if event.kind is EventKind.RIGHT_ENDED and event.on_day >= client.right_from:
            known = client.right_until or event.on_day
            right_until = min(known, event.on_day)  # the newest word counts: a later day takes an earlier one back
        elif event.kind is EventKind.MANDATE_REVOKED and (mandate is None or mandate <= event.on_day):
            mandate = None
        elif event.kind is EventKind.MANDATE_GIVEN and mandate is None:
            mandate = event.on_day
    return replace(client, right_until=right_until, mandate_date=mandate)


def as_events_left(clients: Mapping[str, Client], happened: Mapping[str, list[Event]]) -> dict[str, Client]:
    """The clients of the register as events changed them."""
    return {code: with_events(client, happened.get(code, [])) for code, client in clients.items()}


def with_register_mandate(client: Client, register: Client) -> Client:
    """For the grounds only: a mandate that was revoked later does not undo the months that rested on it."""
    return replace(client, mandate_date=register.mandate_date)


def period_start(client: Client, right_ends: Iterable[date], decided: Mapping[date, date]) -> date | None:
    """The first day of the mandatory months; None while nobody decided what an interrupted right means.

    A first day that was merely corrected counts by itself. `decided`: the decision per first day of a right.
    """
    if client.right_from in decided:
        return decided[client.right_from]
    if any(end < client.right_from for end in right_ends):
        return None
    return client.right_from


def left_scope(scopes: Mapping[Month, bool]) -> date | None:
    """The last day on which somebody was in scope who is not any more; `scopes`: from which months, in that order."""
    months = list(scopes)
    for before, after in reversed([*pairwise(months)]):
        if scopes[before]:
            return None if scopes[months[-1]] else first_day(after) - timedelta(days=1)
    return None


def grounds_of(
    client: Client,
    added: Sequence[Segment],
    months: int,
    period_from: date | None,
    in_scope_until: date | None = None,
) -> tuple[Segment, ...]:
    """Every ground of a client; all of them end with the right to bijstand.

    Of who was in scope once, and until when, the mandatory one ends then: a new permit undoes no month of before.
    """
    mandatory = None
    if period_from is not None:
        began = replace(client, right_from=period_from)
        mandatory = mandatory_segment(began, months)
        if in_scope_until is not None and not in_scope(client):
            within = replace(began, must_integrate=True, residence_ground=ResidenceGround.ASYLUM_DEFINITE)
            mandatory = _until(mandatory_segment(within, months), in_scope_until)
    last = client.right_until
    return tuple(s for segment in in_order(mandatory, added) if (s := _until(segment, last)) is not None)


def _until(segment: Segment | None, last: date | None) -> Segment | None:
    """A segment as far as a last day; None where that lies before its first."""
    if segment is None or last is None:
        return segment
    return replace(segment, until=min(segment.until, last)) if segment.start <= last else None
