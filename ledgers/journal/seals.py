"""What a decision wrote, as a hash in its row of the audit trail: a cell changed later no longer fits it.

Rows belong to the run, import or file that they hang on, else to the moment of their decision. Where several
decisions have one such key, the newest one seals what all of them wrote. Which columns count is written down, version
by version, in sealed_columns.py; a seal says by which version it was made.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    cast,
    func,
    literal,
    select,
)

from ledgers.journal.sealed_columns import FREE_TEXT, VERSIONS, SealedColumns
from ledgers.schema import bank as b
from ledgers.schema import core as t
from ledgers.schema import dossier as d

WHOLE, MOMENT = "", "at"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table, the key of the decision that wrote each row, and where that stands.

    `by` names the key in the subject of the audit row. `partly`: other rows hang on no decision.
    """

    table: Table
    by: str
    key: ColumnElement[str]
    source: FromClause
    partly: bool = False

    def rows(self, names: Iterable[str]) -> Select[Any]:
        """The key of the decision, then these columns as both databases write them."""
        columns = [_plain(self.table.c[name]) for name in names]
        return select(self.key.label("decision"), *columns).select_from(self.source)


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Date):
        return cast(column, String)
    return cast(column, Integer) if isinstance(column.type, Boolean) else column


def _at(table: Table, moment: str) -> Sealed:
    return Sealed(table, MOMENT, table.c[moment], table)


def _by(by: str, key: ColumnElement[Any], *tables: Table) -> Iterator[Sealed]:
    """Tables that have the key of their decision as a column."""
    for table in tables:
        yield Sealed(table, by, cast(table.c[key.name], String), table)


def _with(table: Table, parent: Table, moment: str, *names: str) -> Sealed:
    """Rows that hang on a parent by columns of the same name, decided when it was."""
    same = and_(*(table.c[name] == parent.c[name] for name in names))
    return Sealed(table, MOMENT, parent.c[moment], table.join(parent, same))


def _identity(identities: Table, versions: Table) -> Sealed:
    """The code of a register line comes with its first version."""
    key = next(iter(identities.primary_key.columns)).name
    first = and_(versions.c[key] == identities.c[key], versions.c.sequence == 1)
    return Sealed(identities, "import", cast(versions.c.import_id, String), identities.join(versions, first))


_withheld = t.same_withholding(t.contributions.c, t.withholdings.c)
_resubmitted = and_(
    b.resubmissions.c.exception_id == b.exception_resolutions.c.exception_id,
    b.exception_resolutions.c.as_what == "resubmit",
)
_of_file = b.bank_statements.c.file_sha256 == b.bank_files.c.sha256
_of_statement = b.bank_lines.c.statement == b.bank_statements.c.statement

SEALED: tuple[Sealed, ...] = (
    _at(t.staff, "added_at"),
    _at(t.staff_persons, "added_at"),
    *_by(
        "import",
        t.imports.c.import_id,
        t.imports,
        t.creditor_versions,
        t.client_versions,
        t.obligation_versions,
        t.benefit_records,
    ),
    _identity(t.creditors, t.creditor_versions),
    _identity(t.clients, t.client_versions),
    _identity(t.obligations, t.obligation_versions),
    _at(t.creditor_ibans, "entered_at"),
    _at(t.iban_confirmations, "confirmed_at"),
    _at(t.grounds, "added_at"),
    _at(t.holds, "decided_at"),
    *_by("run", t.runs.c.run_id, t.runs, t.run_clients, t.run_components, t.run_held, t.run_shortfalls, t.withholdings),
    Sealed(t.contributions, "run", t.withholdings.c.run_id, t.contributions.join(t.withholdings, _withheld)),
    *_by(
        "file",
        t.payment_files.c.file_id,
        t.payment_files,
        t.payments,
        t.file_findings,
        t.file_approvals,
        t.file_releases,
        t.file_cancellations,
    ),
    _at(t.remainder_files, "made_at"),
    _at(t.remainder_lists, "listed_at"),
    *_by("sha256", b.bank_files.c.sha256, b.bank_files),
    *_by("sha256", b.payee_verifications.c.file_sha256, b.payee_verifications),
    Sealed(b.bank_statements, "sha256", b.bank_files.c.sha256, b.bank_statements.join(b.bank_files, _of_file)),
    Sealed(
        b.bank_lines, "sha256", b.bank_statements.c.file_sha256, b.bank_lines.join(b.bank_statements, _of_statement)
    ),
    *(Sealed(table, WHOLE, literal(WHOLE), table) for table in (b.exceptions, b.rejections, b.settlement_parts)),
    _at(b.exception_resolutions, "resolved_at"),
    _with(b.refund_shares, b.exception_resolutions, "resolved_at", "exception_id", "sequence"),
    Sealed(
        b.resubmissions,
        MOMENT,
        b.exception_resolutions.c.resolved_at,
        b.resubmissions.join(b.exception_resolutions, _resubmitted),
    ),
    _at(b.given_back, "given_back_at"),
    *_by("month", b.month_closings.c.month, b.month_closings),
    Sealed(
        t.transfers,
        "month",
        b.month_closings.c.month,
        t.transfers.join(b.month_closings, t.transfers.c.month == b.month_closings.c.month),
        partly=True,
    ),
    _at(d.trajectories, "opened_at"),
    _at(d.accepted_doubles, "accepted_at"),
    _at(d.events, "recorded_at"),
    _at(d.period_decisions, "decided_at"),
    _at(d.assessments, "assessed_at"),
    _with(d.answers, d.assessments, "assessed_at", "client", "trajectory", "sequence"),
    _at(d.handovers, "recorded_at"),
    _at(d.handover_proofs, "observed_at"),
    _at(d.end_proposals, "proposed_at"),
    _at(d.end_withdrawals, "withdrawn_at"),
    _at(d.ends, "confirmed_at"),
    _at(d.paid_otherwise, "recorded_at"),
    _at(d.catch_ups, "decided_at"),
    _at(d.absent_costs, "recorded_at"),
    _at(d.budget_lines, "recorded_at"),
    _at(d.notices, "made_at"),
    _at(d.reviews, "made_at"),
)

