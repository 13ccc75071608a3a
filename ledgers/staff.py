"""Who works here and in which role; every change of the books asks this first."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from ledgers import audit
from ledgers.errors import Refused
from ledgers.tables import staff

LONGEST_NAME = 40
SYSTEM = "systeem"  # the maker of a scheduled run


class Role(StrEnum):
    """What a person may do; one person can have several, but is never the second pair of eyes on their own work."""

    ADMINISTRATION = "administratie"
    FINANCE = "finance"
    APPROVER = "fiatteur"
    CASE_DIRECTOR = "regievoerder"
    CONSULTANT = "consulent"
    MANAGEMENT = "beheer"
    READER = "inzage"


def roles_of(connection: Connection, user: str) -> frozenset[str]:
    """The roles a person has; empty for a stranger."""
    return frozenset(connection.execute(select(staff.c.role).where(staff.c.user_name == user)).scalars())


def require(connection: Connection, actor: str, *allowed: Role) -> None:
    """Refuse unless the actor has one of these roles; `systeem` may do what finance may."""
    if actor == SYSTEM and Role.FINANCE in allowed:
        return
    if not roles_of(connection, actor) & set(allowed):
        wanted = " or ".join(allowed)
        raise Refused(f"{actor} may not do this: it needs the role {wanted}. `ontzorgen staff add` by beheer gives it.")


def add(connection: Connection, user: str, roles: Sequence[Role], actor: str, now: datetime) -> tuple[Role, ...]:
    """Give a person roles and return the new ones; open to anyone while nobody has `beheer`, then to `beheer` only."""
    if not user.strip() or len(user) > LONGEST_NAME:
        raise Refused(f"A user name has 1 to {LONGEST_NAME} characters.")
    if user == SYSTEM:
        raise Refused(f"{SYSTEM} is the name of the scheduled run and cannot be a person.")
    if connection.execute(select(staff.c.user_name).where(staff.c.role == Role.MANAGEMENT).limit(1)).first():
        require(connection, actor, Role.MANAGEMENT)
    new = tuple(role for role in dict.fromkeys(roles) if role not in roles_of(connection, user))
    if new:
        at = now.isoformat(timespec="seconds")
        connection.execute(
            staff.insert(), [{"user_name": user, "role": r, "added_by": actor, "added_at": at} for r in new]
        )
        audit.append(connection, now, actor, "staff_added", {"user": user, "roles": sorted(new)})
    return new
