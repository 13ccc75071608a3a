"""What the benefits office was told to pay out of a month: kept list by list, as bytes, and never taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Row, func, select

from ledgers.errors import Refused
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import Booking, Transfer
from ledgers.journal.posting import insert_rows, post
from ledgers.schema.core import remainder_files, remainder_lists
from payments.month import Month
from payments.plan.remainder_lines import RemainderLine, Shown, Told

NOTHING_TOLD = Told()
Place = tuple[str, str]  # gemeente and client


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list as it was handed over."""

    month: Month
    number: int
    form: str
    content: bytes
    sha256: str
    lines: int
    due_cents: int


def handed_over(connection: Connection, month: Month) -> dict[str, int]:
    """Per client what the benefits office was told to pay out of the month's benefit: it is never withheld any more.

    Whichever gemeente told it; what was given back besides is other money.
    """
    r = remainder_lists.c
    told = func.sum(r.amount_cents - r.refund_cents + r.whole_cents)
    query = select(r.client, told).where(r.month == month).group_by(r.client)
    return {client: int(cents) for client, cents in connection.execute(query) if cents}


def told_of(connection: Connection, client: str, month: Month) -> Told:
    """What was told of one client's month, by whichever gemeente; its `shown` is None while no list named the client.

    This is what a correction asks before it makes money available to a run again.
    """
    r = remainder_lists.c
    query = select(remainder_lists).where(r.client == client, r.month == month)
    told = NOTHING_TOLD
    for row in connection.execute(query.order_by(r.listed_at, r.sequence)):
        told = _with(told, row)
    return told


def told_of_month(connection: Connection, month: Month) -> dict[Place, Told]:
    """What was told of every client of a month."""
    r = remainder_lists.c
    found: dict[Place, Told] = {}
    for row in connection.execute(select(remainder_lists).where(r.month == month).order_by(r.sequence)):
        place = row.gemeente, row.client
        found[place] = _with(found.get(place, NOTHING_TOLD), row)
    return found


def whole_of_month(told: Mapping[Place, Told]) -> Counter[str]:
    """Per client what was told of a benefit that no run had counted, by whichever gemeente: it moves along."""
    found: Counter[str] = Counter()
    for (_, client), each in told.items():
        found[client] += each.whole_cents
    return found


def _with(told: Told, row: Row[tuple[object, ...]]) -> Told:
    return Told(
        told.remainder_cents + row.amount_cents - row.refund_cents,
        told.refund_cents + row.refund_cents,
        told.whole_cents + row.whole_cents,
        Shown(row.benefit_cents, row.withheld_cents, row.waiting_cents, row.advice, row.reason),
    )


def told_refunds(connection: Connection, gemeente: str, month: Month, client: str) -> int:
    """What lists of a month told of money that was given back to a client."""
    r = remainder_lists.c
    query = select(func.coalesce(func.sum(r.refund_cents), 0))
    return int(
        connection.execute(query.where(r.gemeente == gemeente, r.month == month, r.client == client)).scalar_one()
    )


def next_number(connection: Connection, month: Month) -> int:
    """The number of the month's next list."""
    query = select(func.coalesce(func.max(remainder_files.c.number), 0)).where(remainder_files.c.month == month)
    return int(connection.execute(query).scalar_one()) + 1


def kept_list(connection: Connection, month: Month, number: int) -> KeptList:
    """A list of before, to the byte; Refused when there is none with that number."""
    f = remainder_files.c
    row = connection.execute(select(remainder_files).where(f.month == month, f.number == number)).first()
    if row is None:
        made = next_number(connection, month) - 1
        known = f"the last one is list {made}" if made else "none was made yet"
        raise Refused(f"There is no remainder list {number} of {month}: {known}.")
    return KeptList(month, number, row.format, bytes(row.content), row.sha256, row.lines, row.due_cents)


def keep_list(
    connection: Connection,
    month: Month,
    form: str,
    content: bytes,
    lines: Sequence[RemainderLine],
    actor: str,
    now: datetime,
) -> int:
    """Record that the benefits office is told these lines, and book what they add; returns the number of the list."""
    number, at = next_number(connection, month), now.isoformat(timespec="seconds")
    due, digest = sum(line.due_cents for line in lines), sha256(content).hexdigest()
    stated = {"month": month, "number": number, "format": form, "sha256": digest, "lines": len(lines), "due_cents": due}
    connection.execute(remainder_files.insert(), stated | {"content": content, "made_by": actor, "made_at": at})
    before = _lines_so_far(connection, month)
    numbered = [(before.get((line.gemeente, line.client), 0) + 1, line) for line in lines]
    rows = ({"number": number, "listed_by": actor, "listed_at": at} | _row(*each) for each in numbered)
    insert_rows(connection, remainder_lists, rows)
    post(connection, _bookings(closed_months.open_month(connection, month), numbered, now))
    subject = {"month": month, "list": number, "clients": len(lines), "cents": due, "sha256": digest}
    audit.append(connection, now, actor, "remainders_listed", subject)
    return number


def _lines_so_far(connection: Connection, month: Month) -> dict[Place, int]:
    r = remainder_lists.c
    query = select(r.gemeente, r.client, func.count()).where(r.month == month).group_by(r.gemeente, r.client)
    return {(gemeente, client): int(count) for gemeente, client, count in connection.execute(query)}


def _row(sequence: int, line: RemainderLine) -> dict[str, object]:
    return {
        "gemeente": line.gemeente,
        "month": line.month,
        "client": line.client,
        "sequence": sequence,
        "amount_cents": line.new_remainder_cents + line.new_refund_cents,
        "refund_cents": line.new_refund_cents,
        "whole_cents": line.new_whole_cents,
        "benefit_cents": line.benefit_cents,
        "withheld_cents": line.withheld_cents,
        "waiting_cents": line.waiting_cents,
        "advice": line.advice.value,
        "reason": line.reason,
    }


def _bookings(open_month: Month, numbered: Iterable[tuple[int, RemainderLine]], now: datetime) -> Iterable[Transfer]:
    for sequence, line in numbered:
        cents = line.new_remainder_cents + line.new_refund_cents
        if cents:
            booking = Booking(line.gemeente, open_month, now.date())
            yield booking.remainder_listed(line.month, sequence, line.client, cents)
