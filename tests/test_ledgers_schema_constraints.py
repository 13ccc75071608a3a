"""What the database itself refuses, whoever asks and by whatever program: each refusal by its name."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Connection, Engine, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from support.refusals import assert_refused, refusal, rolled_back, twin
from support.story import CREDITORS, Office, client_line

from ledgers.checks.self_check import digest, full_check
from ledgers.database import initialise, open_engine, reading
from ledgers.schema.core import APPEND_ONLY, STATEFUL
from payments.calendar import AMSTERDAM

WAITING, APPROVED, RELEASED = "ASSEN-202611-01-001", "AA-EN-HUNZE-202611-01-001", "TYNAARLO-202611-02-001"
TAKEN_BACK = "TYNAARLO-202611-01-001"
TABLES = (*APPEND_ONLY, *STATEFUL)  # those of ledgers/schema/core.py; the bank's answers have their own
MOMENT = "'2026-11-18T12:00:00+01:00'"


def a_month_in_every_state(office: Office) -> None:
    """Books with a row in every table: a file waits, one is approved, released, taken back; an IBAN is unconfirmed."""
    office.creditors(*(CREDITORS[code] for code in ("WONEN", "STROOM", "ZORG")))
    office.creditors(CREDITORS["WATER"], confirm=False)
    office.do("chef", "staff", "add", "anna", "--role", "administratie", "--person", "P-1")
    office.clients(
        *(client_line(code) for code in ("0010001", "0010002", "0010009")),
        client_line("0020001", gemeente="tynaarlo"),
        client_line("0030001", gemeente="aa-en-hunze"),
    )
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;",
        "VL-3;0010002;WONEN;huur;612,34;C-78;2026-10;;",
        "VL-4;0010002;WATER;water;20,00;W-1;2026-10;;",
        "VL-5;0020001;WONEN;huur;700,00;C-79;2026-10;;",
        "VL-6;0030001;WONEN;huur;640,00;C-80;2026-10;;",
        "VL-7;0030001;ZORG;zorgverzekering;900,00;P-1;2026-10;;",
    )
    codes = ("0010001", "0010002", "0010009", "0020001", "0030001")
    office.benefits(*(f"U-{n};{code};2026-11;regulier;1.331,43;" for n, code in enumerate(codes, start=1)))
    office.benefits("V-1;0010002;2026-11;nabetaling;50,00;")
    back = ("--from-benefit", "2026-11", "--component", "nabetaling", "--why", "gemist")
    office.do("dirk", "catch-up", "VL-4", "2026-11", *back)
    ground = ("--ground", "ART_57", "--from", "2027-03-01", "--until", "2027-04-30", "--decision", "B-57")
    office.do("dirk", "ground", "add", "0010001", *ground)
    office.do("dirk", "hold", "0010009", "--why", "machtiging wordt nagekeken")
    office.do("bram", "run", "2026-11", "--gemeente", "tynaarlo")
    office.do("bram", "cancel", TAKEN_BACK, "--why", "verkeerde betaaldag")
    office.do("bram", "run", "2026-11")
    office.do("carla", "approve", APPROVED, "--total", "640,00")
    office.do("carla", "approve", RELEASED, "--total", "700,00")
    office.do("bram", "release", RELEASED, "--out", str(office.folder / "bank"))
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "remainders.csv"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def books(
    request: pytest.FixtureRequest, empty_books: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One month's books for all tests here: each tries something that is refused or rolled back."""
    folder = tmp_path_factory.mktemp(request.param)
    engine = open_engine(empty_books(request.param, folder))
    a_month_in_every_state(Office(engine.url.render_as_string(hide_password=False), folder).hire())
    with reading(engine) as connection:
        assert full_check(connection) == []
        before = digest(connection)
    yield engine
    with reading(engine) as connection:
        assert digest(connection) == before
    engine.dispose()


