"""A register file against the books: compared, then stored as dated versions; nothing is changed or removed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ledgers.errors import Conflict
from ledgers.journal.posting import insert_rows, row_of
from ledgers.registers.register import Imported, InputKind, Record, claim_import, trail_import
from ledgers.registers.versions import CLIENTS, CREDITORS, OBLIGATIONS, Register, histories
from ledgers.schema.core import creditor_ibans, imports, obligations
from payments.intake.dated_versions import ALWAYS, Compared, Version, compare, counting
from payments.month import Month
from payments.parties import Creditor, Obligation

_REGISTERS: dict[InputKind, Register[Any]] = {
    InputKind.CREDITORS: CREDITORS,
    InputKind.CLIENTS: CLIENTS,
    InputKind.OBLIGATIONS: OBLIGATIONS,
}


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A register file as it was read.

    `from_month` is the month it was given for, as it was said (`dated`) or as it is by default; `firsts` the first
    benefit month of single lines where that differs.
    """

    kind: InputKind
    sha256: str
    records: Sequence[Record]
    from_month: Month
    dated: bool = True
    firsts: Mapping[str, Month] | None = None

    def first(self, code: str) -> Month:
        """The first benefit month of a line."""
        return self.from_month if self.firsts is None else self.firsts.get(code, self.from_month)


@dataclass(frozen=True, slots=True)
class Pending:
    """What storing a file would do, before it does."""

    file: RegisterFile
    known: Mapping[str, Sequence[Version[Any]]]
    compared: Compared[Any]
    result: Imported


def compare_register(connection: Connection, file: RegisterFile) -> Pending:
    """Find what is new or changed in a register file."""
    register = _REGISTERS[file.kind]
    known = histories(connection, register)
    lines = [(code := _code(register, record), record, file.first(code)) for record in file.records]
    announced = file.kind is InputKind.OBLIGATIONS and not file.dated
    found = compare(lines, known, announced=announced)
    seen = connection.execute(select(imports.c.import_id).where(*_same(file))).first()
    new, changed = len(found.new), len(found.changed)
    result = Imported(
        kind=file.kind,
        already=seen is not None and not new and not changed,
        lines=len(lines),
        new=new,
        changed=changed,
        unchanged=len(lines) - new - changed,
        gone=tuple(sorted(known.keys() - {code for code, _, _ in lines})),
        left=found.left,
    )
    return Pending(file, known, found, result)


def _code(register: Register[Any], record: Record) -> str:
    code: str = getattr(record, register.key)
    return code


def _same(file: RegisterFile) -> tuple[Any, ...]:
    return imports.c.kind == file.kind, imports.c.sha256 == file.sha256


def store_register(connection: Connection, pending: Pending, actor: str, now: datetime) -> Imported:
    """Add what is new or changed in a register file; Conflict when an older file would undo a newer one."""
    file, found, result = pending.file, pending.compared, pending.result
    if result.already:
        return result
    register = _REGISTERS[file.kind]
    changed = [record for record, _ in found.changed]
    again = connection.execute(select(imports.c.import_id).where(*_same(file), imports.c.from_month == file.from_month))
    if again.first() is not None:
        codes = ", ".join(sorted(_code(register, record) for record in changed)[:10])
        raise Conflict(
            f"This very file was imported before with --from {file.from_month}; a newer import has changed {codes} "
            "since. Importing it again would undo that: give a file with the lines as they should be, or another "
            "--from."
        )
    _refuse_new_owner(file.kind, changed, connection)
    count = result.new + result.changed
    import_id = claim_import(
        connection, file.kind, file.sha256, file.from_month, result.lines, count, actor, now, dated=file.dated
    )
    insert_rows(
        connection,
        register.identities,
        ({c.name: getattr(record, c.name) for c in register.identities.columns} for record in found.new),
    )
    versions = [(record, ALWAYS, 1) for record in found.new]
    for record, first in found.changed:
        versions.append((record, first, 1 + max(v.sequence for v in pending.known[_code(register, record)])))
    insert_rows(
        connection,
        register.versions,
        (row_of(r) | {"sequence": n, "from_month": m, "import_id": import_id} for r, m, n in versions),
    )
    if file.kind is InputKind.CREDITORS:
        _enter_ibans(connection, pending, actor, now)
    trail_import(connection, import_id, file.kind, file.sha256, file.from_month, count, actor, now)
    return replace(result, already=False)


def _refuse_new_owner(kind: InputKind, changed: Iterable[Record], connection: Connection) -> None:
    if kind is not InputKind.OBLIGATIONS:
        return
    owners = dict(connection.execute(select(obligations.c.obligation, obligations.c.client)).all())
    moved = [r for r in changed if isinstance(r, Obligation) and owners[r.obligation] != r.client]
    if moved:
        lines = "; ".join(f"{r.obligation} belongs to {owners[r.obligation]}, not {r.client}" for r in moved[:10])
        raise Conflict(f"A vaste last stays with its client: {lines}. Give the other client's a code of its own.")


def _enter_ibans(connection: Connection, pending: Pending, actor: str, now: datetime) -> None:
    """Enter each new or changed IBAN as unconfirmed, also one that was confirmed long ago and now comes back."""
    entered = connection.execute(
        select(creditor_ibans.c.creditor, creditor_ibans.c.iban, func.max(creditor_ibans.c.sequence)).group_by(
            creditor_ibans.c.creditor, creditor_ibans.c.iban
        )
    )
    last = {(creditor, iban): int(sequence) for creditor, iban, sequence in entered}
    rows = []
    for record, first in (*((record, ALWAYS) for record in pending.compared.new), *pending.compared.changed):
        assert isinstance(record, Creditor)
        before = counting(pending.known.get(record.creditor, ()), first)
        if before is not None and before.record.iban == record.iban:
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
