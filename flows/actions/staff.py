"""Who works here: an account gets its roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.actions.act import transaction
from flows.office import Office
from ledgers.registers import staff
from ledgers.registers.staff import Role


@dataclass(frozen=True, slots=True)
class StaffAdded:
    """The roles that an account did not have before; none when it had them all."""

    user: str
    added: tuple[Role, ...]


def add_staff(office: Office, user: str, roles: Sequence[Role], person: str | None = None) -> StaffAdded:
    """Give an account roles; open to anyone while nobody has `beheer`, to `beheer` alone after that."""
    with transaction(office) as books:
        added = staff.add(books, user, roles, office.actor, office.now, person)
    return StaffAdded(user, added)
