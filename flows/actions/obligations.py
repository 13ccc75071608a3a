"""Acts on one fixed cost: that it is a bill of its own."""

from dataclasses import dataclass

from flows.actions.act import CASEWORK, act
from flows.office import Office
from ledgers.dossier import accepted_doubles
from ledgers.registers.staff import Role


@dataclass(frozen=True, slots=True)
class DoubleAccepted:
    """An obligation that is paid beside one that looks the same; not `changed` when that was said before."""

    obligation: str
    changed: bool


def accept_double(office: Office, code: str, why: str) -> DoubleAccepted:
    """Say that what looks like one bill is two: the obligation is paid from the next run on."""
    with act(office, *CASEWORK, Role.ADMINISTRATION, Role.FINANCE, said={"why": why}) as books:
        changed = accepted_doubles.accept(books, code, why, office.actor, office.now)
    return DoubleAccepted(code, changed)
