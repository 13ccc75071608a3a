"""Every account of the ledger explained by the events that may move it; a cent more or less is a violation."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, exists, func, select

from ledgers.bank.open_items import PARKED, newest_resolutions
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.journal.bookings import (
    BANK,
    BENEFIT_CLEARING,
    IN_TRANSIT,
    OPENING_BALANCE,
    SUSPENSE,
    TO_FORWARD,
    client_account,
    creditor_account,
    returned_account,
)
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
from payments.matching.model import ExceptionKind
from payments.states import DEAD, PaymentState, SettlementKind

Balances = Counter[tuple[str, str]]  # (gemeente, account) -> debit minus credit
_SIGN = {"CRDT": -1, "DBIT": 1}  # of a line in suspense, as debit minus credit


def _every_account_is_explained(connection: Connection) -> Iterator[str]:
    booked, expected = _booked(connection), _expected(connection)
    for gemeente, account in sorted({*booked, *expected}):
        found, explained = booked[gemeente, account], expected[gemeente, account]
        if found != explained:
            yield f"account {account} of {gemeente}: {found} cents booked, {explained} explained by events"


def _booked(connection: Connection) -> Balances:
    t = transfers.c
    booked: Balances = Counter()
    for account, sign in ((t.debit, 1), (t.credit, -1)):
        query = select(t.gemeente, account, func.sum(t.amount_cents)).group_by(t.gemeente, account)
        for gemeente, name, cents in connection.execute(query):
            booked[gemeente, name] += sign * int(cents)
    return booked


def _expected(connection: Connection) -> Balances:
    expected: Balances = Counter()
    for part in (_clearing, _clients, _creditors, _bank, _exceptions, _given_back):
        expected.update(part(connection))  # a Counter adds, also what is negative
    return expected


@cache
def newest_runs() -> Subquery:
    """The last run of each gemeente's month: the one that counts."""
    key = (runs.c.gemeente, runs.c.month)
    return select(func.max(runs.c.sequence).label("sequence"), *key).group_by(*key).subquery()


def _sums(connection: Connection, query: Select[Any]) -> Iterator[tuple[str, str, int]]:
    """Rows of (gemeente, key, cents)."""
    for gemeente, key, cents in connection.execute(query):
        yield gemeente, key, int(cents)


def _clearing(connection: Connection) -> Balances:
    """Benefits counted by the newest run of each month, less the remainders handed to the benefits office."""
    found: Balances = Counter()
    counted = _newest_outcome(runs.c.gemeente, runs.c.month, func.sum(run_clients.c.benefit_cents))
    for gemeente, _, cents in _sums(connection, counted.group_by(runs.c.gemeente, runs.c.month)):
        found[gemeente, BENEFIT_CLEARING] += cents
    r = remainder_lists.c
    listed = select(r.gemeente, r.month, func.sum(r.amount_cents)).group_by(r.gemeente, r.month)
    for gemeente, _, cents in _sums(connection, listed):
        found[gemeente, BENEFIT_CLEARING] -= cents
    return found


def _clients(connection: Connection) -> Balances:
    """What remains of each client's months, less what the benefits office was told to pay; refunds come on top."""
    found: Balances = Counter()
    remaining = _newest_outcome(runs.c.gemeente, run_clients.c.client, func.sum(run_clients.c.remainder_cents))
    for gemeente, client, cents in _sums(connection, remaining.group_by(runs.c.gemeente, run_clients.c.client)):
        found[gemeente, client_account(client)] -= cents
    r = remainder_lists.c
    listed = select(r.gemeente, r.client, func.sum(r.amount_cents)).group_by(r.gemeente, r.client)
    for gemeente, client, cents in _sums(connection, listed):
        found[gemeente, client_account(client)] += cents
    return found


