"""The registers as they stand for a month, and the benefit records, to which lines are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from ledgers.errors import Conflict
from ledgers.journal import audit
from ledgers.journal.posting import in_parts, insert_rows, row_of
from ledgers.registers.versions import CLIENTS, CREDITORS, OBLIGATIONS, in_force
from ledgers.schema.core import benefit_records, imports
from payments.intake.dated_versions import ALWAYS, Left
from payments.money import format_amount
from payments.month import Month
from payments.parties import BenefitRecord, Client, Component, Creditor, DeductionKind, Obligation

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
    left: tuple[Left, ...] = ()  # versions entered for a later month that say otherwise: they stay


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


def claim_import(
    connection: Connection,
    kind: InputKind,
    sha256: str,
    from_month: Month,
    lines: int,
    changed: int,
    actor: str,
    now: datetime,
    *,
    dated: bool = False,
) -> int:
    """Give a file its number; `dated` when somebody said from which month it holds. The key refuses it twice."""
    import_id = (connection.execute(select(func.max(imports.c.import_id))).scalar() or 0) + 1
    row = {
        "import_id": import_id,
        "kind": kind,
        "sha256": sha256,
        "from_month": from_month,
        "dated": dated,
        "lines": lines,
        "changed": changed,
        "imported_by": actor,
        "imported_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(imports.insert(), row)
    return import_id


def trail_import(
    connection: Connection,
    import_id: int,
    kind: InputKind,
    sha256: str,
    from_month: Month,
    changed: int,
    actor: str,
    now: datetime,
) -> None:
    """Tell the audit trail of an import."""
    subject = {"import": import_id, "kind": kind, "sha256": sha256, "from": from_month, "changed": changed}
    audit.append(connection, now, actor, "imported", subject)


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
        import_id = claim_import(connection, InputKind.BENEFITS, sha256, ALWAYS, len(records), len(new), actor, now)
    else:  # a file with other people's lines: it holds more of our clients now than when it was first read
        import_id = seen
    insert_rows(connection, benefit_records, (row_of(record) | {"import_id": import_id} for record in new))
    trail_import(connection, import_id, InputKind.BENEFITS, sha256, ALWAYS, len(new), actor, now)
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
    deduction = DeductionKind(row.deduction) if row.deduction else None
    return BenefitRecord(row.reference, row.client, row.month, component, row.amount_cents, row.suspended, deduction)


def _difference(new: BenefitRecord, old: BenefitRecord) -> str:
    fields = [name for name in BenefitRecord.__dataclass_fields__ if getattr(new, name) != getattr(old, name)]
    told = ", ".join(
        f"{name.removesuffix('_cents')} {_shown(old, name)} in the books, {_shown(new, name)} in the file"
        for name in fields
    )
    return f"{new.reference}: {told}"


def _shown(record: BenefitRecord, name: str) -> str:
    value = getattr(record, name)
    return f"EUR {format_amount(value)}" if name.endswith("_cents") else str(value)


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
