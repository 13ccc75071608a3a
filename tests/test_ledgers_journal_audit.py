"""The audit trail: each row is sealed with the one before it, so a change anywhere breaks every seal after it."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, select
from support.story import Office, ordinary_month

from ledgers.database import open_engine, reading, writing
from ledgers.journal import audit
from ledgers.schema.core import audit_trail, staff
from payments.calendar import AMSTERDAM

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)


@pytest.fixture
def books(engine: Engine) -> Engine:
    """Books with five rows in their trail."""
    with writing(engine) as connection:
        anna = {"user_name": "anna", "role": "finance", "added_by": "chef", "added_at": NOW.isoformat()}
        connection.execute(staff.insert(), anna)  # beside the trail, which begins with what follows
        for number in range(1, 6):
            audit.append(connection, NOW, "anna", "reconciled", {"number": number})
    return engine


def unseal(connection: Connection) -> None:
    """Take away what keeps a person with all rights from changing the trail."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_trail_update")
        connection.exec_driver_sql("DROP TRIGGER audit_trail_delete")
    else:
        connection.exec_driver_sql("ALTER TABLE audit_trail DISABLE TRIGGER ALL")


def broken(engine: Engine, *statements: str) -> str | None:
    """What the walk along the chain says after the statements."""
    with writing(engine) as connection:
        unseal(connection)
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount == 1
    with reading(engine) as connection:
        return audit.first_broken_link(connection)


def test_each_row_carries_the_hash_of_the_row_before(books: Engine) -> None:
    with reading(books) as connection:
        rows = connection.execute(select(audit_trail).order_by(audit_trail.c.sequence)).all()
        assert audit.first_broken_link(connection) is None
        assert audit.head(connection) == (5, rows[-1].hash)
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in rows] == ["0" * 64, *(row.hash for row in rows[:-1])]
    assert [json.loads(row.subject) for row in rows] == [{"number": number} for number in range(1, 6)]


def test_an_empty_trail_holds(engine: Engine) -> None:
    with reading(engine) as connection:
        assert audit.first_broken_link(connection) is None
        assert audit.head(connection) == (0, "0" * 64)


@pytest.mark.parametrize(
    "change",
    ["actor = 'eve'", "action = 'nothing'", "at = '2026-11-17T12:00:00+01:00'", "subject = '{\"number\":30}'"],
)
def test_no_field_of_a_row_can_change(books: Engine, change: str) -> None:
    assert broken(books, f"UPDATE audit_trail SET {change} WHERE sequence = 3") == "audit row 3 was altered"


def test_a_row_that_was_taken_out_is_missed(books: Engine) -> None:
    assert broken(books, "DELETE FROM audit_trail WHERE sequence = 3") == "audit row 3 is missing"


def test_a_trail_without_its_beginning_is_told(books: Engine) -> None:
    assert broken(books, "DELETE FROM audit_trail WHERE sequence = 1") == "audit row 1 is missing"


def test_the_gap_cannot_be_closed_by_counting_anew(books: Engine) -> None:
    close = [f"UPDATE audit_trail SET sequence = {n} WHERE sequence = {n + 1}" for n in (3, 4)]
    delete = "DELETE FROM audit_trail WHERE sequence = 3"
    assert broken(books, delete, *close) == "audit row 3 does not follow the row before it"


def test_a_row_sealed_anew_no_longer_fits_the_next_one(books: Engine) -> None:
    with reading(books) as connection:
        row = dict(connection.execute(select(audit_trail).where(audit_trail.c.sequence == 3)).mappings().one())
    forged = audit.seal(row | {"actor": "eve"})
    change = f"UPDATE audit_trail SET actor = 'eve', hash = '{forged}' WHERE sequence = 3"
    assert broken(books, change) == "audit row 4 does not follow the row before it"


def test_a_cut_tail_is_told_by_the_head_that_was_noted_on_paper(books: Engine) -> None:
    """The chain itself cannot know that it was longer: that is why `audit verify` prints its head."""
    with reading(books) as connection:
        noted = audit.head(connection)
    assert broken(books, "DELETE FROM audit_trail WHERE sequence = 5") is None
    with reading(books) as connection:
        assert audit.head(connection) != noted


def test_a_row_is_only_kept_where_the_change_itself_is(books: Engine) -> None:
    with writing(books) as connection:
        audit.append(connection, NOW, "anna", "reconciled", {"number": 6})
        connection.rollback()
    with reading(books) as connection:
        assert audit.head(connection)[0] == 5


def test_the_command_tells_the_first_broken_link_with_5(office: Office) -> None:
    whole = office.do("inge", "--json", "audit", "verify").document
    assert whole["rows"] == 7  # seven people were hired
    engine = open_engine(office.url)
    assert broken(engine, *(f"UPDATE audit_trail SET actor = 'eve' WHERE sequence = {n}" for n in (6, 3)))
    engine.dispose()
    said = office("inge", "audit", "verify")
    assert (said.code, said.out) == (5, "")
    assert said.err == "The audit trail is broken: audit row 3 was altered.\n"
    assert office("inge", "check").code == 5


def test_a_month_leaves_who_did_what_and_no_personal_data(office: Office) -> None:
    ordinary_month(office)
    office.do("dirk", "hold", "0010002", "--why", "gesprek gepland")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    office.do("anna", "export", "remainders", "2026-11", "--out", str(office.folder / "remainders.csv"))
    engine = open_engine(office.url)
    with reading(engine) as connection:
        rows = connection.execute(select(audit_trail).order_by(audit_trail.c.sequence)).all()
    engine.dispose()
    told = [(row.actor, row.action) for row in rows if row.action != "staff_added"]
    assert told == [
        ("anna", "imported"),
        *[("bram", "iban_confirmed")] * 4,
        ("anna", "imported"),
        ("anna", "trajectories_opened"),
        *[("anna", "imported")] * 2,
        ("dirk", "held"),
        ("bram", "planned"),
        ("bram", "file_made"),
        ("carla", "approved"),
        ("bram", "released"),
        ("anna", "remainders_listed"),
    ]
    everything = " ".join(row.subject for row in rows)
    for personal in ("Voorbeeld", "Na\\u00efma", "NL91ABNA", "gesprek", "Wonen Noord"):
        assert personal not in everything
