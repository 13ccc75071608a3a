"""The audit trail: who did what when, each row sealed with the hash of the one before it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from ledgers.journal import seals
from ledgers.journal.actions import known_action, require_role
from ledgers.journal.free_text import refuse_bsn
from ledgers.schema.core import audit_trail

GENESIS = "0" * 64


def append(connection: Connection, at: datetime, actor: str, action: str, subject: Mapping[str, object]) -> None:
    """Add one row, once all else of the decision is written: it holds a hash of that too (see seals.py).

    `subject` holds keys, counts and cents only, never names or IBANs of clients. Every door to the books comes past
    here, so what no decision may do is refused here at the latest: without its role, or with a BSN in its free text.
    """
    moment = at.isoformat(timespec="seconds")
    require_role(connection, action, actor, at)
    sealed = {}
    for rows in seals.written(connection, known_action(action).writes, moment, subject):  # a table at a time
        for column, text in rows.free_texts():
            refuse_bsn(connection, column, text)
        sealed[rows.table] = rows.digest()
    subject = {**subject, "sealed": sealed} if sealed else subject
    last, previous = head(connection)
    row = {
        "sequence": last + 1,
        "at": moment,
        "actor": actor,
        "action": action,
        "subject": json.dumps(subject, sort_keys=True, separators=(",", ":"), ensure_ascii=True),
        "previous_hash": previous,
    }
    connection.execute(audit_trail.insert(), row | {"hash": seal(row)})


def seal(row: Mapping[str, object]) -> str:
    """The hash of one row, over its own content and the hash of the row before it."""
    fields = [row[name] for name in ("sequence", "at", "actor", "action", "subject", "previous_hash")]
    return sha256(json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def first_broken_link(connection: Connection) -> str | None:
    """Walk the chain from its start; a sentence about the first row that does not fit, or None when all do."""
    previous, expected = GENESIS, 1
    for row in connection.execute(select(audit_trail).order_by(audit_trail.c.sequence)).mappings():
        if row["sequence"] != expected:
            return f"audit row {expected} is missing"
        if row["previous_hash"] != previous:
            return f"audit row {expected} does not follow the row before it"
        if row["hash"] != seal(dict(row)):
            return f"audit row {expected} was altered"
        previous, expected = row["hash"], expected + 1
    return None


def broken_seals(connection: Connection) -> Iterator[str]:
    """Every decision whose rows in the books are not those it wrote, one sentence each."""
    trail = select(audit_trail.c.at, audit_trail.c.subject).order_by(audit_trail.c.sequence)
    rows = connection.execute(trail).all()
    return seals.broken_seals(connection, ((row.at, _subject(row.subject)) for row in rows))


def _subject(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:  # altered: the chain says so
        return {}
    return found if isinstance(found, dict) else {}


def hash_of(connection: Connection, sequence: int) -> str | None:
    """The hash of one row of the trail; None when there is no such row."""
    return connection.execute(select(audit_trail.c.hash).where(audit_trail.c.sequence == sequence)).scalar()


def head(connection: Connection) -> tuple[int, str]:
    """The number and hash of the newest row: printed on paper, it anchors the whole trail."""
    last = connection.execute(
        select(audit_trail.c.sequence, audit_trail.c.hash).order_by(audit_trail.c.sequence.desc()).limit(1)
    ).first()
    return (last.sequence, last.hash) if last else (0, GENESIS)
