"""Every booking agrees with the event that it stands for: violations, one sentence each."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, String, and_, case, cast, func, literal, select

from ledgers.journal.bookings import (
    BANK,
    BENEFIT_CLEARING,
    IN_TRANSIT,
    OPENING_BALANCE,
    SUSPENSE,
    client_account,
    creditor_account,
    returned_account,
)
from ledgers.schema.bank import (
    bank_lines,
    bank_statements,
    exception_resolutions,
    exceptions,
    given_back,
    month_closings,
    rejections,
    settlements,
)
from ledgers.schema.core import (
    contributions,
    file_releases,
    payment_files,
    payments,
    remainder_lists,
    run_clients,
    runs,
    same_withholding,
    transfers,
    withholdings,
)
from payments.states import SettlementKind

_T, _R, _RC, _W, _C, _P, _F = (
    table.c for table in (transfers, runs, run_clients, withholdings, contributions, payments, payment_files)
)

_CLIENT, _CREDITOR, _RETURNED = (account("") for account in (client_account, creditor_account, returned_account))


def _event(
    source: FromClause,
    key: ColumnElement[str],
    gemeente: Any,
    month: Any,
    day: Any,
    debit: Any,
    credit: Any,
    cents: Any,
    *also: ColumnElement[bool],
) -> Select[Any]:
    """The transfers of one kind of event beside what the event itself says; None of a column: any will do."""
    said = [literal(None) if value is None else value for value in (gemeente, month, day, debit, credit, cents)]
    return select(
        _T.event_key, _T.line, _T.gemeente, _T.month, _T.booked_on, _T.debit, _T.credit, _T.amount_cents, *said
    ).select_from(source.join(transfers, and_(_T.event_key == key, *also)))


def _day(moment: ColumnElement[str]) -> ColumnElement[str]:
    return func.substr(moment, 1, 10)


def _benefits() -> Select[Any]:
    """What a run counted for a client more than the run before it."""
    before, counted = runs.alias(), run_clients.alias()
    earlier = and_(before.c.gemeente == _R.gemeente, before.c.month == _R.month, before.c.sequence == _R.sequence - 1)
    source = (
        runs.join(run_clients, _RC.run_id == _R.run_id)
        .outerjoin(before, earlier)
        .outerjoin(counted, and_(counted.c.run_id == before.c.run_id, counted.c.client == _RC.client))
    )
    cents = _RC.benefit_cents - func.coalesce(counted.c.benefit_cents, 0)
    key = literal("benefit:") + _R.run_id + ":" + _RC.client
    return _event(
        source,
        key,
        _R.gemeente,
        _R.month,
        _day(_R.made_at),
        literal(BENEFIT_CLEARING),
        literal(_CLIENT) + _RC.client,
        cents,
    )


def _again(sequence: ColumnElement[int]) -> ColumnElement[str]:
    """What stands at the end of a key from the second time on that a covered month is set apart."""
    return case((sequence == 1, ""), else_=literal(":") + cast(sequence, String))


def _of_the_plan() -> Iterator[Select[Any]]:
    same = same_withholding(_C, _W)
    withheld = contributions.join(withholdings, same).join(runs, _R.run_id == _W.run_id)
    debit, credit = literal(_CLIENT) + _C.client, literal(_CREDITOR) + _W.creditor
    yield _event(
        withheld,
        literal("withheld:") + _W.obligation + ":" + _W.covers + _again(_W.sequence),
        _W.gemeente,
        _R.month,
        _day(_R.made_at),
        debit,
        credit,
        _C.amount_cents,
        _T.debit == debit,
    )
    g = given_back.c
    returned = contributions.join(withholdings, same).join(given_back, same_withholding(g, _W))
    yield _event(
        returned,
        literal("given-back:") + _W.obligation + ":" + _W.covers + _again(_W.sequence),
        _W.gemeente,
        _W.month,
        _day(g.given_back_at),
        credit,
        debit,
        _C.amount_cents,
        _T.credit == debit,
    )
    r = remainder_lists.c
    key = literal("remainder:") + r.gemeente + ":" + r.month + ":" + r.client + ":" + cast(r.sequence, String)
    yield _event(
        remainder_lists,
        key,
        r.gemeente,
        r.month,
        _day(r.listed_at),
        literal(_CLIENT) + r.client,
        literal(BENEFIT_CLEARING),
        r.amount_cents,
    )


def _of_the_bank() -> Iterator[Select[Any]]:
    held = same_withholding(_P, _W)
    sent = payments.join(payment_files, _F.file_id == _P.file_id).join(withholdings, held)
    creditor, released = literal(_CREDITOR) + _W.creditor, file_releases.c
    yield _event(
        sent.join(file_releases, released.file_id == _F.file_id),
        literal("released:") + _P.payment_id,
        _F.gemeente,
        _F.month,
        _day(released.released_at),
        creditor,
        literal(IN_TRANSIT),
        _P.amount_cents,
    )
    refused = sent.join(rejections, rejections.c.payment_id == _P.payment_id)
    yield _event(
        refused,
        literal("rejected:") + _P.payment_id,
        _F.gemeente,
        _W.month,
        rejections.c.rejected_on,
        literal(IN_TRANSIT),
        creditor,
        _P.amount_cents,
    )
    for prefix, kind, debit, credit in (
        ("booked:", SettlementKind.BOOKED, literal(IN_TRANSIT), None),
        ("returned:", SettlementKind.RETURNED, None, literal(_RETURNED) + _P.client),
        ("reject-debit:", SettlementKind.REJECTED_DEBITED, literal(SUSPENSE), literal(BANK)),
        ("reject-credit:", SettlementKind.REJECTED_CREDITED, literal(BANK), literal(SUSPENSE)),
    ):
        x = settlements.c
        settled = sent.join(settlements, and_(x.payment_id == _P.payment_id, x.kind == kind))
        yield _event(
            settled, literal(prefix) + _P.payment_id, _F.gemeente, _W.month, x.booked_on, debit, credit, x.amount_cents
        )
    s, n = bank_statements.c, bank_lines.c
    inward = n.direction == "CRDT"
    into, out = case((inward, BANK), else_=SUSPENSE), case((inward, SUSPENSE), else_=BANK)
    yield _event(
        bank_lines.join(bank_statements, s.statement == n.statement),
        literal("line:") + n.line_id,
        s.gemeente,
        func.substr(cast(n.booking_date, String), 1, 7),
        n.booking_date,
        into,
        out,
        n.amount_cents,
    )
    above = s.opening_cents > 0
    into, out = case((above, BANK), else_=OPENING_BALANCE), case((above, OPENING_BALANCE), else_=BANK)
    yield _event(
        bank_statements,
        literal("opening:") + s.statement,
        s.gemeente,
        func.substr(cast(s.day, String), 1, 7),
        s.day,
        into,
        out,
        func.abs(s.opening_cents),
    )


def _of_a_person() -> Select[Any]:
    """The accounts are proven by their sums; day and place by the newest settlement that moved money."""
    e, r = exceptions.c, exception_resolutions.c
    last = and_(r.exception_id == e.exception_id, r.as_what.not_in(["suspense", "explained", "acknowledge"]))
    return _event(
        exceptions.join(exception_resolutions, last),
        literal("resolved:") + e.exception_id,
        e.gemeente,
        e.month,
        _day(r.resolved_at),
        None,
        None,
        None,
    )


@cache  # slow to word
def _of_all() -> tuple[Select[Any], ...]:
    return (_benefits(), *_of_the_plan(), *_of_the_bank(), _of_a_person())


def _every_transfer_says_what_its_event_says(connection: Connection) -> Iterator[str]:
    closed = set(connection.execute(select(month_closings.c.month)).scalars())
    count = 0
    for query in _of_all():
        for key, line, *values in connection.execute(query):
            count += 1
            found = [str(value) for value in values[:6]]
            said = [mine if value is None else str(value) for mine, value in zip(found, values[6:], strict=True)]
            if said[1] in closed and found[1] > said[1]:  # a correction is booked in a later, open month
                said[1] = found[1]
            if found != said:
                yield f"transfer {key} {line}: {', '.join(found)}, where its event says {', '.join(said)}"
    if connection.execute(select(func.count()).select_from(transfers)).scalar() != count:
        yield f"{count} transfers have an event, the ledger has another number of them"


def _the_transfers_of_an_event_are_numbered(connection: Connection) -> Iterator[str]:
    first, last, many = func.min(_T.line), func.max(_T.line), func.count()
    query = select(_T.event_key).group_by(_T.event_key).having((first != 1) | (last != many))
    for key in connection.execute(query).scalars():
        yield f"event {key}: its transfers are not numbered 1, 2, 3.."
    shared = select(_T.event_key).where(_T.event_key.like("withheld:%"), _T.line > 1)
    debits: dict[str, list[str]] = {}
    query = select(_T.event_key, _T.debit).where(_T.event_key.in_(shared)).order_by(_T.event_key, _T.line)
    for key, debit in connection.execute(query):
        debits.setdefault(key, []).append(debit)
    for key, found in debits.items():
        if found != sorted(found):
            yield f"event {key}: its transfers are not in the order of the clients"


EVENT_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _every_transfer_says_what_its_event_says,
    _the_transfers_of_an_event_are_numbered,
)
