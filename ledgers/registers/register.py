"""The registers and the benefit records: dated versions are added, never changed.

A version holds for benefit months from its `from_month` (empty: always). Of the versions that hold for a month, the
one recorded last counts, so a later import overrules an earlier one from its own month on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from ledgers.errors import Conflict
from ledgers.journal import audit
from ledgers.journal.posting import in_parts, insert_rows, row_of
from ledgers.registers.versions import CLIENTS, CREDITORS, OBLIGATIONS, Register, in_force, last_sequences
from ledgers.schema.core import benefit_records, creditor_ibans, creditor_versions, imports, obligations
from payments.month import Month
from payments.parties import BenefitRecord, Client, Component, Creditor, Obligation

ALWAYS: Month = ""
LATEST: Month = "9999-99"
Record = Creditor | Client | Obligation


class InputKind(StrEnum):
    """What a file holds."""

    CREDITORS = "creditors"
    CLIENTS = "clients"
    OBLIGATIONS = "obligations"
    BENEFITS = "benefits"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `already` when the very same file changes nothing any more."""

    kind: InputKind
    already: bool
    lines: int
    new: int
    changed: int
    unchanged: int
    gone: tuple[str, ...] = ()  # codes in the books that the file no longer has: reported, never deleted


_REGISTERS: dict[InputKind, Register[Any]] = {
    InputKind.CREDITORS: CREDITORS,
    InputKind.CLIENTS: CLIENTS,
    InputKind.OBLIGATIONS: OBLIGATIONS,
}


def creditors_in_force(connection: Connection, month: Month = LATEST) -> dict[str, Creditor]:
    """The creditors as they stand for a benefit month, by code."""
    return {code: record for code, (_, record) in in_force(connection, CREDITORS, month).items()}


def clients_in_force(connection: Connection, month: Month = LATEST, gemeente: str | None = None) -> dict[str, Client]:
    """The clients (of one gemeente) as they stand for a benefit month, by klantnummer."""
    return {code: record for code, (_, record) in in_force(connection, CLIENTS, month, gemeente).items()}


def obligations_in_force(
    connection: Connection, month: Month = LATEST, gemeente: str | None = None
) -> dict[str, Obligation]:
    """The obligations (of one gemeente's clients) as they stand for a benefit month, by code."""
    return {code: record for code, (_, record) in in_force(connection, OBLIGATIONS, month, gemeente).items()}


def accept_register(
    connection: Connection,
    kind: InputKind,
    sha256: str,
    records: Sequence[Record],
    from_month: Month,
    actor: str,
    now: datetime,
) -> Imported:
    """Add what is new or changed in a register file; Conflict when an older file would undo a newer one."""
    register = _REGISTERS[kind]
    known = in_force(connection, register, from_month)
    last = last_sequences(connection, register)
    new, changed = [], []
    for record in records:
        code: str = getattr(record, register.key)
        if code not in last:
            new.append(record)
        elif code not in known or known[code][1] != record:
            changed.append(record)
    given = {getattr(record, register.key) for record in records}
    gone = tuple(sorted(set(last) - given))
    seen = (
        connection.execute(select(imports.c.from_month).where(imports.c.kind == kind, imports.c.sha256 == sha256))
        .scalars()
        .all()
    )
    result = Imported(
        kind,
        bool(seen) and not new and not changed,
        len(records),
        len(new),
        len(changed),
        len(records) - len(new) - len(changed),
        gone,
    )
    if result.already:
        return result
    if from_month in seen:
        codes = ", ".join(sorted(getattr(record, register.key) for record in changed)[:10])
        raise Conflict(
            f"This very file was imported before with --from {from_month}; a newer import has changed {codes} since. "
            "Importing it again would undo that: give a file with the lines as they should be, or another --from."
        )
    _refuse_new_owner(kind, changed, connection)
    import_id = _claim_import(connection, kind, sha256, from_month, len(records), len(new) + len(changed), actor, now)
    if new:
        insert_rows(connection, register.identities, (_identity(register, record) for record in new))
    versions = [(record, ALWAYS, 1) for record in new]
    versions += [(record, from_month, last[getattr(record, register.key)] + 1) for record in changed]
    insert_rows(
        connection,
        register.versions,
        (row_of(r) | {"sequence": n, "from_month": m, "import_id": import_id} for r, m, n in versions),
    )
    if kind is InputKind.CREDITORS:
        _enter_ibans(connection, [*new, *changed], known, from_month, actor, now)
    _trail(connection, import_id, kind, sha256, from_month, len(new) + len(changed), actor, now)
    return result


def _identity(register: Register[Any], record: Record) -> dict[str, str]:
    return {column.name: getattr(record, column.name) for column in register.identities.columns}


def _refuse_new_owner(kind: InputKind, changed: Iterable[Record], connection: Connection) -> None:
    if kind is not InputKind.OBLIGATIONS:
        return
    owners = dict(connection.execute(select(obligations.c.obligation, obligations.c.client)).all())
    moved = [r for r in changed if isinstance(r, Obligation) and owners[r.obligation] != r.client]
    if moved:
        lines = "; ".join(f"{r.obligation} belongs to {owners[r.obligation]}, not {r.client}" for r in moved[:10])
        raise Conflict(f"A vaste last stays with its client: {lines}. Give the other client's a code of its own.")


