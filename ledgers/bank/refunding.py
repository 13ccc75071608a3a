"""Money that is the clients': who gets how much of it, and that nobody gets what the books know to be another's."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, or_, select

from ledgers.bank import came_back
from ledgers.bank.open_items import OpenItem, exists, find_item
from ledgers.bank.payment_states import payment_facts
from ledgers.bank.reserved_money import contributions_to
from ledgers.bank.resolution_model import CAME_BACK, ItemAtHand, Named
from ledgers.errors import Refused
from ledgers.journal.bookings import SUSPENSE, Transfer, client_account, creditor_account, returned_account
from ledgers.schema.bank import exceptions, refund_shares
from ledgers.schema.core import client_versions, clients, contributions, of_one_withholding, payments
from payments.matching.model import ExceptionKind
from payments.money import divide, format_amount

Shares = list[tuple[str, int]]


def refund_to_clients(connection: Connection, case: ItemAtHand) -> list[Transfer]:
    """Each gets their own part on their account, until the next remainder list pays it out."""
    item = case.item
    sources: list[Transfer] = []
    if item.kind == ExceptionKind.REJECTED:
        refuse_while_debited(connection, item)
        source = creditor_account(payment_facts(connection, {str(item.payment_id)})[str(item.payment_id)].creditor)
    elif not item.direction:
        source = returned_account(str(item.client))
    elif item.kind == ExceptionKind.PARTIAL_RETURN:  # by way of what came back of that payment, like every return
        facts = payment_facts(connection, {str(item.payment_id)})[str(item.payment_id)]
        part = came_back.LinePart(item, item.amount_cents)
        came_back.take_back(connection, str(item.payment_id), facts, [part])
        source = returned_account(facts.client)
        sources = case.move(SUSPENSE, source)
    else:
        source = SUSPENSE
    first = len(sources) + 1
    return sources + [
        case.line(item, number, source, client_account(client), cents)
        for number, (client, cents) in enumerate(case.shares, start=first)
    ]


def refuse_while_debited(connection: Connection, item: OpenItem) -> None:
    """A refused payment that the bank debited all the same may in truth be paid: nothing more until that is settled."""
    debited = f"X-{item.payment_id}-debited"
    if exists(connection, debited) and not find_item(connection, debited).is_final:
        raise Refused(
            f"{item.payment_id} was refused and debited all the same: the money is not back. Ask the bank; if it was "
            f"paid after all, settle {debited} as paid."
        )


def shares_of(connection: Connection, case: ItemAtHand) -> Shares:
    """Who gets how much: as it was withheld where the payment is known, else as the person says."""
    item = case.item
    if item.kind not in CAME_BACK and item.direction:
        case.needs_suspense()
        if item.suspended == "DBIT":
            raise Refused(f"{item.exception_id} is money that went out; a client cannot get it.")
    fixed = _as_withheld(connection, item)
    if fixed is not None:
        _refuse_by_name(item, case.wish.clients, fixed)
        return fixed
    return _as_said(connection, case)


def settled_for(connection: Connection, item: OpenItem) -> Mapping[str, int]:
    """Who got how much of an exception that was settled so."""
    r = refund_shares.c
    here = (r.exception_id == item.exception_id) & (r.sequence == item.sequence)
    query = select(r.client, r.amount_cents).where(here).order_by(r.client)
    return {client: int(cents) for client, cents in connection.execute(query)}


def _as_withheld(connection: Connection, item: OpenItem) -> Shares | None:
    """The division that the withholding says; None where the books do not know whose payment it is."""
    if item.kind in CAME_BACK or item.kind == ExceptionKind.PARTIAL_RETURN:
        assert item.payment_id is not None
        left = _left_of(connection, item.payment_id)
        if item.amount_cents > sum(cents for _, cents in left):
            rest = format_amount(sum(cents for _, cents in left))
            raise Refused(
                f"{item.exception_id} is EUR {format_amount(item.amount_cents)}, and EUR {rest} of {item.payment_id} "
                "is not back with its clients yet: the rest is the bank's. Leave it in suspense and ask the bank."
            )
        return [share for share in divide(item.amount_cents, left) if share[1]]
    if item.kind == ExceptionKind.AMBIGUOUS_RETURN:
        ways = {tuple(_left_of(connection, name)) for name in item.candidates}
        if len(ways) == 1:  # whichever payment it was, the same people paid it, each the same
            (left_alike,) = ways
            if item.amount_cents == sum(cents for _, cents in left_alike):
                return list(left_alike)
    return None


def _left_of(connection: Connection, payment_id: str) -> Shares:
    """What each client paid of a payment and did not have back of it yet."""
    r, e = refund_shares.c, exceptions.c
    query = (
        select(r.client, func.sum(r.amount_cents))
        .join(exceptions, e.exception_id == r.exception_id)
        .where(e.payment_id == payment_id)
        .group_by(r.client)
    )
    back = dict(connection.execute(query).all())
    return [(client, cents - int(back.get(client, 0))) for client, cents in contributions_to(connection, payment_id)]


def _refuse_by_name(item: OpenItem, said: Sequence[Named], fixed: Shares) -> None:
    """What was withheld is divided as it was withheld; a person may say the same, nothing else."""
    if not said:
        return
    known = dict(fixed)
    same = {client for client, _ in said} == set(known) and len(said) == len(known)
    if not same or any(cents not in (None, known[client]) for client, cents in said):
        whose = " and ".join(f"client {client} EUR {format_amount(cents)}" for client, cents in fixed)
        raise Refused(f"{item.exception_id} is money of {whose}: it is divided as it was withheld, not by name.")


def _as_said(connection: Connection, case: ItemAtHand) -> Shares:
    item, said = case.item, case.wish.clients
    owners = _possible_owners(connection, item)
    if not said and len(owners) == 1:
        said = ((owners[0], None),)
    if not said:
        raise Refused(f"Say with --client whose money {item.exception_id} is{_among(owners)}.")
    if len({client for client, _ in said}) != len(said):
        raise Refused("Name each client once.")
    _refuse_strangers(connection, item, [client for client, _ in said], owners)
    if len(owners) > 1 and not set(owners) <= {client for client, cents in said if cents is not None}:
        raise Refused(
            f"{item.exception_id} may be money of more than one client{_among(owners)}: say of each how much is theirs "
            "(--client K=AMOUNT, 0,00 for nothing)."
        )
    if len(said) > 1 and any(cents is None for _, cents in said):
        raise Refused("With more than one client say of each how much is theirs (--client K=AMOUNT).")
    shares = [(client, item.amount_cents if cents is None else cents) for client, cents in said]
    total = sum(cents for _, cents in shares)
    if total != item.amount_cents:
        raise Refused(
            f"{' + '.join(format_amount(cents) for _, cents in shares)} = {format_amount(total)}, and "
            f"{item.exception_id} is EUR {format_amount(item.amount_cents)}: equal to the cent, or refused."
        )
    return [share for share in shares if share[1]]


def _among(owners: Sequence[str]) -> str:
    return f" ({', '.join(owners[:5])}{', ..' if len(owners) > 5 else ''})" if owners else ""


def _possible_owners(connection: Connection, item: OpenItem) -> list[str]:
    """The clients that the line may belong to: by the customer number in it, or by the payments that it fits."""
    if item.kind == ExceptionKind.CREDITOR_REFUND:
        return list(item.candidates)
    c, p = contributions.c, payments.c
    paid = select(c.client).join(payments, of_one_withholding(c, p))
    query = paid.where(p.payment_id.in_(item.candidates)).distinct().order_by(c.client)
    return list(connection.execute(query).scalars())


def _refuse_strangers(connection: Connection, item: OpenItem, named: Sequence[str], owners: Sequence[str]) -> None:
    """Refused for somebody this account never paid for, or whom the books know to be no owner of this money."""
    v = client_versions.c
    known = set(connection.execute(select(clients.c.client).where(clients.c.client.in_(named))).scalars())
    lived = select(v.client, v.gemeente, v.household).where(or_(v.client.in_(named), v.client.in_(owners)))
    homes: dict[str, set[str]] = {}
    households: dict[str, set[str]] = {}
    for client, gemeente, household in connection.execute(lived):
        homes.setdefault(client, set()).add(gemeente)
        households.setdefault(client, set()).add(household)
    shared = {household for owner in owners for household in households.get(owner, ())}
    for client in named:
        if client not in known:
            raise Refused(f"There is no client {client}.")
        if item.gemeente not in homes[client]:
            where = " and ".join(sorted(homes[client]))
            raise Refused(f"Client {client} is of {where}, {item.exception_id} is on the account of {item.gemeente}.")
        if owners and client not in owners and not households[client] & shared:
            raise Refused(
                f"{item.exception_id} is money of client {' or '.join(owners)} by what the bank's line says, not of "
                f"{client}. If that is wrong, settle it as match, suspense or forward."
            )
