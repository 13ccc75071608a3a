"""Covered months that somebody else paid: bijzondere bijstand, a loan, the landlord, or the client all the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.schema.core import obligations
from ledgers.schema.dossier import paid_otherwise
from payments.dossier.case import FixedCost, Payer
from payments.dossier.coverage import term_at
from payments.dossier.uncovered import covering_of
from payments.month import Month
from payments.plan.terms import through


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One term that somebody else paid, through the month it reaches."""

    obligation: str
    covers: Month
    reaches: Month


def paid_elsewhere(connection: Connection, client: str | None = None) -> list[Elsewhere]:
    """Every term that somebody else paid, by the newest word on it."""
    o = paid_otherwise.c
    newest = select(o.obligation, o.covers, func.max(o.sequence).label("sequence")).group_by(o.obligation, o.covers)
    last = newest.subquery()
    same = and_(*(o[name] == last.c[name] for name in ("obligation", "covers", "sequence")))
    query = select(o.obligation, o.covers, o.reaches).join(last, same).where(o.paid_by.is_not(None))
    if client is not None:
        query = query.join(obligations, obligations.c.obligation == o.obligation).where(obligations.c.client == client)
    rows = connection.execute(query.order_by(o.obligation, o.covers))
    return [Elsewhere(*row) for row in rows]


def otherwise_months(connection: Connection, client: str | None = None) -> dict[str, tuple[Month, ...]]:
    """Per obligation every month that somebody else paid."""
    found: dict[str, list[Month]] = defaultdict(list)
    for term in paid_elsewhere(connection, client):
        found[term.obligation] += through(term.covers, term.reaches)
    return {code: tuple(months) for code, months in found.items()}


def owner_of(connection: Connection, code: str) -> str:
    """The klantnummer of a vaste last; Refused for one that nobody knows."""
    query = select(obligations.c.client).where(obligations.c.obligation == code)
    found: str | None = connection.execute(query).scalar()
    if found is None:
        raise Refused(f"There is no vaste last {code} in the register.")
    return found


def term_of(cost: FixedCost, offset: int, month: Month) -> Elsewhere:
    """The whole term of a cost that a month belongs to; Refused where the register never had that month."""
    code = cost.obligation.obligation
    term = term_at(covering_of(cost), offset, month)
    if term is None:
        raise Refused(f"{code} has no month {month} in the register: look at `vanaf` and `tot`.")
    return Elsewhere(code, *term)


def record(
    connection: Connection,
    cost: FixedCost,
    month: Month,
    payer: Payer | None,
    why: str,
    offset: int,
    actor: str,
    now: datetime,
) -> tuple[Elsewhere, bool]:
    """Record who paid the term of a month, or with no payer take that back; (the term, False when it was so before)."""
    code = cost.obligation.obligation
    if not why.strip():
        raise Refused("Say with --why what happened.")
    told = term_of(cost, offset, month)
    covers, reaches = told.covers, told.reaches
    o = paid_otherwise.c
    rows = connection.execute(
        select(o.paid_by).where(o.obligation == code, o.covers == covers).order_by(o.sequence)
    ).scalars()
    said: Sequence[str | None] = rows.all()
    before = said[-1] if said else None
    if before == payer and (said or payer is not None):
        return told, False
    if payer is None and before is None:
        raise Refused(f"Nobody recorded that {code} {covers} was paid otherwise: there is nothing to take back.")
    if payer is not None:
        _refuse(cost, covers, reaches, before)
    row = {
        "obligation": code,
        "covers": covers,
        "sequence": len(said) + 1,
        "reaches": reaches,
        "paid_by": payer,
        "why": why.strip(),
        "recorded_by": actor,
        "recorded_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(paid_otherwise.insert(), row)
    subject = {"obligation": code, "covers": covers, "by": payer, "sequence": len(said) + 1}
    audit.append(connection, now, actor, "paid_otherwise", subject)
    return told, True


def _refuse(cost: FixedCost, covers: Month, reaches: Month, before: str | None) -> None:
    code, client = cost.obligation.obligation, cost.obligation.client
    months = through(covers, reaches)
    if before is not None:
        raise Conflict(
            f"{code} {covers} was recorded as paid by {before}. If that was wrong, take it back first: `ontzorgen "
            f"paid-otherwise {code} {covers} --take-back --why TEXT`."
        )
    if any(month in (*cost.paid, *cost.waiting) for month in months):
        raise Refused(
            f"{code} {covers} is paid by us, stands in a file or has money set apart; `ontzorgen coverage {client}` "
            "shows which. Take a waiting file back with `cancel`, settle what came back, or give money set apart back."
        )
    if any(cost.clients_own(month) for month in months):
        raise Refused(
            f"{code} {covers} is the client's own: record it with `ontzorgen handover proof {code} {covers}`."
        )
