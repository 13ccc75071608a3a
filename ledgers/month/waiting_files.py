"""The payments of files that the bank does not have yet, to be judged by the registers of today."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from ledgers.schema.core import payment_files, payments
from payments.month import Month
from payments.plan.stale_payments import WaitingPayment
from payments.states import WAITING_FILES

Batch = tuple[str, Month, date]  # gemeente, benefit month, execution date


def waiting_payments(
    connection: Connection, gemeente: str | None = None, month: Month | None = None
) -> Mapping[Batch, list[WaitingPayment]]:
    """What waits in one gemeente or all, of one benefit month or all, together as one plan would make it."""
    p, f = payments.c, payment_files.c
    query = (
        select(
            f.gemeente,
            f.month,
            f.file_id,
            f.execution_date,
            p.payment_id,
            p.client,
            p.obligation,
            p.covers,
            p.amount_cents,
            p.creditor,
            p.creditor_iban,
        )
        .join(payments, p.file_id == f.file_id)
        .where(f.state.in_(WAITING_FILES))
        .order_by(f.file_id, p.payment_id)
    )
    if gemeente is not None:
        query = query.where(f.gemeente == gemeente)
    if month is not None:
        query = query.where(f.month == month)
    found: dict[Batch, list[WaitingPayment]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.gemeente, row.month, row.execution_date].append(WaitingPayment(*row[2:]))
    return found
