"""Decisions to pay a covered month that no run paid, by the run of a benefit month and out of one component of it."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from ledgers.dossier.paid_otherwise import Elsewhere, term_of
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit, closed_months
from ledgers.registers.versions import OBLIGATIONS, histories
from ledgers.schema.dossier import catch_ups
from payments.dossier.case import FixedCost
from payments.dossier.coverage import Covering, line_at
from payments.month import Month
from payments.parties import Component
from payments.plan.terms import through
from payments.plan.withholding import CatchUp, Policy


def catch_ups_of(connection: Connection, month: Month, policy: Policy) -> list[CatchUp]:
    """What was decided for a benefit month, by the newest word on each covered month, with its line of the register."""
    c = catch_ups.c
    newest = select(c.obligation, c.covers, func.max(c.sequence).label("sequence")).group_by(c.obligation, c.covers)
    last = newest.subquery()
    same = and_(*(c[name] == last.c[name] for name in ("obligation", "covers", "sequence")))
    query = select(c.obligation, c.covers, c.component).join(last, same).where(c.from_benefit == month)
    rows = connection.execute(query.order_by(c.obligation, c.covers)).all()
    known = histories(connection, OBLIGATIONS, codes=[row.obligation for row in rows]) if rows else {}
    found = []
    for code, covers, component in rows:
        versions = known[code]
        record = versions[-1].record
        line = line_at(Covering(record, versions, {}), policy.offsets[record.category], covers)
        if line is not None:  # a later line of the register can leave nothing of it
            found.append(CatchUp(line, covers, Component(component)))
    return found


def decide(
    connection: Connection,
    cost: FixedCost,
    month: Month,
    from_benefit: Month,
    component: Component,
    why: str,
    offset: int,
    actor: str,
    now: datetime,
) -> tuple[Elsewhere, bool]:
    """Decide to catch a month up; (its term, False when that was decided before)."""
    code = cost.obligation.obligation
    if not why.strip():
        raise Refused("Say with --why on what ground this month is caught up.")
    told = term_of(cost, offset, month)
    covers, reaches = told.covers, told.reaches
    c = catch_ups.c
    mine = (c.obligation == code) & (c.covers == covers)
    said = connection.execute(select(catch_ups).where(mine).order_by(c.sequence)).all()
    if said and (said[-1].from_benefit, said[-1].component) == (from_benefit, component):
        return told, False
    _refuse(cost, covers, reaches)
    if from_benefit in closed_months.closed_months(connection):
        raise Refused(f"{from_benefit} is closed: choose the benefit of an open month.")
    row = {
        "obligation": code,
        "covers": covers,
        "sequence": len(said) + 1,
        "from_benefit": from_benefit,
        "component": component.value,
        "why": why.strip(),
        "decided_by": actor,
        "decided_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(catch_ups.insert(), row)
    subject = {"obligation": code, "covers": covers, "from": from_benefit, "component": component.value}
    audit.append(connection, now, actor, "catch_up_decided", subject)
    return told, True


def _refuse(cost: FixedCost, covers: Month, reaches: Month) -> None:
    code, client = cost.obligation.obligation, cost.obligation.client
    months = through(covers, reaches)
    if any(month in (*cost.paid, *cost.waiting) for month in months):
        raise Conflict(
            f"{code} {covers} is paid by us, stands in a file or has money set apart already; `ontzorgen coverage "
            f"{client}` shows which."
        )
    if any(month in cost.otherwise for month in months):
        raise Refused(f"{code} {covers} was paid otherwise: `ontzorgen coverage {client}` shows it.")
    if any(cost.clients_own(month) for month in months):
        raise Refused(f"{code} {covers} is the client's own: take it back first with `ontzorgen handover {code}`.")
