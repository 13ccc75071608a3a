"""The month's plan: who takes part, what is withheld for which obligation, what falls short, what remains.

Pure and complete: every client of the gemeente is included or held with one reason; every due obligation of an
included client is withheld, a shortfall or blocked; counted benefit = withheld + remainder, to the cent.
"""

from collections import defaultdict
from collections.abc import Sequence

from payments.parties import Client, Obligation
from payments.plan.due import due_obligations, stranded
from payments.plan.grounds import HeldReason, held_reason
from payments.plan.household_pool import HouseholdPool
from payments.plan.withholding import Held, Included, MonthFacts, Plan, paid_before


def plan_month(facts: MonthFacts) -> Plan:
    """Decide the month of one gemeente; running it again on its own outcome adds nothing."""
    paid = paid_before(facts)
    due = due_obligations(facts, paid)
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

    whole = {each.client for each in held if each.obligation is None}
    held += (each for each in stranded(facts, due) if each.client not in whole)
    used = _used_this_month(facts)
    owed: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in facts.obligations:
        owed[obligation.client].append(obligation)
    pools = [
        HouseholdPool(facts, members, [o for member in members for o in owed[member.client]], used, paid)
        for _, members in sorted(households.items())
    ]
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


def _used_this_month(facts: MonthFacts) -> dict[str, int]:
    used: dict[str, int] = defaultdict(int, facts.given_before)
    for earlier in facts.earlier.values():
        if earlier.benefit_month == facts.month:
            for client, cents in earlier.contributions:
                used[client] += cents
    return used
