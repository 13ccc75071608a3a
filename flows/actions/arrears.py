"""Look at what creditors are still owed, by the registers of today."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.actions.rules import rules_of
from flows.office import Office
from ledgers.cases import reviews
from ledgers.cases.arrears_reader import paid_so_far
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.registers.register import creditors_in_force
from payments.dossier.arrears import Arrear, arrears
from payments.month import month_of
from payments.parties import Creditor


@dataclass(frozen=True, slots=True)
class Owed:
    """The arrears of one creditor or of all, with who the creditors are."""

    items: tuple[Arrear, ...]
    creditors: Mapping[str, Creditor]


def arrears_of(office: Office, creditor: str | None = None) -> Owed:
    """What is owed to one creditor, or to every one; Refused for a stranger."""
    rules, now = rules_of(office), month_of(office.today)
    with reading(office.engine) as connection:
        creditors = creditors_in_force(connection, now)
        if creditor is not None and creditor not in creditors:
            raise Refused(f"There is no creditor {creditor} in the register.")
        files = reviews.read_files(connection, rules, month=now)
        books = paid_so_far(connection)
    looks = [reviews.look(files, client, rules, office.today) for client in files.cases]
    found = arrears(looks, books, office.today)
    return Owed(tuple(item for item in found if creditor in (None, item.creditor)), creditors)
