"""The dossier, the run and the ledger tell one story: violations of it, one sentence each."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from ledgers.dossier.handovers import own_months_of
from ledgers.schema.core import (
    benefit_records,
    file_releases,
    payment_files,
    payments,
    run_components,
    runs,
    withholdings,
)
from ledgers.schema.dossier import end_proposals, end_withdrawals, ends, handovers, trajectories
from payments.states import TrajectoryState


@cache
def _papers() -> Select[Any]:
    """Every trajectory with the number of its proposals that stand, and whether its end was confirmed."""
    t, p, x, e = trajectories.c, end_proposals.c, end_withdrawals.c, ends.c
    keys = ("client", "trajectory", "sequence")
    proposed = (
        select(p.client, p.trajectory, func.count().label("standing"))
        .outerjoin(end_withdrawals, and_(*(p[name] == x[name] for name in keys)))
        .where(x.client.is_(None))
        .group_by(p.client, p.trajectory)
        .subquery()
    )
    return (
        select(t.client, t.number, t.state, func.coalesce(proposed.c.standing, 0), e.client.is_not(None))
        .outerjoin(proposed, and_(proposed.c.client == t.client, proposed.c.trajectory == t.number))
        .outerjoin(ends, and_(e.client == t.client, e.trajectory == t.number))
    )


def _trajectories_have_their_papers(connection: Connection) -> Iterator[str]:
    """A proposed end has a proposal nobody took back; an ended one a confirmation; an open one neither."""
    fitting = {
        (TrajectoryState.OPEN, 0, False),
        (TrajectoryState.END_PROPOSED, 1, False),
        (TrajectoryState.ENDED, 1, True),
    }
    for client, number, state, standing, ended in connection.execute(_papers()):
        if (state, int(standing), bool(ended)) not in fitting:
            yield f"trajectory {number} of client {client}: state {state} does not fit its proposals and confirmation"


@cache
def _paid_after_an_end() -> Select[Any]:
    f, e, t = payment_files.c, ends.c, trajectories.c
    newest = select(t.client, func.max(t.number).label("number")).group_by(t.client).subquery()
    return (
        select(payments.c.payment_id, e.client, file_releases.c.released_at, e.confirmed_at)
        .join(payment_files, f.file_id == payments.c.file_id)
        .join(file_releases, file_releases.c.file_id == f.file_id)
        .join(ends, e.client == payments.c.client)
        .join(newest, and_(newest.c.client == e.client, newest.c.number == e.trajectory))
        .where(f.execution_date > e.end_date)
    )


def _nothing_is_paid_after_an_end(connection: Connection) -> Iterator[str]:
    """What was handed to the bank after the confirmation pays on no execution date after the end."""
    for payment, client, released, confirmed in connection.execute(_paid_after_an_end()):
        if datetime.fromisoformat(released) > datetime.fromisoformat(confirmed):
            yield f"payment {payment}: was handed over after the end of client {client}"


@cache
def _withheld_and_handed_over() -> Select[Any]:
    h, w = handovers.c, withholdings.c
    newest = select(h.obligation, func.max(h.sequence).label("sequence")).group_by(h.obligation).subquery()
    return (
        select(w.obligation, w.covers, runs.c.made_at, h.recorded_at)
        .join(runs, runs.c.run_id == w.run_id)
        .join(handovers, h.obligation == w.obligation)
        .join(newest, and_(newest.c.obligation == h.obligation, newest.c.sequence == h.sequence))
    )


def _nothing_is_withheld_after_a_hand_over(connection: Connection) -> Iterator[str]:
    """What was planned after a hand-over, or a taking back, withholds no month that is the client's own."""
    own = own_months_of(connection)
    for obligation, covers, made, recorded in connection.execute(_withheld_and_handed_over()):
        if not any(stretch.holds(covers) for stretch in own.get(obligation, ())):
            continue  # those of an earlier period count no more
        if datetime.fromisoformat(made) > datetime.fromisoformat(recorded):
            yield f"vaste last {obligation} {covers}: withheld though it was the client's own by then"


def _one_off_money_was_granted(connection: Connection) -> Iterator[str]:
    """What a decision counted of a back payment or an advance is never more than there was of it."""
    k, b = run_components.c, benefit_records.c
    granted = select(func.coalesce(func.sum(b.amount_cents), 0)).where(
        b.client == k.client, b.month == runs.c.month, b.component == k.component
    )
    query = select(k.client, runs.c.month, k.component, k.amount_cents).join(runs, runs.c.run_id == k.run_id)
    for client, month, component, cents in connection.execute(query.where(k.amount_cents > granted.scalar_subquery())):
        yield f"client {client} {month}: {cents} cents of {component} counted, more than was granted"


DOSSIER_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _trajectories_have_their_papers,
    _nothing_is_paid_after_an_end,
    _nothing_is_withheld_after_a_hand_over,
    _one_off_money_was_granted,
)
