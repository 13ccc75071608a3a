"""The month's plan: who takes part, what is withheld for which obligation, what falls short, what remains.

Pure and complete: every client of the gemeente is included or held with one reason; every due obligation of an
included client is withheld, a shortfall or blocked; counted benefit = withheld + remainder, to the cent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from payments.money import split_evenly
from payments.month import Month, add_months
from payments.parties import BenefitRecord, Category, Client, Creditor, Obligation
from payments.plan.grounds import Ground, HeldReason, Segment, counted_benefit, held_reason
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


@dataclass(frozen=True, slots=True)
class Withheld:
    """One obligation's money for one covered month, taken from the benefits of one or more clients."""

    obligation: Obligation
    covers: Month
    amount_cents: int
    contributions: Contributions
    sequence: int = 1  # how often this month of this cost was set apart by now

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


@dataclass(frozen=True, slots=True)
class Undone:
    """How often a month of a cost was set apart and paid before, where all of that was given back to plan anew."""

    withholdings: int
    attempts: int


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
    """A due obligation that does not fit in what the household has left."""

    client: str
    obligation: str
    category: Category
    covers: Month
    needed_cents: int
    available_cents: int


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
    handed_over: Mapping[str, int]  # remainder that the benefits office was already told to pay
    day_before: date = date.min  # execution date of the month before
    undone: Mapping[tuple[str, Month], Undone] = field(default_factory=dict)  # (obligation, covers), free again
    given_before: Mapping[str, int] = field(default_factory=dict)  # given back after that was told, and paid since

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
    ended_before: tuple[str, ...] = ()  # clients who ended before the month before: counted, not held again


def covered_month(obligation: Obligation, month: Month, policy: Policy) -> Month | None:
    """The month that benefit month `month` pays for this obligation, or None when nothing falls due."""
    covers = add_months(month, policy.offsets[obligation.category])
    over = obligation.last_covered is not None and covers > obligation.last_covered
    return covers if starts_term(obligation, covers) and not over else None


def paid_before(facts: MonthFacts) -> PaidMonths:
    """Every month that earlier withholdings reach: a quarter that became a monthly bill is paid to its end first."""
    ours = {obligation.obligation for obligation in facts.obligations}
    return PaidMonths(
        (code, covers, before.reaches)
        for (code, covers), before in facts.earlier.items()
        if before.reaches is not None and code in ours
    )


def plan_month(facts: MonthFacts) -> Plan:
    """Decide the month of one gemeente; running it again on its own outcome adds nothing."""
    paid = paid_before(facts)
    due = _due_obligations(facts, paid)
    held: list[Held] = []
    ended_before: list[str] = []
    households: dict[str, list[Client]] = defaultdict(list)
    for client in sorted(facts.clients, key=lambda c: c.client):
        reason = held_reason(
            client,
            facts.grounds.get(client.client, ()),
            facts.benefits.get(client.client, ()),
            on_hold=client.client in facts.on_hold,
            ended_on=facts.ended.get(client.client),
            on=facts.execution_date,
        )
        if reason is None:
            households[client.household].append(client)
        elif client.client not in facts.included_before:
            if reason is HeldReason.ENDED and facts.ended[client.client] < facts.day_before:
                ended_before.append(client.client)
                continue
            held.append(Held(client.client, None, reason))
        else:  # paid for by an earlier run of this month: what was not paid yet stops, obligation by obligation
            for obligation, covers in due[client.client]:
                earlier = facts.earlier.get((obligation.obligation, covers))
                if earlier is None or earlier.unpaid:
                    held.append(Held(client.client, obligation.obligation, reason))

    used = _used_this_month(facts)
    pools = [_Pool(facts, members, used, paid) for _, members in sorted(households.items())]
    for pool in pools:
        pool.withhold([item for member in pool.members for item in due[member.client]])

    counted = {c: before.benefit_cents for c, before in facts.included_before.items()}
    for pool in pools:
        counted.update(pool.counted)
        for withheld in pool.withheld:
            for client_code, cents in withheld.contributions:
                used[client_code] += cents
    return Plan(
        withheld=tuple(item for pool in pools for item in pool.withheld),
        payable=tuple(item for pool in pools for item in pool.payable),
        included=tuple(Included(client, cents, used[client]) for client, cents in sorted(counted.items())),
        held=_each_once([*held, *(item for pool in pools for item in pool.held)]),
        shortfalls=tuple(item for pool in pools for item in pool.shortfalls),
        ended_before=tuple(ended_before),
    )


def _each_once(held: Sequence[Held]) -> tuple[Held, ...]:
    """One line for a client or an obligation, also where two of its months wait."""
    first = {(item.client, item.obligation or ""): item for item in reversed(held)}
    return tuple(first[place] for place in sorted(first))


def _due_obligations(facts: MonthFacts, paid: PaidMonths) -> dict[str, list[tuple[Obligation, Month]]]:
    due: dict[str, list[tuple[Obligation, Month]]] = defaultdict(list)
    for obligation in facts.obligations:
        covers = covered_month(obligation, facts.month, facts.policy)
        known = (obligation.obligation, covers) in facts.earlier
        if covers is not None and (known or not paid.all_of(obligation, covers)):
            due[obligation.client].append((obligation, covers))
    by_code = {obligation.obligation: obligation for obligation in facts.obligations}
    for (code, covers), earlier in facts.earlier.items():
        # Reserved by an earlier month for an IBAN that was not confirmed then: still to be paid, never forgotten.
        if earlier.unpaid and earlier.benefit_month < facts.month and code in by_code:
            obligation = by_code[code]
            if (obligation, covers) not in due[obligation.client]:
                due[obligation.client].append((obligation, covers))
    return due


