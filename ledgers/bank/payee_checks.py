"""Verification of Payee: what the bank found about name and account of a creditor, kept with its day.

It rejects nothing and moves no payment: who pays a name that does not belong to the account is told, and looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from ledgers.bank.open_items import REASONS, exception_row, exists
from ledgers.bank.payment_states import gemeenten_of, payment_facts, states_of
from ledgers.journal import closed_months
from ledgers.journal.posting import insert_rows
from ledgers.schema.bank import exception_resolutions, exceptions, payee_verifications
from ledgers.schema.core import payments
from payments.bank.reasons import VERIFICATION_OF
from payments.matching.model import ExceptionKind
from payments.states import LIVE

DOUBTFUL = ("RVNM", "RVMC")
"""The results that a person has to look at, the weightiest first."""


@dataclass(frozen=True, slots=True)
class PayeeCheck:
    """The newest result for one account of a creditor."""

    creditor: str
    iban: str
    result: str
    told_on: date

    @property
    def meaning(self) -> str:
        """What the code says, in words."""
        return VERIFICATION_OF[self.result].value


def keep(connection: Connection, file_sha256: str, told: Mapping[str, str], day: date) -> int:
    """Keep a report's result for each payment; how many exceptions it opened."""
    facts, states = payment_facts(connection, set(told)), states_of(connection, set(told))
    rows = [
        {
            "file_sha256": file_sha256,
            "payment_id": name,
            "creditor": facts[name].creditor,
            "iban": facts[name].creditor_iban,
            "result": result,
            "told_on": day,
        }
        for name, result in sorted(told.items())
    ]
    insert_rows(connection, payee_verifications, rows)
    doubted: dict[tuple[str, str, str], list[str]] = {}
    for name, result in sorted(told.items()):
        if result in DOUBTFUL and states[name] in LIVE:
            doubted.setdefault((facts[name].creditor, facts[name].creditor_iban, result), []).append(name)
    known = _open_accounts(connection)
    new = {account: names for account, names in doubted.items() if account not in known}
    return _open(connection, new, day)


def _open_accounts(connection: Connection) -> set[tuple[str, str, str]]:
    """The accounts and results of which a person was told and did not look yet."""
    e, p = exceptions.c, payments.c
    resolved = select(exception_resolutions.c.exception_id)
    query = (
        select(p.creditor, p.creditor_iban, e.reason)
        .join(payments, p.payment_id == e.payment_id)
        .where(e.kind == ExceptionKind.PAYEE_NAME.value, e.exception_id.not_in(resolved))
    )
    return {(creditor, iban, reason[:4]) for creditor, iban, reason in connection.execute(query)}


def _open(connection: Connection, doubted: Mapping[tuple[str, str, str], Sequence[str]], day: date) -> int:
    """One exception for each account and result, however many payments stand on it."""
    names = {name for group in doubted.values() for name in group}
    facts, gemeenten = payment_facts(connection, names), gemeenten_of(connection, names)
    closed = closed_months.closed_months(connection)
    rows = []
    for (_, _, result), group in sorted(doubted.items()):
        first = group[0]
        if exists(connection, f"X-{first}-payee-{result}"):
            continue
        rows.append(
            exception_row(
                f"X-{first}-payee-{result}",
                ExceptionKind.PAYEE_NAME,
                gemeenten[first],
                day,
                month=closed_months.first_open(closed, facts[first].month),
                cents=0,
                direction="",
                reason=f"{result}: {VERIFICATION_OF[result].value}. {REASONS[ExceptionKind.PAYEE_NAME]}",
                payment_id=first,
                candidates=group,
            )
        )
    insert_rows(connection, exceptions, rows)
    return len(rows)


def newest_checks(connection: Connection, creditors: Iterable[str] | None = None) -> dict[tuple[str, str], PayeeCheck]:
    """The newest result of each account; of several on one day the weightiest."""
    v = payee_verifications.c
    query = select(v.creditor, v.iban, v.result, v.told_on).distinct()
    if creditors is not None:
        query = query.where(v.creditor.in_(sorted(set(creditors))))
    found: dict[tuple[str, str], PayeeCheck] = {}
    for row in connection.execute(query):
        check = PayeeCheck(*row)
        known = found.get((check.creditor, check.iban))
        if known is None or _weight(check) > _weight(known):
            found[check.creditor, check.iban] = check
    return found


def _weight(check: PayeeCheck) -> tuple[date, int]:
    return check.told_on, -DOUBTFUL.index(check.result) if check.result in DOUBTFUL else -len(DOUBTFUL)


def doubtful_in_file(connection: Connection, file_id: str) -> list[tuple[PayeeCheck, int]]:
    """The accounts of a file whose newest result is a doubt, the weightiest first, and how many payments go there."""
    p = payments.c
    query = select(p.creditor, p.creditor_iban, func.count()).where(p.file_id == file_id)
    counts = {
        (creditor, iban): int(n)
        for creditor, iban, n in connection.execute(query.group_by(p.creditor, p.creditor_iban))
    }
    checks = newest_checks(connection, (creditor for creditor, _ in counts))
    found = [(checks[key], n) for key, n in counts.items() if key in checks and checks[key].result in DOUBTFUL]
    return sorted(found, key=lambda pair: (DOUBTFUL.index(pair[0].result), pair[0].creditor, pair[0].iban))


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A doubt about a payee that nobody looked at yet."""

    exception_id: str
    gemeente: str
    creditor: str
    since: date
    reason: str


def open_doubts(connection: Connection, gemeente: str | None = None) -> list[OpenDoubt]:
    """Every open exception about the name of a payee."""
    e, p = exceptions.c, payments.c
    resolved = select(exception_resolutions.c.exception_id)
    query = (
        select(e.exception_id, e.gemeente, p.creditor, e.since, e.reason)
        .join(payments, p.payment_id == e.payment_id)
        .where(e.kind == ExceptionKind.PAYEE_NAME.value, e.exception_id.not_in(resolved))
        .order_by(e.since, e.exception_id)
    )
    if gemeente is not None:
        query = query.where(e.gemeente == gemeente)
    return [OpenDoubt(*row) for row in connection.execute(query)]
