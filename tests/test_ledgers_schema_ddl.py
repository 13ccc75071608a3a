"""What the program says to an empty database, word for word: the states come from enums, and nothing of it may move.

A change of the schema changes these files on purpose, with a new SCHEMA_VERSION beside it.
"""

from pathlib import Path

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from ledgers.schema import triggers
from ledgers.schema.core import metadata

GOLDEN = Path(__file__).parent / "golden"
DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def ddl(name: str) -> str:
    """Every table with its indexes, by name, and then the triggers in their order."""
    made: list[CreateTable | CreateIndex] = []
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        made.append(CreateTable(table))
        made.extend(CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name)))
    said = [str(element.compile(dialect=DIALECTS[name])) for element in made]
    text = ";\n\n".join(part.strip() for part in (*said, *triggers.statements(name)))
    return "\n".join(line.rstrip() for line in text.splitlines()) + ";\n"


@pytest.mark.parametrize("name", DIALECTS)
def test_the_schema_is_said_word_for_word_as_before(name: str) -> None:
    assert ddl(name) == (GOLDEN / f"schema_{name}.sql").read_text(encoding="utf-8")