_BY_NAME = {sealed.table.name: sealed for sealed in SEALED}


@dataclass(frozen=True, slots=True)
class SealedRows:
    """The rows of one table that a decision wrote, by the columns of the newest seal."""

    table: str
    rows: list[tuple[Any, ...]]

    def digest(self) -> str:
        """The seal of these rows."""
        version = len(VERSIONS[self.table])
        return _stated(version, _hash(self.rows, VERSIONS[self.table][-1]))

    def free_texts(self) -> Iterator[tuple[str, str]]:
        """Every (column, text) in which a person chose the words."""
        names = VERSIONS[self.table][-1].names
        for column in FREE_TEXT.get(self.table, ()):
            place = 1 + names.index(column)
            yield from ((column, row[place]) for row in self.rows if row[place] is not None)


def written(
    connection: Connection, tables: Iterable[Table], moment: str, subject: Mapping[str, object]
) -> Iterator[SealedRows]:
    """What a decision wrote in these tables; nothing for a table in which it wrote nothing."""
    for table in tables:
        sealed = _BY_NAME[table.name]
        query = _rows(table.name, VERSIONS[table.name][-1].names)
        if sealed.by != WHOLE:
            query = query.where(sealed.key == _value(sealed, moment, subject))
        rows = _plain_rows(connection, query)
        if rows:
            yield SealedRows(table.name, rows)


# Worded once: a check asks two questions of each of fifty tables.
@cache
def _rows(name: str, columns: tuple[str, ...]) -> Select[Any]:
    return _BY_NAME[name].rows(columns)


@cache
def _by_decision(name: str, columns: tuple[str, ...]) -> Select[Any]:
    return _rows(name, columns).order_by("decision")


@cache
def _number_of(name: str) -> Select[int]:
    return select(func.count()).select_from(_BY_NAME[name].table)


def _plain_rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The driver's own tuples: every column is text or a whole number already, and there are many."""
    cursor = connection.execute(query).cursor
    assert cursor is not None
    return [*cursor.fetchall()]


def _value(sealed: Sealed, moment: str, subject: Mapping[str, object]) -> str:
    return moment if sealed.by == MOMENT else str(subject[sealed.by]) if sealed.by else WHOLE


def _hash(rows: list[tuple[Any, ...]], columns: SealedColumns) -> str:
    """In the order of the keys, sorted here: two databases sort text differently."""
    until = 1 + len(columns.key)
    rows.sort(key=lambda row: row[1:until])
    return sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _stated(version: int, digest: str) -> str:
    """A seal as it stands in the trail: `2:<sha256>`; that of version 1 is the hash alone, as it was from the start."""
    return digest if version == 1 else f"{version}:{digest}"


def _version_of(stated: str) -> int:
    head, separator, _ = stated.rpartition(":")
    return int(head) if separator and head.isascii() and head.isdigit() else 1


def broken_seals(connection: Connection, decisions: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Every decision (moment and subject, oldest first) whose rows are not those that it wrote."""
    stated: dict[str, dict[str, str]] = {sealed.table.name: {} for sealed in SEALED}
    for moment, subject in decisions:
        for name, seal in subject.get("sealed", {}).items():
            stated[name][_value(_BY_NAME[name], moment, subject)] = seal
    for sealed in SEALED:
        yield from _broken(connection, sealed, stated[sealed.table.name])


def _broken(connection: Connection, sealed: Sealed, stated: dict[str, str]) -> Iterator[str]:
    name, count = sealed.table.name, 0
    versions = VERSIONS[name]
    names = tuple(dict.fromkeys(column for version in versions for column in version.names))
    result = connection.execute(_by_decision(name, names))
    for decision, group in groupby(map(tuple, result), key=lambda row: str(row[0])):
        rows = list(group)
        count += len(rows)
        seal = stated.pop(decision, "")
        number = _version_of(seal)
        fits = 0 < number <= len(versions) and seal == _stated(number, _hash_of(rows, names, versions[number - 1]))
        if not fits:
            yield f"{name} {decision or 'as a whole'}: not what was written, as the audit trail has it"
    for decision in stated:
        yield f"{name} {decision or 'as a whole'}: was written, as the audit trail has it, and is not there"
    if not sealed.partly and connection.execute(_number_of(name)).scalar() != count:
        yield f"{name}: has rows that no decision wrote"


def _hash_of(rows: list[tuple[Any, ...]], names: tuple[str, ...], columns: SealedColumns) -> str:
    """The hash over one version's columns of rows that were read with those of all versions."""
    if columns.names == names:
        return _hash(rows, columns)
    places = [0, *(1 + names.index(name) for name in columns.names)]
    return _hash([tuple(row[place] for place in places) for row in rows], columns)
