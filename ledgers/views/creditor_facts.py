"""All that the books know of one creditor: its versions, its accounts and who confirmed them, what the bank found."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from ledgers.errors import Refused
from ledgers.schema.bank import payee_verifications
from ledgers.schema.core import creditor_ibans, creditor_versions, iban_confirmations
from payments.bank.reasons import VERIFICATION_OF


@dataclass(frozen=True, slots=True)
class CreditorVersion:
    """One line of the register, and the first benefit month for which it counts (empty: every one)."""

    sequence: int
    from_month: str
    name: str
    iban: str
    category: str
    reference_type: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as it was entered, or blocked and entered anew, and who confirmed it."""

    iban: str
    sequence: int
    entered_by: str
    entered_at: str
    confirmed_by: str | None
    confirmed_at: str | None
    how: str | None


@dataclass(frozen=True, slots=True)
class PayeeResult:
    """What the bank found about name and account when it was asked to pay."""

    iban: str
    result: str
    meaning: str
    told_on: date
    payment: str


@dataclass(frozen=True, slots=True)
class CreditorFacts:
    """One creditor."""

    creditor: str
    versions: tuple[CreditorVersion, ...]
    accounts: tuple[AccountEntry, ...]
    results: tuple[PayeeResult, ...]


def creditor_facts(connection: Connection, creditor: str) -> CreditorFacts:
    """Read one creditor; Refused when the register has no such code."""
    v, e, c, r = creditor_versions.c, creditor_ibans.c, iban_confirmations.c, payee_verifications.c
    query = select(v.sequence, v.from_month, v.name, v.iban, v.category, v.reference_type)
    rows = connection.execute(query.where(v.creditor == creditor).order_by(v.sequence))
    versions = tuple(CreditorVersion(*row) for row in rows)
    if not versions:
        raise Refused(f"There is no creditor {creditor} in the register.")
    same = and_(*(c[name] == e[name] for name in ("creditor", "iban", "sequence")))
    entered = (
        select(e.iban, e.sequence, e.entered_by, e.entered_at, c.confirmed_by, c.confirmed_at, c.how)
        .outerjoin(iban_confirmations, same)
        .where(e.creditor == creditor)
        .order_by(e.entered_at, e.iban, e.sequence)
    )
    results = select(r.iban, r.result, r.told_on, r.payment_id).where(r.creditor == creditor)
    return CreditorFacts(
        creditor,
        versions,
        tuple(AccountEntry(*row) for row in connection.execute(entered)),
        tuple(
            PayeeResult(row.iban, row.result, VERIFICATION_OF[row.result].value, row.told_on, row.payment_id)
            for row in connection.execute(results.order_by(r.told_on.desc(), r.iban, r.payment_id))
        ),
    )
