"""Read what the monitoring of council and CBS counts: trajectories, payments and runs with the days they count from."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from ledgers.dossier.assessments import assessments_of
from ledgers.dossier.grounds_and_holds import added_segments
from ledgers.dossier.trajectories import events_of, periods
from ledgers.schema.bank import exception_resolutions, exceptions, given_back, rejections, settlements
from ledgers.schema.core import (
    client_versions,
    contributions,
    file_releases,
    obligation_versions,
    payment_files,
    payments,
    run_shortfalls,
    runs,
    same_withholding,
    withholdings,
)
from ledgers.schema.dossier import end_proposals, ends, handover_proofs, handovers, trajectories
from payments.dossier.case import EarlyReason
from payments.dossier.checklist import OwnPayment
from payments.matching.model import ExceptionKind
from payments.monitoring.figures import Facts
from payments.monitoring.histories import Attempt, Bill, MonthRun, OwnCost, Person, TakenBack, TrajectoryHistory
from payments.month import Month
from payments.parties import Category, Client, Frequency, Obligation, ResidenceGround
from payments.states import SettlementKind


def read(connection: Connection) -> Facts:
    """Everything that figures are made of, of every date, in a fixed number of queries."""
    return Facts(_histories(connection, _people(connection)), _bills(connection), _month_runs(connection))


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def _people(connection: Connection) -> dict[str, Person]:
    """Everyone who ever had a trajectory."""
    v = client_versions.c
    known = client_versions.c.client.in_(select(trajectories.c.client))
    versions: dict[str, list[tuple[Month, Client]]] = defaultdict(list)
    for row in connection.execute(select(client_versions).where(known).order_by(v.client, v.sequence)):
        values = {field.name: getattr(row, field.name) for field in fields(Client)}
        ground = ResidenceGround(row.residence_ground)
        versions[row.client].append((row.from_month, Client(**values | {"residence_ground": ground})))
    happened, decided, added = events_of(connection), periods(connection), added_segments(connection)
    costs, waiting = _costs(connection), _exceptions(connection)
    return {
        client: Person(
            client,
            tuple(found),
            tuple(happened.get(client, ())),
            decided.right_ends.get(client, frozenset()),
            decided.decided.get(client, {}),
            tuple(added.get(client, ())),
            tuple(costs.get(client, ())),
            tuple(waiting.get(client, ())),
        )
        for client, found in versions.items()
    }


def _costs(connection: Connection) -> Mapping[str, list[OwnCost]]:
    v, h, p = obligation_versions.c, handovers.c, handover_proofs.c
    versions: dict[str, list[tuple[Month, Obligation]]] = defaultdict(list)
    for row in connection.execute(select(obligation_versions).order_by(v.obligation, v.sequence)):
        values = {field.name: getattr(row, field.name) for field in fields(Obligation)}
        coded = {"category": Category(row.category), "frequency": Frequency(row.frequency)}
        versions[row.obligation].append((row.from_month, Obligation(**values | coded)))
    agreed: dict[str, list[tuple[date, Month | None]]] = defaultdict(list)
    columns = (h.obligation, h.recorded_at, h.back_from)
    for code, at, back_from in connection.execute(select(*columns).order_by(h.obligation, h.sequence)):
        agreed[code].append((_day(at), back_from))
    seen: dict[str, list[tuple[date, OwnPayment]]] = defaultdict(list)
    for row in connection.execute(select(handover_proofs).order_by(p.obligation, p.covers, p.sequence)):
        every = versions[row.obligation][-1][1].frequency.months
        seen[row.obligation].append((_day(row.observed_at), OwnPayment(row.obligation, row.covers, row.paid, every)))
    found: dict[str, list[OwnCost]] = defaultdict(list)
    for code, dated in versions.items():
        said = agreed.get(code, [])
        first = said[0][0] if said else None
        found[dated[-1][1].client].append(OwnCost(tuple(dated), first, tuple(seen[code]), _taken_back(said)))
    return found


def _taken_back(said: list[tuple[date, Month | None]]) -> tuple[TakenBack, ...]:
    """Each taking back until the next word on it, that it is handed over again or taken back from another month."""
    found: list[TakenBack] = []
    for day, back_from in said:
        if found and found[-1].again is None:
            found[-1] = replace(found[-1], again=day)
        if back_from is not None:
            found.append(TakenBack(day, back_from, None))
    return tuple(found)


def _exceptions(connection: Connection) -> Mapping[str, list[tuple[date, date | None]]]:
    """When each exception of a client arose, and when it was first settled: parked counts as settled, as elsewhere."""
    e, r = exceptions.c, exception_resolutions.c
    first = and_(r.exception_id == e.exception_id, r.sequence == 1)
    query = select(e.client, e.since, r.resolved_at).outerjoin(exception_resolutions, first)
    found: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for client, since, settled in connection.execute(query.where(e.client.is_not(None)).order_by(e.exception_id)):
        found[client].append((since, _day(settled) if settled else None))
    return found


def _histories(connection: Connection, people: Mapping[str, Person]) -> list[TrajectoryHistory]:
    t, x, p = trajectories.c, ends.c, end_proposals.c
    proposed = and_(*(p[name] == x[name] for name in ("client", "trajectory", "sequence")))
    query = (
        select(t.client, t.number, t.opened_on, x.end_date, p.reason, p.why)
        .outerjoin(ends, and_(x.client == t.client, x.trajectory == t.number))
        .outerjoin(end_proposals, proposed)
        .order_by(t.client, t.number)
    )
    assessed = assessments_of(connection)
    own: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        own[row.client].append(row)
    found = []
    for client, rows in own.items():
        starts = _starts(rows, people[client].decided)
        for row, start, following in zip(rows, starts, [*starts[1:], None], strict=True):
            reason = EarlyReason(row.reason) if row.reason else None
            made = tuple(assessed.get((client, row.number), ()))
            explained = bool(row.why and row.why.strip())
            found.append(TrajectoryHistory(people[client], start, row.end_date, reason, explained, made, following))
    return found


def _starts(rows: list[Any], decided: Mapping[date, date]) -> list[date]:
    """The first day of each trajectory; of a next one, whose months may run on, the first day of the new right."""
    starts: list[date] = []
    before: date | None = None
    for row in rows:
        later = [day for day in sorted(decided) if before is not None and day > before]
        starts.append(later[0] if later else row.opened_on)
        before = row.end_date
    return starts


def _bills(connection: Connection) -> list[Bill]:
    w, c = withholdings.c, contributions.c
    paid_by: dict[tuple[str, Month, int], list[str]] = defaultdict(list)
    for obligation, covers, withholding, client in connection.execute(
        select(c.obligation, c.covers, c.withholding, c.client).order_by(*contributions.primary_key.columns)
    ):
        paid_by[obligation, covers, withholding].append(client)
    attempts = _attempts(connection)
    query = (
        select(w.gemeente, w.client, w.category, w.obligation, w.covers, w.sequence, w.month, runs.c.execution_date)
        .join(runs, runs.c.run_id == w.run_id)
        .where(~exists().where(same_withholding(given_back.c, w), given_back.c.plan_anew))  # never was a bill
        .order_by(w.obligation, w.covers)
    )
    return [
        Bill(
            row.gemeente,
            row.client,
            tuple(paid_by[row.obligation, row.covers, row.sequence]),
            Category(row.category),
            row.covers,
            row.month,
            row.execution_date,
            tuple(attempts.get((row.obligation, row.covers, row.sequence), ())),
        )
        for row in connection.execute(query)
    ]


def _attempts(connection: Connection) -> Mapping[tuple[str, Month, int], list[Attempt]]:
    p, f, x = payments.c, payment_files.c, rejections.c
    booked, returned = _settled(connection, SettlementKind.BOOKED), _settled(connection, SettlementKind.RETURNED)
    booked |= _paid_all_the_same(connection)
    query = (
        select(
            p.payment_id,
            p.obligation,
            p.covers,
            p.withholding,
            f.execution_date,
            file_releases.c.released_at,
            x.rejected_on,
        )
        .join(payment_files, f.file_id == p.file_id)
        .outerjoin(file_releases, file_releases.c.file_id == p.file_id)
        .outerjoin(rejections, x.payment_id == p.payment_id)
        .order_by(p.payment_id)
    )
    found: dict[tuple[str, Month, int], list[Attempt]] = defaultdict(list)
    for row in connection.execute(query):
        sent = row.execution_date if row.released_at else None
        attempt = Attempt(sent, booked.get(row.payment_id), returned.get(row.payment_id), row.rejected_on)
        found[row.obligation, row.covers, row.withholding].append(attempt)
    return found


def _settled(connection: Connection, kind: str) -> dict[str, date]:
    s = settlements.c
    return dict(connection.execute(select(s.payment_id, s.booked_on).where(s.kind == kind)).all())


def _paid_all_the_same(connection: Connection) -> dict[str, date]:
    """Payments that the bank refused by message and debited, of which a person found that they were paid."""
    e, r, debited = exceptions.c, exception_resolutions.c, _settled(connection, SettlementKind.REJECTED_DEBITED)
    query = (
        select(e.payment_id)
        .join(exception_resolutions, r.exception_id == e.exception_id)
        .where(e.kind == ExceptionKind.REJECTED_DEBITED.value, r.as_what == "paid")
    )
    return {payment: debited[payment] for payment in connection.execute(query).scalars() if payment in debited}


def _month_runs(connection: Connection) -> list[MonthRun]:
    short: dict[str, set[str]] = defaultdict(set)
    for run_id, client in connection.execute(select(run_shortfalls.c.run_id, run_shortfalls.c.client)):
        short[run_id].add(client)
    found: dict[tuple[str, Month], list[tuple[date, frozenset[str]]]] = defaultdict(list)
    for row in connection.execute(select(runs).order_by(runs.c.gemeente, runs.c.month, runs.c.sequence)):
        found[row.gemeente, row.month].append((row.execution_date, frozenset(short[row.run_id])))
    return [MonthRun(gemeente, month, tuple(dated)) for (gemeente, month), dated in found.items()]
