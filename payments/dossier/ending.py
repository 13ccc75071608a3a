"""When an ontzorgen may end: what the law, the policy and the checklist still ask for, as facts with a code."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.calendar import payday
from payments.dossier.case import Case, FixedCost, Waiting
from payments.dossier.checklist import (
    Assessment,
    Checklist,
    Known,
    OwnPayment,
    Verdict,
    evaluate,
    latest,
)
from payments.month import Month, add_months, month_of
from payments.parties import Category, Frequency, Obligation
from payments.plan.due import missed_start
from payments.plan.terms import PaidMonths, end_of_term
from payments.plan.withholding import Policy, covered_month

FAR_MONTHS = 24  # how far ahead months are looked at when no end date is given yet


class Missing(StrEnum):
    """What stands in the way of an ordinary end."""

    FLOOR = "floor"
    CHECKLIST = "checklist"
    HANDOVER = "handover"
    OPEN_EXCEPTIONS = "open_exceptions"
    OPEN_PAYMENTS = "open_payments"


class Fit(StrEnum):
    """How our last month and the client's first month meet."""

    FITS = "fits"
    NOT_NEEDED = "not_needed"  # the obligation itself ends with what we paid, or before
    NO_FIRST_MONTH = "no_first_month"
    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Junction:
    """One obligation at the hand-over: `expected` is the month after the last that we pay."""

    obligation: str
    fit: Fit
    last_ours: Month | None
    expected: Month
    first_own: Month | None


@dataclass(frozen=True, slots=True)
class TooEarly:
    """A day that lies before the last one of the mandatory months."""

    floor: date
    end: date


@dataclass(frozen=True, slots=True)
class UnlistedRefund:
    """Money that was given back and that no remainder list tells of yet."""

    amount_cents: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing still missing; several can share a code. `about` is what it was seen by."""

    code: Missing
    about: TooEarly | Verdict | Junction | Waiting | UnlistedRefund


def falls_due(obligation: Obligation, month: Month, policy: Policy, right_from: date) -> Month | None:
    """The covered month that a benefit month pays, also of a term whose first month no run could pay."""
    return covered_month(obligation, month, policy) or missed_start(obligation, month, policy, right_from)


def junction(cost: FixedCost, coming: Sequence[Month], policy: Policy, on: date, right_from: date) -> Junction:
    """Compare the last month that we pay with the client's first own one; a one-off is handed over to nobody.

    `coming` are the benefit months that will still be run; a hand-over stops them by itself.
    """
    obligation = cost.obligation
    paid = PaidMonths((obligation.obligation, month, month) for month in cost.paid)
    reaches = list(cost.paid)
    for month in coming:
        covers = falls_due(obligation, month, policy, right_from)
        # No run pays a month that the client pays, nor a term of which an earlier payment reaches a part.
        if covers is not None and not cost.clients_own(covers) and not paid.any_of(obligation, covers):
            reaches.append(end_of_term(obligation, covers))
    last = max(reaches, default=None)
    expected = cost.after(last)
    final = obligation.last_covered
    once = obligation.frequency is Frequency.ONCE
    if final is not None and (once or final < expected or final < month_of(on)):
        fit = Fit.NOT_NEEDED
    elif cost.first_own is None:
        fit = Fit.NO_FIRST_MONTH
    elif cost.first_own == expected:
        fit = Fit.FITS
    else:
        fit = Fit.GAP if cost.first_own > expected else Fit.OVERLAP
    return Junction(obligation.obligation, fit, last, expected, cost.first_own)


def known_of(case: Case) -> Known:
    """What the books say of a client at the moment of judging."""
    active = [cost for cost in case.costs if not _over(cost)]
    handed = {
        category
        for category in {cost.obligation.category for cost in active}
        if all(cost.first_own for cost in active if cost.obligation.category is category)
    }
    return Known(
        open_exceptions=len(case.open_items),
        handed_over=frozenset(handed),
        has_own_account=case.client.iban is not None,
        has_mandate=case.client.mandate_date is not None,
        months_paid=len(case.months_paid),
        not_in_plan=frozenset(Category) - {cost.obligation.category for cost in active},
    )


def _over(cost: FixedCost) -> bool:
    """An obligation that ended with what we paid; a one-off is no cost that goes on."""
    if cost.obligation.frequency is Frequency.ONCE:
        return True
    final = cost.obligation.last_covered
    return final is not None and cost.last_covered is not None and final <= cost.last_covered


def judge(case: Case, checklists: Mapping[str, Checklist], current: Checklist) -> Assessment:
    """The checklist as it stands now: the latest answers, on the version of the newest assessment."""
    made = case.assessments
    checklist = checklists[made[-1].checklist] if made else current
    waived = next((a.waive_proof for a in reversed(made) if a.waive_proof is not None), None)
    return evaluate(checklist, latest([a.answers for a in made]), known_of(case), proofs_of(case), waived)


def judge_before(case: Case, checklists: Mapping[str, Checklist]) -> Assessment | None:
    """The same before the newest assessment, to show what grew; None when there was no earlier one."""
    earlier = case.assessments[:-1]
    if not earlier:
        return None
    waived = next((a.waive_proof for a in reversed(earlier) if a.waive_proof is not None), None)
    answers = latest([a.answers for a in earlier])
    return evaluate(checklists[earlier[-1].checklist], answers, known_of(case), proofs_of(case), waived)


def proofs_of(case: Case) -> list[OwnPayment]:
    """What was seen of the client's own payments."""
    return [
        OwnPayment(cost.obligation.obligation, covers, paid, cost.obligation.frequency.months)
        for cost in case.costs
        for covers, paid in sorted(cost.proofs.items())
        if cost.first_own is not None and covers >= cost.first_own and covers not in cost.paid
    ]


