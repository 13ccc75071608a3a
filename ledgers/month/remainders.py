"""What remains for the client, once the benefits office was told to pay it: from then on it cannot be withheld."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import Booking
from ledgers.journal.posting import insert_rows, post
from ledgers.schema.core import remainder_lists
from payments.month import Month


def listed_remainders(connection: Connection, gemeente: str, month: Month) -> dict[str, int]:
    """Per client what the benefits office was told so far to pay as this month's remainder."""
    query = (
        select(remainder_lists.c.client, func.sum(remainder_lists.c.amount_cents))
        .where(remainder_lists.c.gemeente == gemeente, remainder_lists.c.month == month)
        .group_by(remainder_lists.c.client)
    )
    return {client: int(cents) for client, cents in connection.execute(query)}


def told_clients(connection: Connection, gemeente: str, month: Month) -> frozenset[str]:
    """The clients of whom the benefits office was told what remains of this month."""
    return frozenset(listed_remainders(connection, gemeente, month))


def list_remainders(
    connection: Connection,
    gemeente: str,
    month: Month,
    remainders: Sequence[tuple[str, int]],
    actor: str,
    now: datetime,
) -> int:
    """Record that the benefits office is told to pay these remainders; returns the cents that are new since before."""
    listed = listed_remainders(connection, gemeente, month)
    query = (
        select(remainder_lists.c.client, func.count())
        .where(remainder_lists.c.gemeente == gemeente, remainder_lists.c.month == month)
        .group_by(remainder_lists.c.client)
    )
    counts: dict[str, int] = dict(connection.execute(query).all())
    new = [(client, cents - listed.get(client, 0)) for client, cents in remainders if cents > listed.get(client, 0)]
    if not new:
        return 0
    booking = Booking(gemeente, closed_months.open_month(connection, month), now.date())
    at = now.isoformat(timespec="seconds")
    insert_rows(
        connection,
        remainder_lists,
        (
            {
                "gemeente": gemeente,
                "month": month,
                "client": client,
                "sequence": counts.get(client, 0) + 1,
                "amount_cents": cents,
                "listed_by": actor,
                "listed_at": at,
            }
            for client, cents in new
        ),
    )
    post(
        connection,
        (booking.remainder_listed(month, counts.get(client, 0) + 1, client, cents) for client, cents in new),
    )
    total = sum(cents for _, cents in new)
    subject = {"gemeente": gemeente, "month": month, "clients": len(new), "cents": total}
    audit.append(connection, now, actor, "remainders_listed", subject)
    return total
