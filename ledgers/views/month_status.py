"""Read-only pictures of the books for the command line, the desk and exports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ledgers.bank.open_items import OpenItem
from ledgers.checks import month_close
from ledgers.month import payment_files as files
from ledgers.month import runs
from ledgers.schema.bank import rejections, settlements
from ledgers.schema.core import payment_files, payments, same_withholding, transfers, withholdings
from ledgers.schema.core import runs as runs_table
from ledgers.views.deductions import Deduction, deductions_of
from payments.matching.forwarding import ToForward
from payments.month import Month
from payments.states import DEBITED, LIVE, WAITING_FILES, PaymentState, RunState, SettlementKind

SHOWN_STATES = (*LIVE, PaymentState.RETURNED, PaymentState.REJECTED, PaymentState.CANCELLED)


@dataclass(frozen=True, slots=True)
class GemeenteMonth:
    """One gemeente's month at a glance; `latest` is None before its first run."""

    gemeente: str
    latest: runs.LatestRun | None
    files: tuple[files.FileRow, ...]
    payments: dict[str, int]
    proof: month_close.AccountProof
    deductions: tuple[Deduction, ...] = ()
    executed: frozenset[str] = frozenset()  # files of which nothing is under way any more


def made_at(connection: Connection, file: files.FileRow) -> datetime:
    """When the run of a file was made."""
    moment = connection.execute(select(runs_table.c.made_at).where(runs_table.c.run_id == file.run_id)).scalar_one()
    return datetime.fromisoformat(moment)


def newest_month(connection: Connection) -> Month | None:
    """The last month that was ever run."""
    return connection.execute(select(func.max(runs_table.c.month))).scalar()


def gemeente_month(connection: Connection, gemeente: str, month: Month) -> GemeenteMonth:
    """Everything that status shows of one gemeente."""
    return GemeenteMonth(
        gemeente,
        runs.latest_run(connection, gemeente, month),
        tuple(files.list_files(connection, month, gemeente)),
        files.payment_counts(connection, gemeente, month),
        month_close.prove(connection, gemeente),
        deductions_of(connection, gemeente, month),
        files.executed_files(connection, month),
    )


def file_json(file: files.FileRow, stale: int = 0, *, executed: bool = False) -> dict[str, Any]:
    """A payment file as `files --json` and `status --json` show it; `stale` payments would be others today."""
    return asdict(file) | {"execution_date": file.execution_date.isoformat(), "stale": stale, "executed": executed}


def status_json(
    month: Month, gemeenten: Sequence[GemeenteMonth], today: date, stale: Mapping[str, int]
) -> dict[str, Any]:
    """The month of all gemeenten in the shape of `status --json`; the proof is of all months together.

    `stale` counts per file that waits the payments that would be others today.
    """
    bank = sum(g.proof.bank_cents for g in gemeenten)
    books = sum(g.proof.books_cents for g in gemeenten)
    return {
        "month": month,
        "gemeenten": [_gemeente_json(g, stale) for g in gemeenten],
        "proof": {
            "bank_cents": bank,
            "books_cents": books,
            "difference_cents": bank - books,
            "in_transit_cents": sum(g.proof.in_transit_cents for g in gemeenten),
            "unexplained_cents": sum(g.proof.unexplained_cents for g in gemeenten),
            "in_transit": [_in_transit_json(item, today) for g in gemeenten for item in g.proof.in_transit],
            "open_items": [_open_item_json(item, today) for g in gemeenten for item in g.proof.open_items],
            "reserved": _held(gemeenten, "reserved", "creditor"),
            "reserved_items": [asdict(item) for g in gemeenten for item in g.proof.reserved_items],
            "returned": _held(gemeenten, "returned", "client"),
            "suspense": [_open_item_json(item, today) for g in gemeenten for item in g.proof.parked],
            "to_forward": [_to_forward_json(item, today) for g in gemeenten for item in g.proof.to_forward],
            "accounts": [
                {"gemeente": g.gemeente, "account": name, "debit_cents": cents}
                for g in gemeenten
                for name, cents in g.proof.accounts
            ],
        },
    }


def _held(gemeenten: Sequence[GemeenteMonth], kind: str, whose: str) -> list[dict[str, Any]]:
    return [
        {"gemeente": g.gemeente, whose: name, "amount_cents": cents}
        for g in gemeenten
        for name, cents in getattr(g.proof, kind)
    ]


def _in_transit_json(item: month_close.InTransit, today: date) -> dict[str, Any]:
    return {
        "payment": item.payment_id,
        "gemeente": item.gemeente,
        "month": item.month,
        "amount_cents": item.amount_cents,
        "execution_date": item.execution_date.isoformat(),
    } | _aged(max(0, (today - item.execution_date).days))


def _aged(days: int) -> dict[str, Any]:
    return {"age_days": days, "age_group": month_close.age_group(days)}


