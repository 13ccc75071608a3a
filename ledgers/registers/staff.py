"""Who works here and in which role; every change of the books asks this first."""

from collections.abc import Sequence
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import Connection, select

from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.journal.roles import SYSTEM, Role, require, roles_of
from ledgers.schema.core import staff, staff_persons

__all__ = ["SYSTEM", "Role", "add", "person_key", "person_of", "require", "roles_of", "same_person"]

LONGEST_NAME = 40


def person_key(name: str) -> str:
    """The same for names that differ only in case, outer space or the way Unicode writes them."""
    return normalize("NFKC", normalize("NFKC", name).strip().casefold())


def person_of(connection: Connection, user: str) -> str:
    """The human being behind an account: as was told when it was added, else the name itself."""
    told: dict[str, str] = {
        person_key(row.user_name): row.person
        for row in connection.execute(select(staff_persons.c.user_name, staff_persons.c.person))
    }
    return told.get(person_key(user), person_key(user))


def same_person(connection: Connection, one: str, other: str) -> bool:
    """Whether two accounts are one pair of eyes."""
    return one == other or person_of(connection, one) == person_of(connection, other)


def add(
    connection: Connection, user: str, roles: Sequence[Role], actor: str, now: datetime, person: str | None = None
) -> tuple[Role, ...]:
    """Give a person roles and return the new ones; open to anyone while nobody has `beheer`, then to `beheer` only.

    `person` is a key that all accounts of one human being share; once told, it stays.
    """
    _refuse_odd_name(user)
    if connection.execute(select(staff.c.user_name).where(staff.c.role == Role.MANAGEMENT).limit(1)).first():
        require(connection, actor, Role.MANAGEMENT)
    new = tuple(role for role in dict.fromkeys(roles) if role not in roles_of(connection, user))
    at = now.isoformat(timespec="seconds")
    told = _tell_person(connection, user, person, actor, at)
    if new:
        connection.execute(
            staff.insert(), [{"user_name": user, "role": r, "added_by": actor, "added_at": at} for r in new]
        )
    if new or told:
        audit.append(connection, now, actor, "staff_added", {"user": user, "roles": sorted(new)})
    return new


def _refuse_odd_name(user: str) -> None:
    if not user.strip() or len(user) > LONGEST_NAME:
        raise Refused(f"A user name has 1 to {LONGEST_NAME} characters.")
    if person_key(user) == SYSTEM:
        raise Refused(f"{SYSTEM} is the name of the scheduled run and cannot be a person.")


def _tell_person(connection: Connection, user: str, person: str | None, actor: str, at: str) -> bool:
    if person is None:
        return False
    key = person_key(person)
    if not key or len(key) > LONGEST_NAME:
        raise Refused(f"The key of a person has 1 to {LONGEST_NAME} characters.")
    row = connection.execute(select(staff_persons.c.person).where(staff_persons.c.user_name == user)).first()
    if row is not None and row.person != key:
        raise Conflict(f"{user} is the account of {row.person}, not of {key}. Another person gets another account.")
    if row is None:
        told = {"user_name": user, "person": key, "added_by": actor, "added_at": at}
        connection.execute(staff_persons.insert(), told)
    return row is None
