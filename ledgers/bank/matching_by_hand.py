"""A person says which payments a line of the bank belongs to, or which lines make up one payment: never a cent off."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, select, union

from ledgers.bank.open_items import OpenItem, exception_row
from ledgers.bank.payment_states import gemeenten_of, payment_facts, set_state, states_of
from ledgers.bank.resolution_model import ItemAtHand
from ledgers.errors import Refused
from ledgers.journal.bookings import IN_TRANSIT, SUSPENSE, Transfer, returned_account
from ledgers.month import payment_files
from ledgers.schema.bank import bank_lines, exceptions, settlement_parts, settlements
from payments.matching.model import ExceptionKind
from payments.states import DEBITED, PaymentState, SettlementKind


def matched_payments(connection: Connection, item: OpenItem) -> set[str]:
    """The payments that the line of an exception was matched with."""
    whole = select(settlements.c.payment_id).where(settlements.c.line_id == item.line_id)
    part = select(settlement_parts.c.payment_id).where(settlement_parts.c.line_id == item.line_id)
    return set(connection.execute(union(whole, part)).scalars())


def match(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """One line with one or several payments, or several lines with one payment: together equal to the cent."""
    _refuse_unlike(case.items)
    names = case.wish.payments or ((case.item.payment_id,) if case.item.payment_id else ())
    if not names:
        raise Refused(f"Say with --payment which payment {case.item.exception_id} belongs to.")
    outward = case.item.direction == "DBIT"
    _refuse_unfit(connection, case.item, names, (PaymentState.INSTRUCTED,) if outward else DEBITED)
    facts = payment_facts(connection, set(names))
    paid, told = sum(fact.amount_cents for fact in facts.values()), sum(item.amount_cents for item in case.items)
    several = len(names) > 1 and (bool(case.others) or not outward)
    if paid != told or len(set(names)) != len(names) or several:
        raise Refused(
            f"{', '.join(names)}: {paid} cents, {', '.join(i.exception_id for i in case.items)}: {told} cents. A match "
            "has no tolerance, and several lines go with one payment. Settle it as suspense, forward or "
            "refund_to_client, and ask the bank."
        )
    day = _last_day(connection, case.items)
    kind, state = (
        (SettlementKind.BOOKED, PaymentState.BOOKED) if outward else (SettlementKind.RETURNED, PaymentState.RETURNED)
    )
    for name in names:
        row = {
            "payment_id": name,
            "kind": kind.value,
            "line_id": case.item.line_id,
            "booked_on": day,
            "amount_cents": facts[name].amount_cents,
            "reason": None,
        }
        connection.execute(settlements.insert(), row)
    for other in case.others:
        part = {
            "line_id": other.line_id,
            "payment_id": names[0],
            "kind": kind.value,
            "amount_cents": other.amount_cents,
        }
        connection.execute(settlement_parts.insert(), part)
    set_state(connection, names, state)
    payment_files.update_states(connection, case.item.gemeente)
    if outward:
        return [case.line(item, 1, IN_TRANSIT, SUSPENSE, item.amount_cents) for item in case.items]
    client = facts[names[0]].client
    task = exception_row(
        f"X-{names[0]}-returned",
        ExceptionKind.RETURNED,
        case.item.gemeente,
        day,
        month=case.month,
        line_id=case.item.line_id,
        payment_id=names[0],
        client=client,
        cents=paid,
        direction="",
        reason="teruggeboekt, met de hand gekoppeld",
    )
    connection.execute(exceptions.insert(), task)
    return [case.line(item, 1, SUSPENSE, returned_account(client), item.amount_cents) for item in case.items]


def _refuse_unlike(items: Sequence[OpenItem]) -> None:
    """Lines of one payment run the same way over the same account, and each counts once."""
    first = items[0]
    for item in items:
        if not item.direction:
            raise Refused(f"{item.exception_id} ({item.kind}) is no line of the bank in suspense: nothing to match.")
        if item.is_final:
            raise Refused(f"{item.exception_id} was settled before as {item.as_what}.")
        if (item.gemeente, item.direction) != (first.gemeente, first.direction):
            raise Refused(f"{item.exception_id} is not on the same account and side as {first.exception_id}.")
    if len({item.exception_id for item in items}) != len(items):
        raise Refused("Name each exception once.")


def _refuse_unfit(connection: Connection, item: OpenItem, names: Sequence[str], fitting: Sequence[str]) -> None:
    states, gemeenten = states_of(connection, set(names)), gemeenten_of(connection, set(names))
    for name in names:
        if name not in states:
            raise Refused(f"There is no payment {name}.")
        if gemeenten[name] != item.gemeente:
            raise Refused(f"{name} is of {gemeenten[name]}, {item.exception_id} is on the account of {item.gemeente}.")
        if states[name] not in fitting:
            raise Refused(f"{name} is {states[name]}; only a payment that is {' or '.join(fitting)} fits this line.")


def _last_day(connection: Connection, items: Sequence[OpenItem]) -> date:
    lines = bank_lines.c.line_id.in_([item.line_id for item in items])
    day: date = connection.execute(select(func.max(bank_lines.c.booking_date)).where(lines)).scalar_one()
    return day
