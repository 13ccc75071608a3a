"""Decisions on the six months after an interrupted right: they run on or start anew."""

from datetime import date, datetime

from sqlalchemy import Connection, select

from ledgers.dossier.trajectories import Trajectory, newest_trajectories, periods, registered
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.schema.dossier import period_decisions, trajectories
from payments.parties import Client
from payments.states import TrajectoryState

CONTINUE, NEW = "continue", "new"


def decide_period(
    connection: Connection, client: str, decided: str, why: str, actor: str, now: datetime
) -> tuple[date, bool]:
    """Decide whether the six months run on or start anew after an interruption; (first day, whether this is new).

    After an ended trajectory this opens the next one.
    """
    if not why.strip():
        raise Refused("Say with --why on what ground this is decided.")
    known = registered(connection, client)
    found = periods(connection, client)
    before = found.decided.get(client, {})
    newest = newest_trajectories(connection, client).get(client)
    ended = newest is not None and newest.state == TrajectoryState.ENDED
    start = found.start(known)
    interrupted = start is None
    if start is not None and newest is not None and not ended:
        held = {NEW if start == known.right_from else CONTINUE} if known.right_from in before else set()
        return start, _decided_before(client, known, held | _taken_up(connection, newest, known), decided)
    if not interrupted and not ended:
        raise Refused(f"The right of {client} was not interrupted: its six months count from {known.right_from}.")
    if not interrupted and decided == NEW:
        raise Refused(
            f"The register shows no new right of {client}: import the new recht_vanaf, or --continue the old months."
        )
    if not interrupted:  # ended early, a mandate revoked or a move, while the right went on
        assert newest is not None
        start = before.get(known.right_from, known.right_from)
        _open_next(connection, newest, start, why, actor, now)
        return start, True
    start = known.right_from
    if decided == CONTINUE:
        # The last that was said of the earlier right: a first day that was corrected meanwhile is not it.
        start = next((day for day in reversed(found.starts[client]) if day < known.right_from), known.right_from)
        start = before.get(start, start)
    if decided == CONTINUE and start == known.right_from:
        raise Refused(f"The register knows no earlier right of {client}: nothing to continue.")
    at = now.isoformat(timespec="seconds")
    row = {
        "client": client,
        "right_from": known.right_from,
        "decided": decided,
        "period_from": start,
        "why": why,
        "decided_by": actor,
        "decided_at": at,
    }
    connection.execute(period_decisions.insert(), row)
    if ended and newest is not None:
        _open_next(connection, newest, start, why, actor, now)
    subject = {"client": client, "right_from": str(known.right_from), "decided": decided, "period_from": str(start)}
    audit.append(connection, now, actor, "period_decided", subject)
    return start, True


def _open_next(connection: Connection, newest: Trajectory, start: date, why: str, actor: str, now: datetime) -> None:
    opened = {
        "client": newest.client,
        "number": newest.number + 1,
        "opened_on": start,
        "why": why,
        "opened_by": actor,
        "opened_at": now.isoformat(timespec="seconds"),
        "state": TrajectoryState.OPEN,
    }
    connection.execute(trajectories.insert(), opened)
    subject = {"client": newest.client, "trajectory": newest.number + 1, "from": str(start)}
    audit.append(connection, now, actor, "trajectory_opened", subject)


def _taken_up(connection: Connection, newest: Trajectory, known: Client) -> set[str]:
    """CONTINUE where the newest trajectory took an ended one up again, and no other decision followed."""
    t, d = trajectories.c, period_decisions.c
    opened = (d.decided == NEW) & (d.decided_at == t.opened_at) & (d.why == t.why)
    since = (d.right_from == known.right_from) & (d.decided_at > t.opened_at)
    other = select(d.client).where(d.client == t.client, opened | since)
    query = select(t.number).where(t.client == newest.client, t.number == newest.number, t.number > 1, ~other.exists())
    return {CONTINUE} if connection.execute(query).first() is not None else set()


def _decided_before(client: str, known: Client, held: set[str], decided: str) -> bool:
    """False when this was decided before; what else was decided stands, for months and decisions rest on it."""
    if not held:
        raise Refused(f"The right of {client} was not interrupted: its six months count from {known.right_from}.")
    if decided not in held:
        raise Conflict(
            f"For {client} it was decided before that the right from {known.right_from} is: {' and '.join(held)}, not "
            f"{decided}. What rests on that decision stays. If it was wrong: give days that are missing a ground by a "
            f"decision of their own (`ontzorgen ground add {client} --ground MAATWERK --from D --until D --decision "
            f"REF`); stop months that are too many with `ontzorgen end propose {client} --date D --reason maatwerk "
            "--why REASON`."
        )
    return False
