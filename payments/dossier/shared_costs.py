"""Shared costs whose holder stops while the household goes on: they are paid once, in one name, and then by nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from payments.calendar import payday
from payments.dossier.case import Case, FixedCost
from payments.dossier.paydays import paid_until
from payments.month import Month, add_months, month_of
from payments.parties import Obligation
from payments.plan.grounds import HeldReason, reason_to_stop
from payments.plan.withholding import SHARED, Policy, covered_month

LOOKED_AT = 12  # benefit months back and ahead


@dataclass(frozen=True, slots=True)
class SharedStop:
    """A shared cost from the first month that nobody pays; `on` is the payday that passes it over, `reason` why."""

    obligation: Obligation
    covers: Month
    on: date
    reason: HeldReason
    partner: str  # somebody of the household for whom that payday does pay


def shared_stops(
    holder: Case, others: Sequence[Case], policy: Policy, day: int, today: date, notice: timedelta
) -> Iterator[SharedStop]:
    """What stops with `holder` though one of the `others` goes on, by the reasons of the run itself.

    Stops that are certain count at once, however far ahead; a ground can still be followed by another, so its end
    counts from `notice` before it on. `day` is the payday of the gemeente.
    """
    last_ground = paid_until(holder.segments, day, today)
    may_follow = last_ground is not None and last_ground - today > notice
    for cost in holder.costs if others else ():
        if cost.obligation.category not in SHARED:
            continue
        for month, covers in _unpaid(cost, policy, month_of(today)):
            on = payday(month, day)
            reason = _reason(holder, on)
            if reason is None or (reason is HeldReason.RIGHT_NOT_STARTED and not cost.paid):
                continue
            partner = next((other.client.client for other in others if _reason(other, on) is None), None)
            if partner is not None and not (reason is HeldReason.NO_GROUND and may_follow):
                yield SharedStop(cost.obligation, covers, on, reason, partner)
                break


def _unpaid(cost: FixedCost, policy: Policy, now: Month) -> Iterator[tuple[Month, Month]]:
    """Benefit and covered months after the last that was paid, as long as it is ours; of a new cost those to come."""
    for ahead in range(-LOOKED_AT if cost.paid else 0, LOOKED_AT + 1):
        month = add_months(now, ahead)
        covers = covered_month(cost.obligation, month, policy)
        if covers is None or (cost.last_covered is not None and covers <= cost.last_covered):
            continue
        if not cost.clients_own(covers):
            yield month, covers


def _reason(case: Case, on: date) -> HeldReason | None:
    held = case.on_hold is not None
    return reason_to_stop(case.client, case.segments, on_hold=held, ended_on=case.ended_on, on=on)