def _used_this_month(facts: MonthFacts) -> dict[str, int]:
    used: dict[str, int] = defaultdict(int, facts.given_before)
    for earlier in facts.earlier.values():
        if earlier.benefit_month == facts.month:
            for client, cents in earlier.contributions:
                used[client] += cents
    return used


def _counted(facts: MonthFacts, client: str) -> int:
    """The benefit of the month; what an earlier run counted is booked, and is never less again."""
    granted = counted_benefit(facts.benefits[client], gross=facts.policy.gross)
    before = facts.included_before.get(client)
    return granted if before is None else max(granted, before.benefit_cents)


class _Pool:
    """One household's money of the month, spent in order of priority."""

    def __init__(self, facts: MonthFacts, members: Sequence[Client], used: Mapping[str, int], paid: PaidMonths) -> None:
        self.facts = facts
        self.paid = paid
        self.members = members
        self.counted = {m.client: _counted(facts, m.client) for m in members}
        handed_over = {m.client: facts.handed_over.get(m.client, 0) for m in members}
        unspent = {m.client: self.counted[m.client] - used.get(m.client, 0) for m in members}
        # What the benefits office pays out already counts towards the minimum that must remain.
        kept = max(facts.policy.minimum_rest_cents, sum(handed_over.values()))
        self.available = max(0, sum(unspent.values()) - kept)
        self.left = {client: max(0, cents - handed_over[client]) for client, cents in unspent.items()}
        self.withheld: list[Withheld] = []
        self.payable: list[tuple[Obligation, Month, int]] = []
        self.held: list[Held] = []
        self.shortfalls: list[Shortfall] = []

    def withhold(self, due: Sequence[tuple[Obligation, Month]]) -> None:
        """Take each due obligation whole or not at all, in the gemeente's order, then by code."""
        rank = {category: place for place, category in enumerate(self.facts.policy.priority)}
        stopped = False
        for obligation, covers in sorted(due, key=lambda item: (rank[item[0].category], item[0].obligation, item[1])):
            earlier = self.facts.earlier.get((obligation.obligation, covers))
            if earlier is not None:
                if earlier.unpaid and earlier.creditor != obligation.creditor:
                    self.held.append(Held(obligation.client, obligation.obligation, HeldReason.CREDITOR_CHANGED))
                elif earlier.unpaid:
                    self._pay(obligation, covers, earlier.amount_cents)
            elif self.paid.any_of(obligation, covers):
                self.held.append(Held(obligation.client, obligation.obligation, HeldReason.TERM_OVERLAP))
            elif not self._allowed(obligation):
                self.held.append(Held(obligation.client, obligation.obligation, HeldReason.OTHER_NOT_ALLOWED))
            elif stopped or obligation.amount_cents > self.available:
                stopped = self.facts.policy.stop_at_shortage
                code, category, cents = obligation.obligation, obligation.category, obligation.amount_cents
                self.shortfalls.append(Shortfall(obligation.client, code, category, covers, cents, self.available))
            else:
                self.available -= obligation.amount_cents
                contributions = self._contribute(obligation)
                sequence, _ = self.facts.attempt_of(obligation.obligation, covers)
                self.withheld.append(Withheld(obligation, covers, obligation.amount_cents, contributions, sequence))
                self._pay(obligation, covers, obligation.amount_cents)

    def _allowed(self, obligation: Obligation) -> bool:
        if obligation.category is not Category.OTHER:
            return True
        segments = self.facts.grounds.get(obligation.client, ())
        return any(s.ground in ALLOWS_OTHER and s.covers(self.facts.execution_date) for s in segments)

    def _pay(self, obligation: Obligation, covers: Month, cents: int) -> None:
        creditor = self.facts.creditors[obligation.creditor]
        if (creditor.creditor, creditor.iban) in self.facts.confirmed:
            self.payable.append((obligation, covers, cents))
        else:
            self.held.append(Held(obligation.client, obligation.obligation, HeldReason.IBAN_UNCONFIRMED))

    def _contribute(self, obligation: Obligation) -> Contributions:
        """Divide an obligation: shared ones evenly as far as each reaches, one's own from one's own benefit first."""
        paid: dict[str, int] = defaultdict(int)
        rest = obligation.amount_cents
        if obligation.category not in SHARED:
            rest -= self._take(obligation.client, rest, paid)
        while rest:
            able = [member.client for member in self.members if self.left[member.client]]
            for client, share in zip(able, split_evenly(rest, len(able)), strict=True):
                rest -= self._take(client, share, paid)
        return tuple(sorted((client, cents) for client, cents in paid.items() if cents))

    def _take(self, client: str, cents: int, paid: dict[str, int]) -> int:
        taken = min(cents, self.left[client])
        self.left[client] -= taken
        paid[client] += taken
        return taken
