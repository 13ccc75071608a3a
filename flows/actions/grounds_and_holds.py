"""Acts on the ground of one client's payments: a legal ground by decision, a hold, and its lifting."""

from dataclasses import dataclass
from datetime import date

from flows.actions.act import CASEWORK, act
from flows.actions.rules import ground_limits
from flows.office import Office
from ledgers.dossier import grounds_and_holds
from ledgers.registers.staff import Role
from payments.plan.grounds import Segment

MAY_HOLD = (*CASEWORK, Role.ADMINISTRATION, Role.FINANCE)


@dataclass(frozen=True, slots=True)
class GroundAdded:
    """A legal ground of a client; not `added` when it was there already."""

    client: str
    segment: Segment
    added: bool


@dataclass(frozen=True, slots=True)
class HoldSet:
    """Whether a client is on hold; not `changed` when it was so already, for the same reason."""

    client: str
    on_hold: bool
    changed: bool


def add_ground(office: Office, client: str, segment: Segment, reassess_on: date | None) -> GroundAdded:
    """Add a legal ground by decision; grounds may not overlap."""
    with act(office, *CASEWORK, said={"decision": segment.decision}) as books:
        added = grounds_and_holds.add_ground(
            books, client, segment, ground_limits(office), office.actor, office.now, reassess_on
        )
    return GroundAdded(client, segment, added)


def hold(office: Office, client: str, why: str) -> HoldSet:
    """Hold every payment in a client's name from the next run on."""
    return _set(office, client, why, on_hold=True)


def unhold(office: Office, client: str, why: str) -> HoldSet:
    """Lift a hold; what was missed is paid by the next run of its month."""
    return _set(office, client, why, on_hold=False)


def _set(office: Office, client: str, why: str, *, on_hold: bool) -> HoldSet:
    with act(office, *MAY_HOLD, said={"why": why}) as books:
        changed = grounds_and_holds.set_hold(books, client, on_hold, why, office.actor, office.now)
    return HoldSet(client, on_hold, changed)
