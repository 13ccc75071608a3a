"""Every booking, settlement and state agrees with the event that it stands for: violations, one sentence each."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, String, and_, case, cast, func, literal, select

from ledgers.bank.settlement import SETTLED_AFTER_T2_DAYS
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
    file_cancellations,
    file_releases,
    payment_files,
    payments,
    remainder_lists,
    run_clients,
    runs,
    transfers,
    withholdings,
)
from payments.calendar import add_t2_days
from payments.states import ANSWERED, DEBITED, UNRELEASED_FILES, WAITING_FILES, FileState, PaymentState, RunState

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


def _of_the_plan() -> Iterator[Select[Any]]:
    same = and_(_W.obligation == _C.obligation, _W.covers == _C.covers)
    withheld = contributions.join(withholdings, same).join(runs, _R.run_id == _W.run_id)
    debit, credit = literal(_CLIENT) + _C.client, literal(_CREDITOR) + _W.creditor
    yield _event(
        withheld,
        literal("withheld:") + _W.obligation + ":" + _W.covers,
        _W.gemeente,
        _R.month,
        _day(_R.made_at),
        debit,
        credit,
        _C.amount_cents,
        _T.debit == debit,
    )
    g = given_back.c
    returned = contributions.join(withholdings, same).join(
        given_back, and_(g.obligation == _W.obligation, g.covers == _W.covers)
    )
    yield _event(
        returned,
        literal("given-back:") + _W.obligation + ":" + _W.covers,
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
    held = and_(_W.obligation == _P.obligation, _W.covers == _P.covers)
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
        ("booked:", "booked", literal(IN_TRANSIT), None),
        ("returned:", "returned", None, literal(_RETURNED) + _P.client),
        ("reject-debit:", "rejected_debited", literal(SUSPENSE), literal(BANK)),
        ("reject-credit:", "rejected_credited", literal(BANK), literal(SUSPENSE)),
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


def _every_transfer_says_what_its_event_says(connection: Connection) -> Iterator[str]:
    closed = set(connection.execute(select(month_closings.c.month)).scalars())
    count = 0
    for query in (_benefits(), *_of_the_plan(), *_of_the_bank(), _of_a_person()):
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


def _settlements_say_what_the_bank_said(connection: Connection) -> Iterator[str]:
    x, n, p = settlements.c, bank_lines.c, payments.c
    query = (
        select(
            x.payment_id,
            x.kind,
            x.line_id,
            x.amount_cents,
            x.reason,
            x.booked_on,
            p.amount_cents.label("paid"),
            n.direction,
            n.booking_date,
            n.reason.label("said"),
            n.end_to_end_id,
        )
        .outerjoin(payments, p.payment_id == x.payment_id)
        .outerjoin(bank_lines, n.line_id == x.line_id)
    )
    e, r = exceptions.c, exception_resolutions.c
    matched = select(e.line_id).join(exception_resolutions, r.exception_id == e.exception_id)
    by_hand = set(connection.execute(matched.where(r.as_what == "match")).scalars())
    ours = set(connection.execute(select(p.payment_id)).scalars())
    for row in connection.execute(query):
        outward = row.kind in ("booked", "rejected_debited")
        told = (row.reason, row.booked_on) == (row.said, row.booking_date)
        fits = (
            row.amount_cents == row.paid
            and row.direction == ("DBIT" if outward else "CRDT")
            and (told or (row.line_id in by_hand and row.reason is None))
            and (row.end_to_end_id not in ours or row.end_to_end_id == row.payment_id)
        )
        if not fits:
            yield f"payment {row.payment_id}: settled as {row.kind} otherwise than its line of the bank says"


_PAPERS: dict[str, set[str]] = {
    PaymentState.PLANNED: set(),
    PaymentState.INSTRUCTED: set(),
    PaymentState.BOOKED: {"booked"},
    PaymentState.SETTLED: {"booked"},
    PaymentState.RETURNED: {"booked", "returned"},
    PaymentState.CANCELLED: set(),
}


def _payments_stand_where_their_papers_say(connection: Connection) -> Iterator[str]:
    papers: dict[str, set[str]] = {}
    x, r, p = settlements.c, rejections.c, payments.c
    for payment, kind in connection.execute(select(x.payment_id, x.kind)):
        papers.setdefault(payment, set()).add(kind)
    refused = set(connection.execute(select(r.payment_id)).scalars())
    for payment, state in connection.execute(select(p.payment_id, p.state)):
        found = papers.get(payment, set())
        if payment in refused:  # a person can find that it was paid all the same
            fits = state == PaymentState.REJECTED or (state == PaymentState.BOOKED and "rejected_debited" in found)
        else:
            fits = _PAPERS.get(state) == found
        if not fits:
            yield f"payment {payment}: is {state}, its papers say {', '.join(sorted(found)) or 'nothing'}"


def _settled_is_what_stood_for_days(connection: Connection) -> Iterator[str]:
    """Booked becomes settled when a statement (or report) is read of five T2 days later, neither sooner nor later."""
    s, e, x, j = bank_statements.c, exceptions.c, settlements.c, rejections.c
    newest: dict[str, date] = {}
    ends: dict[str, dict[str, date]] = {}
    for gemeente, account, day in connection.execute(select(s.gemeente, s.account, s.day).order_by(s.sequence)):
        ends.setdefault(gemeente, {})[account] = day
        newest[gemeente] = max(day, newest.get(gemeente, day))
    last = {gemeente: min(days.values()) for gemeente, days in ends.items()}
    rejected = (
        select(_F.gemeente, func.max(j.rejected_on))
        .join(payments, _P.payment_id == j.payment_id)
        .join(payment_files, _F.file_id == _P.file_id)
        .group_by(_F.gemeente)
    )
    for gemeente, day in connection.execute(rejected):
        newest[gemeente] = max(day, newest.get(gemeente, day))
    asked = set(connection.execute(select(e.line_id)).scalars())  # settled later than its statement was read
    query = (
        select(_P.payment_id, _P.state, _F.gemeente, x.booked_on, x.line_id)
        .join(payment_files, _F.file_id == _P.file_id)
        .join(settlements, and_(x.payment_id == _P.payment_id, x.kind == "booked"))
        .where(_P.state.in_(DEBITED))
    )
    ripe = cache(lambda day: add_t2_days(day, SETTLED_AFTER_T2_DAYS))
    for payment, state, gemeente, booked_on, line in connection.execute(query):
        if gemeente not in last:
            fits = False
        elif state == PaymentState.SETTLED:
            fits = ripe(booked_on) <= newest[gemeente]
        else:
            fits = ripe(booked_on) > last[gemeente] or line in asked
        if not fits:
            yield f"payment {payment}: is {state}, booked on {booked_on}, which its statements do not say"


def _runs_and_files_stand_where_their_payments_say(connection: Connection) -> Iterator[str]:
    waiting = func.sum(case((_F.state.in_(WAITING_FILES), 1), else_=0))
    query = select(_R.run_id, _R.state, func.coalesce(waiting, 0)).outerjoin(payment_files, _F.run_id == _R.run_id)
    for run, state, open_files in connection.execute(query.group_by(_R.run_id, _R.state)):
        if state != (RunState.WAITING_FOR_APPROVAL if open_files else RunState.DONE):
            yield f"run {run}: is {state} with {open_files} files that wait"
    taken_back = (
        select(_F.file_id)
        .outerjoin(file_cancellations, file_cancellations.c.file_id == _F.file_id)
        .join(payments, _P.file_id == _F.file_id)
    )
    paper = file_cancellations.c.file_id.is_not(None)
    torn = taken_back.where(
        ((_F.state == FileState.CANCELLED) != paper) | ((_P.state == PaymentState.CANCELLED) != paper)
    ).distinct()
    for file in connection.execute(torn).scalars():
        yield f"file {file}: its state and that of its payments do not fit its cancellation"
    refused = func.sum(case((_P.state == PaymentState.REJECTED, 1), else_=0))
    answered = func.sum(case((_P.state.in_(ANSWERED), 1), else_=0))
    counts = (
        select(_F.file_id, _F.state, func.count(), refused, answered)
        .join(payments, _P.file_id == _F.file_id)
        .where(_F.state.not_in(UNRELEASED_FILES))
        .group_by(_F.file_id, _F.state)
    )
    for file, state, total, rejected, booked in connection.execute(counts):
        if rejected:
            fits = state == (FileState.REJECTED if rejected == total else FileState.PARTLY_REJECTED)
        else:
            fits = state == FileState.ACCEPTED or (state == FileState.RELEASED and not booked)
        if not fits or (state == FileState.ACCEPTED and not booked):
            yield f"file {file}: is {state} with {rejected} of {total} payments rejected and {booked} booked"


EVENT_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _every_transfer_says_what_its_event_says,
    _the_transfers_of_an_event_are_numbered,
    _settlements_say_what_the_bank_said,
    _payments_stand_where_their_papers_say,
    _settled_is_what_stood_for_days,
    _runs_and_files_stand_where_their_payments_say,
)
