"""Somebody with all rights changes the books behind the program's back: the checks tell what no longer fits.

Each tampering happens in a transaction without triggers, foreign keys, CHECKs and the live-payment index, and is
rolled back; the sums, files and trail must then list exactly the violations that this tampering deserves, no more and
no fewer. What each decision sealed comes on top: see tests/campaigns/tamper.py.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha1, sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from support.story import Office, client_line
from support.warm import open_warm

from ledgers.checks.self_check import PROOFS, SUMS, digest, full_check, self_check
from ledgers.database import open_engine, reading
from ledgers.schema.core import metadata

WAITING, RELEASED = "ASSEN-202611-01-001", "TYNAARLO-202611-01-001"


def a_month(office: Office) -> None:
    """One client alone, a couple that shares its rent with an odd cent, one held, and two equal rents in Tynaarlo."""
    office.creditors()
    office.clients(
        client_line("0010001"),
        client_line("0010002", huishouden="H2"),
        client_line("0010003", huishouden="H2"),
        client_line("0010004"),
        client_line("0020001", gemeente="tynaarlo"),
        client_line("0020002", gemeente="tynaarlo"),
    )
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010002;WONEN;huur;700,01;C-78;2026-10;;",
        "VL-5;0020001;WONEN;huur;640,00;C-79;2026-10;;",
        "VL-6;0020002;WONEN;huur;640,00;C-80;2026-10;;",
    )
    office.benefits(
        "U-1;0010001;2026-11;regulier;1331,43;",
        "U-2;0010002;2026-11;regulier;951,01;",
        "U-3;0010003;2026-11;regulier;951,01;",
        "U-5;0020001;2026-11;regulier;1331,43;",
        "U-6;0020002;2026-11;regulier;1331,43;",
    )
    office.do("bram", "run", "2026-11")
    office.do("carla", "approve", RELEASED, "--total", "1.280,00")
    office.do("bram", "release", RELEASED, "--out", str(office.folder / "bank"))
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "remainders.csv"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def books(
    request: pytest.FixtureRequest, empty_books: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One sound month for all tests that only try a tampering."""
    folder = tmp_path_factory.mktemp(request.param)
    url = empty_books(request.param, folder)
    a_month(Office(url, folder).hire())
    engine = open_warm(url)
    yield engine
    engine.dispose()


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """A connection of a person with all rights, on which nothing guards the books; undone unless committed."""
    own = open_warm(engine.url.render_as_string(hide_password=False))
    with own.connect() as connection:
        if own.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            for trigger in triggers.all():
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            rules = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
            named = [row for row in connection.exec_driver_sql(rules) if str(row.conrelid) in metadata.tables]
            assert named
            for table, rule in named:
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        connection.exec_driver_sql("DROP INDEX uq_payments_one_live")
        yield connection
        connection.rollback()
    own.dispose()


def test_sound_books_have_no_violation(books: Engine) -> None:
    with reading(books) as connection:
        assert full_check(connection) == []


def unsealed(connection: Connection) -> list[str]:
    """What the sums, the files and the trail say by themselves; `full_check` never says less."""
    violations = [violation for check in (*SUMS, *PROOFS[:2]) for violation in check(connection)]
    assert set(violations) <= set(full_check(connection))
    return violations


