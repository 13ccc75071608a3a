"""What the registers already say of a client otherwise, from a benefit month that is still to come."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from ledgers.registers.versions import CLIENTS, OBLIGATIONS, Register, in_force
from ledgers.schema.core import client_versions, obligation_versions
from payments.month import Month


@dataclass(frozen=True, slots=True)
class LaterChange:
    """The line of a client or vaste last (`code`) that becomes another from a month on; `fields` are those that do."""

    month: Month
    code: str
    fields: tuple[str, ...]


def later_changes(connection: Connection, client: str, month: Month) -> tuple[LaterChange, ...]:
    """Every change of a client's lines after a benefit month, in order of time; one that was overruled is none."""
    found: list[LaterChange] = []
    for register, versions in ((CLIENTS, client_versions), (OBLIGATIONS, obligation_versions)):
        v = versions.c
        later = select(v.from_month).where(v.client == client, v.from_month > month).distinct().order_by(v.from_month)
        before = month
        for after in connection.execute(later).scalars().all():
            found += _changed(connection, register, client, before, after)
            before = after
    return tuple(sorted(found, key=lambda change: (change.month, change.code)))


def _changed(
    connection: Connection, register: Register[Any], client: str, before: Month, after: Month
) -> list[LaterChange]:
    was, becomes = in_force(connection, register, before), in_force(connection, register, after)
    found = []
    for code, (_, record) in becomes.items():
        if record.client == client and code in was and was[code][1] != record:
            old = was[code][1]
            other = [f.name for f in fields(record) if getattr(old, f.name) != getattr(record, f.name)]
            found.append(LaterChange(after, code, tuple(other)))
    return found