def obstacles(
    case: Case, verdict: Verdict, junctions: Sequence[Junction], end: date, unlisted_refund_cents: int
) -> list[Obstacle]:
    """Everything that keeps an ordinary end on day `end` from being proposed."""
    found = []
    if end < case.floor:
        found.append(Obstacle(Missing.FLOOR, TooEarly(case.floor, end)))
    if verdict is not Verdict.PASSED:
        found.append(Obstacle(Missing.CHECKLIST, verdict))
    found += [Obstacle(Missing.HANDOVER, j) for j in junctions if j.fit in (Fit.NO_FIRST_MONTH, Fit.GAP, Fit.OVERLAP)]
    found += [Obstacle(Missing.OPEN_EXCEPTIONS, item) for item in case.open_items]
    found += [Obstacle(Missing.OPEN_PAYMENTS, payment) for payment in case.open_payments]
    if unlisted_refund_cents:
        found.append(Obstacle(Missing.OPEN_PAYMENTS, UnlistedRefund(unlisted_refund_cents)))
    return found


def codes(found: Sequence[Obstacle]) -> tuple[str, ...]:
    """The codes of what is missing, each once, in the fixed order."""
    return tuple(code.value for code in Missing if any(obstacle.code is code for obstacle in found))


@dataclass(frozen=True, slots=True)
class MonthRule:
    """When and how a gemeente pays its months."""

    policy: Policy
    payday: int


def coming_months(case: Case, rule: MonthRule, ran: Collection[Month], today: date, end: date | None) -> list[Month]:
    """The benefit months that will still be paid for this client: on a payday to come, on a ground, not after `end`."""
    last = case.client.right_until
    found = []
    for ahead in range(FAR_MONTHS):
        month = add_months(month_of(today), ahead)
        day = payday(month, rule.payday)
        stopped = (end is not None and day > end) or (last is not None and day > last)
        if day >= today and month not in ran and not stopped and any(s.covers(day) for s in case.segments):
            found.append(month)
    return found
