"""How a person settles an exception: what each kind books, and what the books refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from ledgers.bank import lost_books, matching_by_hand, refunding, rejections
from ledgers.bank.open_items import OpenItem, find_item, resolution_row
from ledgers.bank.payment_states import payment_facts, payments_of_message, set_state, states_of
from ledgers.bank.resolution_model import ALLOWED, CAME_BACK, AsWhat, ItemAtHand, Named, Wish, refuse_unfit
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import (
    BENEFIT_CLEARING,
    SUSPENSE,
    TO_FORWARD,
    Transfer,
    creditor_account,
    returned_account,
)
from ledgers.journal.posting import post
from ledgers.month import payment_files
from ledgers.registers.staff import Role, require
from ledgers.schema.bank import exception_resolutions, exceptions, refund_shares, resubmissions
from ledgers.schema.core import payments
from payments.matching.model import ExceptionKind
from payments.states import PaymentState


def open_of_file(connection: Connection, wish: Wish) -> tuple[str, ...] | None:
    """The open exceptions about the payments of a file that can be settled so; None where this names no file."""
    p, e = payments.c, exceptions.c
    if connection.execute(select(p.payment_id).where(p.file_id == wish.exception_id).limit(1)).first() is None:
        return None
    kinds = [kind.value for kind, allowed in ALLOWED.items() if wish.as_what in allowed]
    query = (
        select(e.exception_id)
        .join(payments, p.payment_id == e.payment_id)
        .where(p.file_id == wish.exception_id, e.direction == "", e.kind.in_(kinds))
        .order_by(e.exception_id)
    )
    found = connection.execute(query).scalars().all()
    if not found:
        raise Refused(f"No exception about the payments of {wish.exception_id} can be settled as {wish.as_what.value}.")
    waiting = set(connection.execute(query.where(e.exception_id.not_in(select(_SETTLED)))).scalars())
    return tuple(name for name in found if name in waiting)


def resolve_file(connection: Connection, wish: Wish, names: Sequence[str]) -> bool:
    """Settle every open exception about the payments of one file in the same way: one row of the trail."""
    cents = 0
    for name in names:
        one = replace(wish, exception_id=name)
        item = find_item(connection, name)
        require(connection, wish.actor, Role.FINANCE, Role(item.owner))
        _settle(connection, ItemAtHand(item, one, closed_months.open_month(connection, item.month)))
        cents += item.amount_cents
    if names:
        subject = {"file": wish.exception_id, "as_what": wish.as_what.value, "exceptions": len(names), "cents": cents}
        audit.append(connection, wish.now, wish.actor, "exception_resolved", subject)
    return bool(names)


def resolve(connection: Connection, wish: Wish) -> bool:
    """Settle an exception with its booking; False when it was settled in the same way before.

    What was parked in suspense can be settled once more, as something else; everything else is final.
    """
    if not wish.why.strip():
        raise Refused("Say with --why on what ground this is settled so.")
    item = find_item(connection, wish.exception_id)
    if wish.as_what is AsWhat.ACKNOWLEDGE and item.kind in lost_books.BLOCKING and item.direction:
        wish = replace(wish, as_what=AsWhat.SUSPENSE)  # looked at; its money waits, with a name and a reason
    if item.is_final or item.as_what == wish.as_what.value:
        _refuse_otherwise(connection, item, wish)
        return False
    refuse_unfit(item, wish.as_what)
    if wish.payments and wish.as_what is not AsWhat.MATCH:
        raise Refused(f"--payment goes with match, not with {wish.as_what.value}.")
    if wish.clients and wish.as_what is not AsWhat.REFUND_TO_CLIENT:
        raise Refused(f"--client goes with refund_to_client, not with {wish.as_what.value}.")
    if wish.together and wish.as_what is not AsWhat.MATCH:
        raise Refused(f"--with goes with match, not with {wish.as_what.value}.")
    others = tuple(find_item(connection, name) for name in wish.together)
    for asked in (item, *others):
        require(connection, wish.actor, Role.FINANCE, Role(asked.owner))
        refuse_unfit(asked, wish.as_what)
    _settle(connection, ItemAtHand(item, wish, closed_months.open_month(connection, item.month), others))
    for settled in (item, *others):
        subject = {"exception": settled.exception_id, "as_what": wish.as_what.value, "cents": settled.amount_cents}
        audit.append(connection, wish.now, wish.actor, "exception_resolved", subject)
    return True


def _settle(connection: Connection, case: ItemAtHand) -> None:
    if case.wish.as_what is AsWhat.REFUND_TO_CLIENT:
        case = replace(case, shares=tuple(refunding.shares_of(connection, case)))
    transfers = _DEEDS[case.wish.as_what](connection, case)
    for settled in case.items:
        _store(connection, settled, case.wish, case.shares)
    post(connection, transfers)


def _store(connection: Connection, item: OpenItem, wish: Wish, shares: Sequence[tuple[str, int]]) -> None:
    client = shares[0][0] if len(shares) == 1 else item.client
    row = resolution_row(item, wish.as_what.value, wish.why, client, wish.actor, wish.now)
    connection.execute(exception_resolutions.insert(), row)
    if shares:
        key = {"exception_id": item.exception_id, "sequence": row["sequence"]}
        rows = [key | {"client": name, "amount_cents": cents} for name, cents in shares]
        connection.execute(refund_shares.insert(), rows)


def _refuse_otherwise(connection: Connection, item: OpenItem, wish: Wish) -> None:
    """Conflict unless the very same was done before."""
    matched = matching_by_hand.matched_payments(connection, item) if item.as_what == AsWhat.MATCH else {}
    given = refunding.settled_for(connection, item)
    same_clients = not wish.clients or _fits(wish.clients, given)
    asked = matching_by_hand.asked_again(connection, wish.payments, matched)
    same_payments = wish.as_what is not AsWhat.MATCH or not asked or _fits(asked, matched)
    if item.as_what == wish.as_what.value and same_clients and same_payments:
        return
    raise Conflict(
        f"{item.exception_id} was settled before as {item.as_what}"
        + (f" with {', '.join(sorted(matched))}" if matched else "")
        + (f" for client {' and '.join(sorted(given))}" if given else "")
        + f", not as {wish.as_what.value}"
        + (f" with {', '.join(name for name, _ in asked)}" if matched and asked else "")
        + (f" for client {' and '.join(name for name, _ in wish.clients)}." if wish.clients else ".")
    )


def _fits(said: Sequence[Named], done: Mapping[str, int]) -> bool:
    """Whether a line was divided just as it is asked for now."""
    asked = {name: cents for name, cents in said if cents != 0}
    return set(asked) == set(done) and all(cents in (None, done[name]) for name, cents in asked.items())


def _forward(_connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """The money belongs elsewhere: the way out and the later payment meet on the account to_forward."""
    case.needs_suspense()
    return case.move(*((TO_FORWARD, SUSPENSE) if case.item.suspended == "DBIT" else (SUSPENSE, TO_FORWARD)))


def _funding(_connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """The gemeente itself put money on the account, or took it off."""
    case.needs_suspense()
    out = case.item.suspended == "DBIT"
    return case.move(*((BENEFIT_CLEARING, SUSPENSE) if out else (SUSPENSE, BENEFIT_CLEARING)))


def _suspense(_connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """The money stays in suspense, now with a name and a reason; what came back of a client never does."""
    if case.item.kind in CAME_BACK:
        raise Refused(f"{case.item.exception_id} is a client's money: settle it as refund_to_client or resubmit.")
    case.needs_suspense()
    return []


def _acknowledge(_connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """Somebody has looked; only where no money waits."""
    if case.item.amount_cents:
        raise Refused(f"{case.item.exception_id} ({case.item.kind}) is about money: say with --as-what where it goes.")
    return []


def _resubmit(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """Pay once more, by the next run, as a new attempt with an EndToEndId of its own."""
    item = case.item
    if item.kind not in CAME_BACK or item.payment_id is None:
        raise Refused(f"{item.exception_id} ({item.kind}) is no payment that came back: nothing to resubmit.")
    row = connection.execute(select(payments).where(payments.c.payment_id == item.payment_id)).one()
    same = (payments.c.obligation == row.obligation) & (payments.c.covers == row.covers)
    same &= payments.c.state != PaymentState.CANCELLED  # taken back before it went out: no attempt at the bank
    made = connection.execute(select(func.count()).select_from(payments).where(same)).scalar_one()
    attempt = {
        "obligation": row.obligation,
        "covers": row.covers,
        "withholding": row.withholding,
        "attempt": made + 1,
        "exception_id": item.exception_id,
    }
    connection.execute(resubmissions.insert(), attempt)
    if item.kind == ExceptionKind.REJECTED:
        refunding.refuse_while_debited(connection, item)
        return []  # its money never left the creditor's account
    facts = payment_facts(connection, {item.payment_id})[item.payment_id]
    return case.move(returned_account(facts.client), creditor_account(facts.creditor))


def _paid(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """It was refused by message, and paid in truth: the debit in suspense was this payment."""
    item, wish = case.item, case.wish
    if item.kind != ExceptionKind.REJECTED_DEBITED or item.payment_id is None:
        raise Refused(f"{item.exception_id} ({item.kind}) is no debit of a refused payment.")
    task = find_item(connection, f"X-{item.payment_id}-rejected")
    if task.as_what is not None:
        raise Refused(
            f"{task.exception_id} was settled as {task.as_what}: the money of this payment is promised elsewhere. "
            "Settle this one as suspense and ask the payee to pay back."
        )
    set_state(connection, [item.payment_id], PaymentState.BOOKED)
    payment_files.update_states(connection, item.gemeente)
    explained = resolution_row(task, "explained", wish.why, None, wish.actor, wish.now)
    connection.execute(exception_resolutions.insert(), explained)
    facts = payment_facts(connection, {item.payment_id})[item.payment_id]
    return case.move(creditor_account(facts.creditor), SUSPENSE)


def _not_paid(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """A person found that the bank never paid it, or its twin either: now it is a rejection like any other."""
    item, wish = case.item, case.wish
    names = [item.payment_id] if item.payment_id else list(payments_of_message(connection, item.candidates[0]))
    if item.kind == ExceptionKind.NOT_BOOKED:
        _refuse_booked(connection, item)
    said = dict.fromkeys(names, rejections.Against(rejections.BY_HAND, None, own=False))
    rejections.reject(connection, None, said, wish.now.date(), wish.actor, wish.now)
    payment_files.update_states(connection, item.gemeente)
    return []


def _refuse_booked(connection: Connection, item: OpenItem) -> None:
    state = states_of(connection, {str(item.payment_id)})[str(item.payment_id)]
    if state != PaymentState.INSTRUCTED:
        raise Refused(f"{item.payment_id} is {state}: the bank has answered it.")


_SETTLED = exception_resolutions.c.exception_id
_DEEDS: Mapping[AsWhat, Callable[[Connection, ItemAtHand], list[Transfer]]] = {
    AsWhat.MATCH: matching_by_hand.match,
    AsWhat.REFUND_TO_CLIENT: refunding.refund_to_clients,
    AsWhat.FORWARD: _forward,
    AsWhat.SUSPENSE: _suspense,
    AsWhat.RESUBMIT: _resubmit,
    AsWhat.FUNDING: _funding,
    AsWhat.ACKNOWLEDGE: _acknowledge,
    AsWhat.PAID: _paid,
    AsWhat.NOT_PAID: _not_paid,
}
