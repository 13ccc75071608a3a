"""The months ahead of one household: the plan of every coming benefit month, and what is left to live on.

The engine is `plan_month` itself, so a forecast and the run can never disagree; only the benefits are assumed, and
what an earlier month of the forecast withheld counts as withheld in the next one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from payments.month import Month, add_months
from payments.parties import BenefitRecord, Category, Component, Frequency, Obligation
from payments.plan.due import falls_due
from payments.plan.grounds import HeldReason, counted_benefit
from payments.plan.planning import plan_month
from payments.plan.terms import OwnStretch
from payments.plan.withholding import Earlier, MonthFacts, Plan, paid_before

Key = tuple[str, Month]  # obligation and covered month
PAYS_NOTHING = frozenset(
    {HeldReason.RIGHT_NOT_STARTED, HeldReason.RIGHT_ENDED, HeldReason.NO_BENEFIT, HeldReason.SUSPENDED}
)
"""Held, and without benefit; who is held for another reason gets the whole benefit from the benefits office."""


class BudgetKind(StrEnum):
    """What a line beside the benefit and the fixed costs is."""

    ALLOWANCE = "toeslag"
    INCOME = "inkomen"
    REPAYMENT = "aflossing"
    COSTS = "kosten"

    @property
    def comes_in(self) -> bool:
        """Whether the client receives it."""
        return self in (BudgetKind.ALLOWANCE, BudgetKind.INCOME)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Money that comes in or goes out each month beside the benefit and the fixed costs."""

    client: str
    kind: BudgetKind
    name: str
    amount_cents: int
    first_month: Month
    last_month: Month | None

    def holds(self, month: Month) -> bool:
        """Whether the line counts in a month."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


@dataclass(frozen=True, slots=True)
class LastKnown:
    """The counted lines of a client's newest month with a regular line that was not suspended."""

    month: Month
    records: tuple[BenefitRecord, ...]
    suspended_in: Month | None  # a newer month that was suspended


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """One coming benefit month: what the plan would rest on, and that plan."""

    facts: MonthFacts
    plan: Plan
    assumed: bool  # the benefits of the month are not in the books yet


