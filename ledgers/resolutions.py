"""How a person settles an exception: what each kind books, and what the books refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from ledgers import audit, files, periods, rejects
from ledgers.bank_tables import bank_lines, exceptions, resubmissions, settlements
from ledgers.bookings import (
    BENEFIT_CLEARING,
    IN_TRANSIT,
    SUSPENSE,
    TO_FORWARD,
    Booking,
    Transfer,
    client_account,
    creditor_account,
    returned_account,
)
from ledgers.errors import Conflict, Refused
from ledgers.instructed import gemeenten_of, payment_facts, payments_of_message, set_state, states_of
from ledgers.journal import post
from ledgers.open_items import OpenItem, exception_row, find_item, store_resolution
from ledgers.registers import clients_in_force
from ledgers.tables import clients, payments
from payments.matching_model import Kind, PaymentState
from payments.month import Month


class AsWhat(StrEnum):
    """The ways to settle an exception."""

    MATCH = "match"
    REFUND_TO_CLIENT = "refund_to_client"
    FORWARD = "forward"
    SUSPENSE = "suspense"
    RESUBMIT = "resubmit"
    FUNDING = "funding"
    ACKNOWLEDGE = "acknowledge"
    PAID = "paid"
    NOT_PAID = "not_paid"


CAME_BACK = frozenset({Kind.RETURNED.value, Kind.REJECTED.value})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for."""

    exception_id: str
    as_what: AsWhat
    why: str
    payments: tuple[str, ...]
    client: str | None
    actor: str
    now: datetime


def resolve(connection: Connection, wish: Wish) -> bool:
    """Settle an exception with its booking; False when it was settled in the same way before."""
    if not wish.why.strip():
        raise Refused("Say with --why on what ground this is settled so.")
    item = find_item(connection, wish.exception_id)
    if item.as_what is not None:
        given = wish.client in (None, item.settled_for)
        if item.as_what == wish.as_what.value and given:
            return False
        raise Conflict(
            f"{item.exception_id} was settled before as {item.as_what}"
            + (f" for client {item.settled_for}" if item.settled_for else "")
            + f", not as {wish.as_what.value}"
            + (f" for client {wish.client}." if wish.client else ".")
        )
    if wish.client is not None and wish.as_what is not AsWhat.REFUND_TO_CLIENT:
        raise Refused(f"--client goes with refund_to_client, not with {wish.as_what.value}.")
    month = periods.open_month(connection, item.month)
    transfer = _DEEDS[wish.as_what](connection, item, wish, month)
    client = wish.client or item.client
    store_resolution(connection, item.exception_id, wish.as_what.value, wish.why, client, wish.actor, wish.now)
    if transfer is not None:
        post(connection, [transfer])
    subject = {"exception": item.exception_id, "as_what": wish.as_what.value, "cents": item.amount_cents}
    audit.append(connection, wish.now, wish.actor, "exception_resolved", subject)
    return True


def _move(item: OpenItem, wish: Wish, month: Month, debit: str, credit: str) -> Transfer:
    booking = Booking(item.gemeente, month, wish.now.date())
    return booking.move(f"resolved:{item.exception_id}", 1, debit, credit, item.amount_cents)


def _needs_line(item: OpenItem, wish: Wish) -> None:
    if not item.direction:
        why = f"{item.exception_id} ({item.kind}) has no money in suspense"
        raise Refused(f"{why}: it cannot be settled as {wish.as_what}.")


