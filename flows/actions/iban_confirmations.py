"""The second person who says that a creditor's IBAN is right."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.actions.act import act
from flows.office import Office, UsageError
from ledgers.registers import iban_confirmations
from ledgers.registers.staff import Role


@dataclass(frozen=True, slots=True)
class IbanConfirmed:
    """An IBAN of a creditor that may be paid from now on; `already` when it could be before."""

    creditor: str
    iban: str
    already: bool


def confirm(office: Office, codes: Sequence[str], how: str, iban: str | None = None) -> tuple[IbanConfirmed, ...]:
    """Confirm the newest IBAN of each creditor, or of one creditor the IBAN named; all of them or none."""
    if iban is not None and len(codes) > 1:
        raise UsageError("--iban goes with one creditor.")
    with act(office, Role.ADMINISTRATION, Role.FINANCE, said={"how": how}) as books:
        outcome = iban_confirmations.confirm(books, codes, how, office.actor, office.now, iban)
    return tuple(IbanConfirmed(entry.creditor, entry.iban, already) for entry, already in outcome)
