"""Bank equals books: what the statements say beside what the ledger says, and what is still on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, select

from ledgers.bank import not_booked
from ledgers.bank.open_items import PARKED, OpenItem, list_items, newest_resolutions
from ledgers.bank.reserved_money import ReservedItem, reserved_items
from ledgers.bank.resolution_model import AsWhat
from ledgers.bank.stranded_money import stranded_items
from ledgers.checks.account_sums import counted_again
from ledgers.errors import ProofFailed
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import BANK, CHART, IN_TRANSIT
from ledgers.journal.posting import balances
from ledgers.month.month_facts import included_elsewhere
from ledgers.registers.register import clients_in_force
from ledgers.schema.bank import bank_statements, exceptions, given_back, month_closings
from ledgers.schema.core import benefit_records, payment_files, payments, runs, same_withholding, withholdings
from payments.matching.forwarding import ToForward, still_to_forward
from payments.money import format_amount
from payments.month import Month
from payments.states import WAITING_FILES, PaymentState

AGES = ((7, "0-7"), (30, "8-30"), (60, "31-60"))
OLDEST = ">60"


@dataclass(frozen=True, slots=True)
class InTransit:
    """A payment that was handed over and of which the bank has said nothing yet."""

    payment_id: str
    gemeente: str
    month: Month
    client: str
    amount_cents: int
    execution_date: date


@dataclass(frozen=True, slots=True)
class AccountProof:
    """One gemeente's account: the bank's last closing balance beside the ledger's."""

    gemeente: str
    bank_cents: int
    books_cents: int
    in_transit: tuple[InTransit, ...]
    in_transit_cents: int
    open_items: tuple[OpenItem, ...]
    parked: tuple[OpenItem, ...]  # left in suspense by a person, with a reason
    reserved: tuple[tuple[str, int], ...]  # (creditor, cents): withheld and not sent, or refused and not settled
    reserved_items: tuple[ReservedItem, ...]  # what of it is in no payment yet, one by one
    returned: tuple[tuple[str, int], ...]  # (client, cents): came back and waits for a decision
    to_forward: tuple[ToForward, ...]  # somebody else's, one by one, until it was sent on
    accounts: tuple[tuple[str, int], ...]  # every account of the chart, those of clients and creditors by kind

    @property
    def unexplained_cents(self) -> int:
        """The money of all exceptions that nobody settled yet."""
        return sum(item.amount_cents for item in self.open_items)


def age_group(days: int) -> str:
    """The group in which an open item is shown."""
    return next((name for limit, name in AGES if days <= limit), OLDEST)


def prove(connection: Connection, gemeente: str) -> AccountProof:
    """Read both sides of one gemeente's account."""
    ledger = balances(connection, gemeente)
    items = list_items(connection, gemeente=gemeente, parked=True)
    return AccountProof(
        gemeente,
        bank_balance(connection, gemeente),
        ledger.get(BANK, 0),
        tuple(_in_transit(connection, gemeente)),
        -ledger.get(IN_TRANSIT, 0),
        tuple(item for item in items if item.as_what is None),
        tuple(item for item in items if item.as_what == PARKED),
        _held_on(ledger, "creditor:"),
        tuple(reserved_items(connection, gemeente)),
        _held_on(ledger, "returned:"),
        tuple(_to_forward(connection, gemeente)),
        _by_kind(ledger),
    )


