"""What the benefits office is told about one client's month: what to pay out now, what to wait with, and why.

What was told to be paid out is the client's: a later list adds to it, and never takes any of it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from payments.month import Month
from payments.parties import DeductionKind
from payments.plan.grounds import HeldReason
from payments.plan.withholding import Included

SHORT = "tekort"  # beside the held codes: a due cost did not fit, and the client pays it from what is paid out


class Advice(StrEnum):
    """What the benefits office does with a line (`advies`)."""

    PAY = "uitbetalen"
    WAIT = "wachten"  # some of this client's money is not paid out yet


_WAITS = frozenset({HeldReason.ON_HOLD, HeldReason.SUSPENDED, HeldReason.IBAN_UNCONFIRMED})


Deductions = tuple[tuple[DeductionKind, int], ...]  # cents of each kind


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a line makes a later list name the client again when it is different."""

    benefit_cents: int
    withheld_cents: int
    waiting_cents: int
    advice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was told so far of one client's month, kind by kind: remainder, money given back, benefit not in our books.

    `shown` is the newest line; None before the first.
    """

    remainder_cents: int = 0
    refund_cents: int = 0
    whole_cents: int = 0
    shown: Shown | None = None

    @property
    def out_of_benefit_cents(self) -> int:
        """What can no longer be withheld: it is paid out of the benefit itself."""
        return self.remainder_cents + self.whole_cents

    @property
    def total_cents(self) -> int:
        """All that the benefits office was told to pay out."""
        return self.out_of_benefit_cents + self.refund_cents


@dataclass(frozen=True, slots=True)
class Standing:
    """One client's month as the books know it when a list is made.

    `granted_cents` and `suspended_cents` are the lines of the benefit that count, apart. `reserved_cents` was withheld
    and waits for a confirmed IBAN or a line that is mended. `planned`: a run has looked at this benefit. `final`: no
    run can change it any more.
    """

    gemeente: str
    client: str
    month: Month
    granted_cents: int = 0
    suspended_cents: int = 0
    included: Included | None = None
    held: HeldReason | None = None  # the client as a whole
    held_costs: Sequence[HeldReason] = ()  # of an included client
    short: bool = False
    on_hold: bool = False
    reserved_cents: int = 0
    refund_cents: int = 0
    planned: bool = True
    final: bool = False
    has_benefit: bool = True  # else it is here for money given back alone
    deductions: Deductions = ()  # of this benefit; said, not counted here


@dataclass(frozen=True, slots=True)
class RemainderLine:
    """One line of a list; `payable_cents` is all that may be paid out of the benefit, what was told before included."""

    gemeente: str
    client: str
    month: Month
    benefit_cents: int
    withheld_cents: int
    refund_cents: int
    payable_cents: int
    waiting_cents: int
    advice: Advice
    reason: str
    in_books: bool  # a run has booked the benefit; else what is told of it is the benefits office's own money
    told: Told
    deductions: Deductions = ()

    @property
    def remainder_cents(self) -> int:
        """What is left of the benefit."""
        return self.benefit_cents - self.withheld_cents

    @property
    def told_cents(self) -> int:
        """What earlier lists said to pay out."""
        return self.told.total_cents

    @property
    def due_cents(self) -> int:
        """What must be paid now, beside what was told before."""
        return self.payable_cents + self.refund_cents - self.told_cents

    @property
    def new_remainder_cents(self) -> int:
        """What this line adds of a benefit in our books; also what was told of it before a run had counted it."""
        return self.payable_cents - self.told.remainder_cents if self.in_books else 0

    @property
    def new_whole_cents(self) -> int:
        """What this line adds of a benefit that no run has counted; all of it goes once one has."""
        return -self.told.whole_cents if self.in_books else self.payable_cents - self.told.out_of_benefit_cents

    @property
    def new_refund_cents(self) -> int:
        """What this line adds of money that was given back."""
        return self.refund_cents - self.told.refund_cents

    @property
    def shown(self) -> Shown:
        """What the next list compares with."""
        return Shown(self.benefit_cents, self.withheld_cents, self.waiting_cents, self.advice.value, self.reason)

    @property
    def is_news(self) -> bool:
        """Whether the newest line about this client said something else."""
        return self.due_cents != 0 or self.told.shown != self.shown


def line_of(standing: Standing, told: Told) -> RemainderLine:
    """Decide one line: nothing that was told is taken back, and what a later run may still withhold waits."""
    before = standing.included
    given = told.out_of_benefit_cents
    benefit, withheld, payable, reason = _of_held(standing) if before is None else _counted(standing, before, given)
    payable = max(payable, given)
    waiting = max(0, benefit - withheld + standing.reserved_cents + _beside(standing) - payable)
    return RemainderLine(
        standing.gemeente,
        standing.client,
        standing.month,
        benefit,
        withheld,
        max(standing.refund_cents, told.refund_cents),
        payable,
        waiting,
        Advice.WAIT if waiting else Advice.PAY,
        reason,
        standing.included is not None,
        told,
        standing.deductions,
    )


def _beside(standing: Standing) -> int:
    """Suspended lines of a client whose other lines were counted."""
    return standing.suspended_cents if standing.included else 0


def _counted(standing: Standing, before: Included, given_cents: int) -> tuple[int, int, int, str]:
    """Benefit, withheld, payable and reason of a client whose benefit a run has counted; what was told is given."""
    on_hold = standing.on_hold or (HeldReason.ON_HOLD in standing.held_costs and not standing.final)
    stopped = on_hold and before.remainder_cents > given_cents
    payable = 0 if stopped else before.remainder_cents
    refused = HeldReason.PAYMENT_REFUSED in standing.held_costs
    waits_for_iban = HeldReason.IBAN_UNCONFIRMED in standing.held_costs or not refused
    reasons = (
        (stopped, HeldReason.ON_HOLD.value),
        (standing.reserved_cents > 0 and not waits_for_iban, HeldReason.PAYMENT_REFUSED.value),
        (standing.reserved_cents > 0, HeldReason.IBAN_UNCONFIRMED.value),
        (standing.suspended_cents > 0, HeldReason.SUSPENDED.value),
        (standing.short, SHORT),
    )
    left = sorted(code.value for code in standing.held_costs if code not in _WAITS)
    first = next((reason for applies, reason in reasons if applies), left[0] if left else "")
    return before.benefit_cents, before.withheld_cents, payable, first


def _of_held(standing: Standing) -> tuple[int, int, int, str]:
    """The whole benefit of a client for whom nothing is withheld: to be paid out, or to wait with."""
    whole = standing.granted_cents + standing.suspended_cents
    if not standing.has_benefit:
        return 0, 0, 0, ""
    if not standing.planned:
        return whole, 0, standing.granted_cents if standing.final else 0, ""
    reason = standing.held.value if standing.held else ""
    if standing.held is HeldReason.ON_HOLD and (standing.on_hold or not standing.final):
        return whole, 0, 0, reason
    if standing.suspended_cents:
        return whole, 0, 0 if standing.held is HeldReason.SUSPENDED else standing.granted_cents, "suspended"
    return whole, 0, whole, reason
