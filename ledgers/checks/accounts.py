"""Every account of the ledger explained by the events that may move it; a cent more or less is a violation."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from ledgers.bank.open_items import PARKED
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.checks import account_sums
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
from ledgers.schema.bank import given_back
from ledgers.schema.core import contributions, of_one_withholding, payments
from payments.matching.model import ExceptionKind
from payments.states import DEAD, SettlementKind

Balances = Counter[tuple[str, str]]  # (gemeente, account) -> debit minus credit
_SIGN = {"CRDT": -1, "DBIT": 1}  # of a line in suspense, as debit minus credit


def _every_account_is_explained(connection: Connection) -> Iterator[str]:
    booked, expected = _booked(connection), _expected(connection)
    for gemeente, account in sorted({*booked, *expected}):
        found, explained = booked[gemeente, account], expected[gemeente, account]
        if found != explained:
            yield f"account {account} of {gemeente}: {found} cents booked, {explained} explained by events"


def _booked(connection: Connection) -> Balances:
    booked: Balances = Counter()
    for side, sign in (("debit", 1), ("credit", -1)):
        for gemeente, name, cents in connection.execute(account_sums.booked_on(side)):
            booked[gemeente, name] += sign * int(cents)
    return booked


def _expected(connection: Connection) -> Balances:
    expected: Balances = Counter()
    for part in (_clearing, _clients, _creditors, _bank, _exceptions, _given_back):
        expected.update(part(connection))  # a Counter adds, also what is negative
    return expected


def _sums(connection: Connection, query: Select[Any]) -> Iterator[tuple[str, str, int]]:
    """Rows of (gemeente, key, cents)."""
    for gemeente, key, cents in connection.execute(query):
        yield gemeente, key, int(cents)


def _clearing(connection: Connection) -> Balances:
    """Benefits counted by the newest run of each month, less the remainders handed to the benefits office."""
    found: Balances = Counter()
    counted, listed = account_sums.by_newest_run("month", "benefit_cents"), account_sums.listed_by("month")
    for gemeente, _, cents in _sums(connection, counted):
        found[gemeente, BENEFIT_CLEARING] += cents
    for gemeente, _, cents in _sums(connection, listed):
        found[gemeente, BENEFIT_CLEARING] -= cents
    return found


def _clients(connection: Connection) -> Balances:
    """What remains of each client's months, less what the benefits office was told to pay; refunds come on top."""
    found: Balances = Counter()
    remaining, listed = account_sums.by_newest_run("client", "remainder_cents"), account_sums.listed_by("client")
    for gemeente, client, cents in _sums(connection, remaining):
        found[gemeente, client_account(client)] -= cents
    for gemeente, client, cents in _sums(connection, listed):
        found[gemeente, client_account(client)] += cents
    return found


def _creditors(connection: Connection) -> Balances:
    """Withheld and not sent, or sent and refused; in transit is what the bank has not answered."""
    found: Balances = Counter()
    withheld, sent, waiting = account_sums.withheld_and_sent()
    for gemeente, creditor, cents in _sums(connection, withheld):
        found[gemeente, creditor_account(creditor)] -= cents
    for gemeente, creditor, cents in _sums(connection, sent):
        found[gemeente, creditor_account(creditor)] += cents
    for gemeente, _, cents in _sums(connection, waiting):
        found[gemeente, IN_TRANSIT] -= cents
    return found


def _bank(connection: Connection) -> Balances:
    """The bank is its first opening balance and every line since; what came back stands per client."""
    found: Balances = Counter()
    first, lines = account_sums.on_the_accounts()
    for gemeente, _, cents in _sums(connection, first):
        found[gemeente, BANK] += cents
        found[gemeente, OPENING_BALANCE] -= cents
    for gemeente, _, cents in _sums(connection, lines):
        found[gemeente, BANK] += cents
    for gemeente, client, cents in _sums(connection, account_sums.parts_alone()):
        found[gemeente, returned_account(client)] -= cents
    for gemeente, client, kind, cents in connection.execute(account_sums.settled()):
        if kind == SettlementKind.RETURNED:
            found[gemeente, returned_account(client)] -= int(cents)
        else:
            found[gemeente, SUSPENSE] += int(cents) * (1 if kind == SettlementKind.REJECTED_DEBITED else -1)
    return found


def _exceptions(connection: Connection) -> Balances:
    """Lines nobody explained stand in suspense; the newest settlement by a person moves them where it says."""
    found: Balances = Counter()
    refunded = []
    for row in connection.execute(account_sums.settled_exceptions()):
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
    for gemeente, client, cents in _sums(connection, account_sums.divided()):
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
    for gemeente, creditor, client, cents, counted in connection.execute(account_sums.shares_given_back()):
        found[gemeente, creditor_account(creditor)] += int(cents)
        if not counted:  # a run that came after it has it in the client's remainder
            found[gemeente, client_account(client)] -= int(cents)
    return found


_ON_RETURNED = (ExceptionKind.RETURNED, ExceptionKind.PARTIAL_RETURN)
_MOVED_TO = {"forward": TO_FORWARD, "funding": BENEFIT_CLEARING}


def _what_was_given_back_is_not_paid(connection: Connection) -> Iterator[str]:
    """No key can hold this: money is either with the client again or in a live payment."""
    g, p = given_back.c, payments.c
    paid = (
        select(p.payment_id, p.obligation, p.covers)
        .join(given_back, of_one_withholding(g, p))
        .where(p.state.not_in(DEAD))
    )
    for payment, obligation, covers in connection.execute(paid):
        yield f"vaste last {obligation} {covers}: given back to the client and paid by {payment}"


ACCOUNT_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _every_account_is_explained,
    _what_was_given_back_is_not_paid,
)
