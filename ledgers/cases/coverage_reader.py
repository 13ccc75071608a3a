"""What the books did for each covered month: the payment of it, the money set apart, and what came back."""

from collections import defaultdict

from sqlalchemy import Connection, or_, select

from ledgers.bank.open_items import PARKED, newest_resolutions
from ledgers.dossier.handovers import paid_months
from ledgers.schema.bank import exceptions, given_back
from ledgers.schema.core import payments, same_withholding, withholdings
from payments.dossier.coverage import Ours, Who
from payments.month import Month
from payments.plan.terms import through
from payments.states import CAME_BACK, LIVE, RELEASED


def ours_of(connection: Connection, client: str) -> dict[str, dict[Month, Ours]]:
    """Per obligation of a client what we did for each month: paid, in a file that waits, or set apart."""
    w, p = withholdings.c, payments.c
    query = (
        select(w.obligation, w.covers, w.reaches, p.payment_id, p.state)
        .join(payments, same_withholding(p, w))
        .where(w.client == client, p.state.in_(LIVE))
    )
    found: dict[str, dict[Month, Ours]] = defaultdict(dict)
    for code, months in paid_months(connection, client).items():
        found[code].update((month, Ours(Who.RESERVED)) for month in months)
    for code, waiting in came_back(connection, client).items():
        found[code].update((month, Ours(Who.RESERVED)) for month in waiting)
    for code, covers, reaches, payment, state in connection.execute(query):
        ours = Ours(Who.PAID if state in RELEASED else Who.IN_FILE, payment)
        found[code].update((month, ours) for month in through(covers, reaches))
    return found


def came_back(connection: Connection, client: str | None) -> dict[str, set[Month]]:
    """Months of which the payment came back or was refused, and that wait for a decision or for a new payment."""
    w, p, e, newest = withholdings.c, payments.c, exceptions.c, newest_resolutions()
    other = payments.alias("other").c
    query = (
        select(w.obligation, w.covers, w.reaches)
        .join(payments, same_withholding(p, w))
        .join(exceptions, e.payment_id == p.payment_id)
        .outerjoin(newest, newest.c.exception_id == e.exception_id)
        .where(
            p.state.in_(CAME_BACK),
            or_(newest.c.as_what.is_(None), newest.c.as_what.in_((PARKED, "resubmit"))),
            ~select(other.payment_id)
            .where(other.obligation == p.obligation, other.covers == p.covers, other.state.in_(LIVE))
            .exists(),
            ~select(given_back.c.obligation).where(same_withholding(given_back.c, w)).exists(),
        )
    )
    if client is not None:
        query = query.where(w.client == client)
    found: dict[str, set[Month]] = defaultdict(set)
    for code, covers, reaches in connection.execute(query):
        found[code].update(through(covers, reaches))
    return found
