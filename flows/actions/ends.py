"""Acts on the end of an ontzorgen: proposed by one person, confirmed by another, or taken back before that."""

from dataclasses import dataclass
from datetime import date

from flows.actions.act import CASEWORK, act
from flows.actions.forecasting import effect_of
from flows.actions.rules import rules_of
from flows.office import Office
from ledgers.cases import ends
from ledgers.registers.staff import Role
from payments.dossier.case import EarlyReason
from payments.dossier.ending import Obstacle
from payments.plan.plan_changes import RunEffect
from payments.states import TrajectoryState


@dataclass(frozen=True, slots=True)
class EndProposed:
    """A proposed end, and what an early one passes over; not `changed` when the very same was proposed before.

    `state` is that of the trajectory: an end that was proposed before can be confirmed meanwhile.
    """

    client: str
    last_day: date
    reason: EarlyReason | None
    state: str
    passed_over: tuple[Obstacle, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class EndConfirmed:
    """The last day on which may be paid; not `changed` when it was confirmed before."""

    client: str
    last_day: date
    changed: bool


@dataclass(frozen=True, slots=True)
class EndWithdrawn:
    """A proposal that counts no more, by its number; not `changed` when it was taken back before."""

    client: str
    proposal: int
    changed: bool


def propose(
    office: Office, client: str, last_day: date, reason: EarlyReason | None = None, why: str = ""
) -> EndProposed:
    """Propose to end; refused with everything that is still missing, unless an early reason applies."""
    found, new = _propose(office, client, last_day, reason, why)
    state = TrajectoryState.END_PROPOSED if new else found.case.stored_state
    return EndProposed(client, last_day, reason, state, found.obstacles, new)


def effect_once_confirmed(
    office: Office, client: str, last_day: date, reason: EarlyReason | None = None, why: str = ""
) -> tuple[RunEffect, ...]:
    """What a proposal does to the next run once somebody else agreed, for by itself it changes none; nothing is stored.

    Refused where the proposal is, and where one that was made before could not be confirmed any more.
    """

    def proposal(at: Office) -> None:
        found, _ = _propose(at, client, last_day, reason, why)
        ends.require_still_in_place(found)

    return effect_of(office, proposal, ended={client: last_day})


def _propose(
    office: Office, client: str, last_day: date, reason: EarlyReason | None, why: str
) -> tuple[ends.Standing, bool]:
    with act(office, Role.CASE_DIRECTOR, said={"why": why}) as books:
        return ends.propose(books, client, last_day, reason, why, rules_of(office), office.actor, office.now)


def confirm(office: Office, client: str) -> EndConfirmed:
    """Confirm a proposed end as a second person; nothing is paid on an execution date after it."""
    with act(office, Role.CONSULTANT) as books:
        found, new = ends.confirm(books, client, rules_of(office), office.actor, office.now)
    assert found.case.proposal is not None  # without one there is nothing to confirm
    return EndConfirmed(client, found.case.proposal.end_date, new)


def withdraw(office: Office, client: str, why: str) -> EndWithdrawn:
    """Take a proposed end back before it is confirmed."""
    with act(office, *CASEWORK, said={"why": why}) as books:
        number, new = ends.withdraw(books, client, why, office.actor, office.now)
    return EndWithdrawn(client, number, new)