def _by_kind(ledger: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Debit minus credit of every account of the chart, in its order; those of one kind together."""
    found = dict.fromkeys(CHART, 0)
    for name, cents in ledger.items():
        found[name.partition(":")[0]] += cents
    return tuple(found.items())


def _to_forward(connection: Connection, gemeente: str) -> list[ToForward]:
    """What was settled as belonging elsewhere and was not sent on."""
    e, newest = exceptions.c, newest_resolutions()
    query = (
        select(e.exception_id, e.direction, e.amount_cents, e.since, newest.c.why)
        .join(newest, newest.c.exception_id == e.exception_id)
        .where(e.gemeente == gemeente, newest.c.as_what == AsWhat.FORWARD.value)
        .order_by(newest.c.resolved_at, e.exception_id)
    )
    return still_to_forward(
        ToForward(name, gemeente, int(cents) if direction == "CRDT" else -int(cents), since, why)
        for name, direction, cents, since, why in connection.execute(query)
    )


def _held_on(ledger: Mapping[str, int], prefix: str) -> tuple[tuple[str, int], ...]:
    """Every account of a kind that holds money for somebody."""
    found = ((name.removeprefix(prefix), -cents) for name, cents in ledger.items() if name.startswith(prefix) and cents)
    return tuple(sorted(found))


def bank_balance(connection: Connection, gemeente: str) -> int:
    """The closing balance of the newest statement of every account of a gemeente, summed."""
    s = bank_statements.c
    newest = select(s.account, func.max(s.sequence).label("sequence")).group_by(s.account).subquery()
    query = (
        select(func.coalesce(func.sum(s.closing_cents), 0))
        .join(newest, and_(newest.c.account == s.account, newest.c.sequence == s.sequence))
        .where(s.gemeente == gemeente)
    )
    return int(connection.execute(query).scalar_one())


def _in_transit(connection: Connection, gemeente: str) -> list[InTransit]:
    p, f = payments.c, payment_files.c
    query = (
        select(p.payment_id, f.gemeente, f.month, p.client, p.amount_cents, f.execution_date)
        .join(payment_files, f.file_id == p.file_id)
        .where(f.gemeente == gemeente, p.state == PaymentState.INSTRUCTED)
        .order_by(f.execution_date, p.payment_id)
    )
    return [InTransit(*row) for row in connection.execute(query)]


def obstacles(connection: Connection, gemeenten: list[str], month: Month, today: date) -> list[str]:
    """Everything that keeps a month from being closed, in words."""
    from ledgers.checks import self_check

    found = self_check.self_check(connection)
    if connection.execute(select(runs.c.run_id).where(runs.c.month == month)).first() is None:
        found.append(f"{month} was never run")
    for gemeente in gemeenten:
        if _benefits_without_run(connection, gemeente, month):
            found.append(f"{gemeente}: there are benefit records of {month}, but it was never run")
        proof = prove(connection, gemeente)
        if proof.bank_cents != proof.books_cents:
            bank, books = format_amount(proof.bank_cents), format_amount(proof.books_cents)
            found.append(f"{gemeente}: the bank has {bank}, the books {books}")
        found += [
            f"{gemeente}: payment {item.payment_id} of {format_amount(item.amount_cents)} is still in transit"
            f" (never paid? `resolve {not_booked.exception_of(item.payment_id)} --as-what not_paid`)"
            for item in proof.in_transit
            if item.month <= month
        ]
        found += [
            f"{gemeente}: exception {item.exception_id} ({item.kind}) of {format_amount(item.amount_cents)} is open"
            for item in proof.open_items
            if item.month <= month
        ]
    f = payment_files.c
    waiting = select(f.file_id, f.state).where(f.month == month, f.state.in_(WAITING_FILES))
    found += [f"file {file} is {state} and not released" for file, state in connection.execute(waiting)]
    found += [text for gemeente in gemeenten for text in _stranded(connection, gemeente, month, today)]
    return [*found, *_to_run_again(connection, month)]


def _stranded(connection: Connection, gemeente: str, month: Month, today: date) -> list[str]:
    return [
        f"{gemeente}: {format_amount(item.amount_cents)} is set apart for {item.obligation} {item.covers}, and no run "
        f"pays it any more: `ontzorgen give-back {item.obligation} {item.covers} --why TEXT`, or make it due again"
        for item in stranded_items(connection, gemeente, today)
        if item.month <= month
    ]


def _to_run_again(connection: Connection, month: Month) -> list[str]:
    """Money that was given back to be planned anew, and that no run has looked at since: nobody is told of it."""
    g, w = given_back.c, withholdings.c
    query = select(g.obligation, g.covers, g.file_id).join(withholdings, same_withholding(g, w))
    query = query.where(w.month == month, g.plan_anew, ~counted_again()).order_by(g.file_id, g.obligation)
    waiting = {
        f"file {row.file_id} was taken back" if row.file_id else f"{row.obligation} {row.covers} was given back"
        for row in connection.execute(query)
    }
    return [f"{what}, and {month} was not run again" for what in sorted(waiting)]


def _benefits_without_run(connection: Connection, gemeente: str, month: Month) -> bool:
    """A closed month takes no run any more: whoever was not paid for would be forgotten."""
    ran = select(runs.c.run_id).where(runs.c.gemeente == gemeente, runs.c.month == month)
    if connection.execute(ran).first() is not None:
        return False
    granted = set(
        connection.execute(select(benefit_records.c.client).where(benefit_records.c.month == month)).scalars()
    )
    waiting = granted - included_elsewhere(connection, gemeente, month)
    return any(c.client in waiting for c in clients_in_force(connection, month, gemeente).values())


def close(connection: Connection, gemeenten: list[str], month: Month, actor: str, now: datetime) -> bool:
    """Close a month for good once nothing is unexplained; False when it was closed before, ProofFailed otherwise."""
    if month in closed_months.closed_months(connection):
        return False
    found = obstacles(connection, gemeenten, month, now.date())
    if found:
        raise ProofFailed("\n".join([f"{month} cannot be closed yet:", *(f"  {text}" for text in found)]))
    proofs = [prove(connection, gemeente) for gemeente in gemeenten]
    bank, books = sum(p.bank_cents for p in proofs), sum(p.books_cents for p in proofs)
    row = {
        "month": month,
        "closed_by": actor,
        "closed_at": now.isoformat(timespec="seconds"),
        "bank_cents": bank,
        "books_cents": books,
    }
    connection.execute(month_closings.insert(), row)
    audit.append(connection, now, actor, "month_closed", {"month": month, "bank_cents": bank, "books_cents": books})
    return True
