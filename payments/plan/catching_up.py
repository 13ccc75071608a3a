"""Months that no run paid, caught up by decision: out of one component of a benefit alone, after what is due itself."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from payments.month import Month
from payments.parties import Client, Component, Obligation
from payments.plan.household_pool import HouseholdPool, OneOffPool
from payments.plan.terms import PaidMonths
from payments.plan.withholding import CatchUp, MonthFacts

Due = list[tuple[Obligation, Month]]
Place = tuple[str, Component]  # client and component


@dataclass(slots=True)
class OneOff:
    """What is paid out of one-off money: a pool for each household and component, and what is counted so far."""

    pools: list[HouseholdPool] = field(default_factory=list)
    counted: dict[Place, int] = field(default_factory=dict)

    def counted_of(self, client: str) -> int:
        """What is counted of a client's one-off money."""
        return sum(cents for (who, _), cents in self.counted.items() if who == client)


def waiting(facts: MonthFacts, paid: PaidMonths) -> list[CatchUp]:
    """What was decided and is not paid yet, whichever way."""
    found = []
    for item in facts.catch_ups:
        known = facts.earlier.get((item.obligation.obligation, item.covers))
        if known.unpaid if known is not None else not paid.all_of(item.obligation, item.covers):
            found.append(item)
    return found


def without_one_off(due: Mapping[str, Due], items: Sequence[CatchUp]) -> dict[str, Due]:
    """What the ordinary benefit is asked for: not what is decided to be paid out of one-off money alone."""
    apart = {(i.obligation.obligation, i.covers) for i in items if i.component is not Component.REGULAR}
    found: dict[str, Due] = defaultdict(list)
    for client, wanted in due.items():
        found[client] = [(o, covers) for o, covers in wanted if (o.obligation, covers) not in apart]
    return found


def regular(items: Sequence[CatchUp], due: Mapping[str, Due]) -> dict[str, Due]:
    """Per client what is caught up out of the ordinary benefit, unless it is due anyway."""
    found: dict[str, Due] = defaultdict(list)
    for item in items:
        client, one = item.obligation.client, (item.obligation, item.covers)
        if item.component is Component.REGULAR and not _is_due(item, due.get(client, [])):
            found[client].append(one)
    return found


def _is_due(item: CatchUp, due: Due) -> bool:
    return any((o.obligation, covers) == (item.obligation.obligation, item.covers) for o, covers in due)


def one_off(facts: MonthFacts, able: Mapping[str, Sequence[Client]], items: Sequence[CatchUp]) -> OneOff:
    """Spend one-off money on what was decided; `able` are the clients of each household who may be paid for."""
    spent = _spent(facts)
    done = OneOff(counted=dict(facts.one_off_before))
    home = {client.client: household for household, members in able.items() for client in members}
    asked: dict[tuple[str, Component], Due] = defaultdict(list)
    for item in items:
        client = item.obligation.client
        if item.component is not Component.REGULAR and client in home:
            asked[home[client], item.component].append((item.obligation, item.covers))
    for (household, component), wanted in sorted(asked.items()):
        members = able[household]
        left = {m.client: granted(facts, m.client, component) - spent[m.client, component] for m in members}
        pool = OneOffPool(facts, members, component, left, PaidMonths(()))
        pool.withhold(wanted)
        done.pools.append(pool)
        for member in members:
            place = member.client, component
            used = granted(facts, *place) - pool.left[member.client]
            done.counted[place] = max(done.counted.get(place, 0), used)
    done.counted = {place: cents for place, cents in done.counted.items() if cents}
    return done


def granted(facts: MonthFacts, client: str, component: Component) -> int:
    """What a client's lines of one component give this month."""
    return sum(r.amount_cents for r in facts.benefits.get(client, ()) if r.component is component and not r.suspended)


def _spent(facts: MonthFacts) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for earlier in facts.earlier.values():
        if earlier.benefit_month == facts.month and earlier.component is not Component.REGULAR:
            for client, cents in earlier.contributions:
                found[client, earlier.component] += cents
    return found
