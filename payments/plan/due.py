"""Which obligations a month has to pay, and for which covered months."""

from collections import defaultdict

from payments.month import Month
from payments.parties import Obligation
from payments.plan.terms import PaidMonths
from payments.plan.withholding import MonthFacts, covered_month


def due_obligations(facts: MonthFacts, paid: PaidMonths) -> dict[str, list[tuple[Obligation, Month]]]:
    """Per client what falls due, and what was reserved before and is still to be paid."""
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
