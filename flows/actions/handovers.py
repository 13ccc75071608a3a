"""Acts on who pays one fixed cost: given to the client, taken back, and the client's own payment as it was seen."""

from dataclasses import dataclass

from flows.actions.act import CASEWORK, act
from flows.office import Office
from ledgers.dossier import handovers
from payments.dossier.case import Method
from payments.month import Month


@dataclass(frozen=True, slots=True)
class HandedOver:
    """From which covered month the client pays; not `changed` when it was agreed so before.

    `overlap` is our own last month where that is not before it.
    """

    obligation: str
    first_own: Month
    method: Method
    changed: bool
    overlap: Month | None


@dataclass(frozen=True, slots=True)
class HandoverTakenBack:
    """From which covered month we pay again; not `changed` when it was agreed so before.

    `overlap` is the last of the client's own months that we paid all the same.
    """

    obligation: str
    back_from: Month
    changed: bool
    overlap: Month | None


@dataclass(frozen=True, slots=True)
class OwnPaymentSeen:
    """Whether the client paid a covered month alone; not `changed` when it was seen so before."""

    obligation: str
    covers: Month
    paid: bool
    changed: bool


def hand_over(office: Office, obligation: str, first_own: Month, method: Method, why: str = "") -> HandedOver:
    """Give a fixed cost to the client from a covered month on; otherwise than agreed before asks for a reason."""
    with act(office, *CASEWORK, said={"why": why}) as books:
        new, ours = handovers.hand_over(books, obligation, first_own, method, why, office.actor, office.now)
    return HandedOver(obligation, first_own, method, new, ours)


def take_back(office: Office, obligation: str, back_from: Month, why: str) -> HandoverTakenBack:
    """Pay a fixed cost again from a covered month on; the client's own months before it stay the client's."""
    with act(office, *CASEWORK, said={"why": why}) as books:
        new, both = handovers.take_back(books, obligation, back_from, why, office.actor, office.now)
    return HandoverTakenBack(obligation, back_from, new, both)


def record_own_payment(office: Office, obligation: str, covers: Month, why: str = "", *, paid: bool) -> OwnPaymentSeen:
    """Record whether the client paid one covered month alone; otherwise than seen before asks for a reason."""
    with act(office, *CASEWORK, said={"why": why}) as books:
        new = handovers.record_proof(books, obligation, covers, paid, why, office.actor, office.now)
    return OwnPaymentSeen(obligation, covers, paid, new)
