"""The month's plan: who takes part, what is withheld for which obligation, what falls short, what remains.

Pure and complete: every client of the gemeente is included or held with one reason; every due obligation of an
included client is withheld, a shortfall or blocked; counted benefit = withheld + remainder, to the cent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from payments.parties import Client, Component, Obligation
from payments.plan.catching_up import Due, OneOff, one_off, regular, waiting, without_one_off
from payments.plan.due import due_obligations, stranded
from payments.plan.grounds import HeldReason, held_reason
from payments.plan.household_pool import HouseholdPool
from payments.plan.withholding import Held, Included, MonthFacts, Plan, paid_before


def plan_month(facts: MonthFacts) -> Plan:
    """Decide the month of one gemeente; running it again on its own outcome adds nothing."""
    paid = paid_before(facts)
    missed = waiting(facts, paid)
    due = without_one_off(due_obligations(facts, paid), missed)
    reasons = reasons_to_hold(facts)
    households, able = _by_household(facts, reasons)
    beside = one_off(facts, able, missed)
    held, ended_before = _held(facts, reasons, due, beside)
    whole = {each.client for each in held if each.obligation is None}
    looked_at = {**due, "": [(item.obligation, item.covers) for item in missed]}
    held += (each for each in stranded(facts, looked_at) if each.client not in whole)
    ordinary, used = _used_this_month(facts), _used_this_month(facts, one_off=True)
    owed: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in facts.obligations:
        owed[obligation.client].append(obligation)
    pools = [
        HouseholdPool(facts, members, [o for member in members for o in owed[member.client]], ordinary, paid)
        for _, members in sorted(households.items())
    ]
    later = regular(missed, due)
    for pool in pools:
        pool.withhold([item for member in pool.members for item in due[member.client]])
        pool.withhold([item for member in pool.members for item in later[member.client]])

    counted = _counted(facts, pools, beside)
    pools += beside.pools
    for withheld in (item for pool in pools for item in pool.withheld):
        for client, cents in withheld.contributions:
            used[client] += cents
    return Plan(
        withheld=tuple(item for pool in pools for item in pool.withheld),
        payable=tuple(item for pool in pools for item in pool.payable),
        included=tuple(Included(client, cents, used[client]) for client, cents in sorted(counted.items())),
        held=_each_once([*held, *(item for pool in pools for item in pool.held)]),
        shortfalls=tuple(item for pool in pools for item in pool.shortfalls),
        one_off=tuple((*place, cents) for place, cents in sorted(beside.counted.items())),
        ended_before=tuple(ended_before),
    )


def _by_household(
    facts: MonthFacts, reasons: Mapping[str, HeldReason]
) -> tuple[dict[str, list[Client]], dict[str, list[Client]]]:
    """Who takes part, by household; and who may be paid for, if only out of one-off money."""
    taking_part: dict[str, list[Client]] = defaultdict(list)
    able: dict[str, list[Client]] = defaultdict(list)
    for client in sorted(facts.clients, key=lambda c: c.client):
        reason = reasons.get(client.client)
        if reason is None:
            taking_part[client.household].append(client)
        if reason in (None, HeldReason.NO_BENEFIT):
            able[client.household].append(client)
    return taking_part, able


def _held(
    facts: MonthFacts, reasons: Mapping[str, HeldReason], due: Mapping[str, Due], beside: OneOff
) -> tuple[list[Held], list[str]]:
    """Who and what is held, and who ended too long ago to be named."""
    held: list[Held] = []
    ended_before: list[str] = []
    for client, reason in sorted(reasons.items()):
        if client not in facts.included_before and not beside.counted_of(client):
            if reason is HeldReason.ENDED and facts.ended[client] < facts.day_before:
                ended_before.append(client)
            else:
                held.append(Held(client, None, reason))
        else:  # paid for this month: what was not paid yet stops, obligation by obligation
            for obligation, covers in due.get(client, ()):
                earlier = facts.earlier.get((obligation.obligation, covers))
                if earlier is None or earlier.unpaid:
                    held.append(Held(client, obligation.obligation, reason))
    return held, ended_before


def _counted(facts: MonthFacts, pools: Sequence[HouseholdPool], beside: OneOff) -> dict[str, int]:
    """The benefit of everybody who is or was paid for, with what is counted of one-off money."""
    counted = {client: before.benefit_cents for client, before in facts.included_before.items()}
    for pool in pools:
        counted.update(pool.counted)
    for place, cents in beside.counted.items():
        counted[place[0]] = counted.get(place[0], 0) + cents - facts.one_off_before.get(place, 0)
    return counted


def reasons_to_hold(facts: MonthFacts) -> dict[str, HeldReason]:
    """Why nothing is withheld for a client, of whom that holds."""
    found = {}
    for client in facts.clients:
        reason = held_reason(
            client,
            facts.grounds.get(client.client, ()),
            facts.benefits.get(client.client, ()),
            on_hold=client.client in facts.on_hold,
            ended_on=facts.ended.get(client.client),
            on=facts.execution_date,
        )
        if reason is not None:
            found[client.client] = reason
    return found


def _each_once(held: Sequence[Held]) -> tuple[Held, ...]:
    """One line for a client or an obligation, also where two of its months wait."""
    first = {(item.client, item.obligation or ""): item for item in reversed(held)}
    return tuple(first[place] for place in sorted(first))


def _used_this_month(facts: MonthFacts, *, one_off: bool = False) -> dict[str, int]:
    """What was set apart out of each client's benefit of the month, or with one-off money too."""
    used: dict[str, int] = defaultdict(int, facts.given_before)
    for earlier in facts.earlier.values():
        if earlier.benefit_month == facts.month and (one_off or earlier.component is Component.REGULAR):
            for client, cents in earlier.contributions:
                used[client] += cents
    return used
