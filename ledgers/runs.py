"""One month of one gemeente: what its plan rests on, and the plan once decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ledgers import audit, dossiers
from ledgers.bank_tables import resubmissions
from ledgers.bookings import Booking, Transfer
from ledgers.confirmations import confirmed_ibans
from ledgers.journal import insert_rows, post
from ledgers.registers import benefit_from, clients_in_force, creditors_in_force, obligations_in_force
from ledgers.remainders import listed_remainders
from ledgers.tables import (
    benefit_records,
    contributions,
    payments,
    run_clients,
    run_held,
    run_shortfalls,
    runs,
    withholdings,
)
from ledgers.versions import clients_of
from payments.grounds import HeldReason, segments_of
from payments.month import Month, add_months
from payments.parties import BenefitRecord, Category
from payments.withholding import Earlier, Held, Included, MonthFacts, Plan, Policy, Shortfall

RESERVED_MONTHS = 12  # how far back a run looks for money that still waits for a confirmed IBAN


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
                    Shortfall(r.client, r.obligation, Category(r.category), r.covers, r.needed_cents, r.available_cents)
                    for r in short
                ),
                key=_by_client,
            )
        ),
    )


def _by_client(item: Included | Held | Shortfall) -> tuple[str, str]:
    return item.client, getattr(item, "obligation", None) or ""


def load_facts(
    connection: Connection, gemeente: str, month: Month, execution_date: date, policy: Policy, art_56a_months: int
) -> MonthFacts:
    """Read all that one gemeente's plan rests on, in a fixed number of queries."""
    elsewhere = _included_elsewhere(connection, gemeente, month)
    clients = [
        client
        for client in clients_in_force(connection, month, gemeente).values()
        if client.client not in elsewhere
    ]
    codes = {client.client for client in clients}
    added = dossiers.added_segments(connection)
    latest = latest_run(connection, gemeente, month)
    before = {} if latest is None else {item.client: item for item in latest.included}
    return MonthFacts(
        month=month,
        execution_date=execution_date,
        policy=policy,
        clients=clients,
        obligations=[o for o in obligations_in_force(connection, month, gemeente).values() if o.client in codes],
        creditors=creditors_in_force(connection, month),
        confirmed=confirmed_ibans(connection),
        benefits=_benefits(connection, gemeente, month),
        grounds={c.client: segments_of(c, added.get(c.client, ()), art_56a_months) for c in clients},
        on_hold=dossiers.clients_on_hold(connection),
        ended={},  # these books cannot record the end of an ontzorgen yet
        earlier=_earlier(connection, gemeente, month, {add_months(month, n) for n in policy.offsets.values()}),
        included_before=before,
        handed_over=_handed_over(listed_remainders(connection, gemeente, month), before),
    )


def _handed_over(listed: Mapping[str, int], before: Mapping[str, Included]) -> dict[str, int]:
    """The part of the lists that was remainder of the benefit; what was given back besides never was available."""
    return {client: min(cents, before[client].remainder_cents) for client, cents in listed.items() if client in before}


def _included_elsewhere(connection: Connection, gemeente: str, month: Month) -> frozenset[str]:
    """Clients whose benefit of the month was already counted by another gemeente, before they moved here."""
    query = (
        select(run_clients.c.client)
        .join(runs, runs.c.run_id == run_clients.c.run_id)
        .where(runs.c.month == month, runs.c.gemeente != gemeente)
    )
    return frozenset(connection.execute(query).scalars())


def _benefits(connection: Connection, gemeente: str, month: Month) -> dict[str, list[BenefitRecord]]:
    b = benefit_records.c
    query = select(benefit_records).where(b.month == month, b.client.in_(clients_of(gemeente, month)))
    benefits: dict[str, list[BenefitRecord]] = {}
    for row in connection.execute(query).all():
        benefits.setdefault(row.client, []).append(benefit_from(row))
    return benefits


def _earlier(
    connection: Connection, gemeente: str, month: Month, covered: set[Month]
) -> dict[tuple[str, Month], Earlier]:
    w, c = withholdings.c, contributions.c
    p, r = payments.c, resubmissions.c
    # A resubmission is one attempt more than there are payments: until it is made, nothing is paid for it.
    made = select(func.count()).where(p.obligation == w.obligation, p.covers == w.covers).scalar_subquery()
    asked = select(func.coalesce(func.max(r.attempt), 1)).where(r.obligation == w.obligation, r.covers == w.covers)
    unpaid = made < asked.scalar_subquery()
    reserved = (w.month < month) & (w.month >= add_months(month, -RESERVED_MONTHS)) & unpaid
    # Of another gemeente only what was withheld for people who live here now.
    ours = (w.gemeente == gemeente) | w.client.in_(clients_of(gemeente, month))
    here = ours & ((w.month == month) | w.covers.in_(covered) | reserved)
    shares: dict[tuple[str, Month], list[tuple[str, int]]] = {}
    query = select(c.obligation, c.covers, c.client, c.amount_cents).join(
        withholdings, (c.obligation == w.obligation) & (c.covers == w.covers)
    )
    for obligation, covers, client, cents in connection.execute(query.where(here).order_by(c.client)).all():
        shares.setdefault((obligation, covers), []).append((client, cents))
    columns = (w.obligation, w.covers, w.amount_cents, w.month, w.creditor, w.gemeente)
    rows = connection.execute(select(*columns, unpaid.label("unpaid"), made.label("made")).where(here)).all()
    return {
        (row.obligation, row.covers): Earlier(
            row.amount_cents,
            tuple(shares[row.obligation, row.covers]),
            row.month,
            row.creditor,
            unpaid=row.gemeente == gemeente and bool(row.unpaid),
            attempts=row.made,
        )
        for row in rows
    }


def adds_nothing(plan: Plan, latest: LatestRun | None) -> bool:
    """Whether a plan says exactly what the books already say of this month."""
    return (
        latest is not None
        and not plan.withheld
        and not plan.payable
        and plan.included == latest.included
        and plan.held == latest.held
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
    totals = [sum(getattr(item, name) for item in plan.included)
              for name in ("benefit_cents", "withheld_cents", "remainder_cents")]  # fmt: skip
    connection.execute(
        runs.insert(),
        {
            "run_id": key,
            "gemeente": gemeente,
            "month": facts.month,
            "sequence": sequence,
            "execution_date": facts.execution_date,
            "state": "waiting_for_approval" if plan.payable else "done",
            "made_by": actor,
            "made_at": now.isoformat(timespec="seconds"),
            "benefit_cents": totals[0],
            "withheld_cents": totals[1],
            "remainder_cents": totals[2],
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
                "amount_cents": w.amount_cents,
                "run_id": key,
                "gemeente": gemeente,
                "month": month,
                "client": w.obligation.client,
                "creditor": w.obligation.creditor,
                "category": w.obligation.category.value,
            }
            for w in plan.withheld
        ),
    )
    insert_rows(
        connection,
        contributions,
        (
            {"obligation": w.obligation.obligation, "covers": w.covers, "client": client, "amount_cents": cents}
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
        code, creditor = w.obligation.obligation, w.obligation.creditor
        for line, (client, cents) in enumerate(w.contributions, start=1):
            yield booking.withheld(code, w.covers, line, client, creditor, cents)
