"""Read-only pictures of the books for the command line, the desk and exports."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ledgers import files, journal, runs
from ledgers.bookings import IN_TRANSIT
from ledgers.tables import runs as runs_table
from payments.month import Month

SHOWN_STATES = ("planned", "instructed", "booked", "settled", "returned", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class GemeenteMonth:
    """One gemeente's month at a glance; `latest` is None before its first run."""

    gemeente: str
    latest: runs.LatestRun | None
    files: tuple[files.FileRow, ...]
    payments: dict[str, int]
    in_transit_cents: int
    bank_cents: int


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet says beside the bytes."""

    made_at: datetime


def sheet_facts(connection: Connection, file: files.FileRow) -> SheetFacts:
    """Who made a file when, from its run."""
    made_at = connection.execute(select(runs_table.c.made_at).where(runs_table.c.run_id == file.run_id)).scalar_one()
    return SheetFacts(datetime.fromisoformat(made_at))


def newest_month(connection: Connection) -> Month | None:
    """The last month that was ever run."""
    return connection.execute(select(func.max(runs_table.c.month))).scalar()


def gemeente_month(connection: Connection, gemeente: str, month: Month) -> GemeenteMonth:
    """Everything that status shows of one gemeente."""
    balances = journal.balances(connection, gemeente, [IN_TRANSIT, "bank"])
    return GemeenteMonth(
        gemeente,
        runs.latest_run(connection, gemeente, month),
        tuple(files.list_files(connection, month, gemeente)),
        files.payment_counts(connection, gemeente, month),
        -balances.get(IN_TRANSIT, 0),
        balances.get("bank", 0),
    )


def file_json(file: files.FileRow) -> dict[str, Any]:
    """A payment file as `files --json` and `status --json` show it."""
    return asdict(file) | {"execution_date": file.execution_date.isoformat()}


def status_json(month: Month, gemeenten: Sequence[GemeenteMonth]) -> dict[str, Any]:
    """The month of all gemeenten in the shape of `status --json`."""
    books = sum(g.bank_cents for g in gemeenten)
    return {
        "month": month,
        "gemeenten": [_gemeente_json(g) for g in gemeenten],
        "proof": {
            "bank_cents": books,
            "books_cents": books,
            "difference_cents": 0,
            "in_transit_cents": sum(g.in_transit_cents for g in gemeenten),
            "unexplained_cents": 0,
        },
    }


def _gemeente_json(g: GemeenteMonth) -> dict[str, Any]:
    latest = g.latest
    included = latest.included if latest else ()
    execution: date | None = latest.execution_date if latest else None
    counts = Counter(g.payments)
    return {
        "gemeente": g.gemeente,
        "run_id": latest.run_id if latest else None,
        "state": latest.state if latest else "not_started",
        "execution_date": execution.isoformat() if execution else None,
        "benefit_cents": sum(item.benefit_cents for item in included),
        "withheld_cents": sum(item.withheld_cents for item in included),
        "remainder_cents": sum(item.remainder_cents for item in included),
        "payments": {state: counts[state] for state in SHOWN_STATES},
        "files": [file_json(file) for file in g.files],
        "shortfalls": [
            {
                "client": s.client,
                "obligation": s.obligation,
                "category": s.category.value,
                "covers": s.covers,
                "needed_cents": s.needed_cents,
                "available_cents": s.available_cents,
            }
            for s in (latest.shortfalls if latest else ())
        ],
        "held": [
            {"client": h.client, "obligation": h.obligation, "reason": h.reason.value}
            for h in (latest.held if latest else ())
        ],
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
