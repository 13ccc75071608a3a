"""Thousands of seeded alterations of sound books, trail and files: the proofs find each, or this tells where not.

    python tests/campaigns/tamper.py --number 10000 --seed 1

Somebody with all rights on the database alters one thing: no trigger, foreign key or CHECK is in the way. A miss is
counted under its table and column.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from campaigns.tamper_books import make_books
from sqlalchemy import BigInteger, Boolean, Connection, Date, Integer, LargeBinary, Table, create_engine
from sqlalchemy.exc import IntegrityError

from flows.delivery import outbox
from ledgers.checks import self_check
from ledgers.errors import ProofFailed
from ledgers.journal import audit
from ledgers.schema.core import audit_trail, metadata

NOT_HISTORY = frozenset({"books"})
SPARE = {  # another value of the same kind, where the books hold too few to swap with
    "state": ("planned", "instructed", "booked", "settled", "rejected", "returned", "approved", "released", "done"),
}


@dataclass
class Result:
    """What was tried, found and missed."""

    tried: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    stumbled: Counter[str] = field(default_factory=Counter)  # found, by a proof that could not read the value
    per_second: float = 0.0

    def text(self) -> str:
        lines = [f"{kind:<28}{count:>7} tried" for kind, count in sorted(self.tried.items())]
        lines += [f"MISSED {where:<50}{count:>5}" for where, count in self.missed.most_common()]
        lines += [f"stumbled {where:<50}{count:>5}" for where, count in self.stumbled.most_common()]
        figures = f"{self.tried.total()} tried, {self.missed.total()} missed, {self.per_second:.0f} a second"
        return "\n".join([*lines, figures])


@contextmanager
def unguarded(url: str) -> Iterator[Connection]:
    """The books without a trigger, key or CHECK in the way; what is altered on it is never kept."""
    engine = create_engine(url, isolation_level=None)
    with engine.connect() as connection:
        raw = connection.exec_driver_sql
        raw("PRAGMA foreign_keys = OFF")
        raw("PRAGMA ignore_check_constraints = ON")
        raw("PRAGMA journal_mode = MEMORY")
        for trigger in raw("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            raw(f"DROP TRIGGER {trigger}")
        yield connection
    engine.dispose()


def _content(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr([value for name, value in row.items() if name != "_at"]) for row in rows)


class Tamperer:
    """Draws alterations and applies them; each returns the name of the place that it altered."""

    def __init__(self, connection: Connection, seed: int, head: tuple[int, str]) -> None:
        self.connection = connection
        self.chance = random.Random(seed)
        self.head = head
        self.tables = [
            table
            for table in metadata.sorted_tables
            if table.name not in NOT_HISTORY and table is not audit_trail and self._rows(table)
        ]

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        names = ", ".join(column.name for column in table.columns)
        found = self.connection.exec_driver_sql(f"SELECT rowid AS _at, {names} FROM {table.name} ORDER BY rowid")
        return [dict(row) for row in found.mappings()]

    def _set(self, table: Table, row: dict[str, Any], column: str, value: object) -> None:
        self.connection.exec_driver_sql(f"UPDATE {table.name} SET {column} = ? WHERE rowid = ?", (value, row["_at"]))

    def _other(self, table: Table, column: str, value: Any) -> Any:
        """A plausible other value of the same type."""
        kind = table.c[column].type
        if isinstance(kind, LargeBinary):
            content = bytearray(value)
            at = self.chance.randrange(len(content))
            content[at] = (content[at] + 1) % 256
            return bytes(content)
        known = [row[column] for row in self._rows(table) if row[column] not in (None, value)]
        known += [v for v in SPARE.get(column, ()) if v != value]
        if known and self.chance.random() < 0.7:
            return self.chance.choice(known)
        if isinstance(kind, Boolean):
            return 1 - (value or 0)
        if isinstance(kind, Integer | BigInteger):
            return (value or 0) + self.chance.choice([1, -1, 100, (value or 1) * 99])
        if isinstance(kind, Date):
            day = date.fromisoformat(value) if value else date(2026, 11, 1)
            return (day + timedelta(days=self.chance.choice([-31, -1, 1, 31]))).isoformat()
        text = str(value or "")
        at = self.chance.randrange(len(text)) if text else 0
        return text[:at] + self.chance.choice("ABC123") + text[at + 1 :] + ("" if text else "x")

    def update(self) -> str:
        """One cell gets another plausible value."""
        table = self.chance.choice(self.tables)
        row = self.chance.choice(self._rows(table))
        column = self.chance.choice([c.name for c in table.columns])
        value = self._other(table, column, row[column])
        if value == row[column]:
            value = f"{value}0"
        self._set(table, row, column, value)
        return f"{table.name}.{column}"

    def delete(self) -> str:
        """A row disappears."""
        table = self.chance.choice(self.tables)
        row = self.chance.choice(self._rows(table))
        self.connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE rowid = ?", (row["_at"],))
        return f"{table.name} (row deleted)"

    def duplicate(self) -> str:
        """A row comes once more, with another key."""
        table = self.chance.choice(self.tables)
        row = {k: v for k, v in self.chance.choice(self._rows(table)).items() if k != "_at"}
        unique = {c.name for c in table.primary_key.columns} | {c.name for c in table.columns if c.unique}
        for name in unique:
            row[name] = row[name] + 1000 if isinstance(row[name], int) else f"{row[name]}-2"
        into = f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        self.connection.exec_driver_sql(into, tuple(row.values()))
        return f"{table.name} (row added)"

    def swap(self) -> str:
        """Two rows change a value with each other."""
        table = self.chance.choice(self.tables)
        rows, column = self._rows(table), self.chance.choice([c.name for c in table.columns])
        one = self.chance.choice(rows)
        others = [row for row in rows if row[column] != one[column]]
        if not others:
            return self.update()
        other = self.chance.choice(others)
        self._set(table, one, column, f"{other[column]}~")  # out of the way of a unique key
        self._set(table, other, column, one[column])
        self._set(table, one, column, other[column])
        if _content(rows) == _content(self._rows(table)):  # the two were alike but for this: nothing is altered
            return self.update()
        return f"{table.name}.{column} (swapped)"

    def trail(self) -> str:
        """The audit trail: altered, cut, reordered, added to, or sealed anew from some row on."""
        rows = self._rows(audit_trail)
        at = self.chance.randrange(len(rows) - 1)
        what = self.chance.choice(["alter", "delete", "swap", "cut", "insert", "reseal", "reseal after a cell"])
        raw = self.connection.exec_driver_sql
        if what == "alter":
            column = self.chance.choice(["at", "actor", "action", "subject", "hash", "previous_hash"])
            self._set(audit_trail, rows[at], column, self._other(audit_trail, column, rows[at][column]) + "0")
        elif what == "delete":
            raw("DELETE FROM audit_trail WHERE sequence = ?", (rows[at]["sequence"],))
        elif what == "swap":
            for column in ("at", "actor", "action", "subject"):
                self._set(audit_trail, rows[at], column, rows[at + 1][column])
                self._set(audit_trail, rows[at + 1], column, rows[at][column])
            self._set(audit_trail, rows[at], "subject", rows[at + 1]["subject"] + " ")
        elif what == "cut":
            raw("DELETE FROM audit_trail WHERE sequence > ?", (rows[at]["sequence"],))
        else:
            if what == "insert":
                extra = rows[at] | {"sequence": rows[at]["sequence"] + 1, "actor": "eve"}
                rows = [*rows[: at + 1], extra, *({**r, "sequence": r["sequence"] + 1} for r in rows[at + 1 :])]
            else:
                rows[at] = rows[at] | {"actor": "eve"}
            if what == "reseal after a cell":
                self.update()
            self._reseal(rows, at)
        return f"audit trail ({what})"

    def _reseal(self, rows: list[dict[str, Any]], at: int) -> None:
        """What a forger does who knows how the chain is made: only a head on paper tells."""
        self.connection.exec_driver_sql("DELETE FROM audit_trail")
        previous = rows[at - 1]["hash"] if at else audit.GENESIS
        for number, row in enumerate(rows):
            sealed = {k: v for k, v in row.items() if k != "_at"}
            if number >= at:
                sealed["previous_hash"] = previous
                sealed["hash"] = audit.seal(sealed)
            previous = sealed["hash"]
            self.connection.execute(audit_trail.insert(), sealed)

    def outbox(self, released: Path, folder: Path) -> str:
        """A released file in its folder: a byte changed, cut off or added; `release` again must refuse it."""
        content = bytearray(released.read_bytes())
        at = self.chance.randrange(len(content))
        what = self.chance.choice(["byte", "cut", "added"])
        if what == "byte":
            content[at] = (content[at] + self.chance.randrange(1, 256)) % 256
        elif what == "cut":
            del content[at:]
        else:
            content[at:at] = b" "
        (folder / released.name).write_bytes(bytes(content))
        return f"outbox ({what})"


def detected(connection: Connection, head: tuple[int, str]) -> bool:
    """Whether `check`, or `audit verify` with the head on paper, tells; stops at the first violation."""
    if audit.hash_of(connection, head[0]) != head[1]:
        return True
    return any(True for check in (*reversed(self_check.PROOFS), *self_check.SUMS) for _ in check(connection))


def campaign(number: int, seed: int, folder: Path) -> Result:
    """Alter, prove, put back; as often as asked."""
    url, released, head = make_books(folder)
    result = Result()
    content = released.read_bytes()
    place = folder / "altered"
    place.mkdir()
    begun = time.monotonic()
    with unguarded(url) as connection:
        assert not detected(connection, head)
        tamperer = Tamperer(connection, seed, head)
        deeds: list[tuple[str, Callable[[], str], int]] = [
            ("cell", tamperer.update, 50),
            ("row deleted", tamperer.delete, 10),
            ("row added", tamperer.duplicate, 10),
            ("values swapped", tamperer.swap, 12),
            ("trail", tamperer.trail, 13),
        ]
        for _ in range(number):
            if tamperer.chance.random() < 0.05:
                where = tamperer.outbox(released, place)
                found = _refused(place, released.name, content)
                kind = "outbox"
            else:
                kind, deed, _ = tamperer.chance.choices(deeds, [weight for *_, weight in deeds])[0]
                connection.exec_driver_sql("BEGIN")
                try:
                    where = deed()
                    found = detected(connection, head)
                except IntegrityError:  # a key in the way: the books cannot be altered so
                    where, found = "", True
                except (ValueError, TypeError, LookupError) as error:
                    found = True
                    result.stumbled[f"{kind}: {type(error).__name__}"] += 1
                connection.exec_driver_sql("ROLLBACK")
            result.tried[kind] += 1
            if not found:
                result.missed[where] += 1
    result.per_second = number / (time.monotonic() - begun)
    return result


def _refused(folder: Path, name: str, content: bytes) -> bool:
    try:
        outbox.deliver(folder, name, content)
    except ProofFailed:
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tamper-"))
    try:
        result = campaign(wanted.number, wanted.seed, folder)
    finally:
        shutil.rmtree(folder)
    print(result.text())  # noqa: T201 - the answer of this program
    sys.exit(bool(result.missed))


if __name__ == "__main__":
    main()