def _match(connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer:
    """Say which payments a line belongs to; together they must equal it to the cent."""
    _needs_line(item, wish)
    names = wish.payments or ((item.payment_id,) if item.payment_id else ())
    if not names:
        raise Refused(f"Say with --payment which payment {item.exception_id} belongs to.")
    outward = item.direction == "DBIT"
    fitting = ("instructed",) if outward else ("booked", "settled")
    facts = payment_facts(connection, set(names))
    states, gemeenten = states_of(connection, set(names)), gemeenten_of(connection, set(names))
    for name in names:
        if name not in facts:
            raise Refused(f"There is no payment {name}.")
        if gemeenten[name] != item.gemeente:
            raise Refused(f"{name} is of {gemeenten[name]}, {item.exception_id} is on the account of {item.gemeente}.")
        if states[name] not in fitting:
            raise Refused(f"{name} is {states[name]}; only a payment that is {' or '.join(fitting)} fits this line.")
    total = sum(fact.amount_cents for fact in facts.values())
    if total != item.amount_cents or len(set(names)) != len(names) or (not outward and len(names) > 1):
        raise Refused(
            f"{', '.join(names)}: {total} cents, {item.exception_id}: {item.amount_cents} cents. A match has no "
            "tolerance. Settle it as suspense, forward or refund_to_client, and ask the bank."
        )
    day = connection.execute(select(bank_lines.c.booking_date).where(bank_lines.c.line_id == item.line_id)).scalar_one()
    kind, state = ("booked", PaymentState.BOOKED) if outward else ("returned", PaymentState.RETURNED)
    for name in names:
        row = {"payment_id": name, "kind": kind, "line_id": item.line_id, "booked_on": day,
               "amount_cents": facts[name].amount_cents, "reason": None}  # fmt: skip
        connection.execute(settlements.insert(), row)
    set_state(connection, names, state)
    files.update_states(connection, item.gemeente)
    if outward:
        return _move(item, wish, month, IN_TRANSIT, SUSPENSE)
    (name,) = names
    task = exception_row(
        f"X-{name}-returned", Kind.RETURNED, item.gemeente, day, month=month, line_id=item.line_id,
        payment_id=name, client=facts[name].client, cents=item.amount_cents, direction="",
        reason="teruggeboekt, met de hand gekoppeld",
    )  # fmt: skip
    connection.execute(exceptions.insert(), task)
    return _move(item, wish, month, SUSPENSE, returned_account(facts[name].client))


def _refuse_while_debited(connection: Connection, item: OpenItem) -> None:
    """A refused payment that the bank debited all the same may in truth be paid: nothing more until it is back."""
    kinds = set(
        connection.execute(select(settlements.c.kind).where(settlements.c.payment_id == item.payment_id)).scalars()
    )
    if "rejected_debited" in kinds and "rejected_credited" not in kinds:
        raise Refused(
            f"{item.payment_id} was refused and debited all the same: the money is not back. Ask the bank; if it was "
            f"paid after all, settle X-{item.payment_id}-debited as paid."
        )


def _refund_to_client(connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer:
    """The money is the client's: it stands on their account until the next remainder list pays it out."""
    client = wish.client or item.client
    if client is None:
        raise Refused(f"Say with --client whose money {item.exception_id} is.")
    if connection.execute(select(clients.c.client).where(clients.c.client == client)).first() is None:
        raise Refused(f"There is no client {client}.")
    if item.kind in CAME_BACK:
        if client != item.client:
            raise Refused(f"{item.exception_id} is money of client {item.client}, not of {client}.")
        assert item.payment_id is not None
        if item.kind == Kind.RETURNED:
            return _move(item, wish, month, returned_account(client), client_account(client))
        _refuse_while_debited(connection, item)
        facts = payment_facts(connection, {item.payment_id})[item.payment_id]
        return _move(item, wish, month, creditor_account(facts.creditor), client_account(client))
    _needs_line(item, wish)
    if item.direction == "DBIT":
        raise Refused(f"{item.exception_id} is money that went out; a client cannot get it.")
    home = clients_in_force(connection)[client].gemeente
    if home != item.gemeente:
        raise Refused(f"Client {client} is of {home}, {item.exception_id} is on the account of {item.gemeente}.")
    return _move(item, wish, month, SUSPENSE, client_account(client))


def _forward(_connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer:
    """The money belongs elsewhere: the way out and the later payment meet on the account to_forward."""
    _needs_line(item, wish)
    accounts = (TO_FORWARD, SUSPENSE) if item.direction == "DBIT" else (SUSPENSE, TO_FORWARD)
    return _move(item, wish, month, *accounts)


def _suspense(_connection: Connection, item: OpenItem, wish: Wish, _month: Month) -> None:
    """The money stays in suspense, now with a name and a reason; what came back of a client never does."""
    if item.kind in CAME_BACK:
        raise Refused(f"{item.exception_id} is a client's money: settle it as refund_to_client or resubmit.")
    if item.kind != Kind.REJECTED_DEBITED:
        _needs_line(item, wish)


def _acknowledge(_connection: Connection, item: OpenItem, _wish: Wish, _month: Month) -> None:
    """Somebody has looked; only where no money waits."""
    if item.amount_cents:
        raise Refused(f"{item.exception_id} ({item.kind}) is about money: say with --as-what where it goes.")


def _resubmit(connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer | None:
    """Pay once more, by the next run, as a new attempt with an EndToEndId of its own."""
    if item.kind not in CAME_BACK or item.payment_id is None:
        raise Refused(f"{item.exception_id} ({item.kind}) is no payment that came back: nothing to resubmit.")
    row = connection.execute(select(payments).where(payments.c.payment_id == item.payment_id)).one()
    same = (payments.c.obligation == row.obligation) & (payments.c.covers == row.covers)
    made = connection.execute(select(func.count()).select_from(payments).where(same)).scalar_one()
    attempt = {"obligation": row.obligation, "covers": row.covers, "attempt": made + 1,
               "exception_id": item.exception_id}  # fmt: skip
    connection.execute(resubmissions.insert(), attempt)
    if item.kind == Kind.REJECTED:
        _refuse_while_debited(connection, item)
        return None  # its money never left the creditor's account
    facts = payment_facts(connection, {item.payment_id})[item.payment_id]
    return _move(item, wish, month, returned_account(facts.client), creditor_account(facts.creditor))


def _funding(_connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer:
    """The gemeente itself put money on the account, or took it off."""
    _needs_line(item, wish)
    accounts = (BENEFIT_CLEARING, SUSPENSE) if item.direction == "DBIT" else (SUSPENSE, BENEFIT_CLEARING)
    return _move(item, wish, month, *accounts)


def _paid(connection: Connection, item: OpenItem, wish: Wish, month: Month) -> Transfer:
    """It was refused by message, and paid in truth: the debit in suspense was this payment."""
    if item.kind != Kind.REJECTED_DEBITED or item.payment_id is None:
        raise Refused(f"{item.exception_id} ({item.kind}) is no debit of a refused payment.")
    task = find_item(connection, f"X-{item.payment_id}-rejected")
    if task.as_what is not None:
        raise Refused(
            f"{task.exception_id} was settled as {task.as_what}: the money of this payment is promised elsewhere. "
            "Settle this one as suspense and ask the payee to pay back."
        )
    set_state(connection, [item.payment_id], PaymentState.BOOKED)
    files.update_states(connection, item.gemeente)
    store_resolution(connection, task.exception_id, "explained", wish.why, None, wish.actor, wish.now)
    facts = payment_facts(connection, {item.payment_id})[item.payment_id]
    return _move(item, wish, month, creditor_account(facts.creditor), SUSPENSE)


def _not_paid(connection: Connection, item: OpenItem, wish: Wish, _month: Month) -> None:
    """The bank refused it as a duplicate of something that was never paid: now it is a rejection like any other."""
    if item.kind != Kind.DUPLICATE:
        raise Refused(f"{item.exception_id} ({item.kind}) is no duplicate that the bank reported.")
    names = [item.payment_id] if item.payment_id else list(payments_of_message(connection, item.candidates[0]))
    rejects.reject(connection, None, dict.fromkeys(names, (rejects.BY_HAND, None)), wish.now.date())
    files.update_states(connection, item.gemeente)


_DEEDS: Mapping[AsWhat, Callable[[Connection, OpenItem, Wish, Month], Transfer | None]] = {
    AsWhat.MATCH: _match,
    AsWhat.REFUND_TO_CLIENT: _refund_to_client,
    AsWhat.FORWARD: _forward,
    AsWhat.SUSPENSE: _suspense,
    AsWhat.RESUBMIT: _resubmit,
    AsWhat.FUNDING: _funding,
    AsWhat.ACKNOWLEDGE: _acknowledge,
    AsWhat.PAID: _paid,
    AsWhat.NOT_PAID: _not_paid,
}
