"""Trajectories: opened from the register, changed by what happens in a life, each with who, when, why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Select, func, select, update

from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.journal.posting import insert_rows
from ledgers.registers.register import clients_in_force
from ledgers.schema.core import client_versions
from ledgers.schema.dossier import ends, events, period_decisions, trajectories
from payments.dossier.case import Event, EventKind, left_scope, period_start
from payments.month import Month
from payments.parties import Client, ResidenceGround
from payments.plan.grounds import in_scope
from payments.states import TrajectoryState

LONGEST_DECISION = 140
# These count at once, whatever the month: they can be told only of a day that has come.
OBSERVED = frozenset(
    {
        EventKind.SUSPENDED,
        EventKind.RESUMED,
        EventKind.MANDATE_REVOKED,
        EventKind.MANDATE_GIVEN,
        EventKind.DEATH,
        EventKind.ARREARS,
        EventKind.NO_ARREARS,
    }
)


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The newest trajectory of a client."""

    client: str
    number: int
    state: str


def open_trajectories(connection: Connection, actor: str, now: datetime) -> int:
    """Open a trajectory for every client of the register who is in scope and never had one; returns how many."""
    known = set(connection.execute(select(trajectories.c.client)).scalars())
    new = [
        _first(client, client.right_from, "uit het cliëntenregister", actor, now)
        for client in clients_in_force(connection).values()
        if client.client not in known and in_scope(client)
    ]
    if new:
        insert_rows(connection, trajectories, new)
        audit.append(connection, now, actor, "trajectories_opened", {"clients": len(new)})
    return len(new)


def _first(client: Client, opened_on: date, why: str, actor: str, now: datetime) -> dict[str, object]:
    return {
        "client": client.client,
        "number": 1,
        "opened_on": opened_on,
        "why": why,
        "opened_by": actor,
        "opened_at": now.isoformat(timespec="seconds"),
        "state": TrajectoryState.OPEN,
    }


def open_by_ground(connection: Connection, client: Client, start: date, actor: str, now: datetime) -> bool:
    """Open the trajectory of who is out of scope and gets another ground from a day; False where there was one."""
    if newest_trajectories(connection, client.client):
        return False
    opened_on = max(start, client.right_from)
    connection.execute(
        trajectories.insert(), _first(client, opened_on, "uit een besluit over een grondslag", actor, now)
    )
    subject = {"client": client.client, "trajectory": 1, "from": str(opened_on)}
    audit.append(connection, now, actor, "trajectory_opened", subject)
    return True


def newest_trajectories(connection: Connection, client: str | None = None) -> dict[str, Trajectory]:
    """The newest trajectory of every client (or of one)."""
    t = trajectories.c
    query = select(t.client, t.number, t.state).order_by(t.client, t.number)
    if client is not None:
        query = query.where(t.client == client)
    return {
        row.client: Trajectory(client=row.client, number=row.number, state=row.state)
        for row in connection.execute(query)
    }


def new_periods(connection: Connection, client: str | None = None) -> dict[str, datetime]:
    """When the newest trajectory was opened, of every client (or one) whose period began anew with it."""
    t = trajectories.c
    query = select(t.client, t.opened_on, t.opened_at).order_by(t.client, t.number)
    if client is not None:
        query = query.where(t.client == client)
    first: dict[str, date] = {}
    found: dict[str, datetime] = {}
    for code, opened_on, opened_at in connection.execute(query):
        if code in first and opened_on > first[code]:
            found[code] = datetime.fromisoformat(opened_at)
        first[code] = opened_on
    return found


def before_period(since: Mapping[str, datetime], client: str, moment: str) -> bool:
    """Whether something was said in a period of this client that a new one came after."""
    return client in since and datetime.fromisoformat(moment) < since[client]


def ended_clients(connection: Connection, client: str | None = None) -> dict[str, date]:
    """The last paying day of every client (or one) whose newest trajectory has ended."""
    query = _ended()
    if client is not None:
        query = query.where(ends.c.client == client)
    return dict(connection.execute(query).all())


@cache
def _ended() -> Select[str, date]:
    newest = select(trajectories.c.client, func.max(trajectories.c.number).label("number"))
    last = newest.group_by(trajectories.c.client).subquery()
    return select(ends.c.client, ends.c.end_date).join(
        last, (last.c.client == ends.c.client) & (last.c.number == ends.c.trajectory)
    )


def set_state(connection: Connection, trajectory: Trajectory, state: str) -> None:
    """Move a trajectory on; the database refuses a step that does not exist."""
    t = trajectories.c
    here = (t.client == trajectory.client) & (t.number == trajectory.number)
    connection.execute(update(trajectories).where(here).values(state=state))


