"""What the lines of an account are held against: its payments, and the numbers by which creditors know its clients."""

from datetime import date

from sqlalchemy import Connection, select

from ledgers.bank import came_back
from ledgers.bank.open_items import newest_resolutions
from ledgers.schema.bank import exceptions, settlements
from ledgers.schema.core import (
    client_versions,
    creditor_versions,
    file_releases,
    obligation_versions,
    payment_files,
    payments,
)
from payments.matching.model import ExceptionKind, Reference, Sent
from payments.states import PaymentState, SettlementKind


def sent_payments(connection: Connection, gemeente: str) -> list[Sent]:
    """Every payment of the account that a bank may speak of, as it stands."""
    p, f = payments.c, payment_files.c
    debited = select(settlements.c.payment_id).where(settlements.c.kind == SettlementKind.REJECTED_DEBITED)
    credited = select(settlements.c.payment_id).where(settlements.c.kind == SettlementKind.REJECTED_CREDITED)
    parts = came_back.waiting_parts(connection, gemeente)
    put_right = set(connection.execute(credited).scalars()) | _settled_debits(connection)
    open_rejects = set(connection.execute(debited).scalars()) - put_right
    rows = connection.execute(
        select(
            p.payment_id,
            p.file_id,
            f.payment_information_id,
            f.execution_date,
            p.creditor_iban,
            p.amount_cents,
            p.remittance,
            p.client,
            p.state,
            file_releases.c.released_at,
        )
        .join(payment_files, f.file_id == p.file_id)
        .outerjoin(file_releases, file_releases.c.file_id == p.file_id)
        .where(f.gemeente == gemeente)
    )
    return [
        Sent(
            r.payment_id,
            r.file_id,
            r.payment_information_id,
            r.execution_date,
            r.creditor_iban,
            r.amount_cents,
            r.remittance,
            r.client,
            PaymentState(r.state),
            r.payment_id in open_rejects,
            r.payment_id in put_right,
            parts.get(r.payment_id, 0),
            None if r.released_at is None else date.fromisoformat(r.released_at[:10]),
        )
        for r in rows
    ]


def _settled_debits(connection: Connection) -> set[str]:
    """Refused payments whose debit a person took out of suspense: a later credit is not its counterpart any more."""
    e, newest = exceptions.c, newest_resolutions()
    query = (
        select(e.payment_id)
        .join(newest, newest.c.exception_id == e.exception_id)
        .where(e.kind == ExceptionKind.REJECTED_DEBITED.value, newest.c.as_what.in_(["forward", "funding"]))
    )
    return set(connection.execute(query).scalars())


def references(connection: Connection, gemeente: str) -> list[Reference]:
    """The numbers and accounts by which creditors know, or ever knew, whoever lives or lived in this gemeente.

    Money that comes back is of the time when it was paid: the client may have moved, the creditor have another account.
    """
    o, s, c = obligation_versions.c, creditor_versions.c, client_versions.c
    query = (
        select(s.iban, o.reference, o.client)
        .join(creditor_versions, s.creditor == o.creditor)
        .where(o.client.in_(select(c.client).where(c.gemeente == gemeente)))
        .distinct()
    )
    return [Reference(*row) for row in connection.execute(query)]
