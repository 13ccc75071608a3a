"""What a list of arrears reads beside the cases: what fell short, what came back, what was paid of changed lines."""

from sqlalchemy import Connection, select

from ledgers.schema.core import obligation_versions, payments, run_shortfalls
from payments.dossier.arrears import PaidSoFar
from payments.states import CAME_BACK, LIVE


def paid_so_far(connection: Connection) -> PaidSoFar:
    """Read it for everybody, in three queries."""
    s, p, v = run_shortfalls.c, payments.c, obligation_versions.c
    changed = select(v.obligation).where(v.from_month != "")
    short = connection.execute(select(s.obligation, s.covers).distinct()).all()
    returned = connection.execute(select(p.obligation, p.covers).where(p.state.in_(CAME_BACK)).distinct()).all()
    paid = select(p.obligation, p.covers, p.amount_cents).where(p.state.in_(LIVE), p.obligation.in_(changed))
    return PaidSoFar(
        short=frozenset((code, covers) for code, covers in short),
        returned=frozenset((code, covers) for code, covers in returned),
        paid={(code, covers): cents for code, covers, cents in connection.execute(paid)},
    )
