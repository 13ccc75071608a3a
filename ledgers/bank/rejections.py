"""What the bank refused before booking (pain.002): the money goes back to where it was withheld, and a person acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ledgers.bank import not_booked
from ledgers.bank.open_items import REASONS, block_iban, exception_row, exists
from ledgers.bank.payment_states import Settled, gemeenten_of, payment_facts, set_state, states_of
from ledgers.journal import closed_months
from ledgers.journal.bookings import IN_TRANSIT, Booking, creditor_account
from ledgers.journal.posting import insert_rows, post
from ledgers.registers.staff import SYSTEM
from ledgers.schema.bank import exceptions, rejections
from payments.bank.reasons import reason_group
from payments.matching.model import ExceptionKind
from payments.month import Month
from payments.states import DEBITED, PaymentState

BY_HAND = "a person"
_TOLD = "een later bericht van de bank"


@dataclass(frozen=True, slots=True)
class Against:
    """What was said against one payment: at which level, why, and whether that is a reason of this payment alone."""

    level: str
    reason: str | None
    own: bool


def note_duplicate(
    connection: Connection,
    file_id: str,
    gemeente: str,
    month: Month,
    payment_id: str | None,
    reason: str | None,
    day: date,
) -> Settled:
    """Something refused as a duplicate says nothing of the first one, which may well be paid: only tell.

    Taking the payments back here would let them be made a second time; they stay in transit until the bank books
    them, or a person says that they were never paid.
    """
    exception_id = f"X-{payment_id or file_id}-duplicate"
    if exists(connection, exception_id):
        return Settled()
    facts = payment_facts(connection, {payment_id}) if payment_id else {}
    item = exception_row(
        exception_id,
        ExceptionKind.DUPLICATE,
        gemeente,
        day,
        month=closed_months.open_month(connection, month),
        cents=0,
        direction="",
        reason=f"{REASONS[ExceptionKind.DUPLICATE]} ({reason})",
        payment_id=payment_id,
        client=facts[payment_id].client if payment_id else None,
        candidates=() if payment_id else (file_id,),
    )
    connection.execute(exceptions.insert(), item)
    return Settled(exceptions=1)


def reject(
    connection: Connection,
    file_sha256: str | None,
    rejected: Mapping[str, Against],
    day: date,
    actor: str,
    now: datetime,
) -> Settled:
    """Take back payments that the bank refused: `rejected` says what it has against each EndToEndId of ours."""
    facts = payment_facts(connection, set(rejected))
    states = states_of(connection, set(rejected))
    gemeenten = gemeenten_of(connection, set(rejected))
    closed = closed_months.closed_months(connection)
    rows, bookings, items, blocked = [], [], [], set()
    for payment_id in sorted(rejected):
        level, reason, own = rejected[payment_id].level, rejected[payment_id].reason, rejected[payment_id].own
        payment, gemeente, state = facts[payment_id], gemeenten[payment_id], states[payment_id]
        month = closed_months.first_open(closed, payment.month)
        group = reason_group(reason)
        said = f"{reason or 'zonder reden'}: {group.value}"
        if state in DEBITED and not exists(connection, f"X-{payment_id}-reject"):
            items.append(
                exception_row(
                    f"X-{payment_id}-reject",
                    ExceptionKind.REJECTED_AFTER_BOOKING,
                    gemeente,
                    day,
                    month=month,
                    cents=0,
                    direction="",
                    reason=f"{REASONS[ExceptionKind.REJECTED_AFTER_BOOKING]} ({said})",
                    payment_id=payment_id,
                    client=payment.client,
                )
            )
        if state != PaymentState.INSTRUCTED:
            continue
        rows.append(
            {"payment_id": payment_id, "file_sha256": file_sha256, "level": level, "reason": reason, "rejected_on": day}
        )
        items.append(
            exception_row(
                f"X-{payment_id}-rejected",
                ExceptionKind.REJECTED,
                gemeente,
                day,
                month=month,
                cents=payment.amount_cents,
                direction="",
                reason=said,
                payment_id=payment_id,
                client=payment.client,
            )
        )
        bookings.append(
            Booking(gemeente, month, day).move(
                f"rejected:{payment_id}", 1, IN_TRANSIT, creditor_account(payment.creditor), payment.amount_cents
            )
        )
        if group.blocks_account and own:  # said of a whole file or block it is our own account
            blocked.add((payment.creditor, payment.creditor_iban))
    for creditor, iban in sorted(blocked):
        block_iban(connection, creditor, iban, actor, now)
    insert_rows(connection, rejections, rows)
    set_state(connection, (str(row["payment_id"]) for row in rows), PaymentState.REJECTED)
    post(connection, bookings)
    insert_rows(connection, exceptions, items)
    if file_sha256 is not None:  # a person who says so settles the task itself
        not_booked.explain(connection, [str(row["payment_id"]) for row in rows], SYSTEM, _TOLD, now)
    return Settled(rejected=len(rows), exceptions=len(items))
