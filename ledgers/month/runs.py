"""One month of one gemeente: its newest run, and the plan once decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from ledgers.journal import audit
from ledgers.journal.bookings import Booking, Transfer, withheld_key
from ledgers.journal.posting import insert_rows, post
from ledgers.schema.core import (
    contributions,
    run_clients,
    run_components,
    run_held,
    run_shortfalls,
    runs,
    withholdings,
)
from payments.month import Month
from payments.parties import Category, Component
from payments.plan.grounds import HeldReason
from payments.plan.withholding import Held, Included, MonthFacts, Plan, Shortfall
from payments.states import RunState


@dataclass(frozen=True, slots=True)
class LatestRun:
    """The newest run of a gemeente's month, with the outcome that status shows."""

    run_id: str
    sequence: int
    execution_date: date
    state: str
    included: tuple[Included, ...]
    held: tuple[Held, ...]
    shortfalls: tuple[Shortfall, ...]
    ended_before: int


def run_id(gemeente: str, month: Month, sequence: int) -> str:
    """Derive the key of a run (`assen-202611-01`)."""
    return f"{gemeente}-{month.replace('-', '')}-{sequence:02d}"


def latest_run(connection: Connection, gemeente: str, month: Month) -> LatestRun | None:
    """The month as its newest run left it, or None before the first."""
    row = connection.execute(
        select(runs).where(runs.c.gemeente == gemeente, runs.c.month == month).order_by(runs.c.sequence.desc()).limit(1)
    ).first()
    if row is None:
        return None
    included = connection.execute(select(run_clients).where(run_clients.c.run_id == row.run_id))
    held = connection.execute(select(run_held).where(run_held.c.run_id == row.run_id))
    short = connection.execute(select(run_shortfalls).where(run_shortfalls.c.run_id == row.run_id))
    return LatestRun(
        row.run_id,
        row.sequence,
        row.execution_date,
        row.state,
        tuple(sorted((Included(r.client, r.benefit_cents, r.withheld_cents) for r in included), key=_by_client)),
        tuple(sorted((Held(r.client, r.obligation or None, HeldReason(r.reason)) for r in held), key=_by_client)),
        tuple(
            sorted(
                (
                    Shortfall(
                        r.client,
                        r.obligation,
                        Category(r.category),
                        r.covers,
                        r.needed_cents,
                        r.available_cents,
                        r.told_cents or 0,
                    )
                    for r in short
                ),
                key=_by_client,
            )
        ),
        row.ended_before,
    )


def _by_client(item: Included | Held | Shortfall) -> tuple[str, str]:
    return item.client, getattr(item, "obligation", None) or ""


def one_off_counted(connection: Connection, run: str) -> dict[tuple[str, Component], int]:
    """What a run, and those before it in its month, counted of each client's one-off money by decision."""
    c = run_components.c
    rows = connection.execute(select(c.client, c.component, c.amount_cents).where(c.run_id == run))
    return {(client, Component(component)): cents for client, component, cents in rows}


def adds_nothing(plan: Plan, latest: LatestRun | None) -> bool:
    """Whether a plan says exactly what the books already say of this month."""
    return (
        latest is not None
        and not plan.withheld
        and not plan.payable
        and plan.included == latest.included
        and plan.held == latest.held
        and len(plan.ended_before) == latest.ended_before
        and sorted(map(_shortage, plan.shortfalls)) == sorted(map(_shortage, latest.shortfalls))
    )


def _shortage(item: Shortfall) -> tuple[str, Month, int]:
    """What fell short, without what was left at that point: a later, smaller bill of the same run has used of it."""
    return item.obligation, item.covers, item.needed_cents


