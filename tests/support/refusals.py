"""What a database says when it refuses: by the name of the rule, the same on SQLite and PostgreSQL.

SQLite says less than PostgreSQL: it names a CHECK and a trigger, of a unique key only the columns, and of a foreign
key nothing; `assert_refused` then looks up the columns and, with the keys let go, asks which key would be broken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError

from ledgers.database import open_engine, writing
from ledgers.schema.core import metadata


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Connection]:
    """A write transaction that is undone at its end."""
    with writing(engine) as connection:
        yield connection
        connection.rollback()


def twin(table: str, where: str = "1 = 1", **changes: str) -> str:
    """SQL that inserts a copy of the first row that fits `where`; `changes` are SQL expressions."""
    names = [column.name for column in metadata.tables[table].columns]
    values = ", ".join(changes.get(name, name) for name in names)
    key = ", ".join(column.name for column in metadata.tables[table].primary_key.columns)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where} ORDER BY {key} LIMIT 1"


def refusal(engine: Engine, statement: str) -> str:
    """The first line of what the database says to one statement in an ordinary write transaction."""
    with pytest.raises(IntegrityError) as refused, writing(engine) as connection:
        connection.exec_driver_sql(statement)
    return str(refused.value.orig).splitlines()[0]


def assert_refused(engine: Engine, constraint: str, statement: str) -> None:
    """The statement is refused by this very constraint."""
    said = refusal(engine, statement)
    columns = _unique_columns().get(constraint)
    if engine.dialect.name == "postgresql":
        assert f'constraint "{constraint}"' in said
    elif constraint.startswith("ck_"):
        assert said == f"CHECK constraint failed: {constraint}"
    elif columns is not None:
        assert said == f"UNIQUE constraint failed: {', '.join(columns)}"
    else:
        assert said == "FOREIGN KEY constraint failed"
        assert _keys_broken_by(engine, statement) == {constraint}


def _unique_columns() -> dict[str, list[str]]:
    """Columns of every primary key, unique constraint and unique index by name, as SQLite writes them."""
    found = {}
    for table in metadata.tables.values():
        unique: list[Any] = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        for key in (*unique, table.primary_key, *(index for index in table.indexes if index.unique)):
            found[str(key.name)] = [f"{table.name}.{column.name}" for column in key.columns]
    return found


def _keys_broken_by(engine: Engine, statement: str) -> set[str]:
    lenient = open_engine(engine.url.render_as_string())
    with lenient.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(statement)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        names = {_key_name(connection, table, number) for table, _row, _parent, number in broken}
        connection.rollback()
    lenient.dispose()
    return names


def _key_name(connection: Connection, table: str, number: int) -> str:
    columns = {
        row.from_column
        for row in connection.execute(
            text(f"SELECT id, \"from\" AS from_column FROM pragma_foreign_key_list('{table}')")
        )
        if row.id == number
    }
    keys = metadata.tables[table].foreign_key_constraints
    return next(str(key.name) for key in keys if {column.name for column in key.columns} == columns)
