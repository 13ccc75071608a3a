"""What the plan of a month rests on and what it says: who takes part, what is withheld, what falls short."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from payments.money import MAX_CENTS
from payments.month import Month, add_months
from payments.parties import BenefitRecord, Category, Client, Component, Creditor, Obligation
from payments.plan.grounds import Ground, HeldReason, Segment
from payments.plan.terms import PaidMonths, end_of_term, starts_term

SHARED = frozenset({Category.RENT, Category.ENERGY, Category.WATER})  # once per household; the rest is one's own
ALLOWS_OTHER = frozenset({Ground.ART_57, Ground.VOLUNTARY})  # `overig` is outside art. 56a's closed list

Contributions = tuple[tuple[str, int], ...]  # (client, cents), only positive


@dataclass(frozen=True, slots=True)
class Policy:
    """What a gemeente decides about withholding."""

    offsets: Mapping[Category, int]
    priority: Sequence[Category]
    stop_at_shortage: bool
    minimum_rest_cents: int
    payday: int = 25  # day of the month
    gross: bool = False  # whether `regulier` still holds what is deducted
    max_payment_cents: int = MAX_CENTS
    own_ibans: AbstractSet[str] = frozenset()  # accounts that pay, to which no payment goes


@dataclass(frozen=True, slots=True)
class Withheld:
    """One obligation's money for one covered month, taken from the benefits of one or more clients."""

    obligation: Obligation
    covers: Month
    amount_cents: int
    contributions: Contributions
    sequence: int = 1  # how often this month of this cost was set apart by now
    component: Component = Component.REGULAR  # of the benefit; else one-off money, by decision

    @property
    def reaches(self) -> Month:
        """The last month that it pays."""
        return end_of_term(self.obligation, self.covers)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A withholding in the books; `unpaid` while this gemeente reserved it and a payment is still to be made.

    `attempts` counts the payments that were made for it and came back.
    """

    amount_cents: int
    contributions: Contributions
    benefit_month: Month
    creditor: str
    unpaid: bool
    attempts: int = 0
    reaches: Month | None = None  # the last month that it pays; None: the money was given back
    sequence: int = 1
    client: str = ""  # whose obligation it was
    component: Component = Component.REGULAR


@dataclass(frozen=True, slots=True)
class Undone:
    """How often a month of a cost was set apart and paid before, where all of that was given back to plan anew."""

    withholdings: int
    attempts: int


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A covered month that no run paid, with the line of the register for it; paid out of one component alone."""

    obligation: Obligation
    covers: Month
    component: Component


@dataclass(frozen=True, slots=True)
class Included:
    """A client's month so far: counted benefit = withheld + remainder."""

    client: str
    benefit_cents: int
    withheld_cents: int

    @property
    def remainder_cents(self) -> int:
        """What is left for the client."""
        return self.benefit_cents - self.withheld_cents


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A due obligation that does not fit in what is left; `told_cents` was told to be paid out, where it would else."""

    client: str
    obligation: str
    category: Category
    covers: Month
    needed_cents: int
    available_cents: int
    told_cents: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A client, or one obligation of an included client, for whom nothing is paid."""

    client: str
    obligation: str | None
    reason: HeldReason


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """All that the plan of one gemeente and benefit month rests on, as the books know it now."""

    month: Month
    execution_date: date
    policy: Policy
    clients: Sequence[Client]
    obligations: Sequence[Obligation]
    creditors: Mapping[str, Creditor]
    confirmed: AbstractSet[tuple[str, str]]  # (creditor, IBAN)
    benefits: Mapping[str, Sequence[BenefitRecord]]
    grounds: Mapping[str, Sequence[Segment]]
    on_hold: AbstractSet[str]
    ended: Mapping[str, date]
    earlier: Mapping[tuple[str, Month], Earlier]  # (obligation, covers), whichever benefit month paid it
    included_before: Mapping[str, Included]  # by an earlier run of this month
    handed_over: Mapping[str, int]  # of the benefit, what the benefits office was already told to pay
    elsewhere: Sequence[tuple[str, Month, Month]] = ()  # (obligation, covers, reaches) that somebody else paid
    catch_ups: Sequence[CatchUp] = ()  # decided for this benefit month
    one_off_before: Mapping[tuple[str, Component], int] = field(default_factory=dict)  # counted by earlier runs
    day_before: date = date.min  # execution date of the month before
    undone: Mapping[tuple[str, Month], Undone] = field(default_factory=dict)  # (obligation, covers), free again
    given_before: Mapping[str, int] = field(default_factory=dict)  # given back after that was told, and paid since
    accepted_doubles: AbstractSet[str] = frozenset()  # obligations of which a person said that they are no double

    def attempt_of(self, obligation: str, covers: Month) -> tuple[int, int]:
        """The withholding that the next payment of a month stands on, and the number of that payment; both from 1."""
        key = (obligation, covers)
        if (before := self.earlier.get(key)) is not None:
            return before.sequence, before.attempts + 1
        undone = self.undone.get(key, Undone(0, 0))
        return undone.withholdings + 1, undone.attempts + 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The month as it stands after this run; `withheld` and `payable` are what this run adds."""

    withheld: tuple[Withheld, ...]  # new
    payable: tuple[tuple[Obligation, Month, int], ...]  # (obligation, covers, cents) that get a payment now
    included: tuple[Included, ...]
    held: tuple[Held, ...]
    shortfalls: tuple[Shortfall, ...]
    one_off: tuple[tuple[str, Component, int], ...] = ()  # (client, component, cents) counted by decision, so far
    ended_before: tuple[str, ...] = ()  # clients who ended before the month before: counted, not held again


def covered_month(obligation: Obligation, month: Month, policy: Policy) -> Month | None:
    """The month that benefit month `month` pays for this obligation, or None when nothing falls due."""
    covers = add_months(month, policy.offsets[obligation.category])
    over = obligation.last_covered is not None and covers > obligation.last_covered
    return covers if starts_term(obligation, covers) and not over else None


def paid_before(facts: MonthFacts) -> PaidMonths:
    """Every month that earlier withholdings, or somebody else, paid: a quarter is paid to its end first."""
    ours = {obligation.obligation for obligation in facts.obligations}
    withheld = (
        (code, covers, before.reaches)
        for (code, covers), before in facts.earlier.items()
        if before.reaches is not None and code in ours
    )
    return PaidMonths([*withheld, *(term for term in facts.elsewhere if term[0] in ours)])
