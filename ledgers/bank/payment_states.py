"""Payments that were handed to the bank: where they are booked, and the state they are in."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from ledgers.journal.posting import in_parts
from ledgers.schema.core import payment_files, payments, same_withholding, withholdings
from payments.month import Month
from payments.states import PaymentState


@dataclass(frozen=True, slots=True)
class Settled:
    """Counts of what one bank file brought."""

    booked: int = 0
    returned: int = 0
    rejected: int = 0
    exceptions: int = 0


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Where a payment's bookings go."""

    month: Month
    client: str
    creditor: str
    creditor_iban: str
    amount_cents: int


def payment_facts(connection: Connection, payment_ids: set[str]) -> dict[str, PaymentFacts]:
    """Benefit month, client, creditor and amount per payment."""
    w, p = withholdings.c, payments.c
    facts = {}
    for part in in_parts(sorted(payment_ids)):
        query = (
            select(p.payment_id, w.month, p.client, w.creditor, p.creditor_iban, p.amount_cents)
            .join(withholdings, same_withholding(p, w))
            .where(p.payment_id.in_(part))
        )
        for row in connection.execute(query):
            facts[row.payment_id] = PaymentFacts(*row[1:])
    return facts


def gemeenten_of(connection: Connection, payment_ids: set[str]) -> dict[str, str]:
    """From whose account each payment was to be made."""
    query = select(payments.c.payment_id, payment_files.c.gemeente).join(
        payment_files, payment_files.c.file_id == payments.c.file_id
    )
    return {
        p: g
        for part in in_parts(sorted(payment_ids))
        for p, g in connection.execute(query.where(payments.c.payment_id.in_(part)))
    }


def states_of(connection: Connection, payment_ids: set[str]) -> dict[str, str]:
    """The state of each payment."""
    p = payments.c
    return {
        payment_id: state
        for part in in_parts(sorted(payment_ids))
        for payment_id, state in connection.execute(select(p.payment_id, p.state).where(p.payment_id.in_(part)))
    }


def payments_of_message(connection: Connection, message_id: str) -> dict[str, str]:
    """The EndToEndIds of one of our files, each with its PmtInfId; empty when the file is not ours."""
    p, f = payments.c, payment_files.c
    query = select(p.payment_id, f.payment_information_id).join(payment_files, f.file_id == p.file_id)
    return dict(connection.execute(query.where(f.message_id == message_id)).all())


def set_state(connection: Connection, payment_ids: Iterable[str], state: PaymentState) -> None:
    """Move payments to a state; the database refuses a step that does not exist."""
    for part in in_parts(payment_ids):
        connection.execute(update(payments).where(payments.c.payment_id.in_(part)).values(state=state.value))
