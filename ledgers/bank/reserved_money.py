"""Money that was withheld for a creditor and waits there: what stands behind it, and the way back to the client.

An IBAN that nobody ever confirms, a resubmission that no run makes because the client left: without a way back that
money would stay on the creditor's account for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Subquery, and_, func, or_, select

from ledgers.bank.open_items import OpenItem, find_item, newest_resolutions
from ledgers.bank.resolution_model import CAME_BACK
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit, closed_months
from ledgers.month.giving_back import GivingBack, give_back_all
from ledgers.month.remainders import told_of
from ledgers.schema.bank import exceptions, given_back
from ledgers.schema.core import contributions, of_one_withholding, payments, same_withholding, withholdings
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
    month: Month  # whose benefit it was taken from


def contributions_to(connection: Connection, payment_id: str) -> list[tuple[str, int]]:
    """Who paid how much of one payment."""
    c, p = contributions.c, payments.c
    query = select(c.client, c.amount_cents).join(payments, of_one_withholding(c, p))
    query = query.where(p.payment_id == payment_id).order_by(c.client)
    return [(client, int(cents)) for client, cents in connection.execute(query)]


def contributions_to_newest(connection: Connection, obligation: str, covers: Month) -> list[tuple[str, int]]:
    """Who paid how much of one covered month of a cost, the newest time that it was set apart."""
    c = contributions.c
    mine = (c.obligation == obligation, c.covers == covers)
    newest = select(func.max(c.withholding)).where(*mine).scalar_subquery()
    query = select(c.client, c.amount_cents).where(*mine, c.withholding == newest).order_by(c.client)
    return [(client, int(cents)) for client, cents in connection.execute(query)]


def reserved_items(connection: Connection, gemeente: str) -> list[ReservedItem]:
    """Everything withheld that is in no live payment, not back with the client and not waiting on `returned`."""
    w, elsewhere = withholdings.c, _elsewhere()
    query = (
        select(w.gemeente, w.client, w.obligation, w.covers, w.creditor, w.amount_cents, w.month)
        .outerjoin(elsewhere, same_withholding(elsewhere.c, w))
        .where(w.gemeente == gemeente, elsewhere.c.obligation.is_(None))
        .order_by(w.covers, w.obligation)
    )
    return [ReservedItem(*row) for row in connection.execute(query)]


@cache
def _elsewhere() -> Subquery:
    """Every fixed cost of a month whose money is in a payment, back with the client or waiting on `returned`."""
    p, g, e, newest = payments.c, given_back.c, exceptions.c, newest_resolutions()
    # A return stands on the client's own account until it is settled; a refusal never left the creditor's.
    on_returned = e.kind.in_((ExceptionKind.RETURNED.value, ExceptionKind.PARTIAL_RETURN.value))
    unsettled = and_(on_returned, newest.c.as_what.is_(None))
    return (
        select(p.obligation, p.covers, p.withholding)
        .join(exceptions, e.payment_id == p.payment_id)
        .outerjoin(newest, newest.c.exception_id == e.exception_id)
        .where(or_(on_returned, e.kind.in_(CAME_BACK)), or_(unsettled, newest.c.as_what == "refund_to_client"))
        .union(
            select(p.obligation, p.covers, p.withholding).where(p.state.not_in(DEAD)),
            select(g.obligation, g.covers, g.withholding),
        )
        .subquery()
    )


def give_back(connection: Connection, obligation: str, covers: Month, why: str, actor: str, now: datetime) -> bool:
    """Give reserved money back to who contributed it; False when it was given before.

    While the month's remainder was not told to the benefits office, the plan may use it again, for this cost too. Once
    it was, the money is the client's and is paid out to them; that month of the cost is paid by decision only.
    """
    if not why.strip():
        raise Refused("Say with --why on what ground this is given back.")
    w = withholdings.c
    query = select(withholdings).where(w.obligation == obligation, w.covers == covers).order_by(w.sequence.desc())
    row = connection.execute(query.limit(1)).first()
    if row is None:
        raise Refused(f"Nothing was withheld for {obligation} of {covers}.")
    key = same_withholding(given_back.c, w) & (w.sequence == row.sequence)
    key &= (w.obligation == obligation) & (w.covers == covers)
    if connection.execute(select(given_back.c.obligation).where(key)).first() is not None:
        return False
    _refuse_while_paid(connection, obligation, covers, row.sequence)
    month = closed_months.open_month(connection, row.month)
    told = _told(connection, row.month, obligation, covers, row.sequence)
    how = GivingBack(why, actor, now, plan_anew=not told and month == row.month)
    give_back_all(connection, [row], month, how)
    subject = {"obligation": obligation, "covers": covers, "cents": row.amount_cents}
    audit.append(connection, now, actor, "given_back", subject)
    return True


def _told(connection: Connection, month: Month, obligation: str, covers: Month, sequence: int) -> bool:
    """Whether the benefits office was told what remains of this month for anybody who contributed."""
    c = contributions.c
    mine = (c.obligation == obligation, c.covers == covers, c.withholding == sequence)
    contributed = connection.execute(select(c.client).where(*mine)).scalars().all()
    return any(told_of(connection, client, month).out_of_benefit_cents for client in contributed)


def _refuse_while_paid(connection: Connection, obligation: str, covers: Month, sequence: int) -> None:
    """Refused unless every payment of this cost failed, and a person decided what to do with each."""
    p = payments.c
    mine = (p.obligation == obligation, p.covers == covers, p.withholding == sequence)
    query = select(p.payment_id, p.state).where(*mine).order_by(p.payment_id)
    for payment, state in connection.execute(query).all():
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
    task = or_(e.direction == "", e.kind == ExceptionKind.PARTIAL_RETURN.value)
    query = select(e.exception_id).where(e.payment_id == payment, task).order_by(e.exception_id)
    return [find_item(connection, name) for name in connection.execute(query).scalars().all()]
