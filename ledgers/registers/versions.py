"""The dated versions of the registers: which one counts for a benefit month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, exists, func, select

from ledgers.schema.core import (
    client_versions,
    clients,
    creditor_versions,
    creditors,
    obligation_versions,
    obligations,
)
from payments.month import Month
from payments.parties import Category, Client, Creditor, Frequency, Obligation, ResidenceGround
from payments.references import ReferenceType

R = TypeVar("R", Client, Creditor, Obligation)


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
    v = register.versions.c
    names = [field.name for field in fields(register.record)]
    query = _counting(register, month, v.sequence, *(v[name] for name in names))
    if gemeente is not None:
        query = query.where(v.client.in_(clients_of(gemeente, month)))
    build = _builder(register.record, names)
    return {values[0]: (sequence, build(values)) for sequence, *values in connection.execute(query).all()}


def clients_of(gemeente: str, month: Month) -> Select[tuple[str]]:
    """The klantnummers of a gemeente for a benefit month, as a query."""
    c = client_versions.c
    return _counting(CLIENTS, month, c.client).where(c.gemeente == gemeente)


def _counting(register: Register[Any], month: Month, *columns: Any) -> Select[Any]:
    v, later = register.versions.c, register.versions.alias("later").c
    # No join with the highest sequences: PostgreSQL would expect one row of it, and look through all again for each.
    overruled = exists().where(
        later[register.key] == v[register.key], later.sequence > v.sequence, later.from_month <= month
    )
    return select(*columns).where(v.from_month <= month, ~overruled)


def _builder(record: type[R], names: Sequence[str]) -> Callable[[list[Any]], R]:
    coded = [(place, _CODED[name]) for place, name in enumerate(names) if name in _CODED]

    def build(values: list[Any]) -> R:
        for place, code in coded:
            values[place] = code(values[place])
        return record(*values)

    return build


def last_sequences(connection: Connection, register: Register[Any]) -> dict[str, int]:
    """The number of versions of every code."""
    key = register.versions.c[register.key]
    rows = connection.execute(select(key, func.max(register.versions.c.sequence)).group_by(key)).all()
    return {code: int(sequence) for code, sequence in rows}
