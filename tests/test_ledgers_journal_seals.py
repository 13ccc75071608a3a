"""Seals name the columns they cover: the books may grow a column, and what was decided before still proves itself."""

import json
import subprocess
import sys

import pytest
from sqlalchemy import Engine, select
from support.factories import a_client
from support.registers import accept_register
from support.staff import FIRST_DAY, hire
from support.story import Office, ordinary_month

from ledgers.database import open_engine, reading, writing
from ledgers.dossier.grounds_and_holds import set_hold
from ledgers.journal import audit, seals
from ledgers.journal.actions import ACTIONS
from ledgers.journal.sealed_columns import FREE_TEXT, LEFT_OUT, VERSIONS, SealedColumns
from ledgers.registers.register import InputKind
from ledgers.registers.register_files import RegisterFile
from ledgers.schema.core import audit_trail, metadata

GROWING = ("holds", "grounds", "client_versions", "payments", "exception_resolutions")
PROVEN_OTHERWISE = {"books", "settlements", "audit_trail"}  # see tests/test_campaign_tamper.py


LATER_PROGRAM = """
import sys
from sqlalchemy import Column, Text
from desk.cli.main import main
import ledgers.database  # with every table
from ledgers.schema.core import metadata
for name in sys.argv.pop(1).split(","):
    metadata.tables[name].append_column(Column("remark", Text))
main()
"""


def later(office: Office, who: str, *words: str) -> int:
    """A command by a later program, whose tables have a column more; its exit code."""
    options = ["--database", office.url, "--as", who, "--today", office.today]
    command = [sys.executable, "-c", LATER_PROGRAM, ",".join(GROWING), *options, *words]
    return subprocess.run(command, capture_output=True, check=False).returncode


def migrate(url: str, *statements: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_column_added_later_breaks_no_proof_of_before(office: Office) -> None:
    ordinary_month(office)
    office.do("dirk", "hold", "0010002", "--why", "gesprek gepland")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    migrate(office.url, *(f"ALTER TABLE {name} ADD COLUMN remark TEXT" for name in GROWING))
    assert later(office, "inge", "audit", "verify") == 0
    assert later(office, "inge", "check") == 0
    assert later(office, "dirk", "unhold", "0010002", "--why", "gesprek gehad") == 0  # and life goes on
    assert later(office, "inge", "check") == 0
    migrate(office.url, unlock(office.url), "UPDATE holds SET why = 'iets anders' WHERE sequence = 1")
    assert later(office, "inge", "check") == 5


def unlock(url: str) -> str:
    """Take away what keeps a person with all rights from changing a hold."""
    return "DROP TRIGGER holds_update" + (" ON holds" if url.startswith("postgresql") else "")


def on_hold(engine: Engine, client: str, why: str) -> None:
    with writing(engine) as connection:
        set_hold(connection, client, on_hold=True, why=why, actor="dirk", now=FIRST_DAY.replace(day=int(client[-2:])))


def stated(engine: Engine) -> list[str]:
    """What stands as seal of the holds in the trail."""
    with reading(engine) as connection:
        subjects = connection.execute(select(audit_trail.c.subject).where(audit_trail.c.action == "held"))
        return [json.loads(text)["sealed"]["holds"] for text in subjects.scalars()]


def broken(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(audit.broken_seals(connection))


def alter(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(unlock(str(engine.url)))
        assert connection.exec_driver_sql(statement).rowcount == 1


@pytest.fixture
def held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """One hold sealed by version 1, and one by a version 2 that a later program has."""
    with writing(hire(engine)) as connection:
        clients = [a_client("10011"), a_client("10012")]
        accept_register(connection, RegisterFile(InputKind.CLIENTS, "c" * 64, clients, "2026-11"), "anna", FIRST_DAY)
    on_hold(engine, "10011", "eerste")
    newer = SealedColumns(("client", "sequence"), ("decided_at", "why", "on_hold"))  # without who: for this test alone
    monkeypatch.setattr(seals, "VERSIONS", {**VERSIONS, "holds": (*VERSIONS["holds"], newer)})
    on_hold(engine, "10012", "tweede")
    return engine


def test_a_seal_says_by_which_columns_it_was_made(held: Engine) -> None:
    first, second = stated(held)
    assert len(first) == 64  # version 1 is the hash alone: so it stands in the books of every version so far
    assert second.startswith("2:")
    assert broken(held) == []


@pytest.mark.parametrize("client", ["10011", "10012"])
def test_a_row_altered_later_is_told_whichever_version_sealed_it(held: Engine, client: str) -> None:
    alter(held, f"UPDATE holds SET why = 'anders' WHERE client = '{client}'")
    day = client[-2:]
    told = f"holds 2026-09-{day}T09:00:00+02:00: not what was written, as the audit trail has it"
    assert broken(held) == [told]


def test_a_seal_of_a_version_that_nobody_knows_is_no_proof(held: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Books of a newer program: better told than taken on trust."""
    monkeypatch.setattr(seals, "VERSIONS", VERSIONS)
    assert broken(held) == ["holds 2026-09-12T09:00:00+02:00: not what was written, as the audit trail has it"]


def test_every_column_of_today_is_sealed_or_left_out_for_a_reason() -> None:
    """A new column belongs in a new version of its table's seal, or among what is left out."""
    everything = {f"{t.name}.{c.name}" for t in metadata.sorted_tables if t.name not in PROVEN_OTHERWISE for c in t.c}
    sealed = {f"{table}.{name}" for table, versions in VERSIONS.items() for name in versions[-1].names}
    assert sealed | set(LEFT_OUT) == everything
    assert sealed & set(LEFT_OUT) == set()
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_the_key_of_a_seal_is_the_key_of_its_table() -> None:
    """A key that grew has a version of its own; the newer one holds every column of the older."""
    for name, versions in VERSIONS.items():
        assert versions[-1].key == tuple(column.name for column in metadata.tables[name].primary_key.columns), name
        for version in versions:
            assert set(version.key) <= set(versions[-1].key), name
            assert len(set(version.names)) == len(version.names), name


def test_every_table_that_an_action_writes_has_its_columns_and_its_free_texts() -> None:
    assert {table.name for action in ACTIONS.values() for table in action.writes} == set(VERSIONS)
    for table, columns in FREE_TEXT.items():
        assert set(columns) <= set(VERSIONS[table][-1].names)


def test_version_one_is_written_as_it_always_was() -> None:
    """The proofs of every book rest on the hash of these columns in this order: this one is as old as the first."""
    row = ("2026-09-11T09:00:00+02:00", "10011", 1, 1, "eerste", "dirk", "2026-09-11T09:00:00+02:00")
    made = seals.SealedRows("holds", [row]).digest()
    assert made == "bb71a15978896742472fc994c6bdd22e1feec89d4cc541eb6654a757c8f1c02e"
