"""Roles, and who has them: what every decision is asked before it counts."""

from enum import StrEnum

from sqlalchemy import Connection, select

from ledgers.errors import Refused
from ledgers.schema.core import staff

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
