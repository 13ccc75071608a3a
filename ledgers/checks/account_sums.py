"""What the check of all accounts asks of the books: each question is worded once in a process, for wording is slow."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, select

from ledgers.bank.open_items import newest_resolutions
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.schema.bank import (
    bank_lines,
    bank_statements,
    exceptions,
    given_back,
    refund_shares,
    settlement_parts,
    settlements,
)
from ledgers.schema.core import (
    contributions,
    payment_files,
    payments,
    remainder_lists,
    run_clients,
    runs,
    same_withholding,
    transfers,
    withholdings,
)
from payments.states import PaymentState, SettlementKind


@cache
def booked_on(side: str) -> Select[Any]:
    """The sum of every account on one side of its transfers."""
    t, account = transfers.c, transfers.c[side]
    return select(t.gemeente, account, func.sum(t.amount_cents)).group_by(t.gemeente, account)


@cache
def newest_runs() -> Subquery:
    """The last run of each gemeente's month: the one that counts."""
    key = (runs.c.gemeente, runs.c.month)
    return select(func.max(runs.c.sequence).label("sequence"), *key).group_by(*key).subquery()


def counted_again() -> ColumnElement[bool]:
    """Whether what was given back to be planned anew is in a run made since; for a query of withholdings."""
    w, g, later = withholdings.c, given_back.c, runs.alias("later")
    since = (later.c.gemeente == w.gemeente) & (later.c.month == w.month) & (later.c.sequence > g.after_run)
    return and_(g.plan_anew, exists().where(since))


@cache
def listed_by(name: str) -> Select[Any]:
    """What the benefits office was told to pay, by month or by client."""
    r = remainder_lists.c
    return select(r.gemeente, r[name], func.sum(r.amount_cents)).group_by(r.gemeente, r[name])


@cache
def by_newest_run(name: str, cents: str) -> Select[Any]:
    """A sum over the clients of every month's newest run, by month or by client."""
    last, key = newest_runs(), (runs.c.gemeente, run_clients.c[name] if name == "client" else runs.c[name])
    return (
        select(*key, func.sum(run_clients.c[cents]))
        .group_by(*key)
        .select_from(runs)
        .join(last, and_(*(last.c[n] == runs.c[n] for n in ("gemeente", "month", "sequence"))))
        .join(run_clients, run_clients.c.run_id == runs.c.run_id)
    )


@cache
def withheld_and_sent() -> tuple[Select[Any], Select[Any], Select[Any]]:
    """What was withheld per creditor, what of it was sent and not refused, and what the bank has not answered."""
    w, p, f = withholdings.c, payments.c, payment_files.c
    withheld = select(w.gemeente, w.creditor, func.sum(w.amount_cents)).group_by(w.gemeente, w.creditor)
    gone = p.state.not_in((PaymentState.PLANNED, PaymentState.REJECTED, PaymentState.CANCELLED))
    sent = select(w.gemeente, w.creditor, func.sum(p.amount_cents)).join(withholdings, same_withholding(p, w))
    waiting = select(f.gemeente, p.state, func.sum(p.amount_cents)).join(payment_files, f.file_id == p.file_id)
    return (
        withheld,
        sent.where(gone).group_by(w.gemeente, w.creditor),
        waiting.where(p.state == PaymentState.INSTRUCTED).group_by(f.gemeente, p.state),
    )


@cache
def on_the_accounts() -> tuple[Select[Any], Select[Any]]:
    """The first opening balance of each account, and the sum of its lines."""
    s, n = bank_statements.c, bank_lines.c
    signed = case((n.direction == "CRDT", n.amount_cents), else_=-n.amount_cents)
    lines = select(s.gemeente, s.account, func.sum(signed)).join(bank_statements, s.statement == n.statement)
    first = select(s.gemeente, s.account, s.opening_cents).where(s.sequence == 1)
    return first, lines.group_by(s.gemeente, s.account)


@cache
def settled() -> Select[Any]:
    """What the bank settled otherwise than by booking it."""
    x, p, f = settlements.c, payments.c, payment_files.c
    return (
        select(f.gemeente, p.client, x.kind, func.sum(x.amount_cents))
        .join(payments, p.payment_id == x.payment_id)
        .join(payment_files, f.file_id == p.file_id)
        .where(x.kind != SettlementKind.BOOKED)
        .group_by(f.gemeente, p.client, x.kind)
    )


@cache
def parts_alone() -> Select[Any]:
    """What came back in part of payments of which the rest still stands with the payee."""
    x, part, p, f = settlements.c, settlement_parts.c, payments.c, payment_files.c
    whole = and_(x.payment_id == part.payment_id, x.kind == part.kind)
    return (
        select(f.gemeente, p.client, part.amount_cents)
        .select_from(settlement_parts)
        .outerjoin(settlements, whole)
        .join(payments, p.payment_id == part.payment_id)
        .join(payment_files, f.file_id == p.file_id)
        .where(x.payment_id.is_(None), part.kind == SettlementKind.RETURNED)
    )


@cache
def settled_exceptions() -> Select[Any]:
    """Every exception with the withholding it is about and its newest settlement."""
    e, w, p, newest = exceptions.c, withholdings.c, payments.c, newest_resolutions()
    r = newest.c
    return (
        select(
            e.gemeente,
            e.kind,
            e.direction,
            e.amount_cents,
            e.client,
            w.creditor,
            w.obligation,
            w.covers,
            w.sequence,
            r.as_what,
        )
        .outerjoin(newest, r.exception_id == e.exception_id)
        .outerjoin(payments, p.payment_id == e.payment_id)
        .outerjoin(withholdings, same_withholding(p, w))
    )


@cache
def divided() -> Select[Any]:
    """Who stands beside what a person divided, with their share."""
    e, share = exceptions.c, refund_shares.c
    return (
        select(e.gemeente, share.client, share.amount_cents)
        .join(exceptions, e.exception_id == share.exception_id)
        .where(e.kind.not_in(CAME_BACK))
    )


@cache
def shares_given_back() -> Select[Any]:
    """Who contributed to what was given back, and whether a later run counted it again."""
    g, w, c = given_back.c, withholdings.c, contributions.c
    return (
        select(w.gemeente, w.creditor, c.client, c.amount_cents, counted_again().label("counted"))
        .select_from(given_back)
        .join(withholdings, same_withholding(g, w))
        .join(contributions, same_withholding(c, w))
    )
