"""What a decision wrote, as a hash in its row of the audit trail: a cell changed later no longer fits it.

Rows belong to the decision of the same moment, their own or that of the row they hang on. Where several decisions
fall in one moment the newest one seals what all of them wrote.
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

from ledgers import bank_tables as b
from ledgers import dossier_tables as d
from ledgers import tables as t

ALL = ""  # the moment of a table that is sealed as a whole


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table, the moment its rows were decided, and where that stands; `partly` when no decision brought the rest."""

    table: Table
    at: ColumnElement[str]
    source: FromClause
    partly: bool = False

    def rows(self) -> Select[Any]:
        """Moment and key columns first, then the rest as both databases write it; states have checks of their own."""
        keys = list(self.table.primary_key.columns)
        rest = [c for c in self.table.columns if c not in keys and not isinstance(c.type, LargeBinary)]
        columns = [_plain(column) for column in (*keys, *(c for c in rest if c.name != "state"))]
        return select(self.at.label("moment"), *columns).select_from(self.source)


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Date):
        return cast(column, String)
    return cast(column, Integer) if isinstance(column.type, Boolean) else column


def _own(table: Table, at: str) -> Sealed:
    return Sealed(table, table.c[at], table)


def _with(table: Table, parent: Table, at: str, *names: str) -> Sealed:
    """Rows that hang on a parent by columns of the same name, decided when it was."""
    return Sealed(table, parent.c[at], table.join(parent, and_(*(table.c[n] == parent.c[n] for n in names))))


def _identity(identities: Table, versions: Table) -> Sealed:
    """The code of a register line comes with its first version."""
    key = next(iter(identities.primary_key.columns)).name
    first = and_(versions.c[key] == identities.c[key], versions.c.sequence == 1)
    source = identities.join(versions, first).join(t.imports, t.imports.c.import_id == versions.c.import_id)
    return Sealed(identities, t.imports.c.imported_at, source)


_withheld = and_(*(t.contributions.c[name] == t.withholdings.c[name] for name in ("obligation", "covers")))
_resubmitted = and_(
    b.resubmissions.c.exception_id == b.exception_resolutions.c.exception_id,
    b.exception_resolutions.c.as_what == "resubmit",
)
_of_file = b.bank_statements.c.file_sha256 == b.bank_files.c.sha256
_of_statement = b.bank_lines.c.statement == b.bank_statements.c.statement

SEALED: tuple[Sealed, ...] = (
    _own(t.staff, "added_at"),
    _own(t.staff_persons, "added_at"),
    _own(t.imports, "imported_at"),
    *(_identity(*pair) for pair in ((t.creditors, t.creditor_versions), (t.clients, t.client_versions),
                                    (t.obligations, t.obligation_versions))),
    *(_with(table, t.imports, "imported_at", "import_id")
      for table in (t.creditor_versions, t.client_versions, t.obligation_versions, t.benefit_records)),
    _own(t.creditor_ibans, "entered_at"),
    _own(t.iban_confirmations, "confirmed_at"),
    _own(t.grounds, "added_at"),
    _own(t.holds, "decided_at"),
    _own(t.runs, "made_at"),
    *(_with(table, t.runs, "made_at", "run_id")
      for table in (t.run_clients, t.run_held, t.run_shortfalls, t.withholdings)),
    Sealed(t.contributions, t.runs.c.made_at, t.contributions.join(t.withholdings, _withheld).join(
        t.runs, t.withholdings.c.run_id == t.runs.c.run_id)),
    _with(t.payment_files, t.runs, "made_at", "run_id"),
    *(Sealed(table, t.runs.c.made_at, table.join(t.payment_files, table.c.file_id == t.payment_files.c.file_id).join(
        t.runs, t.payment_files.c.run_id == t.runs.c.run_id)) for table in (t.payments, t.file_findings)),
    _own(t.file_approvals, "approved_at"),
    _own(t.file_releases, "released_at"),
    _own(t.remainder_lists, "listed_at"),
    _own(b.bank_files, "read_at"),
    Sealed(b.bank_statements, b.bank_files.c.read_at, b.bank_statements.join(b.bank_files, _of_file)),
    Sealed(b.bank_lines, b.bank_files.c.read_at,
           b.bank_lines.join(b.bank_statements, _of_statement).join(b.bank_files, _of_file)),
    *(Sealed(table, literal(ALL), table) for table in (b.exceptions, b.rejections, b.settlement_parts)),
    _own(b.exception_resolutions, "resolved_at"),
    Sealed(b.resubmissions, b.exception_resolutions.c.resolved_at,
           b.resubmissions.join(b.exception_resolutions, _resubmitted)),
    _own(b.given_back, "given_back_at"),
    _own(b.month_closings, "closed_at"),
    Sealed(t.transfers, b.month_closings.c.closed_at,
           t.transfers.join(b.month_closings, t.transfers.c.month == b.month_closings.c.month), partly=True),
    _own(d.trajectories, "opened_at"),
    _own(d.events, "recorded_at"),
    _own(d.period_decisions, "decided_at"),
    _own(d.assessments, "assessed_at"),
    _with(d.answers, d.assessments, "assessed_at", "client", "trajectory", "sequence"),
    _own(d.handovers, "recorded_at"),
    _own(d.handover_proofs, "observed_at"),
    _own(d.end_proposals, "proposed_at"),
    _own(d.end_withdrawals, "withdrawn_at"),
    _own(d.ends, "confirmed_at"),
    _own(d.budget_lines, "recorded_at"),
    _own(d.notices, "made_at"),
    _own(d.reviews, "made_at"),
)  # fmt: skip

