"""The decision what a right that arose again after an interruption means for the mandatory months."""

from dataclasses import dataclass
from datetime import date

from flows.actions.act import CASEWORK, act
from flows.office import Office
from ledgers.dossier import period_decisions


@dataclass(frozen=True, slots=True)
class PeriodDecided:
    """From which day a client's mandatory months count; not `changed` when it was decided so before."""

    client: str
    decided: str  # period_decisions.CONTINUE or NEW
    period_from: date
    changed: bool


def decide_period(office: Office, client: str, why: str, *, runs_on: bool) -> PeriodDecided:
    """Let the old months run on after an interruption, or start them anew; after an end this opens a new trajectory."""
    decided = period_decisions.CONTINUE if runs_on else period_decisions.NEW
    with act(office, *CASEWORK, said={"why": why}) as books:
        start, new = period_decisions.decide_period(books, client, decided, why, office.actor, office.now)
    return PeriodDecided(client, decided, start, new)
