"""The act of recording what happened in a client's life."""

from dataclasses import dataclass
from datetime import date

from flows.actions.act import CASEWORK, act
from flows.office import Office
from ledgers.dossier import grounds_and_holds, trajectories
from ledgers.registers.staff import Role
from payments.dossier.case import EventKind


@dataclass(frozen=True, slots=True)
class EventRecorded:
    """What happened to a client on a day; not `recorded` when the very same was recorded before."""

    client: str
    kind: EventKind
    on: date
    recorded: bool


def record_event(
    office: Office, client: str, kind: EventKind, on: date, why: str, decision: str | None = None
) -> EventRecorded:
    """Record an event; it counts from the next run on, and a suspension or a death holds the payments at once."""
    with act(office, *CASEWORK, Role.ADMINISTRATION, said={"why": why, "decision": decision}) as books:
        new = trajectories.record_event(books, client, kind, on, why, decision, office.actor, office.now)
        if new:
            grounds_and_holds.hold_for_event(books, client, kind, why, office.actor, office.now)
    return EventRecorded(client, kind, on, new)
