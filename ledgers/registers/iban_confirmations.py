"""Creditor IBANs: which may be paid, and the second person who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.registers.register import creditors_in_force
from ledgers.registers.staff import same_person
from ledgers.schema.core import creditor_ibans, iban_confirmations


@dataclass(frozen=True, slots=True)
class EnteredIban:
    """An IBAN as it was last entered for a creditor."""

    creditor: str
    iban: str
    sequence: int
    entered_by: str
    confirmed_by: str | None


def entered_ibans(connection: Connection) -> dict[tuple[str, str], EnteredIban]:
    """The newest entry of every creditor and IBAN; an older confirmation of the same IBAN no longer counts."""
    return {(row.creditor, row.iban): EnteredIban(*row) for row in connection.execute(_entered())}


@cache
def _entered() -> Select[Any]:
    e, c = creditor_ibans, iban_confirmations
    newest = (
        select(e.c.creditor, e.c.iban, func.max(e.c.sequence).label("sequence")).group_by(e.c.creditor, e.c.iban)
    ).subquery()
    return (
        select(e.c.creditor, e.c.iban, e.c.sequence, e.c.entered_by, c.c.confirmed_by)
        .join(newest, and_(*(newest.c[name] == e.c[name] for name in ("creditor", "iban", "sequence"))))
        .outerjoin(c, and_(*(c.c[name] == e.c[name] for name in ("creditor", "iban", "sequence"))))
    )


def confirmed_ibans(connection: Connection) -> frozenset[tuple[str, str]]:
    """Every (creditor, IBAN) that may be paid."""
    return frozenset(key for key, entry in entered_ibans(connection).items() if entry.confirmed_by is not None)


def confirm(
    connection: Connection, codes: Sequence[str], how: str, actor: str, now: datetime, iban: str | None = None
) -> list[tuple[EnteredIban, bool]]:
    """Confirm the newest IBAN of each creditor (or the given one); True beside those that were confirmed already.

    All or nothing: one unknown code, or one IBAN that the actor entered, and no IBAN is confirmed.
    """
    if not how.strip():
        raise Refused("Say with --how in what way the IBAN was checked (who was called back on which known number).")
    newest = creditors_in_force(connection)
    entries = entered_ibans(connection)
    chosen = []
    for code in dict.fromkeys(codes):
        if code not in newest:
            raise Refused(f"There is no creditor {code}.")
        entry = entries.get((code, iban or newest[code].iban))
        if entry is None:
            raise Refused(f"This IBAN was never entered for creditor {code}.")
        if entry.confirmed_by is None and same_person(connection, entry.entered_by, actor):
            raise Refused(f"{entry.entered_by} entered the IBAN of creditor {code}; a second person has to confirm it.")
        chosen.append(entry)
    for entry in chosen:
        if entry.confirmed_by is None:
            _store(connection, entry, how, actor, now)
    return [(entry, entry.confirmed_by is not None) for entry in chosen]


def _store(connection: Connection, entry: EnteredIban, how: str, actor: str, now: datetime) -> None:
    connection.execute(
        iban_confirmations.insert(),
        {
            "creditor": entry.creditor,
            "iban": entry.iban,
            "sequence": entry.sequence,
            "entered_by": entry.entered_by,
            "confirmed_by": actor,
            "how": how,
            "confirmed_at": now.isoformat(timespec="seconds"),
        },
    )
    # A creditor can be a private landlord: the trail keeps the key, not the account number.
    audit.append(connection, now, actor, "iban_confirmed", {"creditor": entry.creditor, "sequence": entry.sequence})
