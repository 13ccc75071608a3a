"""Payments that the bank got and never booked: no state may stand from which only a message of the bank leads out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from ledgers.bank.open_items import REASONS, OpenItem, exception_row, exists, find_item, resolution_row
from ledgers.bank.payment_states import gemeenten_of, payment_facts
from ledgers.bank.resolution_model import ItemAtHand
from ledgers.journal import closed_months
from ledgers.journal.posting import insert_rows
from ledgers.schema.bank import exception_resolutions, exceptions
from ledgers.schema.core import payment_files, payments
from payments.calendar import add_t2_days
from payments.matching.model import ExceptionKind
from payments.states import PaymentState

LATE_AFTER_T2_DAYS = 5
_BEFORE, _AFTER = "X-", "-not-booked"


def exception_of(payment_id: str) -> str:
    """The id of the exception of a payment that is not booked."""
    return f"{_BEFORE}{payment_id}{_AFTER}"


def note(connection: Connection, payment_ids: Iterable[str], since: date, line_id: str | None = None) -> int:
    """Make each of these payments a task for a person, once; how many are new."""
    names = sorted(name for name in set(payment_ids) if not exists(connection, exception_of(name)))
    facts, gemeenten = payment_facts(connection, set(names)), gemeenten_of(connection, set(names))
    closed = closed_months.closed_months(connection)
    rows = [
        exception_row(
            exception_of(name),
            ExceptionKind.NOT_BOOKED,
            gemeenten[name],
            since,
            month=closed_months.first_open(closed, facts[name].month),
            line_id=line_id,
            payment_id=name,
            client=facts[name].client,
            cents=facts[name].amount_cents,
            direction="",
            reason=REASONS[ExceptionKind.NOT_BOOKED],
        )
        for name in names
    ]
    insert_rows(connection, exceptions, rows)
    return len(rows)


def left_over(connection: Connection, matched: Sequence[str]) -> list[str]:
    """What a batch that a person matched leaves: payments of the same files of which the bank said nothing."""
    p = payments.c
    files = select(p.file_id).where(p.payment_id.in_(matched))
    query = select(p.payment_id).where(p.file_id.in_(files), p.state == PaymentState.INSTRUCTED)
    return list(connection.execute(query.order_by(p.payment_id)).scalars())


def after_match(connection: Connection, case: ItemAtHand, matched: Sequence[str], since: date) -> None:
    """Of a batch, or a net booking, the rest is for a person; what was thought lost and is found is not any more."""
    explain(connection, matched, case.wish.actor, case.wish.why, case.wish.now)
    if len(matched) > 1 or case.item.kind == ExceptionKind.BATCH_DIFFERS:
        note(connection, left_over(connection, matched), since, case.item.line_id)


def explain(connection: Connection, payment_ids: Iterable[str], actor: str, why: str, now: datetime) -> None:
    """Close the tasks of payments that were found after all: booked, or refused by the bank."""
    e, resolved = exceptions.c, select(exception_resolutions.c.exception_id)
    names = [exception_of(name) for name in payment_ids]
    query = select(e.exception_id).where(e.exception_id.in_(names), e.exception_id.not_in(resolved))
    for name in connection.execute(query.order_by(e.exception_id)).scalars().all():
        row = resolution_row(find_item(connection, name), "explained", why, None, actor, now)
        connection.execute(exception_resolutions.insert(), row)


def late(connection: Connection, today: date) -> list[OpenItem]:
    """Payments that should be booked by now and are no task yet: shown among the exceptions, stored when settled."""
    p, f, e = payments.c, payment_files.c, exceptions.c
    query = (
        select(p.payment_id, p.client, p.amount_cents, f.gemeente, f.month, f.execution_date)
        .join(payment_files, f.file_id == p.file_id)
        .outerjoin(exceptions, e.exception_id == _BEFORE + p.payment_id + _AFTER)
        .where(p.state == PaymentState.INSTRUCTED, f.execution_date < today, e.exception_id.is_(None))
        .order_by(f.execution_date, p.payment_id)
    )
    ripe: dict[date, date] = {}
    found = []
    for row in connection.execute(query):
        due = ripe.setdefault(row.execution_date, add_t2_days(row.execution_date, LATE_AFTER_T2_DAYS))
        if due < today:
            found.append(_item(row.payment_id, row.client, int(row.amount_cents), row.gemeente, row.month, due))
    return found


def _item(payment_id: str, client: str, cents: int, gemeente: str, month: str, since: date) -> OpenItem:
    kind = ExceptionKind.NOT_BOOKED
    return OpenItem(
        exception_id=exception_of(payment_id),
        kind=kind.value,
        gemeente=gemeente,
        month=month,
        line_id=None,
        payment_id=payment_id,
        client=client,
        amount_cents=cents,
        direction="",
        reason=REASONS[kind],
        candidates=(),
        since=since,
        owner="finance",
        as_what=None,
        why=None,
        resolved_by=None,
        settled_for=None,
        sequence=0,
    )


def store_if_late(connection: Connection, exception_id: str, today: date) -> None:
    """Store a late payment's task once a person settles it; nothing where it is no such, or stands there already."""
    if not exception_id.endswith(_AFTER) or exists(connection, exception_id):
        return
    name = exception_id.removeprefix(_BEFORE).removesuffix(_AFTER)
    p, f = payments.c, payment_files.c
    query = (
        select(f.execution_date)
        .join(payments, p.file_id == f.file_id)
        .where(p.payment_id == name, p.state == PaymentState.INSTRUCTED, f.execution_date < today)
    )
    executed = connection.execute(query).scalar()
    if executed is not None:
        note(connection, [name], today)