_WRITES: Mapping[str, tuple[Table, ...]] = {
    "staff_added": (t.staff, t.staff_persons),
    "imported": (t.imports, t.creditors, t.clients, t.obligations, t.creditor_versions, t.client_versions,
                 t.obligation_versions, t.benefit_records, t.creditor_ibans),
    "iban_confirmed": (t.iban_confirmations,),
    "iban_blocked": (t.creditor_ibans,),
    "ground_added": (t.grounds,),
    "held": (t.holds,),
    "hold_lifted": (t.holds,),
    "planned": (t.runs, t.run_clients, t.run_held, t.run_shortfalls, t.withholdings, t.contributions,
                t.payment_files, t.payments, t.file_findings),
    "approved": (t.file_approvals,),
    "released": (t.file_releases,),
    "remainders_listed": (t.remainder_lists,),
    "bank_file_read": (b.bank_files, b.bank_statements, b.bank_lines, b.exceptions, b.rejections, b.settlement_parts,
                       b.exception_resolutions),
    "exception_resolved": (b.exception_resolutions, b.resubmissions, b.exceptions, b.rejections, b.settlement_parts),
    "given_back": (b.given_back,),
    "month_closed": (b.month_closings, t.transfers),
    "trajectories_opened": (d.trajectories,),
    "event_recorded": (d.events,),
    "period_decided": (d.period_decisions, d.trajectories),
    "assessed": (d.assessments, d.answers),
    "handed_over": (d.handovers,),
    "own_payment_seen": (d.handover_proofs,),
    "end_proposed": (d.end_proposals,),
    "end_withdrawn": (d.end_withdrawals,),
    "ended": (d.ends,),
    "budget_line_added": (d.budget_lines,),
    "reviewed": (d.reviews,),
    "notices_made": (d.notices,),
}  # fmt: skip
_BY_TABLE = {sealed.table: sealed for sealed in SEALED}


def seal(connection: Connection, action: str, moment: str) -> dict[str, str]:
    """A hash for each table in which this decision wrote something."""
    found = {}
    for table in _WRITES.get(action, ()):
        sealed = _BY_TABLE[table]
        whole = isinstance(sealed.at, type(literal(ALL)))
        query = sealed.rows() if whole else sealed.rows().where(sealed.at == moment)
        rows = [tuple(row) for row in connection.execute(query)]
        if rows:
            found[table.name] = _hash(sealed, rows)
    return found


def _hash(sealed: Sealed, rows: list[tuple[Any, ...]]) -> str:
    """In the order of the keys, sorted here: two databases sort text differently."""
    until = 1 + len(sealed.table.primary_key.columns)
    rows.sort(key=lambda row: row[1:until])
    return sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def broken_seals(connection: Connection, stated: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Every decision whose rows are not those it wrote; `stated` has the newest hash of each table and moment."""
    for sealed in SEALED:
        name = sealed.table.name
        missing = {moment for table, moment in stated if table == name}
        count = 0
        result = connection.execute(sealed.rows().order_by("moment"))
        for moment, group in groupby(map(tuple, result), key=lambda row: row[0]):
            rows = list(group)
            count += len(rows)
            missing.discard(moment)
            if stated.get((name, moment)) != _hash(sealed, rows):
                yield f"{name}{_of(moment)}: not what the audit trail says was written"
        for moment in sorted(missing):
            yield f"{name}{_of(moment)}: what the audit trail says was written is not there"
        if not sealed.partly and connection.execute(select(func.count()).select_from(sealed.table)).scalar() != count:
            yield f"{name}: has rows that hang on no decision"


def _of(moment: str) -> str:
    return f" of {moment}" if moment else ""
