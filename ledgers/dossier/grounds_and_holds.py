"""Grounds and holds: the decisions about a client that a month rests on, each with who, when and why."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Select, func, select

from ledgers.dossier.trajectories import LONGEST_DECISION, open_by_ground, periods, registered
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.schema.core import grounds, holds
from payments.dossier.case import EventKind, grounds_of
from payments.plan.grounds import Ground, Segment, last_day_of_months, overlapping

LAST_YEAR = 2199  # of a first day; a last day may be 9999-12-31, many systems' "no end"


@dataclass(frozen=True, slots=True)
class GroundLimits:
    """The legal values that a new ground is measured by."""

    art_56a_months: int
    reassessment_months: int


def added_segments(connection: Connection) -> Mapping[str, list[Segment]]:
    """The ground segments that were added by decision, per client."""
    segments: dict[str, list[Segment]] = defaultdict(list)
    for row in connection.execute(select(grounds).order_by(grounds.c.client, grounds.c.sequence)):
        segments[row.client].append(Segment(Ground(row.ground), row.from_day, row.until_day, row.decision))
    return segments


def add_ground(
    connection: Connection,
    client: str,
    segment: Segment,
    limits: GroundLimits,
    actor: str,
    now: datetime,
    reassess_on: date | None = None,
) -> bool:
    """Add a segment by decision; False when the same one is there already.

    The client is assessed again on `reassess_on`: by default, and at the latest, so many months after the first day.
    """
    known = registered(connection, client)
    if segment.start.year > LAST_YEAR:
        raise Refused(f"The first day {segment.start} is not a day that anybody can decide about now.")
    latest = last_day_of_months(segment.start, limits.reassessment_months) + timedelta(days=1)
    reassess_on = reassess_on or latest
    if not segment.start < reassess_on <= latest:
        raise Refused(f"The next assessment is after {segment.start} and on {latest} at the latest, not {reassess_on}.")
    if segment.ground is Ground.ART_56A:
        raise Refused("ART_56A exists by itself from the right to bijstand; add ART_57, VRIJWILLIG or MAATWERK.")
    if segment.until < segment.start:
        raise Refused(f"The last day {segment.until} lies before the first day {segment.start}.")
    if not segment.decision.strip() or len(segment.decision) > LONGEST_DECISION:
        raise Refused("A ground rests on a decision: give its reference with --decision (at most 140 signs).")
    added = added_segments(connection).get(client, [])
    if segment in added:
        return False
    rights = periods(connection, client)
    until = rights.in_scope_until.get(client)
    other = overlapping(grounds_of(known, added, limits.art_56a_months, rights.start(known), until), segment)
    if other is not None:
        raise Refused(
            f"Client {client} has {other.ground} from {other.start} until {other.until}; grounds may not overlap. "
            f"Choose days outside it."
        )
    connection.execute(
        grounds.insert(),
        {
            "client": client,
            "sequence": len(added) + 1,
            "ground": segment.ground.value,
            "from_day": segment.start,
            "until_day": segment.until,
            "decision": segment.decision,
            "reassess_on": reassess_on,
            "added_by": actor,
            "added_at": now.isoformat(timespec="seconds"),
        },
    )
    subject = {"client": client, "ground": segment.ground, "from": str(segment.start), "until": str(segment.until)}
    audit.append(connection, now, actor, "ground_added", subject | {"decision": segment.decision})
    open_by_ground(connection, known, segment.start, actor, now)
    return True


def clients_on_hold(connection: Connection) -> frozenset[str]:
    """Every client whose newest hold decision is still in force."""
    return frozenset(connection.execute(_on_hold()).scalars())


@cache
def _on_hold() -> Select[str]:
    newest = select(holds.c.client, func.max(holds.c.sequence).label("sequence")).group_by(holds.c.client).subquery()
    return (
        select(holds.c.client)
        .join(newest, (newest.c.client == holds.c.client) & (newest.c.sequence == holds.c.sequence))
        .where(holds.c.on_hold)
    )


def set_hold(connection: Connection, client: str, on_hold: bool, why: str, actor: str, now: datetime) -> bool:  # noqa: FBT001 - the decision itself
    """Put a client on hold or take the hold away; False when it was so already, for the same reason."""
    registered(connection, client)
    if on_hold and not why.strip():
        raise Refused("Say with --why for what reason the payments of this client are held.")
    query = select(holds).where(holds.c.client == client).order_by(holds.c.sequence.desc()).limit(1)
    newest = connection.execute(query).first()
    held = newest is not None and newest.on_hold
    if held == on_hold and (newest is None or not on_hold or newest.why == why):
        return False
    last = newest.sequence if newest else 0
    row = {
        "client": client,
        "sequence": last + 1,
        "on_hold": on_hold,
        "why": why,
        "decided_by": actor,
        "decided_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(holds.insert(), row)
    audit.append(connection, now, actor, "held" if on_hold else "hold_lifted", {"client": client})
    return True


def hold_for_event(connection: Connection, client: str, kind: EventKind, why: str, actor: str, now: datetime) -> None:
    """A suspension or a death holds the payments at once; resuming lifts what a suspension held, and nothing else."""
    if kind is EventKind.SUSPENDED and client in clients_on_hold(connection):
        return  # what holds already has a reason of its own, and is not lifted when the suspension ends
    if kind in (EventKind.SUSPENDED, EventKind.DEATH):
        set_hold(connection, client, on_hold=True, why=f"{kind}: {why}", actor=actor, now=now)
    if kind is EventKind.RESUMED:
        query = select(holds).where(holds.c.client == client).order_by(holds.c.sequence.desc()).limit(1)
        newest = connection.execute(query).first()
        if newest is not None and newest.on_hold and newest.why.startswith(f"{EventKind.SUSPENDED}:"):
            set_hold(connection, client, on_hold=False, why=f"{kind}: {why}", actor=actor, now=now)