def counted_again() -> ColumnElement[bool]:
    """Whether what was given back to be planned anew is in a run made since; for a query of withholdings."""
    w, g, later = withholdings.c, given_back.c, runs.alias("later")
    since = (later.c.gemeente == w.gemeente) & (later.c.month == w.month) & (later.c.sequence > g.after_run)
    return and_(g.plan_anew, exists().where(since))


def _newest_outcome(*columns: ColumnElement[Any]) -> Select[Any]:
    """Columns of the clients of every month's newest run."""
    last = newest_runs()
    return (
        select(*columns)
        .select_from(runs)
        .join(last, and_(*(last.c[n] == runs.c[n] for n in ("gemeente", "month", "sequence"))))
        .join(run_clients, run_clients.c.run_id == runs.c.run_id)
    )


def _creditors(connection: Connection) -> Balances:
    """Withheld and not sent, or sent and refused; in transit is what the bank has not answered."""
    found: Balances = Counter()
    w, p, f = withholdings.c, payments.c, payment_files.c
    same = same_withholding(p, w)
    withheld = select(w.gemeente, w.creditor, func.sum(w.amount_cents)).group_by(w.gemeente, w.creditor)
    for gemeente, creditor, cents in _sums(connection, withheld):
        found[gemeente, creditor_account(creditor)] -= cents
    gone = p.state.not_in((PaymentState.PLANNED, PaymentState.REJECTED, PaymentState.CANCELLED))
    sent = select(w.gemeente, w.creditor, func.sum(p.amount_cents)).join(withholdings, same).where(gone)
    for gemeente, creditor, cents in _sums(connection, sent.group_by(w.gemeente, w.creditor)):
        found[gemeente, creditor_account(creditor)] += cents
    waiting = select(f.gemeente, p.state, func.sum(p.amount_cents)).join(payment_files, f.file_id == p.file_id)
    for gemeente, _, cents in _sums(
        connection, waiting.where(p.state == PaymentState.INSTRUCTED).group_by(f.gemeente, p.state)
    ):
        found[gemeente, IN_TRANSIT] -= cents
    return found


def _bank(connection: Connection) -> Balances:
    """The bank is its first opening balance and every line since; what came back stands per client."""
    found: Balances = Counter()
    s, n = bank_statements.c, bank_lines.c
    for gemeente, _, cents in _sums(connection, select(s.gemeente, s.account, s.opening_cents).where(s.sequence == 1)):
        found[gemeente, BANK] += cents
        found[gemeente, OPENING_BALANCE] -= cents
    signed = case((n.direction == "CRDT", n.amount_cents), else_=-n.amount_cents)
    lines = select(s.gemeente, s.account, func.sum(signed)).join(bank_statements, s.statement == n.statement)
    for gemeente, _, cents in _sums(connection, lines.group_by(s.gemeente, s.account)):
        found[gemeente, BANK] += cents
    x, p, f = settlements.c, payments.c, payment_files.c
    query = (
        select(f.gemeente, p.client, x.kind, func.sum(x.amount_cents))
        .join(payments, p.payment_id == x.payment_id)
        .join(payment_files, f.file_id == p.file_id)
        .where(x.kind != SettlementKind.BOOKED)
        .group_by(f.gemeente, p.client, x.kind)
    )
    for gemeente, client, cents in _sums(connection, _parts_alone()):
        found[gemeente, returned_account(client)] -= cents
    for gemeente, client, kind, cents in connection.execute(query):
        if kind == SettlementKind.RETURNED:
            found[gemeente, returned_account(client)] -= int(cents)
        else:
            found[gemeente, SUSPENSE] += int(cents) * (1 if kind == SettlementKind.REJECTED_DEBITED else -1)
    return found


@cache
def _parts_alone() -> Select[Any]:
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
def _settled_exceptions() -> Select[Any]:
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


