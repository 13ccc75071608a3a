"""A person says which payments a line of the bank belongs to, or which lines make up one payment: never a cent off."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select, union

from ledgers.bank import came_back, not_booked
from ledgers.bank.came_back import LinePart
from ledgers.bank.open_items import OpenItem
from ledgers.bank.payment_states import PaymentFacts, gemeenten_of, payment_facts, set_state, states_of
from ledgers.bank.resolution_model import ItemAtHand, Named
from ledgers.errors import Refused
from ledgers.journal.bookings import IN_TRANSIT, SUSPENSE, Transfer, returned_account
from ledgers.month import payment_files
from ledgers.schema.bank import settlement_parts, settlements
from ledgers.schema.core import payments
from payments.money import format_amount
from payments.states import DEBITED, PaymentState, SettlementKind


def matched_payments(connection: Connection, item: OpenItem) -> dict[str, int]:
    """The payments that the line of an exception was matched with, and how much of it is of each."""
    s, part = settlements.c, settlement_parts.c
    same = (part.payment_id == s.payment_id) & (part.kind == s.kind)
    elsewhere = select(func.coalesce(func.sum(part.amount_cents), 0)).where(same).scalar_subquery()
    whole = select(s.payment_id, s.amount_cents - elsewhere).where(s.line_id == item.line_id)
    parts = select(part.payment_id, part.amount_cents).where(part.line_id == item.line_id)
    return {payment: int(cents) for payment, cents in connection.execute(union(whole, parts))}


def asked_again(connection: Connection, named: Sequence[Named], matched: Mapping[str, int]) -> list[Named]:
    """What is asked for, with the payments that were matched in the place of the file they are of."""
    p = payments.c
    found: list[Named] = []
    for name, cents in named:
        query = select(p.payment_id).where(p.file_id == name, p.payment_id.in_(sorted(matched))).order_by(p.payment_id)
        found += [(one, None) for one in connection.execute(query).scalars()] or [(name, cents)]
    return found


def match(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """One line with one or several payments, or several lines with one payment: together equal to the cent."""
    _refuse_unlike(case.items)
    outward = case.item.direction == "DBIT"
    fitting = (PaymentState.INSTRUCTED,) if outward else DEBITED
    named = payments_named(connection, case, fitting)
    names = [name for name, _ in named]
    if not names:
        raise Refused(f"Say with --payment which payment {case.item.exception_id} belongs to.")
    _refuse_unfit(connection, case.item, names, fitting)
    facts = payment_facts(connection, set(names))
    before = {} if outward else came_back.settled_parts(connection, names)
    left = {name: facts[name].amount_cents - before.get(name, 0) for name in names}
    asked = _amounts(case, named, left)
    transfers = _outward(connection, case, asked, facts) if outward else _inward(connection, case, asked, facts)
    payment_files.update_states(connection, case.item.gemeente)
    return transfers


def payments_named(connection: Connection, case: ItemAtHand, fitting: Sequence[str]) -> list[Named]:
    """The payments that were named; the name of a file stands for each payment of it that fits."""
    default: tuple[Named, ...] = ((case.item.payment_id, None),) if case.item.payment_id else ()
    found: list[Named] = []
    p = payments.c
    for name, cents in case.wish.payments or default:
        fits = (p.file_id == name) & p.state.in_([state.value for state in PaymentState if state in fitting])
        of_file = connection.execute(select(p.payment_id).where(fits).order_by(p.payment_id)).scalars().all()
        if of_file and cents is not None:
            raise Refused(f"{name} is a file: an amount is said of a payment, not of a file.")
        found += [(payment, None) for payment in of_file] or [(name, cents)]
    if len({name for name, _ in found}) != len(found):
        raise Refused("Name each payment once.")
    return found


def _amounts(case: ItemAtHand, named: Sequence[Named], left: Mapping[str, int]) -> dict[str, int]:
    """What of the lines is of each payment: as it was said, else all that is open of it; together the lines."""
    asked = {name: left[name] if cents is None else cents for name, cents in named}
    told, total = sum(item.amount_cents for item in case.items), sum(asked.values())
    for name, cents in asked.items():
        if not 0 < cents <= left[name]:
            raise Refused(f"{name}: EUR {format_amount(cents)} was said, and EUR {format_amount(left[name])} is open.")
    if total != told:
        lines = ", ".join(item.exception_id for item in case.items)
        raise Refused(
            f"{_listed(asked)}: together EUR {format_amount(total)}, {lines}: EUR {format_amount(told)}. A match has "
            "no tolerance. Say what of the line is of which payment (--payment ID=AMOUNT), or settle it otherwise and "
            "ask the bank."
        )
    if len(asked) > 1 and case.others:
        raise Refused("Several lines go with one payment: match one line with several payments, or --with for one.")
    return asked


def _listed(asked: Mapping[str, int]) -> str:
    shown = [f"{name} EUR {format_amount(cents)}" for name, cents in list(asked.items())[:5]]
    return ", ".join(shown) + (f" and {len(asked) - 5} more" if len(asked) > 5 else "")


def _outward(
    connection: Connection, case: ItemAtHand, asked: Mapping[str, int], facts: Mapping[str, PaymentFacts]
) -> list[Transfer]:
    """Money out: every payment is booked as a whole, by one line or by several together."""
    for name, cents in asked.items():
        if cents != facts[name].amount_cents:
            whole = format_amount(facts[name].amount_cents)
            raise Refused(
                f"{name} is EUR {whole}: the bank books a payment as a whole. Name the other lines of it with --with."
            )
    said = came_back.lines_of(connection, case.items)
    booked = {
        "kind": SettlementKind.BOOKED.value,
        "line_id": case.item.line_id,
        "booked_on": max(line.day for line in said.values()),
        "reason": said[case.item.line_id].reason,
    }
    rows = [booked | {"payment_id": name, "amount_cents": cents} for name, cents in asked.items()]
    connection.execute(settlements.insert(), rows)
    (only, *_) = asked
    parts = [
        {"line_id": item.line_id, "payment_id": only, "kind": booked["kind"], "amount_cents": item.amount_cents}
        for item in case.others
    ]
    if parts:
        connection.execute(settlement_parts.insert(), parts)
    set_state(connection, list(asked), PaymentState.BOOKED)
    not_booked.after_match(connection, case, list(asked), max(line.day for line in said.values()))
    return [case.line(item, 1, IN_TRANSIT, SUSPENSE, item.amount_cents) for item in case.items]


def _inward(
    connection: Connection, case: ItemAtHand, asked: Mapping[str, int], facts: Mapping[str, PaymentFacts]
) -> list[Transfer]:
    """Money in: each payment came back, wholly or in part, and each is a task of its own."""
    said = came_back.lines_of(connection, case.items)
    if case.others:
        (only,) = asked
        parts = {only: [LinePart(item, item.amount_cents) for item in case.items]}
        moved = [(item, 1, only, item.amount_cents) for item in case.items]
    else:
        parts = {name: [LinePart(case.item, cents)] for name, cents in asked.items()}
        moved = [(case.item, n, name, cents) for n, (name, cents) in enumerate(asked.items(), start=1)]
    for name, lines in parts.items():
        came_back.take_back(connection, name, facts[name], lines)
        came_back.open_task(connection, case, name, facts[name], asked[name], said)
    came_back.block_payees(connection, case, facts, said)
    return [
        case.line(item, number, SUSPENSE, returned_account(facts[name].client), cents)
        for item, number, name, cents in moved
    ]


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
