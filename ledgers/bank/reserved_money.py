"""Money that was withheld for a creditor and waits there: what stands behind it, and the way back to the client.

An IBAN that nobody ever confirms, a resubmission that no run makes because the client left: without a way back that
money would stay on the creditor's account for ever.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from ledgers.bank.open_items import OpenItem, find_item, newest_resolutions
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit, closed_months
from ledgers.journal.bookings import Booking, client_account, creditor_account
from ledgers.journal.posting import post
from ledgers.schema.bank import exceptions, given_back
from ledgers.schema.core import contributions, payments, withholdings
from payments.matching.model import ExceptionKind
from payments.month import Month
from payments.states import DEAD


@dataclass(frozen=True, slots=True)
class ReservedItem:
    """One fixed cost of one month whose money is set apart and in no payment."""

    gemeente: str
    client: str
    obligation: str
    covers: Month
    creditor: str
    amount_cents: int


def contributions_to(connection: Connection, obligation: str, covers: Month) -> list[tuple[str, int]]:
    """Who paid how much of one fixed cost of one month."""
    c = contributions.c
    query = select(c.client, c.amount_cents).where(c.obligation == obligation, c.covers == covers).order_by(c.client)
    return [(client, int(cents)) for client, cents in connection.execute(query)]


def reserved_items(connection: Connection, gemeente: str) -> list[ReservedItem]:
    """Everything withheld that is in no live payment, not back with the client and not waiting on `returned`."""
    w, p, g, e, newest = withholdings.c, payments.c, given_back.c, exceptions.c, newest_resolutions()
    # A return stands on the client's own account until it is settled; a refusal never left the creditor's.
    unsettled = and_(e.kind == ExceptionKind.RETURNED.value, newest.c.as_what.is_(None))
    elsewhere = (
        select(p.obligation, p.covers)
        .join(exceptions, e.payment_id == p.payment_id)
        .outerjoin(newest, newest.c.exception_id == e.exception_id)
        .where(e.kind.in_(CAME_BACK), or_(unsettled, newest.c.as_what == "refund_to_client"))
        .union(
            select(p.obligation, p.covers).where(p.state.not_in(DEAD)),
            select(g.obligation, g.covers),
        )
        .subquery()
    )
    query = (
        select(w.gemeente, w.client, w.obligation, w.covers, w.creditor, w.amount_cents)
        .outerjoin(elsewhere, and_(elsewhere.c.obligation == w.obligation, elsewhere.c.covers == w.covers))
        .where(w.gemeente == gemeente, elsewhere.c.obligation.is_(None))
        .order_by(w.covers, w.obligation)
    )
    return [ReservedItem(*row) for row in connection.execute(query)]


def give_back(connection: Connection, obligation: str, covers: Month, why: str, actor: str, now: datetime) -> bool:
    """Give reserved money back to who contributed it, and never pay it any more; False when it was given before."""
    if not why.strip():
        raise Refused("Say with --why on what ground this is given back.")
    w = withholdings.c
    row = connection.execute(select(withholdings).where(w.obligation == obligation, w.covers == covers)).first()
    if row is None:
        raise Refused(f"Nothing was withheld for {obligation} of {covers}.")
    key = (given_back.c.obligation == obligation) & (given_back.c.covers == covers)
    if connection.execute(select(given_back.c.obligation).where(key)).first() is not None:
        return False
    _refuse_while_paid(connection, obligation, covers)
    told = {"obligation": obligation, "covers": covers, "amount_cents": row.amount_cents}
    connection.execute(
        given_back.insert(),
        told | {"why": why, "given_back_by": actor, "given_back_at": now.isoformat(timespec="seconds")},
    )
    booking = Booking(row.gemeente, closed_months.open_month(connection, row.month), now.date())
    source = creditor_account(row.creditor)
    shares = contributions_to(connection, obligation, covers)
    post(
        connection,
        [
            booking.move(f"given-back:{obligation}:{covers}", line, source, client_account(client), cents)
            for line, (client, cents) in enumerate(shares, start=1)
        ],
    )
    subject = {"obligation": obligation, "covers": covers, "cents": row.amount_cents}
    audit.append(connection, now, actor, "given_back", subject)
    return True


def _refuse_while_paid(connection: Connection, obligation: str, covers: Month) -> None:
    """Refused unless every payment of this cost failed, and a person decided what to do with each."""
    p = payments.c
    mine = select(p.payment_id, p.state).where(p.obligation == obligation, p.covers == covers).order_by(p.payment_id)
    for payment, state in connection.execute(mine).all():
        if state not in DEAD:
            raise Refused(f"{payment} is {state}: {obligation} of {covers} is being paid or is paid, not reserved.")
        for item in _tasks(connection, payment):
            if not item.is_final:
                raise Refused(f"{item.exception_id} ({item.kind}) of {obligation} is not settled yet: settle it first.")
            if item.as_what == "refund_to_client":
                raise Conflict(f"{obligation} of {covers} went back to the client by {item.exception_id}.")


def _tasks(connection: Connection, payment: str) -> list[OpenItem]:
    """What a person had to decide about a payment that came back, was refused, or was debited though refused."""
    e = exceptions.c
    query = select(e.exception_id).where(e.payment_id == payment, e.direction == "").order_by(e.exception_id)
    return [find_item(connection, name) for name in connection.execute(query).scalars().all()]