def _claim_import(
    connection: Connection,
    kind: InputKind,
    sha256: str,
    from_month: Month,
    lines: int,
    changed: int,
    actor: str,
    now: datetime,
) -> int:
    import_id = (connection.execute(select(func.max(imports.c.import_id))).scalar() or 0) + 1
    row = {
        "import_id": import_id,
        "kind": kind,
        "sha256": sha256,
        "from_month": from_month,
        "lines": lines,
        "changed": changed,
        "imported_by": actor,
        "imported_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(imports.insert(), row)
    return import_id


def _trail(
    connection: Connection,
    import_id: int,
    kind: InputKind,
    sha256: str,
    from_month: Month,
    changed: int,
    actor: str,
    now: datetime,
) -> None:
    subject = {"import": import_id, "kind": kind, "sha256": sha256, "from": from_month, "changed": changed}
    audit.append(connection, now, actor, "imported", subject)


def _enter_ibans(
    connection: Connection,
    records: Iterable[Record],
    known: Mapping[str, tuple[int, Record]],
    from_month: Month,
    actor: str,
    now: datetime,
) -> None:
    """Enter each new or changed IBAN as unconfirmed, also one that was confirmed long ago and now comes back.

    It comes back too where this version overrules one with another IBAN that was to hold from a later month.
    """
    v = creditor_versions.c
    standing: dict[str, set[str]] = defaultdict(set)
    for creditor, iban in connection.execute(select(v.creditor, v.iban).where(v.from_month > from_month)):
        standing[creditor].add(iban)
    for creditor, (_, before) in known.items():
        if isinstance(before, Creditor):
            standing[creditor].add(before.iban)
    entered = connection.execute(
        select(creditor_ibans.c.creditor, creditor_ibans.c.iban, func.max(creditor_ibans.c.sequence)).group_by(
            creditor_ibans.c.creditor, creditor_ibans.c.iban
        )
    )
    last = {(creditor, iban): int(sequence) for creditor, iban, sequence in entered}
    rows = []
    for record in records:
        if not isinstance(record, Creditor) or standing[record.creditor] == {record.iban}:
            continue
        rows.append(
            {
                "creditor": record.creditor,
                "iban": record.iban,
                "sequence": last.get((record.creditor, record.iban), 0) + 1,
                "entered_by": actor,
                "entered_at": now.isoformat(timespec="seconds"),
            }
        )
    insert_rows(connection, creditor_ibans, rows)


def accept_benefits(
    connection: Connection, sha256: str, records: Sequence[BenefitRecord], actor: str, now: datetime
) -> Imported:
    """Add benefit lines that the books do not have; Conflict when one is known with another content."""
    known = _known_benefits(connection, [record.reference for record in records])
    new = [record for record in records if record.reference not in known]
    different = [r for r in records if r.reference in known and known[r.reference] != r]
    if different:
        told = "; ".join(_difference(r, known[r.reference]) for r in different[:10])
        raise Conflict(
            f"{len(different)} benefit line(s) are in the books with another content: {told}. A granted line is never "
            "changed: have the benefits office give the correction a reference and component of its own."
        )
    _refuse_second_regular(connection, new)
    seen = connection.execute(
        select(imports.c.import_id).where(imports.c.kind == InputKind.BENEFITS, imports.c.sha256 == sha256)
    ).scalar()
    result = Imported(
        InputKind.BENEFITS, seen is not None and not new, len(records), len(new), 0, len(records) - len(new)
    )
    if result.already:
        return result
    if seen is None:
        import_id = _claim_import(connection, InputKind.BENEFITS, sha256, ALWAYS, len(records), len(new), actor, now)
    else:  # a file with other people's lines: it holds more of our clients now than when it was first read
        import_id = seen
    insert_rows(connection, benefit_records, (row_of(record) | {"import_id": import_id} for record in new))
    _trail(connection, import_id, InputKind.BENEFITS, sha256, ALWAYS, len(new), actor, now)
    return result


def _known_benefits(connection: Connection, references: Sequence[str]) -> dict[str, BenefitRecord]:
    known = {}
    for part in in_parts(references):
        for row in connection.execute(select(benefit_records).where(benefit_records.c.reference.in_(part))).all():
            known[row.reference] = benefit_from(row)
    return known


def benefit_from(row: Row[Any]) -> BenefitRecord:
    """Build a benefit record from its row."""
    component = Component(row.component)
    return BenefitRecord(row.reference, row.client, row.month, component, row.amount_cents, row.suspended)


def _difference(new: BenefitRecord, old: BenefitRecord) -> str:
    fields = [name for name in BenefitRecord.__dataclass_fields__ if getattr(new, name) != getattr(old, name)]
    told = ", ".join(f"{name} {getattr(old, name)} in the books, {getattr(new, name)} in the file" for name in fields)
    return f"{new.reference}: {told}"


def _refuse_second_regular(connection: Connection, records: Sequence[BenefitRecord]) -> None:
    regular = {(r.client, r.month): r.reference for r in records if r.component is Component.REGULAR}
    months = {month for _, month in regular}
    rows = connection.execute(
        select(benefit_records.c.client, benefit_records.c.month, benefit_records.c.reference).where(
            benefit_records.c.component == Component.REGULAR, benefit_records.c.month.in_(months)
        )
    )
    double = [f"{regular[c, m]} beside {old} for client {c} in {m}" for c, m, old in rows if (c, m) in regular]
    if double:
        raise Conflict(
            f"{len(double)} client(s) would get a second regular benefit of the same month: {'; '.join(double[:10])}. "
            "Ask the benefits office which line holds; an addition has component aanvulling."
        )