TAMPERINGS: dict[str, tuple[list[str], list[str]]] = {
    "a contribution moved from one vaste last to another": (
        [
            "UPDATE contributions SET amount_cents = amount_cents + 1 WHERE obligation = 'VL-1'",
            "UPDATE contributions SET amount_cents = amount_cents - 1 WHERE obligation = 'VL-2'",
        ],
        [
            "vaste last VL-1 2026-12: 65000 cents withheld, but contributions of 65001",
            "vaste last VL-2 2026-12: 12050 cents withheld, but contributions of 12049",
        ],
    ),
    "a contribution deleted": (
        ["DELETE FROM contributions WHERE obligation = 'VL-2'"],
        [
            "vaste last VL-2 2026-12: 12050 cents withheld, but contributions of 0",
            "client 0010001 2026-11: the run withheld 77050 cents, the contributions are 65000",
        ],
    ),
    "a cent of the rent moved from one partner to the other": (
        [
            "UPDATE contributions SET amount_cents = amount_cents - 1 WHERE client = '0010002'",
            "UPDATE contributions SET amount_cents = amount_cents + 1 WHERE client = '0010003'",
        ],
        [
            "client 0010002 2026-11: the run withheld 35001 cents, the contributions are 35000",
            "client 0010003 2026-11: the run withheld 35000 cents, the contributions are 35001",
        ],
    ),
    "a contribution put on somebody who takes no part": (
        ["UPDATE contributions SET client = '0010004' WHERE obligation = 'VL-2'"],
        [
            "client 0010001 2026-11: the run withheld 77050 cents, the contributions are 65000",
            "client 0010004 2026-11: contributes 12050 cents without being in the run",
        ],
    ),
    "the totals of a run": (
        [
            "UPDATE runs SET withheld_cents = 147050, remainder_cents = remainder_cents + 1 WHERE gemeente = 'assen'",
        ],
        ["run assen-202611-01: its totals are not the sum of its clients"],
    ),
    "a granted benefit lowered afterwards": (
        ["UPDATE benefit_records SET amount_cents = amount_cents - 1 WHERE reference = 'U-1'"],
        ["client 0010001 2026-11: 133143 cents counted, only 133142 granted"],
    ),
    "a granted benefit deleted": (
        ["DELETE FROM benefit_records WHERE reference = 'U-1'"],
        ["client 0010001 2026-11: 133143 cents counted, only 0 granted"],
    ),
    "a granted benefit that became an advance": (
        ["UPDATE benefit_records SET component = 'voorschot' WHERE reference = 'U-1'"],
        ["client 0010001 2026-11: 133143 cents counted, only 0 granted"],
    ),
    "the number of payments of a file": (
        [f"UPDATE payment_files SET transactions = 4 WHERE file_id = '{WAITING}'"],
        [f"file {WAITING}: 4 payments of 147051 cents stated, 3 of 147051 in the books"],
    ),
    "a payment of another amount": (
        ["UPDATE payments SET amount_cents = 6500000 WHERE payment_id = '202612-1-VL-1'"],
        [
            f"file {WAITING}: 3 payments of 147051 cents stated, 3 of 6582051 in the books",
            "payment 202612-1-VL-1: another amount than was withheld",
            f"file {WAITING}: its payments are not those of the books",
        ],
    ),
    "a payment that disappeared": (
        ["DELETE FROM payments WHERE payment_id = '202612-1-VL-1'"],
        [
            f"file {WAITING}: 3 payments of 147051 cents stated, 2 of 82051 in the books",
            f"file {WAITING}: its payments are not those of the books",
        ],
    ),
    "a rent paid twice, its neighbour's not at all": (
        ["UPDATE payments SET obligation = 'VL-6' WHERE payment_id = '202612-1-VL-5'"],
        ["vaste last VL-6 2026-12: more than one live payment"],
    ),
    "a payment to another account": (
        ["UPDATE payments SET creditor_iban = 'NL02ABNA0123456789' WHERE payment_id = '202612-1-VL-1'"],
        [f"file {WAITING}: its payments are not those of the books"],
    ),
    "a file called approved that nobody approved": (
        [f"UPDATE payment_files SET state = 'approved' WHERE file_id = '{WAITING}'"],
        [f"file {WAITING}: state approved does not fit its approval and release"],
    ),
    "an approval that was taken away": (
        ["DELETE FROM file_approvals"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "an approval of other bytes": (
        ["UPDATE file_approvals SET sha256 = 'x'"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "an approval of another total": (
        ["UPDATE file_approvals SET control_sum_cents = 1"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "an approval by the maker": (
        ["UPDATE file_approvals SET approved_by = 'bram'"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "a release by the approver": (
        ["UPDATE file_releases SET released_by = 'carla'"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "a release that was taken away": (
        ["DELETE FROM file_releases"],
        [f"file {RELEASED}: state released does not fit its approval and release"],
    ),
    "a payment called instructed whose file still waits": (
        ["UPDATE payments SET state = 'instructed' WHERE payment_id = '202612-1-VL-2'"],
        [
            "payment 202612-1-VL-2: its state does not fit that of its file",
            "account creditor:STROOM of assen: -12050 cents booked, 0 explained by events",
            "account in_transit of assen: 0 cents booked, -12050 explained by events",
        ],
    ),
    "a benefit booked too high": (
        ["UPDATE transfers SET amount_cents = 133144 WHERE event_key = 'benefit:assen-202611-01:0010001'"],
        [
            "account benefit_clearing of assen: 147052 cents booked, 147051 explained by events",
            "account client:0010001 of assen: -1 cents booked, 0 explained by events",
        ],
    ),
    "a listed remainder that disappeared": (
        ["DELETE FROM remainder_lists WHERE client = '0010001'"],
        [
            "account benefit_clearing of assen: 147051 cents booked, 203144 explained by events",
            "account client:0010001 of assen: 0 cents booked, -56093 explained by events",
        ],
    ),
    "a release that was never booked": (
        ["DELETE FROM transfers WHERE event_key = 'released:202612-1-VL-5'"],
        [
            "account creditor:WONEN of tynaarlo: -64000 cents booked, 0 explained by events",
            "account in_transit of tynaarlo: -64000 cents booked, -128000 explained by events",
        ],
    ),
    "a withholding booked for another creditor": (
        ["UPDATE transfers SET credit = 'creditor:STROOM' WHERE event_key = 'withheld:VL-1:2026-12'"],
        [
            "account creditor:STROOM of assen: -77050 cents booked, -12050 explained by events",
            "account creditor:WONEN of assen: -70001 cents booked, -135001 explained by events",
        ],
    ),
    "a withholding booked on somebody else's account": (
        ["UPDATE transfers SET debit = 'client:0010001' WHERE event_key = 'withheld:VL-3:2026-12' AND line = 1"],
        [
            "account client:0010001 of assen: 35001 cents booked, 0 explained by events",
            "account client:0010002 of assen: -35001 cents booked, 0 explained by events",
        ],
    ),
    "money to an account that the books do not know": (
        ["UPDATE transfers SET credit = 'client:eve' WHERE event_key = 'released:202612-1-VL-5'"],
        [
            "account client:eve of tynaarlo: -64000 cents booked, 0 explained by events",
            "account in_transit of tynaarlo: -64000 cents booked, -128000 explained by events",
        ],
    ),
    "the actor of an audit row": (
        ["UPDATE audit_trail SET actor = 'eve' WHERE sequence = 3"],
        ["audit row 3 was altered"],
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_makes_exactly_the_fitting_violations_appear(books: Engine, what: str) -> None:
    statements, expected = TAMPERINGS[what]
    with unguarded(books) as connection:
        assert unsealed(connection) == []
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0
        assert sorted(unsealed(connection)) == sorted(expected)


# --- files -----------------------------------------------------------------------------------------------------------


def forge(connection: Connection, file: str, old: bytes, new: bytes, *, rehash: bool) -> None:
    """Replace bytes of a stored file; with `rehash` by somebody who also mends every stored hash of it."""
    found = connection.execute(text("SELECT content FROM payment_files WHERE file_id = :file"), {"file": file})
    before = bytes(found.scalar_one())
    content = before.replace(old, new)
    assert content != before
    hashes = {"sha256": sha256(content).hexdigest(), "sha1": sha1(content).hexdigest()}
    values = {"file": file, "content": content} | hashes
    connection.execute(text("UPDATE payment_files SET content = :content WHERE file_id = :file"), values)
    if rehash:
        mend = text("UPDATE payment_files SET sha256 = :sha256, sha1 = :sha1 WHERE file_id = :file")
        connection.execute(mend, values)
        connection.execute(text("UPDATE file_approvals SET sha256 = :sha256 WHERE file_id = :file"), values)


@pytest.mark.parametrize("file", [WAITING, RELEASED])
def test_altered_bytes_are_told_by_their_hash(books: Engine, file: str) -> None:
    with unguarded(books) as connection:
        forge(connection, file, b"</Document>", b"</Document >", rehash=False)
        assert unsealed(connection) == [f"file {file}: its bytes were altered"]
        assert self_check(connection) == []  # the quick one reads no files


@pytest.mark.parametrize("column", ["sha256", "sha1"])
def test_an_altered_hash_is_told_too(books: Engine, column: str) -> None:
    """The sheet shows both, because banks compare the one or the other."""
    with unguarded(books) as connection:
        connection.exec_driver_sql(f"UPDATE payment_files SET {column} = 'x' WHERE file_id = '{WAITING}'")
        assert unsealed(connection) == [f"file {WAITING}: its bytes were altered"]


FORGERIES = {
    "the payee's account": (b"<IBAN>NL20INGB0001234567</IBAN>", b"<IBAN>NL02ABNA0123456789</IBAN>"),
    "the amount": (b'<InstdAmt Ccy="EUR">120.50<', b'<InstdAmt Ccy="EUR">12050.00<'),
    "an EndToEndId": (b"202612-1-VL-2", b"202612-2-VL-2"),
    "the payee's name": (b"Stroomhuis B.V.", b"Stroomdief B.V."),
    "a betalingskenmerk": (b"5000056789012345", b"4000056789012345"),
    "a payment text": (b"huur 2026-12 C-77", b"huur 2026-12 C-78"),
    "our account": (b"NL11BNGH0285012346", b"NL77RABO0150046029"),
    "the execution date": (b"<Dt>2026-11-25</Dt>", b"<Dt>2026-11-26</Dt>"),
    "the MsgId": (b"<MsgId>ASSEN-202611-01-001", b"<MsgId>ASSEN-202611-01-002"),
    "the PmtInfId": (b"<PmtInfId>ASSEN-202611-01-001-B1", b"<PmtInfId>ASSEN-202611-01-001-B2"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forger_who_mends_the_hashes_is_told_by_what_stands_in_the_file(books: Engine, what: str) -> None:
    old, new = FORGERIES[what]
    with unguarded(books) as connection:
        forge(connection, WAITING, old, new, rehash=True)
        assert unsealed(connection) == [f"file {WAITING}: its payments are not those of the books"]


def test_a_payment_that_stands_twice_in_a_forged_file_is_told(books: Engine) -> None:
    with reading(books) as connection:
        query = text("SELECT content FROM payment_files WHERE file_id = :file")
        content = bytes(connection.execute(query, {"file": WAITING}).scalar_one())
    start, end = content.index(b"<CdtTrfTxInf>"), content.index(b"</CdtTrfTxInf>") + len(b"</CdtTrfTxInf>")
    with unguarded(books) as connection:
        forge(connection, WAITING, content[start:end], content[start:end] * 2, rehash=True)
        assert unsealed(connection) == [f"file {WAITING}: its payments are not those of the books"]


def test_a_forged_file_that_is_no_payment_file_any_more_is_told(books: Engine) -> None:
    with unguarded(books) as connection:
        forge(connection, WAITING, b"</Document>", b"", rehash=True)
        assert unsealed(connection) == [f"file {WAITING}: its bytes are no payment file"]


# --- the commands ----------------------------------------------------------------------------------------------------


def tamper(office: Office, *statements: str) -> None:
    """Change the books for good, behind the program's back."""
    engine = open_engine(office.url)
    with unguarded(engine) as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0
        connection.commit()
    engine.dispose()


def alter_bytes(office: Office, file: str) -> None:
    engine = open_engine(office.url)
    with unguarded(engine) as connection:
        forge(connection, file, b"NL91ABNA0417164300", b"NL02ABNA0123456789", rehash=False)
        connection.commit()
    engine.dispose()


def test_check_ends_with_5_and_lists_every_violation(office: Office) -> None:
    a_month(office)
    assert office("inge", "check").code == 0
    tamper(
        office,
        "UPDATE benefit_records SET amount_cents = amount_cents - 1 WHERE reference = 'U-1'",
        f"UPDATE payment_files SET transactions = 4 WHERE file_id = '{WAITING}'",
        "UPDATE audit_trail SET actor = 'eve' WHERE sequence = 3",
    )
    told = [
        "client 0010001 2026-11: 133143 cents counted, only 133142 granted",
        f"file {WAITING}: 4 payments of 147051 cents stated, 3 of 147051 in the books",
        "audit row 3 was altered",
    ]
    said = office("inge", "check")
    assert (said.code, said.out) == (5, "")
    lines = said.err.splitlines()
    assert lines[0] == f"{len(lines) - 1} violation(s):"
    assert {f"  {violation}" for violation in told} < set(lines[1:])  # and that two decisions were altered
    answer = office("inge", "--json", "check")
    assert answer.code == 5
    assert (answer.document["error"], answer.document["exit_code"]) == ("proof_failed", 5)
    assert all(violation in answer.document["message"] for violation in told)
    # And no run starts on such books, not even that of another gemeente.
    run = office("bram", "run", "2026-11", "--gemeente", "aa-en-hunze")
    assert run.code == 5
    assert told[0] in run.err


def test_an_altered_file_is_neither_approved_nor_shown_nor_released(office: Office) -> None:
    a_month(office)
    alter_bytes(office, WAITING)
    approved = office("carla", "approve", WAITING, "--total", "1.470,51")
    assert approved.code == 5
    assert f"Payment file {WAITING} was altered in the database" in approved.err
    assert office("inge", "sheet", WAITING).code == 5
    assert f"file {WAITING}: its bytes were altered" in office("inge", "check").err
    assert office.status()["files"][0]["state"] == "generated"


def test_a_file_altered_after_its_approval_is_not_released(office: Office) -> None:
    a_month(office)
    office.do("carla", "approve", WAITING, "--total", "1.470,51")
    alter_bytes(office, WAITING)
    out = office.folder / "out"
    released = office("bram", "release", WAITING, "--out", str(out))
    assert released.code == 5
    assert not out.exists()
    assert office.status()["files"][0]["state"] == "approved"


def test_a_file_altered_after_its_approval_with_a_mended_hash_is_not_released(office: Office) -> None:
    a_month(office)
    office.do("carla", "approve", WAITING, "--total", "1.470,51")
    engine = open_engine(office.url)
    with unguarded(engine) as connection:
        approved = connection.exec_driver_sql(f"SELECT sha256 FROM file_approvals WHERE file_id = '{WAITING}'")
        before = approved.scalar_one()
        forge(connection, WAITING, b"NL91ABNA0417164300", b"NL02ABNA0123456789", rehash=True)
        connection.exec_driver_sql(f"UPDATE file_approvals SET sha256 = '{before}' WHERE file_id = '{WAITING}'")
        connection.commit()
    engine.dispose()
    released = office("bram", "release", WAITING, "--out", str(office.folder / "out"))
    assert released.code == 5
    assert f"{WAITING} is not the file that was approved" in released.err


# --- the digest ------------------------------------------------------------------------------------------------------


def test_the_digest_changes_with_any_value_and_only_then(books: Engine) -> None:
    with reading(books) as connection:
        before = digest(connection)
    with reading(books) as connection:
        assert digest(connection) == before
    with unguarded(books) as connection:
        connection.exec_driver_sql("UPDATE holds SET why = 'x'")  # no row at all
        assert digest(connection) == before
        connection.exec_driver_sql("UPDATE creditor_versions SET name = 'Wonen Zuid' WHERE creditor = 'WONEN'")
        assert digest(connection) != before


def test_every_row_of_every_table_is_in_the_digest(books: Engine) -> None:
    with unguarded(books) as connection:
        before = digest(connection)
        for table in metadata.sorted_tables:
            if connection.exec_driver_sql(f"DELETE FROM {table.name}").rowcount:
                assert digest(connection) != before, table.name
                before = digest(connection)
