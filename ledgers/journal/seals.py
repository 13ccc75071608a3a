"""What a decision wrote, as a hash in its row of the audit trail: a cell changed later no longer fits it.

Rows belong to the run, import or file that they hang on, else to the moment of their decision. Where several
decisions have one such key, the newest one seals what all of them wrote.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    LargeBinary,
    Select,
    String,
    Table,
    and_,
    cast,
    func,
    literal,
    select,
)

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

    def rows(self) -> Select[Any]:
        """Both keys first, then the rest as both databases write it; a state has checks of its own."""
        keys = list(self.table.primary_key.columns)
        rest = [c for c in self.table.columns if c not in keys and not isinstance(c.type, LargeBinary)]
        columns = [_plain(column) for column in (*keys, *(c for c in rest if c.name != "state"))]
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


_withheld = and_(*(t.contributions.c[name] == t.withholdings.c[name] for name in ("obligation", "covers")))
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
    *_by("run", t.runs.c.run_id, t.runs, t.run_clients, t.run_held, t.run_shortfalls, t.withholdings),
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
    _at(t.remainder_lists, "listed_at"),
    *_by("sha256", b.bank_files.c.sha256, b.bank_files),
    Sealed(b.bank_statements, "sha256", b.bank_files.c.sha256, b.bank_statements.join(b.bank_files, _of_file)),
    Sealed(
        b.bank_lines, "sha256", b.bank_statements.c.file_sha256, b.bank_lines.join(b.bank_statements, _of_statement)
    ),
    *(Sealed(table, WHOLE, literal(WHOLE), table) for table in (b.exceptions, b.rejections, b.settlement_parts)),
    _at(b.exception_resolutions, "resolved_at"),
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
    _at(d.events, "recorded_at"),
    _at(d.period_decisions, "decided_at"),
    _at(d.assessments, "assessed_at"),
    _with(d.answers, d.assessments, "assessed_at", "client", "trajectory", "sequence"),
    _at(d.handovers, "recorded_at"),
    _at(d.handover_proofs, "observed_at"),
    _at(d.end_proposals, "proposed_at"),
    _at(d.end_withdrawals, "withdrawn_at"),
    _at(d.ends, "confirmed_at"),
    _at(d.budget_lines, "recorded_at"),
    _at(d.notices, "made_at"),
    _at(d.reviews, "made_at"),
)

_WRITES: Mapping[str, tuple[Table, ...]] = {
    "staff_added": (t.staff, t.staff_persons),
    "imported": (
        t.imports,
        t.creditors,
        t.clients,
        t.obligations,
        t.creditor_versions,
        t.client_versions,
        t.obligation_versions,
        t.benefit_records,
        t.creditor_ibans,
    ),
    "iban_confirmed": (t.iban_confirmations,),
    "iban_blocked": (t.creditor_ibans,),
    "ground_added": (t.grounds,),
    "held": (t.holds,),
    "hold_lifted": (t.holds,),
    "planned": (t.runs, t.run_clients, t.run_held, t.run_shortfalls, t.withholdings, t.contributions),
    "file_made": (t.payment_files, t.payments, t.file_findings),
    "approved": (t.file_approvals,),
    "released": (t.file_releases,),
    "file_cancelled": (t.file_cancellations,),
    "remainders_listed": (t.remainder_lists,),
    "bank_file_read": (
        b.bank_files,
        b.bank_statements,
        b.bank_lines,
        b.exceptions,
        b.rejections,
        b.settlement_parts,
        b.exception_resolutions,
    ),
    "exception_resolved": (b.exception_resolutions, b.resubmissions, b.exceptions, b.rejections, b.settlement_parts),
    "given_back": (b.given_back,),
    "month_closed": (b.month_closings, t.transfers),
    "trajectories_opened": (d.trajectories,),
    "event_recorded": (d.events,),
    "period_decided": (d.period_decisions, d.trajectories),
    "trajectory_opened": (d.trajectories,),
    "assessed": (d.assessments, d.answers),
    "handed_over": (d.handovers,),
    "taken_back": (d.handovers,),
    "own_payment_seen": (d.handover_proofs,),
    "end_proposed": (d.end_proposals,),
    "end_withdrawn": (d.end_withdrawals,),
    "ended": (d.ends,),
    "budget_line_added": (d.budget_lines,),
    "reviewed": (d.reviews,),
    "notices_made": (d.notices,),
}
_BY_TABLE = {sealed.table: sealed for sealed in SEALED}


def seal(connection: Connection, action: str, moment: str, subject: Mapping[str, object]) -> dict[str, str]:
    """A hash for each table in which this decision wrote something."""
    found = {}
    for table in _WRITES.get(action, ()):
        sealed = _BY_TABLE[table]
        query = sealed.rows()
        if sealed.by != WHOLE:
            query = query.where(sealed.key == _value(sealed, moment, subject))
        rows = _plain_rows(connection, query)
        if rows:
            found[table.name] = _hash(sealed, rows)
    return found


def _plain_rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The driver's own tuples: every column is text or a whole number already, and there are many."""
    cursor = connection.execute(query).cursor
    assert cursor is not None
    return [*cursor.fetchall()]


def _value(sealed: Sealed, moment: str, subject: Mapping[str, object]) -> str:
    return moment if sealed.by == MOMENT else str(subject[sealed.by]) if sealed.by else WHOLE


def _hash(sealed: Sealed, rows: list[tuple[Any, ...]]) -> str:
    """In the order of the keys, sorted here: two databases sort text differently."""
    until = 1 + len(sealed.table.primary_key.columns)
    rows.sort(key=lambda row: row[1:until])
    return sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def broken_seals(connection: Connection, decisions: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Every decision (moment and subject, oldest first) whose rows are not those that it wrote."""
    stated: dict[str, dict[str, str]] = {sealed.table.name: {} for sealed in SEALED}
    for moment, subject in decisions:
        for name, digest in subject.get("sealed", {}).items():
            stated[name][_value(_BY_NAME[name], moment, subject)] = digest
    for sealed in SEALED:
        yield from _broken(connection, sealed, stated[sealed.table.name])


def _broken(connection: Connection, sealed: Sealed, stated: dict[str, str]) -> Iterator[str]:
    name, count = sealed.table.name, 0
    result = connection.execute(sealed.rows().order_by("decision"))
    for decision, group in groupby(map(tuple, result), key=lambda row: str(row[0])):
        rows = list(group)
        count += len(rows)
        if stated.pop(decision, None) != _hash(sealed, rows):
            yield f"{name} {decision or 'as a whole'}: not what was written, as the audit trail has it"
    for decision in stated:
        yield f"{name} {decision or 'as a whole'}: was written, as the audit trail has it, and is not there"
    if not sealed.partly and connection.execute(select(func.count()).select_from(sealed.table)).scalar() != count:
        yield f"{name}: has rows that no decision wrote"


_BY_NAME = {sealed.table.name: sealed for sealed in SEALED}
