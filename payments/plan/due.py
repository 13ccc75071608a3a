"""Which obligations a month has to pay, and for which covered months: also what no earlier run could pay."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from payments.month import Month, add_months, index, month_of
from payments.parties import Frequency, Obligation
from payments.plan.grounds import HeldReason
from payments.plan.terms import PaidMonths, claims, start_of_term
from payments.plan.withholding import Held, MonthFacts, Policy, covered_month

LATE_MONTHS = 3  # a one-off is paid so many benefit months later at most, and so late a first term is ours


def due_obligations(facts: MonthFacts, paid: PaidMonths) -> dict[str, list[tuple[Obligation, Month]]]:
    """Per client what falls due, and what was reserved before and is still to be paid."""
    due: dict[str, list[tuple[Obligation, Month]]] = defaultdict(list)
    rights = {client.client: client.right_from for client in facts.clients}
    for obligation in facts.obligations:
        covers = falls_due(facts, obligation, rights.get(obligation.client, date.min), paid)
        if covers is not None:
            due[obligation.client].append((obligation, covers))
    by_code = {obligation.obligation: obligation for obligation in facts.obligations}
    for (code, covers), earlier in facts.earlier.items():
        # Reserved by an earlier month for an IBAN that was not confirmed then: still to be paid, never forgotten.
        if earlier.unpaid and earlier.benefit_month < facts.month and code in by_code and claims(by_code[code], covers):
            obligation = by_code[code]
            if (obligation, covers) not in due[obligation.client]:
                due[obligation.client].append((obligation, covers))
    return due


def falls_due(facts: MonthFacts, obligation: Obligation, right_from: date, paid: PaidMonths) -> Month | None:
    """The covered month of an obligation that this benefit month has to pay or has paid; None when there is none."""
    covers = covered_month(obligation, facts.month, facts.policy)
    late = covers is None
    if covers is None:
        covers = missed_start(obligation, facts.month, facts.policy, right_from)
    if covers is None:
        return None
    earlier = facts.earlier.get((obligation.obligation, covers))
    if earlier is not None:
        return covers if not late or earlier.benefit_month == facts.month else None
    done = paid.any_of(obligation, covers) if late else paid.all_of(obligation, covers)
    return None if done else covers


def missed_start(obligation: Obligation, month: Month, policy: Policy, right_from: date) -> Month | None:
    """The month of a one-off, or the first month of the running term, that an earlier benefit month was to pay.

    A term that began before the right to bijstand was somebody else's; only the very first one, not long ago, is ours.
    """
    now = add_months(month, policy.offsets[obligation.category])
    first = obligation.first_covered
    if obligation.frequency is Frequency.ONCE:
        start: Month | None = first
    else:
        start = start_of_term(obligation, now)
    over = obligation.last_covered is not None and start is not None and start > obligation.last_covered
    if start is None or start >= now or over:
        return None
    recent = index(now) - index(start) <= LATE_MONTHS
    if obligation.frequency is Frequency.ONCE:
        return start if recent else None
    return start if start >= month_of(right_from) or (start == first and recent) else None


def stranded(facts: MonthFacts, due: Mapping[str, Sequence[tuple[Obligation, Month]]]) -> Iterator[Held]:
    """Money that is set apart and not looked at: the cost ended, was handed over, or its client left."""
    looked_at = {(obligation.obligation, covers) for items in due.values() for obligation, covers in items}
    for (code, covers), earlier in facts.earlier.items():
        if earlier.unpaid and (code, covers) not in looked_at:
            yield Held(earlier.client, code, HeldReason.NOT_DUE)