def approval(file: str, by: str, **changes: str) -> str:
    """SQL that approves a file as it stands, but for the changes."""
    values = ", ".join(changes.get(name, name) for name in ("file_id", "made_by", "sha256", "control_sum_cents"))
    return (
        "INSERT INTO file_approvals (file_id, made_by, sha256, control_sum_cents, approved_by, approved_at) "
        f"SELECT {values}, '{by}', {MOMENT} FROM payment_files WHERE file_id = '{file}'"
    )


def release(file: str, approver: str, by: str) -> str:
    return (
        "INSERT INTO file_releases (file_id, approved_by, released_by, released_at) "
        f"VALUES ('{file}', '{approver}', '{by}', {MOMENT})"
    )


def confirmation(by: str, how: str = "'teruggebeld'", entered_by: str = "entered_by") -> str:
    return (
        "INSERT INTO iban_confirmations (creditor, iban, sequence, entered_by, confirmed_by, how, confirmed_at) "
        f"SELECT creditor, iban, sequence, {entered_by}, '{by}', {how}, {MOMENT} "
        "FROM creditor_ibans WHERE creditor = 'WATER'"
    )


def reserved_payment(amount: str) -> str:
    """SQL that pays the water of VL-4, withheld but not yet paid: EUR 20,00 and no other amount."""
    return twin("payments", payment_id="'202612-1-VL-4'", obligation="'VL-4'", covers="'2026-12'", amount_cents=amount)


def second_file(**changes: str) -> str:
    """SQL that stores one more file with every id and hash of its own, but for the changes."""
    own = {"file_id": "'X'", "message_id": "'X'", "payment_information_id": "'X-B1'", "sha256": "'x'"}
    return twin("payment_files", **own | changes)


NEXT_LINK = {"sequence": "900", "hash": "'h'", "previous_hash": "'p'"}