def _to_forward_json(item: ToForward, today: date) -> dict[str, Any]:
    return {
        "id": item.exception_id,
        "gemeente": item.gemeente,
        "amount_cents": item.amount_cents,
        "why": item.why,
    } | _aged(max(0, (today - item.since).days))


def _open_item_json(item: OpenItem, today: date) -> dict[str, Any]:
    return {
        "id": item.exception_id,
        "kind": item.kind,
        "gemeente": item.gemeente,
        "amount_cents": item.amount_cents,
    } | _aged(item.age_days(today))


def _state(g: GemeenteMonth) -> str:
    """A supplementary run without payments does not finish what an earlier one left waiting."""
    if any(file.state in WAITING_FILES for file in g.files):
        return RunState.WAITING_FOR_APPROVAL
    return g.latest.state if g.latest else "not_started"


def _gemeente_json(g: GemeenteMonth, stale: Mapping[str, int]) -> dict[str, Any]:
    latest = g.latest
    included = latest.included if latest else ()
    execution: date | None = latest.execution_date if latest else None
    counts = Counter(g.payments)
    return {
        "gemeente": g.gemeente,
        "run_id": latest.run_id if latest else None,
        "state": _state(g),
        "execution_date": execution.isoformat() if execution else None,
        "benefit_cents": sum(item.benefit_cents for item in included),
        "withheld_cents": sum(item.withheld_cents for item in included),
        "remainder_cents": sum(item.remainder_cents for item in included),
        # What is settled is booked too: `settled` says how many of the booked have stood their five bank days.
        "payments": {state.value: counts[state] for state in SHOWN_STATES}
        | {"booked": sum(counts[state] for state in DEBITED)},
        "files": [file_json(file, stale.get(file.file_id, 0), executed=file.file_id in g.executed) for file in g.files],
        "shortfalls": [
            {
                "client": s.client,
                "obligation": s.obligation,
                "category": s.category.value,
                "covers": s.covers,
                "needed_cents": s.needed_cents,
                "available_cents": s.available_cents,
            }
            | ({"told_cents": s.told_cents} if s.told_cents else {})
            for s in (latest.shortfalls if latest else ())
        ],
        "held": [
            {"client": h.client, "obligation": h.obligation, "reason": h.reason.value}
            for h in (latest.held if latest else ())
        ],
        "deductions": [asdict(item) | {"kind": item.kind.value} for item in g.deductions],
        "ended_before": latest.ended_before if latest else 0,
        "remainders": [
            {
                "client": item.client,
                "benefit_cents": item.benefit_cents,
                "withheld_cents": item.withheld_cents,
                "remainder_cents": item.remainder_cents,
            }
            for item in included
        ],
    }


def payments_of_month(connection: Connection, month: Month) -> list[tuple[Any, ...]]:
    """Every payment of a benefit month as texts (the amount in cents), in the order of its EndToEndId."""
    p, f, w = payments.c, payment_files.c, withholdings.c
    booked = select(settlements).where(settlements.c.kind == SettlementKind.BOOKED).subquery()
    query = (
        select(
            f.gemeente,
            f.month,
            p.file_id,
            p.payment_id,
            p.client,
            p.obligation,
            w.category,
            p.covers,
            p.creditor,
            p.creditor_iban,
            p.amount_cents,
            p.state,
            f.execution_date,
            booked.c.booked_on,
            func.coalesce(rejections.c.reason, _returned_reason()),
        )
        .join(payment_files, f.file_id == p.file_id)
        .join(withholdings, same_withholding(p, w))
        .outerjoin(booked, booked.c.payment_id == p.payment_id)
        .outerjoin(rejections, rejections.c.payment_id == p.payment_id)
        .where(f.month == month)
        .order_by(f.gemeente, p.payment_id)
    )
    return [
        (*row[:12], row[12].isoformat(), row[13].isoformat() if row[13] else "", row[14] or "")
        for row in connection.execute(query)
    ]


def _returned_reason() -> Any:
    """The bank's reason for a return, beside a payment."""
    query = select(settlements.c.reason).where(
        settlements.c.kind == SettlementKind.RETURNED, settlements.c.payment_id == payments.c.payment_id
    )
    return query.scalar_subquery()


def journal_of_month(connection: Connection, month: Month) -> list[tuple[Any, ...]]:
    """Every transfer of a month as texts (the amount in cents), in the order of booking."""
    t = transfers.c
    query = select(t.gemeente, t.month, t.booked_on, t.event_key, t.line, t.debit, t.credit, t.amount_cents)
    rows = connection.execute(query.where(t.month == month).order_by(t.booked_on, t.event_key, t.line))
    return [(r[0], r[1], r[2].isoformat(), r[3], str(r[4]), *r[5:]) for r in rows]
