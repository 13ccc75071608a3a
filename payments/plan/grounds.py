"""Whether anything may be paid for a client on a day, and if not, for which one reason."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from payments.parties import BenefitRecord, Client, Component, ResidenceGround


class Ground(StrEnum):
    """The legal ground (grondslag) on which money may be withheld."""

    ART_56A = "ART_56A"  # Participatiewet art. 56a: the mandatory six months, from the right to bijstand
    ART_57 = "ART_57"  # reasoned decision afterwards
    VOLUNTARY = "VRIJWILLIG"  # the client's own renewed mandate
    CUSTOM = "MAATWERK"  # individual deviation


class HeldReason(StrEnum):
    """Why nothing is paid for a client or an obligation; stable codes, shown in status and worklist."""

    NOT_IN_SCOPE = "not_in_scope"
    ENDED = "ended"
    RIGHT_NOT_STARTED = "right_not_started"
    RIGHT_ENDED = "right_ended"
    NO_DECISION = "no_decision"
    NO_MANDATE = "no_mandate"
    NO_GROUND = "no_ground"
    ON_HOLD = "on_hold"
    NO_BENEFIT = "no_benefit"
    SUSPENDED = "suspended"
    IBAN_UNCONFIRMED = "iban_unconfirmed"  # of an obligation: its money stays reserved
    CREDITOR_CHANGED = "creditor_changed"  # of an obligation: its money is reserved for another creditor
    TERM_OVERLAP = "term_overlap"  # of an obligation: an earlier payment reaches into part of its term
    DOUBLE_COST = "double_cost"  # of an obligation: the same bill stands in the household under another code
    NOT_DUE = "not_due"  # of an obligation: its money is set apart, and the register does not ask for it any more
    PAYMENT_REFUSED = "payment_refused"  # of an obligation: a bank or a limit of ours would refuse its payment
    OTHER_NOT_ALLOWED = "other_not_allowed"  # of an obligation: `overig` without ART_57 or VRIJWILLIG


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of days on which a ground is in force; `until` is the last day itself."""

    ground: Ground
    start: date
    until: date
    decision: str

    def covers(self, day: date) -> bool:
        """Whether the ground is in force on that day."""
        return self.start <= day <= self.until


def last_day_of_months(start: date, months: int) -> date:
    """The last day of a period of calendar months: 17 March + 6 gives 16 September.

    Where the day number does not exist in the last month, that month's last day: 31 August + 6 gives 28 February.
    """
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    days = monthrange(year, month0 + 1)[1]
    if start.day > days:
        return date(year, month0 + 1, days)
    return date(year, month0 + 1, start.day) - timedelta(days=1)


def in_scope(client: Client) -> bool:
    """Whether art. 56a is about this client; the other grounds hold whatever the permit."""
    return client.must_integrate and client.residence_ground is ResidenceGround.ASYLUM_DEFINITE


def mandatory_segment(client: Client, months: int) -> Segment | None:
    """The ART_56A segment of who is in scope, by itself once decision and mandate are there (lid 2: six months)."""
    if not in_scope(client):
        return None
    if client.decision is None or client.decision_date is None or client.mandate_date is None:
        return None
    until = last_day_of_months(client.right_from, months)
    return Segment(Ground.ART_56A, client.right_from, until, client.decision)


def segments_of(client: Client, added: Sequence[Segment], months: int) -> tuple[Segment, ...]:
    """All ground segments of a client in order of time: the mandatory one and those added by decision."""
    return in_order(mandatory_segment(client, months), added)


def in_order(mandatory: Segment | None, added: Sequence[Segment]) -> tuple[Segment, ...]:
    """The mandatory segment, where there is one, and those added, in order of time."""
    every = [*added] if mandatory is None else [mandatory, *added]
    return tuple(sorted(every, key=lambda segment: (segment.start, segment.until)))


def overlapping(segments: Sequence[Segment], new: Segment) -> Segment | None:
    """The first segment that shares a day with `new`."""
    return next((old for old in segments if old.start <= new.until and new.start <= old.until), None)


def counted_benefit(records: Iterable[BenefitRecord], *, gross: bool = False) -> int:
    """What may be used for withholding: `regulier` and `aanvulling` that are not suspended; one-offs are only listed.

    Where `regulier` is gross, deductions still go off; where it is net they have gone off already.
    """
    granted = [record for record in records if not record.suspended]
    counted = sum(r.amount_cents for r in granted if r.component in (Component.REGULAR, Component.TOP_UP))
    return counted - sum(r.amount_cents for r in granted if gross and r.component is Component.DEDUCTION)


def reason_to_stop(
    client: Client, segments: Sequence[Segment], *, on_hold: bool, ended_on: date | None, on: date
) -> HeldReason | None:
    """The first reason not to pay for this client on a day, whatever benefit is granted; None if they can take part.

    `ended_on` is the last day on which may be paid. Out of scope is no reason where another ground than art. 56a is
    in force.
    """
    in_force = {segment.ground for segment in segments if segment.covers(on)}
    reasons = (
        (not in_scope(client) and not in_force - {Ground.ART_56A}, HeldReason.NOT_IN_SCOPE),
        (ended_on is not None and on > ended_on, HeldReason.ENDED),
        (client.right_from > on, HeldReason.RIGHT_NOT_STARTED),
        (client.right_until is not None and client.right_until < on, HeldReason.RIGHT_ENDED),
        (client.decision is None or client.decision_date is None, HeldReason.NO_DECISION),
        (client.mandate_date is None or client.mandate_date > on, HeldReason.NO_MANDATE),
        (not in_force, HeldReason.NO_GROUND),
        (on_hold, HeldReason.ON_HOLD),
    )
    return next((reason for applies, reason in reasons if applies), None)


def held_reason(
    client: Client,
    segments: Sequence[Segment],
    records: Sequence[BenefitRecord],
    *,
    on_hold: bool,
    ended_on: date | None,
    on: date,
) -> HeldReason | None:
    """The first reason not to pay for this client on execution date `on`, in the fixed order; None if they take part.

    `records` are the client's benefit lines of the month.
    """
    stopped = reason_to_stop(client, segments, on_hold=on_hold, ended_on=ended_on, on=on)
    if stopped is not None:
        return stopped
    regular = next((record for record in records if record.component is Component.REGULAR), None)
    if regular is None or regular.amount_cents == 0:
        return HeldReason.NO_BENEFIT
    return HeldReason.SUSPENDED if regular.suspended else None
