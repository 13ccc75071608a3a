"""The act that has a month paid which no run paid: decided only where the run of its benefit month can really do it."""

from dataclasses import dataclass

from flows.actions.act import CASEWORK, act
from flows.actions.coverage import cost_of
from flows.actions.rules import policy_of
from flows.office import Office
from ledgers.dossier import catch_ups
from ledgers.errors import Refused
from ledgers.month.month_facts import load_facts
from ledgers.registers.staff import Role
from payments.calendar import payday
from payments.money import format_amount
from payments.month import Month
from payments.parties import Component
from payments.plan.catching_up import granted
from payments.plan.planning import plan_month, reasons_to_hold
from payments.plan.withholding import MonthFacts, Plan

USABLE = (Component.REGULAR, Component.BACK_PAYMENT, Component.ADVANCE)


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The term that the next run of a benefit month pays too; not `changed` when that was decided before."""

    obligation: str
    covers: Month
    reaches: Month
    from_benefit: Month
    component: Component
    gemeente: str
    changed: bool


def catch_up(office: Office, code: str, month: Month, from_benefit: Month, component: Component, why: str) -> CaughtUp:
    """Let the next run of `from_benefit` pay a covered month out of one component, after what is due itself.

    Refused, in words, where that run could not: no such benefit, not enough of it, a client who is held.
    """
    if component not in USABLE:
        raise Refused(f"A month is caught up out of {', '.join(USABLE)}; {component} is not for that.")
    with act(office, *CASEWORK, Role.FINANCE, said={"why": why}) as books:
        case, cost = cost_of(books, office, code)
        gemeente = office.settings.gemeenten[case.client.gemeente]
        policy = policy_of(gemeente)
        offset = policy.offsets[cost.obligation.category]
        term, new = catch_ups.decide(books, cost, month, from_benefit, component, why, offset, office.actor, office.now)
        if new:
            on = max(payday(from_benefit, gemeente.payday), office.today)
            facts = load_facts(books, gemeente.code, from_benefit, on, policy, office.art_56a_months)
            _refuse_unpayable(facts, plan_month(facts), code, term.covers, component)
    return CaughtUp(code, term.covers, term.reaches, from_benefit, component, gemeente.code, new)


def _refuse_unpayable(facts: MonthFacts, plan: Plan, code: str, covers: Month, component: Component) -> None:
    item = next((c for c in facts.catch_ups if (c.obligation.obligation, c.covers) == (code, covers)), None)
    if item is None:
        raise Refused(f"{code} {covers} is no cost of a client of this gemeente in {facts.month}.")
    if any((w.obligation.obligation, w.covers) == (code, covers) for w in plan.withheld):
        return
    client = item.obligation.client
    household = next((c.household for c in facts.clients if c.client == client), None)
    members = [c.client for c in facts.clients if c.household == household]
    if not any(granted(facts, member, component) for member in members):
        raise Refused(
            f"There is no {component} in {facts.month} for client {client} or the household: import it first."
        )
    for short in plan.shortfalls:
        if (short.obligation, short.covers) == (code, covers):
            needed, left = format_amount(short.needed_cents), format_amount(short.available_cents)
            raise Refused(f"{code} {covers} costs {needed}, and of {component} of {facts.month} only {left} is left.")
    reason = reasons_to_hold(facts).get(client) or next((h.reason for h in plan.held if h.obligation == code), None)
    why = f": {reason}" if reason else ""
    raise Refused(f"The run of {facts.month} would not pay {code} {covers}{why}.")