def save_plan(
    connection: Connection,
    gemeente: str,
    facts: MonthFacts,
    plan: Plan,
    sequence: int,
    actor: str,
    now: datetime,
) -> str:
    """Claim the next sequence of the month and write the plan with its bookings; returns the run id."""
    key = run_id(gemeente, facts.month, sequence)
    totals = [
        sum(getattr(item, name) for item in plan.included)
        for name in ("benefit_cents", "withheld_cents", "remainder_cents")
    ]
    connection.execute(
        runs.insert(),
        {
            "run_id": key,
            "gemeente": gemeente,
            "month": facts.month,
            "sequence": sequence,
            "execution_date": facts.execution_date,
            "state": RunState.WAITING_FOR_APPROVAL if plan.payable else RunState.DONE,
            "made_by": actor,
            "made_at": now.isoformat(timespec="seconds"),
            "benefit_cents": totals[0],
            "withheld_cents": totals[1],
            "remainder_cents": totals[2],
            "ended_before": len(plan.ended_before),
        },
    )
    _save_outcome(connection, key, plan)
    _save_withholdings(connection, key, gemeente, facts.month, plan)
    post(connection, _bookings(key, gemeente, facts, plan, now.date()))
    subject = {"run": key, "benefit_cents": totals[0], "withheld_cents": totals[1], "payments": len(plan.payable)}
    audit.append(connection, now, actor, "planned", subject)
    return key


def _save_outcome(connection: Connection, key: str, plan: Plan) -> None:
    insert_rows(
        connection,
        run_clients,
        (
            {
                "run_id": key,
                "client": item.client,
                "benefit_cents": item.benefit_cents,
                "withheld_cents": item.withheld_cents,
                "remainder_cents": item.remainder_cents,
            }
            for item in plan.included
        ),
    )
    insert_rows(
        connection,
        run_components,
        (
            {"run_id": key, "client": client, "component": component.value, "amount_cents": cents}
            for client, component, cents in plan.one_off
        ),
    )
    insert_rows(
        connection,
        run_held,
        (
            {"run_id": key, "client": h.client, "obligation": h.obligation or "", "reason": h.reason.value}
            for h in plan.held
        ),
    )
    insert_rows(
        connection,
        run_shortfalls,
        (
            {
                "run_id": key,
                "client": s.client,
                "obligation": s.obligation,
                "category": s.category.value,
                "covers": s.covers,
                "needed_cents": s.needed_cents,
                "available_cents": s.available_cents,
                "told_cents": s.told_cents or None,
            }
            for s in plan.shortfalls
        ),
    )


def _save_withholdings(connection: Connection, key: str, gemeente: str, month: Month, plan: Plan) -> None:
    insert_rows(
        connection,
        withholdings,
        (
            {
                "obligation": w.obligation.obligation,
                "covers": w.covers,
                "sequence": w.sequence,
                "reaches": w.reaches,
                "amount_cents": w.amount_cents,
                "run_id": key,
                "gemeente": gemeente,
                "month": month,
                "client": w.obligation.client,
                "creditor": w.obligation.creditor,
                "category": w.obligation.category.value,
                "component": w.component.value,
            }
            for w in plan.withheld
        ),
    )
    insert_rows(
        connection,
        contributions,
        (
            {
                "obligation": w.obligation.obligation,
                "covers": w.covers,
                "withholding": w.sequence,
                "client": client,
                "amount_cents": cents,
            }
            for w in plan.withheld
            for client, cents in w.contributions
        ),
    )


def _bookings(key: str, gemeente: str, facts: MonthFacts, plan: Plan, today: date) -> Iterable[Transfer]:
    booking = Booking(gemeente, facts.month, today)
    before: Mapping[str, Included] = facts.included_before
    for item in plan.included:
        added = item.benefit_cents - (before[item.client].benefit_cents if item.client in before else 0)
        if added:
            yield booking.benefit(key, item.client, added)
    for w in plan.withheld:
        key = withheld_key(w.obligation.obligation, w.covers, w.sequence)
        for line, (client, cents) in enumerate(w.contributions, start=1):
            yield booking.withheld(key, line, client, w.obligation.creditor, cents)
