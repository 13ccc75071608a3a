"""One household's money of a month, spent on what is due in order of priority."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from payments.money import split_evenly
from payments.month import Month
from payments.parties import Category, Client, Component, Obligation
from payments.plan.double_costs import Bill, bill_of, doubles
from payments.plan.grounds import HeldReason, counted_benefit
from payments.plan.terms import PaidMonths
from payments.plan.withholding import ALLOWS_OTHER, SHARED, Contributions, Held, MonthFacts, Shortfall, Withheld
from payments.single_payment import payment_problem


class HouseholdPool:
    """One household's money of the month, spent in order of priority."""

    def __init__(
        self,
        facts: MonthFacts,
        members: Sequence[Client],
        owed: Sequence[Obligation],
        used: Mapping[str, int],
        paid: PaidMonths,
    ) -> None:
        """Take the members who take part, every obligation of theirs, and what was used of the month before."""
        self.facts = facts
        self.paid = paid
        self.members = members
        self.names = {member.client: member.name for member in members}
        self.component = Component.REGULAR
        one_off = _one_off(facts)
        self.counted = {m.client: _counted(facts, m.client, one_off[m.client]) for m in members}
        # One-off money was counted for what it was decided for alone, also where that was given back since.
        spare = {m.client: self.counted[m.client] - one_off[m.client] for m in members}
        unspent = {client: cents - used.get(client, 0) for client, cents in spare.items()}
        handed_over = {who: min(facts.handed_over.get(who, 0), max(0, cents)) for who, cents in unspent.items()}
        # What the benefits office pays out already counts towards the minimum that must remain.
        self.told = sum(handed_over.values())
        kept = max(facts.policy.minimum_rest_cents, self.told)
        self.available = max(0, sum(unspent.values()) - kept)
        self.but_for_told = kept - facts.policy.minimum_rest_cents
        self.left = {client: max(0, cents - handed_over[client]) for client, cents in unspent.items()}
        self.withheld: list[Withheld] = []
        self.payable: list[tuple[Obligation, Month, int]] = []
        self.held: list[Held] = []
        self.shortfalls: list[Shortfall] = []
        self.doubles = _Doubles(owed, facts.accepted_doubles, paid)

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
            elif self.doubles.holds(obligation, covers):
                self.held.append(Held(obligation.client, obligation.obligation, HeldReason.DOUBLE_COST))
            elif not self._allowed(obligation):
                self.held.append(Held(obligation.client, obligation.obligation, HeldReason.OTHER_NOT_ALLOWED))
            elif obligation.amount_cents > self.facts.policy.max_payment_cents:  # nothing is set apart for a slip
                self.held.append(Held(obligation.client, obligation.obligation, HeldReason.PAYMENT_REFUSED))
            elif stopped or obligation.amount_cents > self.available:
                stopped = self.facts.policy.stop_at_shortage
                told = self.told if 0 < obligation.amount_cents - self.available <= self.but_for_told else 0
                what = obligation.client, obligation.obligation, obligation.category, covers
                self.shortfalls.append(Shortfall(*what, obligation.amount_cents, self.available, told))
            else:
                self.available -= obligation.amount_cents
                contributions = self._contribute(obligation)
                sequence, _ = self.facts.attempt_of(obligation.obligation, covers)
                cents = obligation.amount_cents
                self.withheld.append(Withheld(obligation, covers, cents, contributions, sequence, self.component))
                self._pay(obligation, covers, obligation.amount_cents)

    def _allowed(self, obligation: Obligation) -> bool:
        if obligation.category is not Category.OTHER:
            return True
        segments = self.facts.grounds.get(obligation.client, ())
        return any(s.ground in ALLOWS_OTHER and s.covers(self.facts.execution_date) for s in segments)

    def _pay(self, obligation: Obligation, covers: Month, cents: int) -> None:
        creditor, policy = self.facts.creditors[obligation.creditor], self.facts.policy
        payer = self.names.get(obligation.client, obligation.client)
        refused = cents > policy.max_payment_cents or payment_problem(obligation, creditor, payer, policy.own_ibans)
        if refused:
            self.held.append(Held(obligation.client, obligation.obligation, HeldReason.PAYMENT_REFUSED))
        elif (creditor.creditor, creditor.iban) in self.facts.confirmed:
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


class _Doubles:
    """The bills that stand twice with the members of a household who take part."""

    def __init__(self, owed: Sequence[Obligation], accepted: AbstractSet[str], paid: PaidMonths) -> None:
        self.paid, self.accepted = paid, accepted
        self.second = doubles(owed, accepted)
        self.same: dict[Bill, list[str]] = defaultdict(list)
        for obligation in owed:
            self.same[bill_of(obligation)].append(obligation.obligation)

    def holds(self, obligation: Obligation, covers: Month) -> bool:
        """Whether another line is paid for this bill, or was for a month of this term."""
        code = obligation.obligation
        if code in self.accepted:
            return False
        others = (other for other in self.same[bill_of(obligation)] if other != code and other not in self.accepted)
        return code in self.second or any(self.paid.meets(other, obligation, covers) for other in others)


class OneOffPool(HouseholdPool):
    """The one-off money of a household's members, for nothing but what somebody decided."""

    def __init__(
        self, facts: MonthFacts, members: Sequence[Client], component: Component, left: dict[str, int], paid: PaidMonths
    ) -> None:
        super().__init__(replace(facts, benefits={m.client: () for m in members}), members, (), {}, paid)
        self.facts = facts
        self.component = component
        self.left = {member.client: left.get(member.client, 0) for member in members}
        self.available = sum(self.left.values())
        self.told = self.but_for_told = 0


def _one_off(facts: MonthFacts) -> Counter[str]:
    """What earlier runs of the month counted of each client's one-off money."""
    found: Counter[str] = Counter()
    for (client, _), cents in facts.one_off_before.items():
        found[client] += cents
    return found


def _counted(facts: MonthFacts, client: str, one_off_cents: int) -> int:
    """The benefit of the month; what an earlier run counted is booked, and is never less again."""
    granted = counted_benefit(facts.benefits[client], gross=facts.policy.gross) + one_off_cents
    before = facts.included_before.get(client)
    return granted if before is None else max(granted, before.benefit_cents)
