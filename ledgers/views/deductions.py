"""What was deducted from the benefits of a month, before we or for us: to be named wherever a benefit is told."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ledgers.registers.versions import clients_of
from ledgers.schema.core import benefit_records
from payments.month import Month
from payments.parties import Component, DeductionKind


@dataclass(frozen=True, slots=True)
class Deduction:
    """One line of component inhouding; a suspended one is not deducted for now."""

    client: str
    kind: DeductionKind
    amount_cents: int
    suspended: bool


def deductions_of(connection: Connection, gemeente: str, month: Month) -> tuple[Deduction, ...]:
    """Every deduction of a month of the clients who live in a gemeente, by client."""
    b = benefit_records.c
    query = (
        select(b.client, b.deduction, b.amount_cents, b.suspended)
        .where(b.month == month, b.component == Component.DEDUCTION.value, b.client.in_(clients_of(gemeente, month)))
        .order_by(b.client, b.reference)
    )
    return tuple(
        Deduction(row.client, DeductionKind(row.deduction), row.amount_cents, row.suspended)
        for row in connection.execute(query)
    )
