"""Costs that the month before paid and this month does not: what a second person must see before the file goes.

Texts stand on the approval sheet: Dutch, and a client is named by klantnummer alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from payments.money import format_amount
from payments.month import Month, add_months
from payments.parties import Category, Frequency
from payments.plan.terms import OwnStretch
from payments.plan.withholding import MonthFacts, Plan

SHOWN = 50
# Benefit months ago that pay a term which is over now; a missed term is paid up to two months later.
LOOKED_AT = sorted({2} | {frequency.months for frequency in Frequency})


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """A payment of an earlier benefit month, made or still to be made, and the last month that it reaches."""

    client: str
    obligation: str
    category: str
    covers: Month
    reaches: Month
    amount_cents: int


def dropped(
    before: Sequence[PaidBefore], facts: MonthFacts, plan: Plan, own: Mapping[str, Sequence[OwnStretch]]
) -> list[PaidBefore]:
    """What was paid up to this month's and this run neither pays nor sets apart, though it is ours."""
    now = {item.obligation.obligation for item in plan.withheld}
    now |= {obligation.obligation for obligation, _, _ in plan.payable}
    now |= {code for (code, _), earlier in facts.earlier.items() if earlier.benefit_month == facts.month}
    once = {o.obligation for o in facts.obligations if o.first_covered == o.last_covered}
    found = []
    for paid in before:
        due = add_months(facts.month, facts.policy.offsets[Category(paid.category)])
        ours = not any(stretch.holds(due) for stretch in own.get(paid.obligation, ()))
        if paid.obligation not in now | once and add_months(paid.reaches, 1) == due and ours:
            found.append(paid)
    return sorted(found, key=lambda paid: (paid.client, paid.category, paid.obligation))


def texts(found: Sequence[PaidBefore], facts: MonthFacts, plan: Plan) -> Iterator[str]:
    """One sentence for each client, the first of many."""
    why = _reasons(facts, plan)
    clients: dict[str, list[str]] = {}
    for paid in found:
        said = why.get(paid.obligation) or why.get(paid.client, "")
        what = f"{paid.category} {paid.obligation} (EUR {format_amount(paid.amount_cents)}{said})"
        clients.setdefault(paid.client, []).append(what)
    for client, costs in [*clients.items()][:SHOWN]:
        yield f"Vorige maand wel, nu niet: klant {client}, {', '.join(costs)}."
    if len(clients) > SHOWN:
        yield f"Vorige maand wel, nu niet: nog {len(clients) - SHOWN} klanten; zie `ontzorgen worklist`."


def _reasons(facts: MonthFacts, plan: Plan) -> dict[str, str]:
    """Why an obligation, or everything of a client, is not paid, as far as the plan or the register says."""
    found = {}
    for obligation in facts.obligations:
        covers = add_months(facts.month, facts.policy.offsets[obligation.category])
        if obligation.first_covered > covers:
            found[obligation.obligation] = f", begint in {obligation.first_covered}"
        elif obligation.last_covered is not None and obligation.last_covered < covers:
            found[obligation.obligation] = f", tot en met {obligation.last_covered}"
    found |= {held.obligation or held.client: f", {held.reason}" for held in plan.held}
    return found | {short.obligation: ", tekort" for short in plan.shortfalls}
