"""What came back of a payment: wholly, or in parts that are together never more than the payment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ledgers.bank.open_items import PARKED, OpenItem, block_iban, exception_row, newest_resolutions
from ledgers.bank.payment_states import PaymentFacts, payment_facts, set_state
from ledgers.bank.resolution_model import ItemAtHand
from ledgers.journal import closed_months
from ledgers.schema.bank import bank_lines, exceptions, settlement_parts, settlements
from ledgers.schema.core import payment_files, payments
from payments.bank.fields import Direction
from payments.bank.reasons import reason_group
from payments.matching.model import ExceptionKind, Unexplained
from payments.states import PaymentState, SettlementKind


@dataclass(frozen=True, slots=True)
class LinePart:
    """So much of one line of the bank."""

    item: OpenItem
    amount_cents: int


def settled_parts(connection: Connection, payment_ids: Sequence[str]) -> dict[str, int]:
    """Cents of each payment that came back before, in lines that a person settled."""
    part = settlement_parts.c
    query = (
        select(part.payment_id, func.sum(part.amount_cents))
        .where(part.payment_id.in_(sorted(payment_ids)), part.kind == SettlementKind.RETURNED)
        .group_by(part.payment_id)
    )
    return {payment: int(cents) for payment, cents in connection.execute(query)}


def waiting_parts(connection: Connection, gemeente: str) -> dict[str, int]:
    """Cents of each payment of a gemeente of which the bank says that they came back, settled or not."""
    waiting, part = open_parts().where(exceptions.c.gemeente == gemeente).subquery().c, settlement_parts.c
    open_lines = select(waiting.payment_id, func.sum(waiting.amount_cents)).group_by(waiting.payment_id)
    settled = (
        select(part.payment_id, func.sum(part.amount_cents))
        .join(payments, payments.c.payment_id == part.payment_id)
        .join(payment_files, payment_files.c.file_id == payments.c.file_id)
        .where(payment_files.c.gemeente == gemeente, part.kind == SettlementKind.RETURNED)
        .group_by(part.payment_id)
    )
    found: dict[str, int] = {}
    for query in (open_lines, settled):
        for payment, cents in connection.execute(query):
            found[payment] = found.get(payment, 0) + int(cents)
    return found


def open_parts() -> Select[Any]:
    """Payment, line and cents of everything that came back in part and that nobody settled."""
    e, newest = exceptions.c, newest_resolutions()
    return (
        select(e.payment_id, e.line_id, e.amount_cents)
        .outerjoin(newest, newest.c.exception_id == e.exception_id)
        .where(e.kind == ExceptionKind.PARTIAL_RETURN.value, e.direction != "")
        .where(newest.c.as_what.is_(None) | (newest.c.as_what == PARKED))
    )


def take_back(connection: Connection, payment_id: str, payment: PaymentFacts, parts: Sequence[LinePart]) -> None:
    """Note what these lines are of one payment; a payment that is wholly back by now is returned."""
    before = settled_parts(connection, [payment_id]).get(payment_id, 0)
    told = sum(part.amount_cents for part in parts)
    whole = before + told == payment.amount_cents
    own, others = (parts[0], parts[1:]) if whole else (None, parts)
    said = lines_of(connection, [part.item for part in parts])
    rows = [
        {
            "line_id": part.item.line_id,
            "payment_id": payment_id,
            "kind": SettlementKind.RETURNED.value,
            "amount_cents": part.amount_cents,
        }
        for part in others
    ]
    if rows:
        connection.execute(settlement_parts.insert(), rows)
    if own is not None:
        row = {
            "payment_id": payment_id,
            "kind": SettlementKind.RETURNED.value,
            "line_id": own.item.line_id,
            "booked_on": max(line.day for line in said.values()),
            "amount_cents": payment.amount_cents,
            "reason": said[own.item.line_id].reason,
        }
        connection.execute(settlements.insert(), row)
        set_state(connection, [payment_id], PaymentState.RETURNED)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What a line of the bank said of itself."""

    day: date
    reason: str | None


def lines_of(connection: Connection, items: Sequence[OpenItem]) -> Mapping[str | None, SaidLine]:
    """Day and reason of the lines of some exceptions."""
    n = bank_lines.c
    query = select(n.line_id, n.booking_date, n.reason).where(n.line_id.in_([item.line_id for item in items]))
    return {line: SaidLine(day, reason) for line, day, reason in connection.execute(query)}


def weightiest_reason(said: Mapping[str | None, SaidLine]) -> str | None:
    """Of the reasons of several lines the one that blocks an account, else the first."""
    reasons = [line.reason for _, line in sorted(said.items(), key=lambda pair: str(pair[0])) if line.reason]
    return next((reason for reason in reasons if reason_group(reason).blocks_account), next(iter(reasons), None))


def open_task(
    connection: Connection,
    case: ItemAtHand,
    payment_id: str,
    payment: PaymentFacts,
    cents: int,
    said: Mapping[str | None, SaidLine],
) -> None:
    """What a person has to decide of what came back of one payment, with the reason that the bank gave."""
    whole = cents == payment.amount_cents
    reason = weightiest_reason(said)
    text = "teruggeboekt, met de hand gekoppeld"
    row = exception_row(
        f"X-{payment_id}-returned" if whole else f"X-{payment_id}-part-{case.item.exception_id.removeprefix('X-')}",
        ExceptionKind.RETURNED if whole else ExceptionKind.PARTIAL_RETURN,
        case.item.gemeente,
        max(line.day for line in said.values()),
        month=closed_months.open_month(connection, payment.month),
        line_id=case.item.line_id,
        payment_id=payment_id,
        client=payment.client,
        cents=cents,
        direction="",
        reason=f"{reason}: {reason_group(reason).value}; {text}" if reason else text,
    )
    connection.execute(exceptions.insert(), row)


def block_named(connection: Connection, items: Sequence[Unexplained], actor: str, now: datetime) -> None:
    """Block the account of a return that nothing explains yet: whichever payment it is, that account is wrong."""
    names = {
        name
        for item in items
        if item.line.direction is Direction.CREDIT and reason_group(item.line.reason).blocks_account
        for name in item.candidates
    }
    payees = {(fact.creditor, fact.creditor_iban) for fact in payment_facts(connection, names).values()}
    for creditor, iban in sorted(payees):
        block_iban(connection, creditor, iban, actor, now)


def block_payees(
    connection: Connection, case: ItemAtHand, facts: Mapping[str, PaymentFacts], said: Mapping[str | None, SaidLine]
) -> None:
    """Block the accounts that the bank calls wrong, but those that it named when the lines were read."""
    if not reason_group(weightiest_reason(said)).blocks_account:
        return
    before = {name for item in case.items for name in item.candidates}
    payees = {(fact.creditor, fact.creditor_iban) for name, fact in facts.items() if name not in before}
    for creditor, iban in sorted(payees):
        block_iban(connection, creditor, iban, case.wish.actor, case.wish.now)
