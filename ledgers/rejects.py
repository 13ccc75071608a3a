"""What the bank refused before booking (pain.002): the money goes back to where it was withheld, and a person acts."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from ledgers import periods
from ledgers.bank_tables import exceptions, rejections
from ledgers.bookings import IN_TRANSIT, Booking, creditor_account
from ledgers.instructed import Settled, gemeenten_of, payment_facts, set_state
from ledgers.journal import insert_rows, post
from ledgers.open_items import REASONS, block_iban, exception_row
from ledgers.tables import payments
from payments.matching_model import Kind, PaymentState
from payments.month import Month
from payments.reasons import reason_group


def note_duplicate(
    connection: Connection, gemeente: str, message_id: str, month: Month, reason: str | None, day: date
) -> Settled:
    """A file or block refused as a duplicate says nothing of the first one, which may well be paid: only tell.

    Taking the payments back here would let them be made a second time.
    """
    said = f"{REASONS[Kind.DUPLICATE_FILE]} ({reason})"
    item = exception_row(
        f"X-{message_id}-duplicate", Kind.DUPLICATE_FILE, gemeente, day,
        month=periods.open_month(connection, month), cents=0, direction="", reason=said,
    )  # fmt: skip
    known = select(exceptions.c.exception_id).where(exceptions.c.exception_id == item["exception_id"])
    if connection.execute(known).first():
        return Settled()
    connection.execute(exceptions.insert(), item)
    return Settled(exceptions=1)


def reject(
    connection: Connection, file_sha256: str, rejected: Mapping[str, tuple[str, str | None]], day: date
) -> Settled:
    """Take back payments that the bank refused: `rejected` gives level and reason per EndToEndId of ours."""
    facts = payment_facts(connection, set(rejected))
    p = payments.c
    states = dict(connection.execute(select(p.payment_id, p.state).where(p.payment_id.in_(rejected))).all())
    gemeenten = gemeenten_of(connection, set(rejected))
    closed = periods.closed_months(connection)
    known = set(connection.execute(select(rejections.c.payment_id)).scalars())
    rows, bookings, stuck, taken = [], [], [], []
    for payment_id, (level, reason) in sorted(rejected.items()):
        if payment_id in known or states[payment_id] in ("rejected", "planned"):
            continue
        payment, gemeente = facts[payment_id], gemeenten[payment_id]
        month = periods.first_open(closed, payment.month)
        group = reason_group(reason)
        said = f"{reason or 'zonder reden'}: {group.value}"
        if states[payment_id] != "instructed":
            stuck.append(exception_row(
                f"X-{payment_id}-reject", Kind.REJECTED_AFTER_BOOKING, gemeente, day, month=month, cents=0,
                direction="", reason=f"{REASONS[Kind.REJECTED_AFTER_BOOKING]} ({said})", payment_id=payment_id,
                client=payment.client,
            ))  # fmt: skip
            continue
        taken.append(payment_id)
        rows.append({"payment_id": payment_id, "file_sha256": file_sha256, "level": level, "reason": reason,
                     "rejected_on": day})  # fmt: skip
        stuck.append(exception_row(
            f"X-{payment_id}-rejected", Kind.REJECTED, gemeente, day, month=month, cents=payment.amount_cents,
            direction="", reason=said, payment_id=payment_id, client=payment.client,
        ))  # fmt: skip
        bookings.append(Booking(gemeente, month, day).move(
            f"rejected:{payment_id}", 1, IN_TRANSIT, creditor_account(payment.creditor), payment.amount_cents
        ))  # fmt: skip
        if group.blocks_account:
            block_iban(connection, payment.creditor, payment.creditor_iban, day)
    insert_rows(connection, rejections, rows)
    set_state(connection, taken, PaymentState.REJECTED)
    post(connection, bookings)
    insert_rows(connection, exceptions, stuck)
    return Settled(rejected=len(taken), exceptions=len(stuck))