def events_of(connection: Connection, client: str | None = None) -> Mapping[str, list[Event]]:
    """What happened to every client (or one), in the order it was recorded."""
    e = events.c
    query = select(events).order_by(e.client, e.sequence)
    if client is not None:
        query = query.where(e.client == client)
    found: dict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.client].append(
            Event(
                sequence=row.sequence,
                kind=EventKind(row.kind),
                on_day=row.on_day,
                why=row.why,
                decision=row.decision,
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
            )
        )
    return found


def record_event(
    connection: Connection,
    client: str,
    kind: EventKind,
    on_day: date,
    why: str,
    decision: str | None,
    actor: str,
    now: datetime,
) -> bool:
    """Record what happened; False when the very same was recorded before."""
    if not why.strip():
        raise Refused("Say with --why what was seen or decided.")
    if decision is not None and not 0 < len(decision.strip()) <= LONGEST_DECISION:
        raise Refused(f"A reference of a decision has 1 to {LONGEST_DECISION} characters.")
    known = registered(connection, client)
    if kind in OBSERVED and on_day > now.date():
        raise Refused(f"{on_day} is still to come: record {kind} when it has happened.")
    if kind is EventKind.RIGHT_ENDED and on_day < known.right_from:
        raise Refused(f"The right of {client} began on {known.right_from}; it cannot have ended on {on_day}.")
    before = events_of(connection, client).get(client, [])
    if any((e.kind, e.on_day, e.why, e.decision) == (kind, on_day, why, decision) for e in before):
        return False
    row = {
        "client": client,
        "sequence": len(before) + 1,
        "kind": kind.value,
        "on_day": on_day,
        "why": why,
        "decision": decision,
        "recorded_by": actor,
        "recorded_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(events.insert(), row)
    subject = {"client": client, "kind": kind.value, "on": str(on_day), "decision": decision}
    audit.append(connection, now, actor, "event_recorded", subject)
    return True


@dataclass(frozen=True, slots=True)
class Periods:
    """What decides from which day the mandatory months of each client count."""

    right_ends: Mapping[str, frozenset[date]]
    starts: Mapping[str, tuple[date, ...]]  # every first day the register gave, in the order it gave them
    decided: Mapping[str, Mapping[date, date]]
    in_scope_until: Mapping[str, date]  # of who was in scope and is not any more

    def start(self, client: Client) -> date | None:
        """The first day of the mandatory months; None while a person must decide."""
        return period_start(client, self.right_ends.get(client.client, ()), self.decided.get(client.client, {}))


def periods(connection: Connection, client: str | None = None) -> Periods:
    """Read what was ever known of the rights of every client (or one)."""
    v, d = client_versions.c, period_decisions.c
    scope = (v.from_month, v.must_integrate, v.residence_ground)
    versions = select(v.client, v.right_from, v.right_until, *scope).order_by(v.client, v.sequence)
    decisions = select(d.client, d.right_from, d.period_from)
    if client is not None:
        versions, decisions = versions.where(v.client == client), decisions.where(d.client == client)
    right_ends: dict[str, set[date]] = defaultdict(set)
    starts: dict[str, list[date]] = defaultdict(list)
    decided: dict[str, dict[date, date]] = defaultdict(dict)
    scopes: dict[str, dict[Month, bool]] = defaultdict(dict)
    for code, right_from, right_until, month, must_integrate, residence_ground in connection.execute(versions):
        scopes[code] = {first: ours for first, ours in scopes[code].items() if first < month}
        scopes[code][month] = must_integrate and residence_ground == ResidenceGround.ASYLUM_DEFINITE
        starts[code].append(right_from)
        if right_until is not None:
            right_ends[code].add(right_until)
    for code, happened in events_of(connection, client).items():
        right_ends[code].update(e.on_day for e in happened if e.kind is EventKind.RIGHT_ENDED)
    closed = select(ends.c.client, ends.c.end_date)
    for code, day in connection.execute(closed if client is None else closed.where(ends.c.client == client)):
        right_ends[code].add(day)
    for code, right_from, period_from in connection.execute(decisions):
        decided[code][right_from] = period_from
    return Periods(
        {code: frozenset(days) for code, days in right_ends.items()},
        {code: tuple(days) for code, days in starts.items()},
        decided,
        {code: last for code, found in scopes.items() if (last := left_scope(found)) is not None},
    )


def registered(connection: Connection, client: str) -> Client:
    """A client as the register has them now; Refused for a stranger."""
    known = clients_in_force(connection).get(client)
    if known is None:
        raise Refused(f"There is no client {client} in the register.")
    return known
