"""What monitoring rests on: people, their trajectories and their payments, each fact with the day from which it counts.

Everything is asked as of a day, and nothing that is dated later changes the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from payments.dossier.case import AssessmentMade, EarlyReason, Event, EventKind, grounds_of, period_start, with_events
from payments.dossier.checklist import Assessment, Checklist, Known, OwnPayment, evaluate, latest
from payments.month import Month, first_day, last_day, month_of
from payments.parties import Category, Client, Obligation
from payments.plan.grounds import Segment

NO_GROUND = "geen"
ADVANCE = frozenset({Category.RENT, Category.HEALTH_INSURANCE})  # due on the 1st; the others when their month is over
ADULT_NORM_AGE = 21  # below it another, much lower norm holds

R = TypeVar("R", Client, Obligation)


def in_force(versions: Sequence[tuple[Month, R]], day: date) -> R | None:
    """The version of a register that counts on a day: of those that hold, the one recorded last."""
    month = month_of(day)
    return next((record for start, record in reversed(versions) if start <= month), None)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The day on which we took an obligation back, from which month, and the day on which that was changed again."""

    on: date
    back_from: Month
    again: date | None


@dataclass(frozen=True, slots=True)
class OwnCost:
    """An obligation in its versions, since when it is handed over, and the own payments with the day of seeing."""

    versions: tuple[tuple[Month, Obligation], ...]
    handed_over: date | None
    proofs: tuple[tuple[date, OwnPayment], ...]
    taken_back: tuple[TakenBack, ...] = ()  # oldest first

    def handed(self, day: date) -> bool:
        """Whether it was the client's on that day."""
        ours = any(back.on <= day and (back.again is None or back.again > day) for back in self.taken_back)
        return self.handed_over is not None and self.handed_over <= day and not ours

    def seen(self, day: date) -> list[OwnPayment]:
        """The own payments that count on that day: none from before it was taken back, nor while it is ours."""
        since = next((back.back_from for back in reversed(self.taken_back) if back.on <= day), "")
        if since and not self.handed(day):
            return []
        return [proof for seen, proof in self.proofs if seen <= day and proof.covers >= since]

    def active(self, day: date) -> Obligation | None:
        """The obligation if it runs in the month of that day."""
        found, month = in_force(self.versions, day), month_of(day)
        if found is None or found.first_covered > month:
            return None
        return found if found.last_covered is None or found.last_covered >= month else None


@dataclass(frozen=True, slots=True)
class Person:
    """One client through time."""

    client: str
    versions: tuple[tuple[Month, Client], ...]  # of the register, as recorded; the first one holds always
    events: tuple[Event, ...] = ()
    right_ends: frozenset[date] = frozenset()
    decided: Mapping[date, date] = field(default_factory=dict)  # first day of the period, per first day of a right
    added: tuple[Segment, ...] = ()
    costs: tuple[OwnCost, ...] = ()
    exceptions: tuple[tuple[date, date | None], ...] = ()  # since, and settled on

    def at(self, day: date) -> Client:
        """The client as the register has them for that day."""
        found = in_force(self.versions, day)
        assert found is not None
        return found

    def ground(self, day: date, months: int) -> str:
        """The ground in force on that day, or `geen`; `months` is the length of the mandatory one."""
        register = self.at(day)
        # A mandate that was revoked later does not undo the months that rested on it.
        known = replace(with_events(register, self.events), mandate_date=register.mandate_date)
        start = period_start(register, self.right_ends, self.decided)
        segments = grounds_of(known, self.added, months, start)
        return next((segment.ground.value for segment in segments if segment.covers(day)), NO_GROUND)

    def age_group(self, day: date) -> str:
        """Which norm holds for this age."""
        born = self.at(day).birth_date
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return "21+" if age >= ADULT_NORM_AGE else "18-20"

    def known(self, day: date) -> Known:
        """What the books said on that day."""
        active = [(found.category, cost.handed(day)) for cost in self.costs if (found := cost.active(day))]
        waiting = {category for category, handed in active if not handed}
        client = self.at(day)
        return Known(
            open_exceptions=sum(since <= day and (end is None or end > day) for since, end in self.exceptions),
            handed_over=frozenset(category for category, _ in active) - waiting,
            has_own_account=client.iban is not None,
            has_mandate=client.mandate_date is not None,
            months_paid=0,
        )


