"""What nobody pays: months that are due and nobody's, or twice somebody's, and costs that a household does not have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from payments.dossier.case import Case, FixedCost
from payments.dossier.coverage import Covering, Ours, Span, Who, claimed, missed, once_claimed, span_of
from payments.dossier.ending import Fit
from payments.dossier.shared_costs import SharedStop
from payments.dossier.worklist_items import Cause, Look, WorklistItem
from payments.month import Month, add_months, first_day
from payments.parties import Category
from payments.plan.grounds import in_scope
from payments.plan.terms import through
from payments.plan.withholding import SHARED
from payments.states import TrajectoryState

EXPECTED = (Category.RENT, Category.ENERGY, Category.WATER, Category.HEALTH_INSURANCE)
"""What every household pays; the last of them each adult."""
_SET_APART = Ours(Who.RESERVED)


def covering_of(cost: FixedCost, ours: Mapping[Month, Ours] | None = None) -> Covering:
    """Whose the months of a fixed cost are; `ours` in detail, else it is enough that they are."""
    months = dict.fromkeys((*cost.paid, *cost.waiting), _SET_APART) if ours is None else ours
    return Covering(cost.obligation, cost.versions, months, cost.own, frozenset(cost.otherwise))


def uncovered(
    look: Look, household: Sequence[Case], stops: Iterable[SharedStop], today: date
) -> Iterator[WorklistItem]:
    """The months of a client that are certain to be nobody's or twice somebody's.

    What a hand-over that does not fit, or a partner who stops, leaves open is an item of its own.
    """
    said = {stop.obligation.obligation: stop.covers for stop in stops}
    said |= {j.obligation: j.expected for j in look.junctions if j.fit is Fit.GAP}
    overlaps = {j.obligation for j in look.junctions if j.fit is Fit.OVERLAP}
    spans = spans_of(look, today)
    nobody: dict[str, list[Month]] = {}
    both: dict[str, list[Month]] = {}
    for cost in look.case.costs:
        code = cost.obligation.obligation
        for covered in missed(covering_of(cost), spans[cost.obligation.category]):
            if covered.who is Who.NOBODY and not (code in said and said[code] <= covered.month):
                nobody.setdefault(code, []).append(covered.month)
            elif covered.who is Who.BOTH and code not in overlaps:
                both.setdefault(code, []).append(covered.month)
        cut = _cut_off(cost, household if cost.obligation.category in SHARED else [look.case], spans)
        if cut:
            nobody.setdefault(code, []).extend(cut)
    for cause, found in ((Cause.NOBODY, nobody), (Cause.BOTH, both)):
        if found:
            named = "; ".join(f"{code} ({in_rows(months)})" for code, months in found.items())
            day = first_day(min(month for months in found.values() for month in months))
            yield WorklistItem(look.case.client.client, cause, day, {"obligations": named})


def _cut_off(cost: FixedCost, members: Sequence[Case], spans: Mapping[Category, Span]) -> list[Month]:
    """The months that are due after a last month that a later line gave, of a cost that nothing replaced."""
    owed, span = cost.obligation, spans[cost.obligation.category]
    last = owed.last_covered
    if last is None or not cost.versions or owed.category not in EXPECTED or last >= span.due:
        return []
    if any(owed.category in member.without for member in members):
        return []
    covering, others = covering_of(cost), [covering_of(c, {}) for m in members for c in m.costs]
    return [
        month
        for month in through(max(add_months(last, 1), span.first), min(span.due, span.last))
        if month not in covering.touched
        and not covering.clients_own(month)
        and once_claimed(covering, month)
        and not any(claimed(other, span, month) for other in others if other.obligation.category is owed.category)
    ]


def in_rows(months: Sequence[Month]) -> str:
    """Months as people say them: consecutive ones by the first and the last."""
    rows: list[list[Month]] = []
    for month in months:
        if rows and add_months(rows[-1][-1], 1) == month:
            rows[-1].append(month)
        else:
            rows.append([month])
    return ", ".join(row[0] if len(row) == 1 else f"{row[0]} t/m {row[-1]}" for row in rows)


def missing_costs(look: Look, household: Sequence[Case], today: date) -> Iterator[WorklistItem]:
    """The costs that everybody has, and of which the register knows none for the next month to pay."""
    case = look.case
    if case.stored_state == TrajectoryState.ENDED or not (in_scope(case.client) or case.segments):
        return
    spans = spans_of(look, today)
    for category in EXPECTED:
        span = spans[category]
        month = max(span.first, add_months(span.due, 1))
        members = household if category in SHARED else [case]
        known = any(_has(cost, category, month, span) for member in members for cost in member.costs)
        if month <= span.last and not known and not any(category in member.without for member in members):
            facts = {"category": category.value, "expected": month}
            yield WorklistItem(case.client.client, Cause.COST_MISSING, first_day(month), facts)


def _has(cost: FixedCost, category: Category, month: Month, span: Span) -> bool:
    return cost.obligation.category is category and claimed(covering_of(cost, {}), span, month)


def spans_of(look: Look, today: date) -> dict[Category, Span]:
    """The months that matter for a client, by category."""
    by_offset = {
        offset: span_of(look.case, look.ran, look.payday, offset, today) for offset in {*look.policy.offsets.values()}
    }
    return {category: by_offset[offset] for category, offset in look.policy.offsets.items()}
