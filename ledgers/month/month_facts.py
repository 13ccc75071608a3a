"""What the plan of one gemeente and month rests on, as the books know it now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Exists, exists, false, func, select

from ledgers.dossier import accepted_doubles, grounds_and_holds, handovers, trajectories
from ledgers.dossier.catch_ups import catch_ups_of
from ledgers.dossier.paid_otherwise import paid_elsewhere
from ledgers.month.remainders import handed_over
from ledgers.month.runs import latest_run, one_off_counted
from ledgers.registers.iban_confirmations import confirmed_ibans
from ledgers.registers.register import benefit_from, clients_in_force, creditors_in_force, obligations_in_force
from ledgers.registers.versions import clients_of
from ledgers.schema.bank import exception_resolutions, exceptions, given_back, resubmissions, settlements
from ledgers.schema.core import (
    benefit_records,
    contributions,
    obligation_versions,
    payment_files,
    payments,
    run_clients,
    runs,
    same_withholding,
    withholdings,
)
from payments.calendar import payday
from payments.dossier.case import as_events_left, grounds_of, with_register_mandate
from payments.matching.model import ExceptionKind
from payments.month import Month, add_months
from payments.parties import BenefitRecord, Client, Component, Frequency
from payments.plan.grounds import Segment
from payments.plan.withholding import Contributions, Earlier, MonthFacts, Policy, Undone
from payments.states import CAME_BACK, PaymentState, SettlementKind

LONGEST_TERM = max(frequency.months for frequency in Frequency)
RESERVED_MONTHS = 12  # how far back a run looks for money that still waits for a confirmed IBAN


def load_facts(
    connection: Connection,
    gemeente: str,
    month: Month,
    execution_date: date,
    policy: Policy,
    art_56a_months: int,
    *,
    waiting_is_free: bool = False,
) -> MonthFacts:
    """Read all that one gemeente's plan rests on, in a fixed number of queries.

    `waiting_is_free`: as if every file of the month that the bank does not have yet were taken back, for judging them.
    """
    moved = included_elsewhere(connection, gemeente, month)
    register = {
        code: client for code, client in clients_in_force(connection, month, gemeente).items() if code not in moved
    }
    happened = trajectories.events_of(connection)
    clients = [*as_events_left(register, happened).values()]
    agreed = handovers.agreements(connection)
    latest = latest_run(connection, gemeente, month)
    before = {} if latest is None else {item.client: item for item in latest.included}
    covered = {add_months(month, n) for n in policy.offsets.values()}
    missed = [item for item in catch_ups_of(connection, month, policy) if item.obligation.client in register]
    decided = {(item.obligation.obligation, item.covers) for item in missed}
    set_apart = _before(connection, gemeente, month, covered, decided, waiting_is_free=waiting_is_free)
    return MonthFacts(
        month=month,
        execution_date=execution_date,
        policy=policy,
        clients=clients,
        obligations=[
            handovers.as_we_pay(
                o, handovers.own_stretches(agreed.get(o.obligation, ())), add_months(month, policy.offsets[o.category])
            )
            for o in obligations_in_force(connection, month, gemeente).values()
            if o.client in register
        ],
        creditors=creditors_in_force(connection, month),
        confirmed=confirmed_ibans(connection),
        benefits=_benefits(connection, gemeente, month),
        grounds=_grounds(connection, clients, register, art_56a_months),
        on_hold=grounds_and_holds.clients_on_hold(connection),
        ended=trajectories.ended_clients(connection),
        earlier=set_apart.earlier,
        included_before=before,
        handed_over=handed_over(connection, month),
        accepted_doubles=accepted_doubles.accepted(connection),
        day_before=_executed_on(connection, gemeente, add_months(month, -1), policy),
        undone=set_apart.undone,
        given_before=set_apart.given_before,
        catch_ups=missed,
        one_off_before={} if latest is None else one_off_counted(connection, latest.run_id),
        elsewhere=[(term.obligation, term.covers, term.reaches) for term in paid_elsewhere(connection)],
    )


def _executed_on(connection: Connection, gemeente: str, month: Month, policy: Policy) -> date:
    """The execution date of a month: of its newest run, else the payday."""
    newest = select(runs.c.execution_date).where(runs.c.gemeente == gemeente, runs.c.month == month)
    found = connection.execute(newest.order_by(runs.c.sequence.desc()).limit(1)).scalar()
    return found or payday(month, policy.payday)


def _grounds(
    connection: Connection, clients: Iterable[Client], register: Mapping[str, Client], months: int
) -> dict[str, tuple[Segment, ...]]:
    added, periods = grounds_and_holds.added_segments(connection), trajectories.periods(connection)
    return {
        c.client: grounds_of(
            with_register_mandate(c, register[c.client]),
            added.get(c.client, ()),
            months,
            periods.start(register[c.client]),
            periods.in_scope_until.get(c.client),
        )
        for c in clients
    }


def included_elsewhere(connection: Connection, gemeente: str, month: Month) -> frozenset[str]:
    """Clients whose benefit of the month was already counted by another gemeente, before they moved here."""
    query = (
        select(run_clients.c.client)
        .join(runs, runs.c.run_id == run_clients.c.run_id)
        .where(runs.c.month == month, runs.c.gemeente != gemeente)
    )
    return frozenset(connection.execute(query).scalars())


def _benefits(connection: Connection, gemeente: str, month: Month) -> dict[str, list[BenefitRecord]]:
    b = benefit_records.c
    query = select(benefit_records).where(b.month == month, b.client.in_(clients_of(gemeente, month)))
    benefits: dict[str, list[BenefitRecord]] = {}
    for row in connection.execute(query).all():
        benefits.setdefault(row.client, []).append(benefit_from(row))
    return benefits


@dataclass(frozen=True, slots=True)
class _Before:
    """What was set apart up to now for the months that matter here."""

    earlier: dict[tuple[str, Month], Earlier]
    undone: dict[tuple[str, Month], Undone]
    given_before: dict[str, int]


def _before(
    connection: Connection,
    gemeente: str,
    month: Month,
    covered: set[Month],
    decided: Collection[tuple[str, Month]],
    *,
    waiting_is_free: bool,
) -> _Before:
    """`decided` are months that are paid by decision, also where the money of before went to the clients for good."""
    w, c, g = withholdings.c, contributions.c, given_back.c
    p, r = payments.c, resubmissions.c
    mine = same_withholding(p, w)
    # A resubmission is one attempt more than there are payments: until it is made, nothing is paid for it.
    made = select(func.count()).where(mine).scalar_subquery()
    asked = select(func.count()).where(same_withholding(r, w)).scalar_subquery() + 1
    taken_back = select(func.count()).where(mine, p.state == PaymentState.CANCELLED).scalar_subquery()
    given = exists().where(same_withholding(g, w))
    anew = exists().where(same_withholding(g, w), g.plan_anew)
    unpaid = (made - taken_back < asked) & ~given & ~_still_debited()
    waits = _waits_in_a_file_of(month)
    reserved = (w.month < month) & (w.month >= add_months(month, -RESERVED_MONTHS)) & (unpaid | waits)
    # Of another gemeente only what was withheld for people who live here now.
    ours = (w.gemeente == gemeente) | w.client.in_(clients_of(gemeente, month))
    here = ours & ((w.month == month) | _near(covered, sorted({code for code, _ in decided})) | reserved)
    shares: dict[tuple[str, Month, int], list[tuple[str, int]]] = {}
    query = select(c.obligation, c.covers, c.withholding, c.client, c.amount_cents)
    query = query.join(withholdings, same_withholding(c, w)).where(here).order_by(c.client)
    for obligation, covers, sequence, client, cents in connection.execute(query).all():
        shares.setdefault((obligation, covers, sequence), []).append((client, cents))
    columns = (
        w.obligation,
        w.covers,
        w.sequence,
        w.reaches,
        w.amount_cents,
        w.month,
        w.creditor,
        w.gemeente,
        w.client,
        w.component,
    )
    flags = (
        unpaid.label("unpaid"),
        made.label("made"),
        given.label("given"),
        anew.label("anew"),
        waits.label("waits"),
        (_refunded() if decided else false()).label("refunded"),  # asked of few months, and seldom
    )
    rows = connection.execute(select(*columns, *flags).where(here).order_by(w.sequence)).all()
    found = _Before({}, {}, {})
    attempts: dict[tuple[str, Month], int] = {}
    for row in rows:
        key = (row.obligation, row.covers)
        attempts[key] = attempts.get(key, 0) + row.made
        contributed = tuple(shares[row.obligation, row.covers, row.sequence])
        free = waiting_is_free and bool(row.waits)
        with_clients = key in decided and not row.anew and (row.given or row.refunded)
        _set_apart_again(found, key, month)
        if with_clients and row.month == month:
            _was_given(found, contributed)
        if with_clients or row.anew or (free and row.month == month):
            found.undone[key] = Undone(row.sequence, attempts[key])
            continue
        unpaid_here = row.gemeente == gemeente and (bool(row.unpaid) or free)
        found.earlier[key] = _earlier(row, contributed, attempts[key], unpaid=unpaid_here)
    return found


def _set_apart_again(found: _Before, key: tuple[str, Month], month: Month) -> None:
    """What was given to the clients for good before, and set apart once more by decision, was used of its month."""
    before = found.earlier.pop(key, None)
    if before is not None and before.benefit_month == month:
        _was_given(found, before.contributions)


def _was_given(found: _Before, contributed: Contributions) -> None:
    for client, cents in contributed:
        found.given_before[client] = found.given_before.get(client, 0) + cents


def _earlier(row: Any, contributed: Contributions, attempts: int, *, unpaid: bool) -> Earlier:
    return Earlier(
        row.amount_cents,
        contributed,
        row.month,
        row.creditor,
        unpaid=unpaid,
        attempts=attempts,
        reaches=None if row.given else row.reaches,
        sequence=row.sequence,
        client=row.client,
        component=Component(row.component),
    )


def _near(covered: set[Month], wanted: Sequence[str]) -> ColumnElement[bool]:
    """What can meet a term that falls due now, and everything of `wanted`."""
    w = withholdings.c
    # Of other covered months those whose term can meet one that falls due now.
    near = (w.reaches >= min(covered)) & (w.covers <= add_months(max(covered), LONGEST_TERM - 1))
    # A term that runs, or a one-off, may have been paid in a month before: of those alone more is read.
    v = obligation_versions.c
    longer = select(v.obligation).where(v.frequency != Frequency.MONTHLY.value)
    running = (w.reaches >= add_months(min(covered), 1 - LONGEST_TERM)) & (w.covers <= max(covered))
    near |= running & w.obligation.in_(longer)
    return near | w.obligation.in_(wanted)


def _refunded() -> Exists:
    """Its payment came back or was refused, and a person gave the money to the clients."""
    w, p, e, r = withholdings.c, payments.c, exceptions.c, exception_resolutions.c
    return exists().where(
        same_withholding(p, w),
        p.state.in_(CAME_BACK),
        e.payment_id == p.payment_id,
        e.kind.in_((ExceptionKind.RETURNED.value, ExceptionKind.REJECTED.value)),
        r.exception_id == e.exception_id,
        r.as_what == "refund_to_client",
    )


def _waits_in_a_file_of(month: Month) -> Exists:
    """A payment in a file of this benefit month that the bank does not have yet."""
    w, p, f = withholdings.c, payments.c, payment_files.c
    return exists().where(
        same_withholding(p, w), p.state == PaymentState.PLANNED, f.file_id == p.file_id, f.month == month
    )


def _still_debited() -> Exists:
    """A refused payment that the bank debited all the same may in truth be paid: nothing more until that is clear."""
    w, p, s = withholdings.c, payments.c, settlements.c
    back = settlements.alias("back")
    credited = exists().where(back.c.payment_id == p.payment_id, back.c.kind == SettlementKind.REJECTED_CREDITED)
    return exists().where(
        same_withholding(p, w),
        p.state == PaymentState.REJECTED,
        s.payment_id == p.payment_id,
        s.kind == SettlementKind.REJECTED_DEBITED,
        ~credited,
    )
