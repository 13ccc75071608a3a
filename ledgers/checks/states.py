"""Every settlement and state agrees with the papers it rests on: violations, one sentence each."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from sqlalchemy import Connection, and_, case, func, select

from ledgers.bank.settlement import SETTLED_AFTER_T2_DAYS
from ledgers.schema.bank import bank_lines, bank_statements, exception_resolutions, exceptions, rejections, settlements
from ledgers.schema.core import file_cancellations, payment_files, payments, runs
from payments.calendar import add_t2_days
from payments.states import (
    ANSWERED,
    DEBITED,
    UNRELEASED_FILES,
    WAITING_FILES,
    FileState,
    PaymentState,
    RunState,
    SettlementKind,
)

_P, _F, _R = payments.c, payment_files.c, runs.c


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
    asked = select(e.line_id).join(exception_resolutions, r.exception_id == e.exception_id).where(e.direction != "")
    by_hand = set(connection.execute(asked.where(r.as_what == "match")).scalars())
    later = by_hand | set(connection.execute(asked.where(r.as_what == "refund_to_client")).scalars())
    ours = set(connection.execute(select(p.payment_id)).scalars())
    for row in connection.execute(query):
        outward = row.kind in (SettlementKind.BOOKED, SettlementKind.REJECTED_DEBITED)
        told = row.reason == row.said and (row.line_id in later or row.booked_on == row.booking_date)
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
    PaymentState.BOOKED: {SettlementKind.BOOKED},
    PaymentState.SETTLED: {SettlementKind.BOOKED},
    PaymentState.RETURNED: {SettlementKind.BOOKED, SettlementKind.RETURNED},
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
            fits = state == PaymentState.REJECTED or (
                state == PaymentState.BOOKED and SettlementKind.REJECTED_DEBITED in found
            )
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
        .join(settlements, and_(x.payment_id == _P.payment_id, x.kind == SettlementKind.BOOKED))
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


STATE_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _settlements_say_what_the_bank_said,
    _payments_stand_where_their_papers_say,
    _settled_is_what_stood_for_days,
    _runs_and_files_stand_where_their_payments_say,
)