class MonthOutcome(StrEnum):
    """What becomes of one fixed cost in one month."""

    PAID = "paid"
    SHORTAGE = "shortage"
    HANDED_OVER = "handed_over"
    HELD = "held"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CoveredCost:
    """One fixed cost in one covered month; `reserved` when held with its money set apart."""

    client: str
    obligation: str
    category: Category
    covers: Month
    amount_cents: int
    outcome: MonthOutcome
    reason: HeldReason | None = None
    reserved: bool = False

    @property
    def clients_own(self) -> bool:
        """Whether the client has to pay it out of what is left, or is in arrears."""
        held = self.outcome is MonthOutcome.HELD and not self.reserved
        return held or self.outcome in (MonthOutcome.SHORTAGE, MonthOutcome.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Member:
    """One adult's benefit in one month; `known_in` is the month it was last known (the month itself: granted)."""

    client: str
    benefit_cents: int
    withheld_cents: int
    held: HeldReason | None
    known_in: Month | None
    suspended_in: Month | None = None


@dataclass(frozen=True, slots=True)
class ForecastMonth:
    """One household's month: benefit = withheld + remainder, and the balance after everything else."""

    month: Month
    execution_date: date
    assumed: bool
    members: tuple[Member, ...]
    costs: tuple[CoveredCost, ...]
    lines: tuple[BudgetLine, ...]

    @property
    def benefit_cents(self) -> int:
        """The benefit of all members."""
        return sum(member.benefit_cents for member in self.members)

    @property
    def withheld_cents(self) -> int:
        """What this month withholds."""
        return sum(member.withheld_cents for member in self.members)

    @property
    def remainder_cents(self) -> int:
        """What the household receives of the benefit."""
        return self.benefit_cents - self.withheld_cents

    @property
    def own_costs_cents(self) -> int:
        """The fixed costs that nobody pays for the household."""
        return sum(cost.amount_cents for cost in self.costs if cost.clients_own)

    @property
    def balance_cents(self) -> int:
        """What is left to live on; negative: a deficit that is coming."""
        lines = sum(line.amount_cents if line.kind.comes_in else -line.amount_cents for line in self.lines)
        return self.remainder_cents + lines - self.own_costs_cents


def look_ahead(coming: Iterable[MonthFacts], known: Mapping[str, LastKnown]) -> list[MonthAhead]:
    """Plan consecutive benefit months, each on the outcome of those before it."""
    carried: dict[Key, Earlier] = {}
    found = []
    for facts in coming:
        expected, assumed = with_expected(facts, known)
        expected = replace(expected, earlier={**expected.earlier, **carried})
        plan = plan_month(expected)
        carried.update(_left_behind(expected, plan))
        found.append(MonthAhead(expected, plan, assumed))
    return found


def with_expected(facts: MonthFacts, known: Mapping[str, LastKnown]) -> tuple[MonthFacts, bool]:
    """The facts with everybody's last known benefit, and True; as they are once the month's benefits are in the books.

    Who is missing among those gets nothing from the run either.
    """
    if any(record.component is Component.REGULAR for records in facts.benefits.values() for record in records):
        return facts, False
    expected = {
        client.client: [replace(record, month=facts.month) for record in known[client.client].records]
        for client in facts.clients
        if client.client in known
    }
    return replace(facts, benefits=expected), True


def only(facts: MonthFacts, households: frozenset[str]) -> MonthFacts:
    """The facts of some households: their pools do not touch the others'."""
    clients = [client for client in facts.clients if client.household in households]
    members = {client.client for client in clients}
    return replace(facts, clients=clients, obligations=[o for o in facts.obligations if o.client in members])


def _left_behind(facts: MonthFacts, plan: Plan) -> Iterator[tuple[Key, Earlier]]:
    paid = {(obligation.obligation, covers) for obligation, covers, _ in plan.payable}
    for item in plan.withheld:
        key = item.obligation.obligation, item.covers
        yield (
            key,
            Earlier(
                item.amount_cents,
                item.contributions,
                facts.month,
                item.obligation.creditor,
                unpaid=key not in paid,
                reaches=item.reaches,
            ),
        )
    for key in paid & facts.earlier.keys():
        yield key, replace(facts.earlier[key], unpaid=False)


def household_month(
    ahead: MonthAhead,
    household: str,
    registered: Iterable[Obligation],
    own: Mapping[str, Sequence[OwnStretch]],
    known: Mapping[str, LastKnown],
    lines: Sequence[BudgetLine],
) -> ForecastMonth:
    """One household's part of a coming month; `registered` are the obligations before any hand-over, `own` those."""
    facts = ahead.facts
    clients = [client.client for client in facts.clients if client.household == household]
    members = tuple(_member(ahead, client, known.get(client)) for client in sorted(clients))
    costs = _Costs(ahead, {member.client: member.held for member in members}, own)
    return ForecastMonth(
        facts.month,
        facts.execution_date,
        ahead.assumed,
        members,
        costs.of([obligation for obligation in registered if obligation.client in clients]),
        tuple(line for line in lines if line.client in clients),
    )


def _member(ahead: MonthAhead, client: str, known: LastKnown | None) -> Member:
    held = next((h.reason for h in ahead.plan.held if h.client == client and h.obligation is None), None)
    if client in ahead.plan.ended_before:
        held = HeldReason.ENDED
    month, suspended = (known.month, known.suspended_in) if known else (None, None)
    records = ahead.facts.benefits.get(client, ())
    if not ahead.assumed:
        month, suspended = (ahead.facts.month if records else None), None
    included = next((item for item in ahead.plan.included if item.client == client), None)
    if included is not None:
        return Member(client, included.benefit_cents, included.withheld_cents, held, month, suspended)
    benefit = 0 if held in PAYS_NOTHING else counted_benefit(records, gross=ahead.facts.policy.gross)
    return Member(client, benefit, 0, held, month, suspended)


class _Costs:
    """What becomes of each fixed cost, looked up in the plan of one month."""

    def __init__(
        self, ahead: MonthAhead, held: Mapping[str, HeldReason | None], own: Mapping[str, Sequence[OwnStretch]]
    ) -> None:
        self.facts = ahead.facts
        self.paid = paid_before(ahead.facts)
        self.own = own
        self.rights = {client.client: client.right_from for client in ahead.facts.clients}
        self.held_clients = held
        self.held = {h.obligation: h.reason for h in ahead.plan.held if h.obligation is not None}
        self.payable = {(o.obligation, covers): cents for o, covers, cents in ahead.plan.payable}
        self.short = {(s.obligation, s.covers) for s in ahead.plan.shortfalls}
        self.set_apart = {(w.obligation.obligation, w.covers): w.amount_cents for w in ahead.plan.withheld}

    def of(self, registered: Sequence[Obligation]) -> tuple[CoveredCost, ...]:
        """Every cost that falls due or ended just now, and those that money was set apart for in an earlier month."""
        found = [cost for obligation in registered if (cost := self._due(obligation)) is not None]
        known = {(cost.obligation, cost.covers) for cost in found}
        by_code = {obligation.obligation: obligation for obligation in registered}
        for key, earlier in self.facts.earlier.items():
            if earlier.unpaid and earlier.benefit_month < self.facts.month and key[0] in by_code and key not in known:
                found.append(self._reserved_before(by_code[key[0]], key[1], earlier))
        rank = {category: place for place, category in enumerate(self.facts.policy.priority)}
        return tuple(sorted(found, key=lambda c: (rank[c.category], c.obligation, c.covers)))

    def _due(self, obligation: Obligation) -> CoveredCost | None:
        code = obligation.obligation
        now = add_months(self.facts.month, self.facts.policy.offsets[obligation.category])
        covers = falls_due(self.facts, obligation, self.rights[obligation.client], self.paid)
        cost = CoveredCost(
            obligation.client, code, obligation.category, covers or "", obligation.amount_cents, MonthOutcome.PAID
        )
        if covers is None:
            ended = obligation.last_covered == add_months(now, -1) and obligation.frequency is not Frequency.ONCE
            return replace(cost, covers=now, outcome=MonthOutcome.ENDED) if ended else None
        key = code, covers
        earlier = self.facts.earlier.get(key)
        if key in self.payable or (earlier is not None and not earlier.unpaid):
            cents = self.payable[key] if earlier is None else earlier.amount_cents
            return replace(cost, amount_cents=cents)
        if earlier is None and any(stretch.holds(covers) for stretch in self.own.get(code, ())):
            return replace(cost, outcome=MonthOutcome.HANDED_OVER) if covers == now else None
        if key in self.short:
            return replace(cost, outcome=MonthOutcome.SHORTAGE)
        reserved = self.set_apart.get(key, earlier.amount_cents if earlier else None)
        if covers != now and reserved is None and code not in self.held:
            return None  # said in the month that it began in
        cents = obligation.amount_cents if reserved is None else reserved
        return self._held(replace(cost, amount_cents=cents, reserved=reserved is not None))

    def _reserved_before(self, obligation: Obligation, covers: Month, earlier: Earlier) -> CoveredCost:
        code, cents = obligation.obligation, earlier.amount_cents
        cost = CoveredCost(obligation.client, code, obligation.category, covers, cents, MonthOutcome.PAID)
        return cost if (code, covers) in self.payable else self._held(replace(cost, reserved=True))

    def _held(self, cost: CoveredCost) -> CoveredCost:
        reason = self.held.get(cost.obligation) or self.held_clients.get(cost.client)
        return replace(cost, outcome=MonthOutcome.HELD, reason=reason)
