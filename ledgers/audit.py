"""The audit trail: who did what when, each row sealed with the hash of the one before it."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from ledgers.tables import audit_trail

GENESIS = "0" * 64


def append(connection: Connection, at: datetime, actor: str, action: str, subject: Mapping[str, object]) -> None:
    """Add one row; `subject` holds keys, counts and cents only, never names or IBANs of clients."""
    last = connection.execute(
        select(audit_trail.c.sequence, audit_trail.c.hash).order_by(audit_trail.c.sequence.desc()).limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    row = {
        "sequence": sequence,
        "at": at.isoformat(timespec="seconds"),
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


def head(connection: Connection) -> tuple[int, str]:
    """The number and hash of the newest row: printed on paper, it anchors the whole trail."""
    last = connection.execute(
        select(audit_trail.c.sequence, audit_trail.c.hash).order_by(audit_trail.c.sequence.desc()).limit(1)
    ).first()
    return (last.sequence, last.hash) if last else (0, GENESIS)