@dataclass(frozen=True, slots=True)
class TrajectoryHistory:
    """One trajectory of one person; `reason` is empty for an ordinary end."""

    person: Person
    started: date
    ended: date | None = None
    reason: EarlyReason | None = None
    explained: bool = False  # somebody said why it ended so
    assessments: tuple[AssessmentMade, ...] = ()
    next_started: date | None = None

    @property
    def client(self) -> str:
        """The klantnummer."""
        return self.person.client

    def runs(self, day: date) -> bool:
        """Whether it is under way at the end of that day."""
        return self.started <= day and (self.ended is None or self.ended > day)

    def arrears(self, day: date) -> str:
        """What was seen last of arrears after the end, up to that day: yes, no or unknown."""
        after = [
            event.kind
            for event in sorted(self.person.events, key=lambda event: (event.on_day, event.sequence))
            if event.kind in (EventKind.ARREARS, EventKind.NO_ARREARS)
            and self.ended is not None
            and self.ended < event.on_day <= day
            and (self.next_started is None or event.on_day < self.next_started)
        ]
        if not after:
            return "unknown"
        return "yes" if after[-1] is EventKind.ARREARS else "no"

    def assessed(self, day: date, checklists: Mapping[str, Checklist]) -> Assessment | None:
        """The checklist as it stood on that day; None while nobody had assessed anything."""
        made = [assessment for assessment in self.assessments if assessment.assessed_on <= day]
        if not made:
            return None
        waived = next((a.waive_proof for a in reversed(made) if a.waive_proof is not None), None)
        proofs = [proof for cost in self.person.costs for proof in cost.seen(day)]
        answers = latest([assessment.answers for assessment in made])
        return evaluate(checklists[made[-1].checklist], answers, self.person.known(day), proofs, waived)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One payment: when it went to the bank, when the bank booked it, when it came back or was refused."""

    sent: date | None
    booked: date | None
    returned: date | None
    rejected: date | None

    def stands(self, day: date) -> bool:
        """Whether it was at or past the bank on that day and had not come back; a booking overrules a refusal."""
        if self.sent is None or self.sent > day or (self.returned is not None and self.returned <= day):
            return False
        refused = self.rejected is not None and self.rejected <= day
        return not refused or (self.booked is not None and self.booked <= day)


@dataclass(frozen=True, slots=True)
class Bill:
    """An obligation's covered month for which money was withheld, with every attempt to pay it."""

    gemeente: str
    client: str
    paid_by: tuple[str, ...]  # whose benefit it came out of
    category: Category
    covers: Month
    month: Month  # of the benefit
    decided: date  # execution date of the run that withheld it
    attempts: tuple[Attempt, ...]

    @property
    def due(self) -> date:
        """The last day on which a payment is on time."""
        return first_day(self.covers) if self.category in ADVANCE else last_day(self.covers)

    @property
    def counts_on(self) -> date:
        """The day by which it is counted: the due day, or the later one on which it was first paid."""
        return max(self.due, self.decided)

    def on_time(self, day: date) -> bool:
        """Whether it was booked in time and had not come back by `day`."""
        return any(a.stands(day) and a.booked is not None and a.booked <= self.due for a in self.attempts)


@dataclass(frozen=True, slots=True)
class MonthRun:
    """The runs of one gemeente's benefit month, oldest first: execution date, and who fell short by then."""

    gemeente: str
    month: Month
    runs: tuple[tuple[date, frozenset[str]], ...]

    @property
    def counts_on(self) -> date:
        """The day by which it is counted: that of the first run."""
        return self.runs[0][0]

    def short(self, day: date) -> frozenset[str]:
        """Who fell short by the newest run up to that day."""
        return next((clients for executed, clients in reversed(self.runs) if executed <= day), frozenset())