def _exceptions(connection: Connection) -> Balances:
    """Lines nobody explained stand in suspense; the newest settlement by a person moves them where it says."""
    found: Balances = Counter()
    refunded = []
    for row in connection.execute(_settled_exceptions()):
        gemeente, cents = row.gemeente, int(row.amount_cents)
        if row.as_what == "refund_to_client" and row.kind in CAME_BACK:
            refunded.append((gemeente, row.obligation, row.covers, row.sequence))
        if row.kind in _ON_RETURNED and row.as_what in ("refund_to_client", "resubmit"):
            found[gemeente, returned_account(row.client)] += cents
            if row.as_what == "resubmit":
                found[gemeente, creditor_account(row.creditor)] -= cents
        elif row.direction:
            if row.as_what in (None, PARKED):
                found[gemeente, SUSPENSE] += _SIGN[row.direction] * cents
            elif row.as_what in _MOVED_TO:
                found[gemeente, _MOVED_TO[row.as_what]] += _SIGN[row.direction] * cents
        elif row.kind == ExceptionKind.REJECTED_DEBITED and row.as_what in ("paid", *_MOVED_TO):
            found[gemeente, SUSPENSE] -= cents
            if row.as_what in _MOVED_TO:
                found[gemeente, _MOVED_TO[row.as_what]] += cents
        elif row.kind == ExceptionKind.REJECTED and row.as_what == "refund_to_client":
            found[gemeente, creditor_account(row.creditor)] += cents
    _share_out(connection, refunded, found)
    _said_shares(connection, found)
    return found


def _said_shares(connection: Connection, found: Balances) -> None:
    """What a person divided, and what came back in part, goes to those who stand beside it."""
    e, share = exceptions.c, refund_shares.c
    query = (
        select(e.gemeente, share.client, share.amount_cents)
        .join(exceptions, e.exception_id == share.exception_id)
        .where(e.kind.not_in(CAME_BACK))
    )
    for gemeente, client, cents in _sums(connection, query):
        found[gemeente, client_account(client)] -= cents


def _share_out(connection: Connection, refunded: Sequence[tuple[str, str, str, int]], found: Balances) -> None:
    """What came back goes to those who contributed it."""
    c = contributions.c
    for gemeente, obligation, covers, sequence in refunded:
        mine = (c.obligation == obligation, c.covers == covers, c.withholding == sequence)
        query = select(c.client, c.amount_cents).where(*mine)
        for client, cents in connection.execute(query):
            found[gemeente, client_account(client)] -= int(cents)


def _given_back(connection: Connection) -> Balances:
    """What was reserved for a creditor and went back to those who contributed it."""
    found: Balances = Counter()
    g, w, c = given_back.c, withholdings.c, contributions.c
    query = (
        select(w.gemeente, w.creditor, c.client, c.amount_cents, counted_again().label("counted"))
        .select_from(given_back)
        .join(withholdings, same_withholding(g, w))
        .join(contributions, same_withholding(c, w))
    )
    for gemeente, creditor, client, cents, counted in connection.execute(query):
        found[gemeente, creditor_account(creditor)] += int(cents)
        if not counted:  # a run that came after it has it in the client's remainder
            found[gemeente, client_account(client)] -= int(cents)
    return found


_ON_RETURNED = (ExceptionKind.RETURNED, ExceptionKind.PARTIAL_RETURN)
_MOVED_TO = {"forward": TO_FORWARD, "funding": BENEFIT_CLEARING}


def _what_was_given_back_is_not_paid(connection: Connection) -> Iterator[str]:
    """No key can hold this: money is either with the client again or in a live payment."""
    g, p = given_back.c, payments.c
    same = and_(g.obligation == p.obligation, g.covers == p.covers, g.withholding == p.withholding)
    paid = select(p.payment_id, p.obligation, p.covers).join(given_back, same).where(p.state.not_in(DEAD))
    for payment, obligation, covers in connection.execute(paid):
        yield f"vaste last {obligation} {covers}: given back to the client and paid by {payment}"


ACCOUNT_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _every_account_is_explained,
    _what_was_given_back_is_not_paid,
)
