"""What was sent before, as far as a new payment file must know it."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, func, select

from ledgers.journal.posting import in_parts
from ledgers.schema.core import payment_files, payments, same_withholding, withholdings
from payments.month import Month, add_months
from payments.pain001.business_rules import LastPaid
from payments.pain001.orders import PaymentFile
from payments.plan.dropped import LOOKED_AT, PaidBefore
from payments.states import DEAD, LIVE, RELEASED, PaymentState


@dataclass(frozen=True, slots=True)
class Used:
    """Ids, hashes and covered months of this file that the books have seen before."""

    message_ids: frozenset[str]
    payment_information_ids: frozenset[str]
    sha256: frozenset[str]
    end_to_end_ids: frozenset[str]
    live: frozenset[tuple[str, Month]]


def used(connection: Connection, file: PaymentFile, content: bytes) -> Used:
    """Everything of a new file that must not have been used by another one."""
    f, p = payment_files.c, payments.c
    digest = sha256(content).hexdigest()
    rows = connection.execute(
        select(f.message_id, f.payment_information_id, f.sha256).where(
            (f.message_id == file.message_id)
            | (f.payment_information_id == file.payment_information_id)
            | (f.sha256 == digest)
        )
    ).all()
    ids: set[str] = set()
    live: set[tuple[str, Month]] = set()
    for part in in_parts(file.payments):
        codes = [payment.obligation for payment in part]
        months = {payment.covers for payment in part}
        query = select(p.payment_id, p.obligation, p.covers, p.state)
        for row in connection.execute(query.where(p.obligation.in_(codes), p.covers.in_(months))):
            ids.add(row.payment_id)
            if row.state not in DEAD:
                live.add((row.obligation, row.covers))
    return Used(
        frozenset(row.message_id for row in rows),
        frozenset(row.payment_information_id for row in rows),
        frozenset(row.sha256 for row in rows),
        frozenset(ids),
        frozenset(live),
    )


def last_paid(connection: Connection, file: PaymentFile) -> dict[str, LastPaid]:
    """How each obligation of the file was paid the newest month before, by a file that left the house."""
    p = payments.c
    found: dict[str, LastPaid] = {}
    for part in in_parts(file.payments):
        codes = [payment.obligation for payment in part]
        query = select(p.obligation, p.amount_cents, p.creditor_iban, p.creditor_name)
        rows = connection.execute(query.where(p.obligation.in_(codes), p.state.in_(RELEASED)).order_by(p.covers))
        for row in rows:
            found[row.obligation] = LastPaid(row.amount_cents, row.creditor_iban, row.creditor_name)
    return found


def creditors_paid(connection: Connection) -> frozenset[str]:
    """Every creditor to whom a file ever left the house; one that waits or was taken back is no payment yet."""
    p = payments.c
    gone = select(p.creditor).where(p.state.not_in((PaymentState.PLANNED, PaymentState.CANCELLED))).distinct()
    return frozenset(connection.execute(gone).scalars())


def paid_lately(connection: Connection, gemeente: str, month: Month) -> list[PaidBefore]:
    """What a gemeente paid of terms that can be over in a benefit month, in files that wait too; not what came back."""
    p, w = payments.c, withholdings.c
    months = [add_months(month, -ago) for ago in LOOKED_AT]
    query = (
        select(w.client, w.obligation, w.category, w.covers, w.reaches, w.amount_cents)
        .join(payments, same_withholding(p, w))
        .where(w.gemeente == gemeente, w.month.in_(months), p.state.in_(LIVE))
    )
    return [PaidBefore(*row) for row in connection.execute(query)]


def paid_until(connection: Connection) -> dict[str, Month]:
    """The last covered month of each obligation that a payment which left the house reaches."""
    p, w = payments.c, withholdings.c
    query = (
        select(p.obligation, func.max(w.reaches))
        .join(withholdings, same_withholding(p, w))
        .where(p.state.in_(RELEASED))
        .group_by(p.obligation)
    )
    return dict(connection.execute(query).all())
