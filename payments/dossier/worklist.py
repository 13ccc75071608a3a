"""Who needs attention, by when and about what: one pure look over the cases, most urgent first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from payments.calendar import payday
from payments.dossier.aftercare import aftercare
from payments.dossier.case import Case, EarlyReason, EventKind, FixedCost
from payments.dossier.ending import Fit
from payments.dossier.paydays import GroundGap, ground_gaps, paid_until
from payments.dossier.reassessment import COUNTS_BEFORE, asked_again, newest_added_ground, still_due
from payments.dossier.shared_costs import SharedStop, shared_stops
from payments.dossier.uncovered import missing_costs, uncovered
from payments.dossier.worklist_items import Cause, ItemKind, Look, Measures, Outdated, WorklistItem
from payments.money import format_amount
from payments.month import Month, add_months, first_day, month_of
from payments.plan.double_costs import doubles
from payments.plan.grounds import Ground, in_scope, last_day_of_months
from payments.plan.stale_payments import StalePayment
from payments.plan.withholding import covered_month
from payments.states import TrajectoryState

ASSESSED_AFTER = (3, 5)  # months of the period, besides the assessment at its end
ASSESSMENT_NOTICE, REASSESSMENT_NOTICE = timedelta(weeks=2), timedelta(weeks=4)
START_NOTICE = timedelta(weeks=4)  # before a right begins
ONE_DAY = timedelta(days=1)


def worklist(
    looks: Sequence[Look],
    measures: Measures,
    outdated: Sequence[Outdated],
    today: date,
    stale: Iterable[StalePayment] = (),
    more: Iterable[WorklistItem] = (),
) -> list[WorklistItem]:
    """Everything that needs attention: arrears, then what is overdue longest, by day, by weight of its kind, by client.

    Values of the configuration come last. `stale` are payments that wait in a file and would be others today; `more`
    is what no case knows of.
    """
    homes: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for look in sorted(looks, key=lambda look: look.case.client.client):
        homes[_home(look.case)].append(look.case)
    found = [
        item
        for look in looks
        if look.case.trajectory is not None
        for item in _items(look, homes[_home(look.case)], measures, today)
    ]
    found += [WorklistItem("", Cause.PARAMETER, o.review_by, {"name": o.name, "basis": o.basis}) for o in outdated]
    found += [*_stale_files(stale), *more]
    return sorted(found, key=_urgency)


def _stale_files(stale: Iterable[StalePayment]) -> Iterator[WorklistItem]:
    """One item for each client in a file that may not go to the bank as it is."""
    found: dict[tuple[str, str, date], list[StalePayment]] = defaultdict(list)
    for payment in stale:
        found[payment.client, payment.file_id, payment.execution_date].append(payment)
    for (client, file_id, day), payments in found.items():
        named = ", ".join(f"{payment.obligation} {payment.covers}" for payment in payments)
        facts = {"file": file_id, "obligations": named, "whys": ",".join(sorted({str(p.why) for p in payments}))}
        yield WorklistItem(client, Cause.STALE_FILE, day, facts)


def _home(case: Case) -> tuple[str, str]:
    return case.client.gemeente, case.client.household


_WEIGHTS = {kind: weight for weight, kind in enumerate(ItemKind)}


def _urgency(item: WorklistItem) -> tuple[int, date, int, str, str, tuple[str, ...]]:
    # Arrears go before everything, and values of the configuration after every person. The longest overdue is the
    # earliest day, so one order by day serves what is late and what is to come.
    rank = {Cause.ARREARS: 0, Cause.PARAMETER: 2}.get(item.cause, 1)
    return rank, item.day, _WEIGHTS[item.kind], item.client, item.cause.name, tuple(item.facts.values())


def _items(look: Look, household: Sequence[Case], measures: Measures, today: date) -> Iterator[WorklistItem]:
    case = look.case
    others = [other for other in household if other is not case and other.trajectory is not None]
    notice = timedelta(weeks=max(measures.warn_weeks))
    stops = list(shared_stops(case, others, look.policy, look.payday, today, notice))
    if case.period_from is None and case.last_ground_day(today) is None and _wanted(case, today):
        yield WorklistItem(case.client.client, Cause.PERIOD_UNDECIDED, case.client.right_from)  # also after an end
    if case.stored_state != TrajectoryState.ENDED:
        yield from _grounds(look, measures.warn_weeks, today)
        yield from _papers(case, today)
        yield from _assessments(case, today)
        yield from _reassessment(look, measures.reassessment_months, today)
        yield from _end(case)
    if case.ended_on is None or today <= case.ended_on:  # until that day money still moves
        yield from _money(look, today)
        yield from uncovered(look, household, stops, today)
        if _wanted(case, today):
            yield from missing_costs(look, household, today)
        yield from _doubles(look, household, today)
    yield from aftercare(case, measures.aftercare_months, today)
    yield from _junctions(look, {stop.obligation.obligation for stop in stops})
    yield from (_stopped(case, stop) for stop in stops)


def _grounds(look: Look, warn_weeks: Sequence[int], today: date) -> Iterator[WorklistItem]:
    case, who = look.case, look.case.client.client
    end = case.proposal.end_date if case.proposal else None
    last, since = paid_until(case.segments, look.payday, today), case.lapsed_since(today)
    by_right = case.client.right_until is not None and case.client.right_until in (last, since)
    gaps = [gap for gap in ground_gaps(case.segments, look.payday) if gap.until >= today]
    near = today + timedelta(weeks=max(warn_weeks))
    yield from (_gap(look, gap) for gap in gaps if gap.first <= near and (end is None or end >= gap.first))
    followed = any(gap.first - ONE_DAY == last for gap in gaps)
    if last is not None and (end is None or end > last) and not followed:
        weeks = warning(last, warn_weeks, today)
        if weeks is not None:
            yield WorklistItem(who, Cause.RIGHT_ENDS if by_right else Cause.GROUND_ENDS, last, {"weeks": str(weeks)})
    between = any(gap.first <= today for gap in gaps)
    if since is not None and end is None and case.period_from is not None and not between:
        yield WorklistItem(who, Cause.RIGHT_ENDED if by_right else Cause.NO_GROUND, since)


def _gap(look: Look, gap: GroundGap) -> WorklistItem:
    """Days without a ground before one that was decided; named with what nobody pays by them."""
    facts = {"days": str(gap.days), "again": (gap.until + ONE_DAY).isoformat()}
    if not gap.missed:
        return WorklistItem(look.case.client.client, Cause.GROUND_GAP, gap.first, facts)
    unpaid = [
        f"{cost.obligation.obligation} ({covers})"
        for cost in look.case.costs
        for month in gap.missed
        if (covers := covered_month(cost.obligation, month, look.policy)) is not None
        and not cost.clients_own(covers)
        and covers not in cost.paid
    ]
    facts |= {"paydays": ",".join(payday(month, look.payday).isoformat() for month in gap.missed)}
    return WorklistItem(look.case.client.client, Cause.UNPAID_GAP, gap.first, facts | {"unpaid": ", ".join(unpaid)})


def warning(last: date, warn_weeks: Sequence[int], today: date) -> int | None:
    """The warning that holds before a last day: the smallest number of weeks that it lies within; None before all."""
    return min((weeks for weeks in warn_weeks if last - today <= timedelta(weeks=weeks)), default=None)


def _papers(case: Case, today: date) -> Iterator[WorklistItem]:
    """Without beschikking or machtiging nothing may be paid; both are asked for before the right begins."""
    client = case.client
    ours = in_scope(client) or any(added.segment.until >= today for added in case.added)
    if not ours or case.proposal is not None or not _wanted(case, today):
        return
    if client.decision is None:
        yield WorklistItem(client.client, Cause.NO_DECISION, client.right_from)
    elif client.decision_date is None:
        yield WorklistItem(client.client, Cause.NO_DECISION_DATE, client.right_from, {"decision": client.decision})
    if client.mandate_date is None:
        revoked = [event.on_day for event in case.events if event.kind is EventKind.MANDATE_REVOKED]
        if revoked:  # and not given since, or there would be one
            yield WorklistItem(client.client, Cause.MANDATE_REVOKED, revoked[-1])
        else:
            yield WorklistItem(client.client, Cause.NO_MANDATE, client.right_from)


def _wanted(case: Case, today: date) -> bool:
    """The right to bijstand has begun or soon does, and is not over."""
    until = case.client.right_until
    return case.client.right_from <= today + START_NOTICE and (until is None or until >= today)


def _on_the_road(case: Case, today: date) -> bool:
    """A ground is in force or has lapsed, and the right to bijstand still stands: somebody can be assessed."""
    begun = case.last_ground_day(today) is not None or case.lapsed_since(today) is not None
    return begun and case.proposal is None and _wanted(case, today)


def _assessments(case: Case, today: date) -> Iterator[WorklistItem]:
    if case.period_from is None or not in_scope(case.client) or not _on_the_road(case, today):
        return
    newest = case.assessments[-1].assessed_on if case.assessments else date.min
    planned = [(_months_after(case.period_from, n), str(n)) for n in ASSESSED_AFTER if n < case.months]
    due = [
        (day, months)
        for day, months in [*planned, (case.floor, "")]
        if day - ASSESSMENT_NOTICE <= today and newest < day - COUNTS_BEFORE
    ]
    if not due:
        return
    *missed, (last, months) = due  # one conversation makes up for all of them
    facts = {"months": months} if months else {}
    cause = Cause.ASSESSMENT if months else Cause.LAST_ASSESSMENT
    if missed:
        cause = Cause.MISSED_ASSESSMENT if months else Cause.MISSED_TO_THE_LAST
        facts |= {"missed": ",".join(which for _, which in missed), "due": last.isoformat()}
    yield WorklistItem(case.client.client, cause, due[0][0], facts)


def _months_after(start: date, months: int) -> date:
    return last_day_of_months(start, months) + ONE_DAY


def _reassessment(look: Look, months: int, today: date) -> Iterator[WorklistItem]:
    case = look.case
    ground = newest_added_ground(case, today)
    if ground is None or ground.segment.ground not in (Ground.ART_57, Ground.VOLUNTARY):
        return
    due = ground.reassess_on if still_due(case, ground) else asked_again(case, look.verdict, months, today)
    if due is not None and due - REASSESSMENT_NOTICE <= today and _on_the_road(case, today):
        facts = {"ground": ground.segment.ground.value, "decision": ground.segment.decision}
        yield WorklistItem(case.client.client, Cause.REASSESSMENT, due, facts)


def _end(case: Case) -> Iterator[WorklistItem]:
    proposal = case.proposal
    if proposal is None:
        return
    cause, facts = Cause.END, {"by": proposal.proposed_by}
    if proposal.reason is not None:
        unexplained = proposal.reason is EarlyReason.CUSTOM and not proposal.why
        cause = Cause.UNEXPLAINED_END if unexplained else Cause.EARLY_END
        facts["reason"] = proposal.reason.value
    yield WorklistItem(case.client.client, cause, proposal.end_date, facts)


def _money(look: Look, today: date) -> Iterator[WorklistItem]:
    case, who, month = look.case, look.case.client.client, month_of(today)
    short = [(m, obligation) for m, obligation in case.shortages if m >= add_months(month, -1)]
    if short:
        named = ", ".join(f"{obligation} ({m})" for m, obligation in short)
        yield WorklistItem(who, Cause.SHORTAGE, payday(short[0][0], look.payday), {"obligations": named})
    for waiting in case.open_items:
        yield WorklistItem(who, Cause.OPEN_ITEM, waiting.since, {"exception": waiting.key, "code": waiting.kind})
    ours = [cost.obligation.obligation for cost in case.costs if _ours(cost, month)]
    blocked = [obligation for obligation in case.unconfirmed if obligation in ours]
    if blocked:
        yield WorklistItem(who, Cause.IBAN_UNCONFIRMED, _next_payday(look, today), {"obligations": ", ".join(blocked)})


def _next_payday(look: Look, today: date) -> date:
    month = month_of(today)
    this = payday(month, look.payday)
    return this if this >= today else payday(add_months(month, 1), look.payday)


def _doubles(look: Look, household: Sequence[Case], today: date) -> Iterator[WorklistItem]:
    """Bills of this client that stand in the household under another code too: one of the two is not paid."""
    ours = [case for case in household if case.trajectory is not None and case.ended_on is None]
    costs = [cost for case in ours for cost in case.costs if _ours(cost, month_of(today))]
    accepted = frozenset(code for case in ours for code in case.accepted_doubles)
    for code, first in doubles((cost.obligation for cost in costs), accepted).items():
        if any(cost.obligation.obligation == code for cost in look.case.costs):
            facts = {"obligation": code, "first": first}
            yield WorklistItem(look.case.client.client, Cause.DOUBLE_COST, _next_payday(look, today), facts)


def _ours(cost: FixedCost, month: Month) -> bool:
    """Whether we pay this month of it, or one to come."""
    ends = [cost.obligation.last_covered] if cost.obligation.last_covered else []
    ends += [add_months(cost.first_own, -1)] if cost.first_own else []
    return all(end >= month for end in ends)


def _stopped(case: Case, stop: SharedStop) -> WorklistItem:
    facts = {
        "obligation": stop.obligation.obligation,
        "amount": format_amount(stop.obligation.amount_cents),
        "held": stop.reason.value,
        "partner": stop.partner,
        "last": add_months(stop.covers, -1),
        "expected": stop.covers,
    }
    return WorklistItem(case.client.client, Cause.SHARED_STOPS, stop.on, facts)


def _junctions(look: Look, stopped: AbstractSet[str]) -> Iterator[WorklistItem]:
    """Where what we pay and what the client pays do not meet; after an end also what nobody took over.

    Of `stopped`, what the household goes on needing, the month that nobody pays is an item already.
    """
    case, who = look.case, look.case.client.client
    gone = case.proposal is not None and case.proposal.reason in (EarlyReason.DEATH, EarlyReason.MOVED)
    for j in look.junctions:
        if j.obligation in stopped:
            continue
        facts = {"obligation": j.obligation, "last": j.last_ours or "niets", "expected": j.expected}
        if j.fit is Fit.GAP and j.first_own:
            yield WorklistItem(who, Cause.GAP, first_day(j.expected), facts | {"first_own": j.first_own})
        elif j.fit is Fit.OVERLAP and j.first_own:
            yield WorklistItem(who, Cause.OVERLAP, first_day(j.first_own), facts | {"first_own": j.first_own})
        elif j.fit is Fit.NO_FIRST_MONTH and j.last_ours and case.ended_on is not None and not gone:
            yield WorklistItem(who, Cause.LEFT_BEHIND, first_day(j.expected), facts)
