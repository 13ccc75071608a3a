"""The close of a month: bank equals books, and nothing is unexplained."""

from dataclasses import dataclass

from flows.actions.act import act
from flows.actions.every_gemeente import every_gemeente
from flows.office import Office
from ledgers.checks import month_close
from ledgers.checks.month_close import AccountProof
from ledgers.registers.staff import Role
from payments.month import Month


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """A closed month with the proof of every gemeente's account; `already` when it was closed before."""

    month: Month
    proofs: tuple[AccountProof, ...]
    already: bool


def close(office: Office, month: Month) -> MonthClosed:
    """Close a month of all gemeenten for good; ProofFailed with everything that stands in the way."""
    with act(office, Role.FINANCE) as books:
        gemeenten = every_gemeente(office, books)
        new = month_close.close(books, gemeenten, month, office.actor, office.now)
        proofs = tuple(month_close.prove(books, code) for code in gemeenten)
    return MonthClosed(month, proofs, already=not new)