REFUSED = {
    # registers
    "the same input file twice": ("uq_imports_same_file", twin("imports", import_id="99")),
    "a file of an unknown kind": ("ck_imports_known_kind", twin("imports", import_id="99", kind="'salarissen'")),
    "an unknown role": ("ck_staff_known_role", twin("staff", user_name="'eve'", role="'directeur'")),
    "an IBAN confirmed by who entered it": ("ck_iban_confirmations_second_person", confirmation("anna")),
    "an IBAN confirmed in the name of another enterer": (
        "fk_iban_confirmations_entered",
        confirmation("anna", entered_by="'bram'"),
    ),
    "an IBAN confirmed without saying how": ("ck_iban_confirmations_how_said", confirmation("bram", how="''")),
    "an IBAN confirmed twice": (
        "pk_iban_confirmations",
        twin("iban_confirmations", confirmed_by="'chef'"),
    ),
    "a vaste last moved to another client": (
        "fk_obligation_versions_owner",
        twin("obligation_versions", "obligation = 'VL-1'", sequence="2", client="'0010002'"),
    ),
    "a vaste last of nothing": (
        "ck_obligation_versions_amount_positive",
        twin("obligation_versions", sequence="2", amount_cents="0"),
    ),
    "two regular benefit lines for a client and month": (
        "uq_benefit_records_one_regular",
        twin("benefit_records", reference="'U-99'", amount_cents="amount_cents + 1"),
    ),
    "a benefit reference twice": ("pk_benefit_records", twin("benefit_records", component="'aanvulling'")),
    "a negative benefit": (
        "ck_benefit_records_amount_not_negative",
        twin("benefit_records", reference="'U-99'", component="'correctie'", amount_cents="-1"),
    ),
    "a deduction of no kind": (
        "ck_benefit_records_deduction_has_kind",
        twin("benefit_records", reference="'U-99'", component="'inhouding'"),
    ),
    "a correction with a kind of deduction": (
        "ck_benefit_records_deduction_has_kind",
        twin("benefit_records", reference="'U-99'", component="'correctie'", deduction="'beslag'"),
    ),
    "a ground that ends before it starts": (
        "ck_grounds_days_in_order",
        twin("grounds", sequence="2", until_day="'2027-02-28'"),
    ),
    "a ground without a later assessment": (
        "ck_grounds_reassessed_later",
        twin("grounds", sequence="2", reassess_on="from_day"),
    ),
    "a file taken back without a reason": (
        "ck_file_cancellations_why_said",
        twin("file_cancellations", file_id=f"'{WAITING}'", why="''"),
    ),
    "ART_56A added by hand": ("ck_grounds_added_ground", twin("grounds", sequence="2", ground="'ART_56A'")),
    # the month
    "the same run of a month twice": ("uq_runs_month_sequence", twin("runs", run_id="'again'")),
    "a run that loses a cent": (
        "ck_runs_nothing_lost",
        twin("runs", run_id="'again'", sequence="9", remainder_cents="remainder_cents - 1"),
    ),
    "a run that withholds more than was granted": (
        "ck_runs_never_more_than_granted",
        twin("runs", run_id="'again'", sequence="9", withheld_cents="benefit_cents + 1", remainder_cents="-1"),
    ),
    "a client's month that loses a cent": (
        "ck_run_clients_nothing_lost",
        twin("run_clients", client="'0010009'", remainder_cents="remainder_cents - 1"),
    ),
    "a negative remainder": (
        "ck_run_clients_never_more_than_granted",
        twin("run_clients", client="'0010009'", withheld_cents="benefit_cents + 1", remainder_cents="-1"),
    ),
    "a shortfall of nothing": (
        "ck_run_shortfalls_amounts",
        twin("run_shortfalls", obligation="'VL-1'", needed_cents="0"),
    ),
    "a withholding that ends before it begins": (
        "ck_withholdings_months_in_order",
        twin("withholdings", covers="'2027-01'", reaches="'2026-12'"),
    ),
    "a month withheld out of a top-up alone": (
        "ck_withholdings_known_component",
        twin("withholdings", covers="'2027-01'", reaches="'2027-01'", component="'aanvulling'"),
    ),
    "a top-up counted by decision": ("ck_run_components_one_off", twin("run_components", component="'aanvulling'")),
    "nothing counted by decision": (
        "ck_run_components_amount_positive",
        twin("run_components", component="'voorschot'", amount_cents="0"),
    ),
    "one-off money of a client whom the run did not count": (
        "fk_run_components_counted",
        twin("run_components", client="'0010009'"),
    ),
    "the same covered month withheld twice": ("pk_withholdings", twin("withholdings", amount_cents="amount_cents + 1")),
    "a withholding of nothing": (
        "ck_withholdings_amount_positive",
        twin("withholdings", covers="'2027-01'", reaches="'2027-01'", amount_cents="0"),
    ),
    "a negative contribution": (
        "ck_contributions_amount_positive",
        twin("contributions", client="'0010009'", amount_cents="-1"),
    ),
    "a contribution to what was never withheld": (
        "fk_contributions_withholdings",
        twin("contributions", covers="'2027-01'"),
    ),
    # payments and files
    "two live payments for a vaste last and covered month": (
        "uq_payments_one_live",
        twin("payments", payment_id="'202612-2-VL-1'"),
    ),
    "a payment of another amount than was withheld": ("fk_payments_amount_withheld", reserved_payment("2001")),
    "a payment of a month that was never withheld": (
        "fk_payments_amount_withheld",
        twin("payments", payment_id="'202701-1-VL-1'", covers="'2027-01'"),
    ),
    "an EndToEndId twice": ("pk_payments", twin("payments", obligation="'VL-4'", amount_cents="2000")),
    "a MsgId twice": (
        "uq_payment_files_message_id",
        second_file(message_id="message_id"),
    ),
    "a PmtInfId twice": (
        "uq_payment_files_payment_information_id",
        second_file(payment_information_id="payment_information_id"),
    ),
    "the same bytes in two files": ("uq_payment_files_sha256", second_file(sha256="sha256")),
    "an empty file": ("ck_payment_files_not_empty", second_file(transactions="0")),
    "an approval by the maker": ("ck_file_approvals_second_person", approval(WAITING, "bram")),
    "an approval that names another maker": (
        "fk_file_approvals_these_bytes",
        approval(WAITING, "bram", made_by="'anna'"),
    ),
    "an approval of other bytes": ("fk_file_approvals_these_bytes", approval(WAITING, "carla", sha256="'x'")),
    "an approval of another total": (
        "fk_file_approvals_these_bytes",
        approval(WAITING, "carla", control_sum_cents="control_sum_cents * 100"),
    ),
    "a second approval": ("pk_file_approvals", approval(APPROVED, "chef")),
    "a release without approval": ("fk_file_releases_approved", release(WAITING, "carla", "bram")),
    "a release that names another approver": ("fk_file_releases_approved", release(APPROVED, "chef", "carla")),
    "a release by the approver": ("ck_file_releases_second_person", release(APPROVED, "carla", "carla")),
    "a second release": ("pk_file_releases", release(RELEASED, "carla", "bram")),
    "a listed refund above the amount": (
        "ck_remainder_lists_amounts",
        twin("remainder_lists", sequence="2", refund_cents="amount_cents + 1"),
    ),
    "told money taken back": (
        "ck_remainder_lists_never_taken_back",
        twin("remainder_lists", sequence="2", whole_cents="-amount_cents - 1"),
    ),
    "an advice that nobody can follow": (
        "ck_remainder_lists_known_advice",
        twin("remainder_lists", sequence="2", advice="'misschien'"),
    ),
    "a line on a list that was never made": (
        "fk_remainder_lists_file",
        twin("remainder_lists", sequence="2", number="9"),
    ),
    "a remainder list of nobody": ("ck_remainder_files_not_empty", twin("remainder_files", number="2", lines="0")),
    "a remainder list in another form": (
        "ck_remainder_files_known_format",
        twin("remainder_files", number="2", format="'pdf'"),
    ),
    # the books
    "a transfer of nothing": ("ck_transfers_amount_positive", twin("transfers", line="9", amount_cents="0")),
    "a negative transfer": ("ck_transfers_amount_positive", twin("transfers", line="9", amount_cents="-1")),
    "a transfer from an account to itself": ("ck_transfers_two_accounts", twin("transfers", line="9", debit="credit")),
    "an event booked twice": ("pk_transfers", twin("transfers", amount_cents="1")),
    "an audit hash twice": ("uq_audit_trail_hash", twin("audit_trail", **NEXT_LINK | {"hash": "hash"})),
    "two audit rows after the same one": (
        "uq_audit_trail_previous_hash",
        twin("audit_trail", **NEXT_LINK | {"previous_hash": "previous_hash"}),
    ),
    "an audit row twice": ("pk_audit_trail", twin("audit_trail", **NEXT_LINK | {"sequence": "sequence"})),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(books: Engine, what: str) -> None:
    constraint, statement = REFUSED[what]
    assert_refused(books, constraint, statement)


def test_every_rule_of_the_data_model_was_tried_above() -> None:
    """A CHECK, unique key or composite key that is added to the model needs a story here."""
    rules = set()
    for table in TABLES:
        key = set(table.primary_key.columns)
        rules |= {str(i.name) for i in table.indexes if i.unique}
        rules |= {str(k.name) for k in table.foreign_key_constraints if len(k.columns) > 1}
        for constraint in table.constraints:
            # A unique key around the primary key only serves as the target of a composite foreign key.
            if isinstance(constraint, UniqueConstraint) and not key <= set(constraint.columns):
                rules.add(str(constraint.name))
            # A Boolean's own CHECK exists on SQLite alone, and has its test below.
            if isinstance(constraint, CheckConstraint) and not constraint._type_bound:
                rules.add(str(constraint.name))
    assert rules <= {constraint for constraint, _ in REFUSED.values()}


ACCEPTED = {
    "an approval by a second person": approval(WAITING, "carla"),
    "a release by somebody else than the approver": release(APPROVED, "carla", "bram"),
    "an IBAN confirmed by a second person": confirmation("bram"),
    "a payment of exactly what was withheld": reserved_payment("2000"),
    "a second file with ids and bytes of its own": second_file(),
    "the next run of the month": twin("runs", run_id="'next'", sequence="9"),
    "an addition beside the regular benefit": twin("benefit_records", reference="'U-99'", component="'aanvulling'"),
    "the same file from another month on": twin("imports", import_id="99", from_month="'2027-01'"),
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_what_is_right_is_accepted(books: Engine, what: str) -> None:
    """Beside each refusal above: it was the one wrong value that was refused."""
    with rolled_back(books) as connection:
        assert connection.exec_driver_sql(ACCEPTED[what]).rowcount == 1


@pytest.mark.parametrize(
    "end",
    [
        ("instructed", "rejected"),
        ("instructed", "booked", "returned"),
        ("instructed", "booked", "settled", "returned"),
    ],
    ids=" ".join,
)
def test_a_payment_that_came_back_frees_the_place_for_a_second_attempt(books: Engine, end: tuple[str, ...]) -> None:
    again = twin("payments", "payment_id = '202612-1-VL-1'", payment_id="'202612-2-VL-1'", state="'planned'")
    with rolled_back(books) as connection:
        for state in end:
            with connection.begin_nested() as attempt:
                with pytest.raises(IntegrityError):
                    connection.exec_driver_sql(again)
                attempt.rollback()
            connection.exec_driver_sql(f"UPDATE payments SET state = '{state}' WHERE payment_id = '202612-1-VL-1'")
        connection.exec_driver_sql(again)
        with pytest.raises(IntegrityError):  # and only for one
            connection.exec_driver_sql(again.replace("202612-2-VL-1", "202612-3-VL-1"))


def test_a_cancelled_payment_takes_no_place(books: Engine) -> None:
    with rolled_back(books) as connection:
        connection.exec_driver_sql(twin("payments", payment_id="'202612-0-VL-1'", state="'cancelled'"))


# --- history ---------------------------------------------------------------------------------------------------------


def a_key(table: Table) -> str:
    return next(iter(table.primary_key.columns)).name


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: str(table.name))
def test_what_was_written_is_never_changed_nor_deleted(books: Engine, table: Table) -> None:
    with reading(books) as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one() > 0
    for column in table.columns:
        same = f"UPDATE {table.name} SET {column.name} = {column.name}"
        assert refusal(books, same) == f"append_only_{table.name}"
    assert refusal(books, f"DELETE FROM {table.name}") == f"append_only_{table.name}"


@pytest.mark.parametrize("table", STATEFUL, ids=lambda table: str(table.name))
def test_of_a_run_a_file_and_a_payment_only_the_state_changes(books: Engine, table: Table) -> None:
    for column in table.columns:
        if column.name != "state":
            same = f"UPDATE {table.name} SET {column.name} = {column.name}"
            assert refusal(books, same) == f"append_only_{table.name}"
    assert refusal(books, f"DELETE FROM {table.name}") == f"append_only_{table.name}"


def test_changed_file_bytes_are_refused_even_together_with_an_allowed_step(books: Engine) -> None:
    other = "content = content, state = 'approved'"
    for change in ("content = content", "sha256 = 'x'", other):
        statement = f"UPDATE payment_files SET {change} WHERE file_id = '{WAITING}'"
        assert refusal(books, statement) == "append_only_payment_files"


def test_an_insert_that_turns_into_an_update_is_refused_too(books: Engine) -> None:
    statement = twin("transfers") + " ON CONFLICT (event_key, line) DO UPDATE SET amount_cents = 1"
    assert refusal(books, statement) == "append_only_transfers"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_no_table_is_emptied_or_replaced_at_once(books: Engine, table: Table) -> None:
    """TRUNCATE on PostgreSQL; on SQLite, INSERT OR REPLACE would delete the old row first."""
    if books.dialect.name == "postgresql":
        assert refusal(books, f"TRUNCATE {table.name} CASCADE").startswith("append_only_")
        return
    replaced = twin(table.name).replace("INSERT INTO", "INSERT OR REPLACE INTO")
    assert refusal(books, replaced) == f"append_only_{table.name}"


def test_a_regular_benefit_is_not_replaced_by_one_of_another_reference(books: Engine) -> None:
    """SQLite's REPLACE would also delete the row that stands in the way in a unique index."""
    if books.dialect.name == "sqlite":
        replaced = twin("benefit_records", reference="'U-99'").replace("INSERT INTO", "INSERT OR REPLACE INTO")
        assert refusal(books, replaced) == "append_only_benefit_records"
    else:
        assert refusal(books, "TRUNCATE benefit_records") == "append_only_benefit_records"


FIRST = {
    "runs": ("assen-202611-01", "waiting_for_approval"),
    "payment_files": (WAITING, "generated"),
    "payments": ("202612-1-VL-1", "planned"),
}


@pytest.mark.parametrize("table", STATEFUL, ids=lambda table: str(table.name))
def test_a_state_only_moves_along_the_steps_of_the_data_model(books: Engine, table: Table) -> None:
    steps = STATEFUL[table]
    key, start = FIRST[table.name]
    ways = _ways(start, steps)
    accepted, refusals = set(), set()
    with rolled_back(books) as connection:
        for old, new in itertools.product(ways, [*ways, "cancelled", "verzonnen", ""]):
            attempt = connection.begin_nested()
            for state in ways[old]:
                _step(connection, table, key, state)
            try:
                _step(connection, table, key, new)
                accepted.add((old, new))
            except IntegrityError as error:
                refusals.add(str(error.orig).splitlines()[0])
            attempt.rollback()
    assert accepted == {*steps, *((state, state) for state in ways)}
    assert refusals == {f"transition_{table.name}"}


def _step(connection: Connection, table: Table, key: str, state: str) -> None:
    connection.exec_driver_sql(f"UPDATE {table.name} SET state = '{state}' WHERE {a_key(table)} = '{key}'")


def _ways(start: str, steps: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """From the first state to every other: the states to pass, itself last."""
    ways: dict[str, list[str]] = {start: []}
    for old, new in itertools.chain.from_iterable(itertools.repeat(steps, len(steps))):
        if old in ways and new not in ways:
            ways[new] = [*ways[old], new]
    return ways


def test_yes_or_no_is_yes_or_no(books: Engine) -> None:
    """SQLite keeps a Boolean as a number: its CHECK refuses any other; PostgreSQL has the type itself."""
    if books.dialect.name == "sqlite":
        maybe = twin("benefit_records", reference="'U-99'", component="'aanvulling'", suspended="2")
        assert refusal(books, maybe) == "CHECK constraint failed: ck_benefit_records_suspended"
    else:
        with reading(books) as connection:
            kind = "SELECT data_type FROM information_schema.columns WHERE column_name = 'suspended'"
            assert connection.exec_driver_sql(kind).scalar_one() == "boolean"


def test_the_guards_come_with_new_books(tmp_path: Path) -> None:
    """Not only with the template that the other tests copy."""
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert initialise(engine, datetime(2026, 11, 18, 9, 30, tzinfo=AMSTERDAM))
    assert refusal(engine, "DELETE FROM books") == "append_only_books"
    engine.dispose()
