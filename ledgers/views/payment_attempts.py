"""Each attempt to pay a withheld cost: the order to the bank, and every statement line about it. Reading only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, literal, select, union_all

from ledgers.bank.came_back import open_parts
from ledgers.bank.open_items import newest_resolutions
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.schema.bank import bank_lines, bank_statements, exceptions, rejections, settlement_parts, settlements
from ledgers.schema.core import file_releases, payment_files, payments, runs
from payments.matching.model import ExceptionKind
from payments.month import Month
from payments.states import PaymentState, SettlementKind


@dataclass(frozen=True, slots=True)
class BankLine:
    """What a bank statement says of a payment; no amount where the line holds payments for others too."""

    kind: str  # booked, returned, rejected_debited, rejected_credited
    statement: str  # ours
    bank_statement_id: str
    line: str
    booked_on: date
    amount_cents: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """One payment as it was ordered, and what became of it."""

    end_to_end_id: str
    creditor_name: str
    creditor_iban: str
    amount_cents: int
    remittance: str
    state: str
    file_id: str
    sha256: str
    debtor_iban: str
    execution_date: date
    released_at: datetime | None
    rejected_on: date | None
    rejected_reason: str | None
    decision: str | None  # how a person settled that it came back or was refused
    came_back_cents: int  # of it, wholly or in part, whatever was decided about that
    lines: tuple[BankLine, ...]


def attempts_for(
    connection: Connection, obligations: set[str], covered: set[Month]
) -> defaultdict[tuple[str, Month], list[PaymentAttempt]]:
    """Every payment for these covered months, in the order in which the files were made."""
    p, f, rejected = payments.c, payment_files.c, rejections.c
    query = (
        select(
            payments,
            p.payment_id.label("end_to_end_id"),
            f.sha256,
            f.debtor_iban,
            f.execution_date,
            file_releases.c.released_at,
            rejected.rejected_on,
            rejected.reason.label("rejected_reason"),
        )
        .join(payment_files, f.file_id == p.file_id)
        .join(runs, runs.c.run_id == f.run_id)
        .outerjoin(file_releases, file_releases.c.file_id == p.file_id)
        .outerjoin(rejections, rejected.payment_id == p.payment_id)
        .where(p.obligation.in_(sorted(obligations)), p.covers.in_(sorted(covered)))
        .order_by(runs.c.month, runs.c.sequence)
    )
    rows = connection.execute(query).all()
    lines = _bank_lines(connection, {row.payment_id for row in rows})
    back = _came_back(connection, {row.payment_id for row in rows})
    decisions = _decisions(connection, {row.payment_id for row in rows})
    found: defaultdict[tuple[str, Month], list[PaymentAttempt]] = defaultdict(list)
    for row in rows:
        cents = row.amount_cents if row.state == PaymentState.RETURNED else back.get(row.payment_id, 0)
        attempt = _attempt(row, decisions.get(row.payment_id), cents, tuple(lines[row.payment_id]))
        found[row.obligation, row.covers].append(attempt)
    return found


def _attempt(row: Row[Any], decision: str | None, came_back_cents: int, lines: tuple[BankLine, ...]) -> PaymentAttempt:
    others = ("decision", "came_back_cents", "lines", "released_at")
    names = [name for name in PaymentAttempt.__dataclass_fields__ if name not in others]
    released_at = None if row.released_at is None else datetime.fromisoformat(row.released_at)
    fields = {name: getattr(row, name) for name in names}
    return PaymentAttempt(
        **fields, released_at=released_at, decision=decision, came_back_cents=came_back_cents, lines=lines
    )


def _came_back(connection: Connection, payment_ids: set[str]) -> dict[str, int]:
    """Cents of each payment that came back in part, settled or waiting."""
    part, names = settlement_parts.c, sorted(payment_ids)
    settled = select(part.payment_id, part.amount_cents).where(
        part.payment_id.in_(names), part.kind == SettlementKind.RETURNED
    )
    found: dict[str, int] = {}
    waiting = open_parts().where(exceptions.c.payment_id.in_(names)).subquery()
    for query in (settled, select(waiting.c.payment_id, waiting.c.amount_cents)):
        for payment, cents in connection.execute(query):
            found[payment] = found.get(payment, 0) + int(cents)
    return found


def _bank_lines(connection: Connection, payment_ids: set[str]) -> defaultdict[str, list[BankLine]]:
    s, part, b, t = settlements.c, settlement_parts.c, bank_lines.c, bank_statements.c
    same = and_(part.payment_id == s.payment_id, part.kind == s.kind)
    # Where the bank needed several lines for one payment, the settlement's own line paid what the parts did not.
    elsewhere = select(func.coalesce(func.sum(part.amount_cents), 0)).where(same).scalar_subquery()
    own = select(s.payment_id, s.kind, s.line_id, (s.amount_cents - elsewhere).label("share"))
    others = select(part.payment_id, part.kind, part.line_id, part.amount_cents.label("share"))
    waiting = open_parts().subquery()
    back = literal(SettlementKind.RETURNED.value)
    not_settled = select(waiting.c.payment_id, back, waiting.c.line_id, waiting.c.amount_cents.label("share"))
    lines = union_all(own, others, not_settled).subquery()
    x = lines.c
    query = (
        select(lines, b.statement, b.booking_date, b.amount_cents, b.reason, t.bank_statement_id)
        .join(bank_lines, b.line_id == x.line_id)
        .join(bank_statements, t.statement == b.statement)
        .where(x.payment_id.in_(sorted(payment_ids)))
        .order_by(t.account, t.sequence, x.line_id, x.kind)
    )
    found: defaultdict[str, list[BankLine]] = defaultdict(list)
    for row in connection.execute(query):
        alone = row.amount_cents == row.share  # a batch is more than any one payment in it
        found[row.payment_id].append(
            BankLine(
                row.kind,
                row.statement,
                row.bank_statement_id,
                row.line_id,
                row.booking_date,
                row.amount_cents if alone else None,
                row.reason,
            )
        )
    return found


def _decisions(connection: Connection, payment_ids: set[str]) -> dict[str, str]:
    e, newest = exceptions.c, newest_resolutions()
    query = (
        select(e.payment_id, newest.c.as_what)
        .join(newest, newest.c.exception_id == e.exception_id)
        .where(
            e.payment_id.in_(sorted(payment_ids)),
            e.kind.in_([*CAME_BACK, ExceptionKind.PARTIAL_RETURN.value]),
        )
        .order_by(e.since, e.exception_id)
    )
    return dict(connection.execute(query).all())  # the newest comes last
