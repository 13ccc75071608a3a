"""The dated versions of the registers: which one counts for a benefit month.

The same rule as payments/intake/dated_versions.py, as a query: the latest first month, and of the same one the newest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic

from sqlalchemy import Connection, Select, Table, and_, exists, or_, select

from ledgers.schema.core import (
    client_versions,
    clients,
    creditor_versions,
    creditors,
    imports,
    obligation_versions,
    obligations,
)
from payments.intake.dated_versions import R, Version
from payments.month import Month
from payments.parties import Category, Client, Creditor, Frequency, Obligation, ResidenceGround
from payments.references import ReferenceType


@dataclass(frozen=True, slots=True)
class Register(Generic[R]):
    """A register in the books; the first field of its record is its key."""

    key: str
    identities: Table
    versions: Table
    record: type[R]


CREDITORS = Register("creditor", creditors, creditor_versions, Creditor)
CLIENTS = Register("client", clients, client_versions, Client)
OBLIGATIONS = Register("obligation", obligations, obligation_versions, Obligation)
_CODED: dict[str, type[StrEnum]] = {
    "category": Category,
    "frequency": Frequency,
    "reference_type": ReferenceType,
    "residence_ground": ResidenceGround,
}


def in_force(
    connection: Connection, register: Register[R], month: Month, gemeente: str | None = None
) -> dict[str, tuple[int, R]]:
    """Code -> (sequence, record) of the version that counts for a benefit month.

    With a gemeente only what belongs to the clients that live there by that version.
    """
    names = [field.name for field in fields(register.record)]
    rows = connection.execute(_in_force(register, month, gemeente)).all()
    build = _builder(register.record, names)
    return {values[0]: (sequence, build(values)) for sequence, *values in rows}


@lru_cache(maxsize=100)  # a run asks for the same few months again and again, and it is slow to word
def _in_force(register: Register[Any], month: Month, gemeente: str | None) -> Select[Any]:
    v = register.versions.c
    query = _counting(register, month, v.sequence, *(v[field.name] for field in fields(register.record)))
    return query if gemeente is None else query.where(v.client.in_(clients_of(gemeente, month)))


@lru_cache(maxsize=100)
def clients_of(gemeente: str, month: Month) -> Select[tuple[str]]:
    """The klantnummers of a gemeente for a benefit month, as a query."""
    c = client_versions.c
    return _counting(CLIENTS, month, c.client).where(c.gemeente == gemeente)


def homes(month: Month) -> Select[tuple[str, str]]:
    """Every klantnummer with the gemeente where that client lives for a benefit month, as a query."""
    return _counting(CLIENTS, month, client_versions.c.client, client_versions.c.gemeente)


def _counting(register: Register[Any], month: Month, *columns: Any) -> Select[Any]:
    v, later = register.versions.c, register.versions.alias("later").c
    # No join with the highest sequences: PostgreSQL would expect one row of it, and look through all again for each.
    overruled = exists().where(
        later[register.key] == v[register.key],
        later.from_month <= month,
        or_(
            later.from_month > v.from_month,
            and_(later.from_month == v.from_month, later.sequence > v.sequence),
        ),
    )
    return select(*columns).where(v.from_month <= month, ~overruled)


def _builder(record: type[R], names: Sequence[str]) -> Callable[[list[Any]], R]:
    coded = [(place, _CODED[name]) for place, name in enumerate(names) if name in _CODED]

    def build(values: list[Any]) -> R:
        for place, code in coded:
            values[place] = code(values[place])
        return record(*values)

    return build


def first_months(connection: Connection, register: Register[Any], month: Month) -> dict[str, Month]:
    """Code -> first month of the version that counts for a benefit month."""
    v = register.versions.c
    return dict(connection.execute(_counting(register, month, v[register.key], v.from_month)).all())


def histories(
    connection: Connection,
    register: Register[R],
    client: str | None = None,
    *,
    codes: Sequence[str] | None = None,
    changed: bool = False,
) -> dict[str, list[Version[R]]]:
    """Every version of every line, by code; of one client, some codes, or lines that became another from a month on."""
    v = register.versions.c
    names = [field.name for field in fields(register.record)]
    query = select(v.from_month, v.sequence, imports.c.dated, *(v[name] for name in names))
    query = query.join(imports, imports.c.import_id == v.import_id).order_by(v[register.key], v.sequence)
    if client is not None:
        query = query.where(v.client == client)
    if codes is not None:
        query = query.where(v[register.key].in_(codes))
    if changed:
        later = register.versions.alias("later").c
        query = query.where(v[register.key].in_(select(later[register.key]).where(later.from_month != "")))
    build = _builder(register.record, names)
    found: dict[str, list[Version[R]]] = {}
    for from_month, sequence, dated, *values in connection.execute(query):
        found.setdefault(values[0], []).append(Version(from_month, sequence, build(values), dated=dated))
    return found
