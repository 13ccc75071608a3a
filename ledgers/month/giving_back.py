"""Undo what was set apart for a creditor and not paid: counter-entries to the clients who contributed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, select

from ledgers.journal.bookings import Booking, client_account, creditor_account, given_back_key
from ledgers.journal.posting import in_parts, insert_rows, post
from ledgers.schema.bank import given_back
from ledgers.schema.core import contributions, runs, same_withholding, withholdings
from payments.month import Month


@dataclass(frozen=True, slots=True)
class GivingBack:
    """By whom, when and why; `plan_anew` where a run may set the month apart again, `file_id` where a cancel did it."""

    why: str
    actor: str
    now: datetime
    plan_anew: bool
    file_id: str | None = None


def give_back_all(
    connection: Connection, rows: Sequence[Row[tuple[object, ...]]], month: Month, how: GivingBack
) -> None:
    """Give the money of these rows of `withholdings`, of one gemeente and benefit month, back; booked in `month`."""
    if not rows:
        return
    gemeente, benefit_month = rows[0].gemeente, rows[0].month
    newest = select(func.max(runs.c.sequence)).where(runs.c.gemeente == gemeente, runs.c.month == benefit_month)
    after_run = connection.execute(newest).scalar_one()
    at = how.now.isoformat(timespec="seconds")
    insert_rows(
        connection,
        given_back,
        (
            {
                "obligation": row.obligation,
                "covers": row.covers,
                "withholding": row.sequence,
                "amount_cents": row.amount_cents,
                "plan_anew": how.plan_anew,
                "after_run": after_run,
                "file_id": how.file_id,
                "why": how.why,
                "given_back_by": how.actor,
                "given_back_at": at,
            }
            for row in rows
        ),
    )
    shares = _shares(connection, rows)
    booking = Booking(gemeente, month, how.now.date())
    post(
        connection,
        (
            booking.move(
                given_back_key(row.obligation, row.covers, row.sequence),
                line,
                creditor_account(row.creditor),
                client_account(client),
                cents,
            )
            for row in rows
            for line, (client, cents) in enumerate(shares[row.obligation, row.covers, row.sequence], start=1)
        ),
    )


def _shares(
    connection: Connection, rows: Sequence[Row[tuple[object, ...]]]
) -> dict[tuple[str, Month, int], list[tuple[str, int]]]:
    w, c = withholdings.c, contributions.c
    found: dict[tuple[str, Month, int], list[tuple[str, int]]] = {}
    for part in in_parts(sorted({row.obligation for row in rows})):
        query = select(contributions).join(withholdings, same_withholding(c, w)).where(w.obligation.in_(part))
        query = query.where(w.month == rows[0].month).order_by(c.client)
        for share in connection.execute(query):
            key = (share.obligation, share.covers, share.withholding)
            found.setdefault(key, []).append((share.client, share.amount_cents))
    return found
