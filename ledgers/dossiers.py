"""Grounds and holds: the decisions about a client that a month rests on, each with who, when and why."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from ledgers import audit
from ledgers.errors import Refused
from ledgers.registers import clients_in_force
from ledgers.tables import grounds, holds
from payments.grounds import Ground, Segment, overlapping, segments_of
from payments.parties import Client


def added_segments(connection: Connection) -> Mapping[str, list[Segment]]:
    """The ground segments that were added by decision, per client."""
    segments: dict[str, list[Segment]] = defaultdict(list)
    for row in connection.execute(select(grounds).order_by(grounds.c.client, grounds.c.sequence)):
        segments[row.client].append(Segment(Ground(row.ground), row.from_day, row.until_day, row.decision))
    return segments


def add_ground(
    connection: Connection, client: str, segment: Segment, months: int, actor: str, now: datetime
) -> bool:
    """Add a segment by decision; False when the same one is there already. `months` is the length of ART_56A."""
    known = _client(connection, client)
    if segment.ground is Ground.ART_56A:
        raise Refused("ART_56A exists by itself from the right to bijstand; add ART_57, VRIJWILLIG or MAATWERK.")
    if segment.until < segment.start:
        raise Refused(f"The last day {segment.until} lies before the first day {segment.start}.")
    if not segment.decision.strip():
        raise Refused("A ground rests on a decision: give its reference with --decision.")
    added = added_segments(connection).get(client, [])
    if segment in added:
        return False
    other = overlapping(segments_of(known, added, months), segment)
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
            "added_by": actor,
            "added_at": now.isoformat(timespec="seconds"),
        },
    )
    subject = {"client": client, "ground": segment.ground, "from": str(segment.start), "until": str(segment.until)}
    audit.append(connection, now, actor, "ground_added", subject | {"decision": segment.decision})
    return True


def clients_on_hold(connection: Connection) -> frozenset[str]:
    """Every client whose newest hold decision is still in force."""
    newest = select(holds.c.client, func.max(holds.c.sequence).label("sequence")).group_by(holds.c.client).subquery()
    query = (
        select(holds.c.client)
        .join(newest, (newest.c.client == holds.c.client) & (newest.c.sequence == holds.c.sequence))
        .where(holds.c.on_hold)
    )
    return frozenset(connection.execute(query).scalars())


def set_hold(connection: Connection, client: str, on_hold: bool, why: str, actor: str, now: datetime) -> bool:  # noqa: FBT001 - the decision itself
    """Put a client on hold or take the hold away; False when it was so already."""
    _client(connection, client)
    if on_hold and not why.strip():
        raise Refused("Say with --why for what reason the payments of this client are held.")
    if (client in clients_on_hold(connection)) == on_hold:
        return False
    last = connection.execute(select(func.max(holds.c.sequence)).where(holds.c.client == client)).scalar() or 0
    row = {"client": client, "sequence": last + 1, "on_hold": on_hold, "why": why, "decided_by": actor,
           "decided_at": now.isoformat(timespec="seconds")}  # fmt: skip
    connection.execute(holds.insert(), row)
    audit.append(connection, now, actor, "held" if on_hold else "hold_lifted", {"client": client})
    return True


def _client(connection: Connection, client: str) -> Client:
    known = clients_in_force(connection).get(client)
    if known is None:
        raise Refused(f"There is no client {client} in the register.")
    return known
