"""Names, BSNs and reasons stay where they are needed: in no log, refusal, audit row, file name or Prefect page."""

import csv
import inspect
import json
import logging
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from support.by_hand import Bank, Move
from support.story import BENEFIT_COLUMNS, CLIENT_COLUMNS, OBLIGATION_COLUMNS, Office, client_line

import config
from desk.exports import tables
from flows.delivery import outbox
from ledgers.database import open_engine, reading
from ledgers.errors import ProofFailed, Refused
from ledgers.schema.core import audit_trail

NAME, OTHER, BSN = "Zzyzx Privénaam", "Qwerty Geheimsma", "123456782"
REASON, OWN_IBAN = "xylofoonles", "NL39RABO0300065264"
SECRETS = ("Zzyzx", "Priv", "Qwerty", "Geheimsma", BSN, REASON, OWN_IBAN)


def nothing_of(text: str) -> None:
    found = [secret for secret in SECRETS if secret in text]
    assert not found, f"{found} in {text[:400]}"


@pytest.fixture
def quiet(office: Office, caplog: pytest.LogCaptureFixture) -> tuple[Office, list[str]]:
    """A month and a dossier of two people with telling names; and all that the commands said meanwhile."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []

    def do(who: str, *words: str, code: int = 0) -> None:
        answer = office(who, *words)
        assert answer.code == code, answer.err
        said.extend((answer.out, answer.err))

    office.creditors()
    clients = office.file(
        "clients.csv",
        CLIENT_COLUMNS,
        client_line("0010001", naam=NAME, iban=OWN_IBAN),
        client_line("0010002", naam=OTHER),
    )
    do("anna", "import", "clients", clients)
    do(
        "anna",
        "import",
        "obligations",
        office.file(
            "o.csv",
            OBLIGATION_COLUMNS,
            "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
            "VL-2;0010002;WONEN;huur;612,34;C-78;2026-10;;",
        ),
    )
    do(
        "anna",
        "import",
        "benefits",
        office.file(
            "b.csv", BENEFIT_COLUMNS, "U-1;0010001;2026-11;regulier;1.331,43;", "U-2;0010002;2026-11;regulier;1331,43;"
        ),
    )
    do("bram", "run", "2026-11")
    do("inge", "files")
    do("carla", "sheet", "ASSEN-202611-01-001")
    do("carla", "approve", "ASSEN-202611-01-001", "--total", "1.262,34")
    do("bram", "release", "ASSEN-202611-01-001", "--out", str(office.folder / "bank"))
    office.today = "2026-12-10"
    bank = Bank(office)
    do("bram", "reconcile", bank.says("2026-11-25", Move(-650_00, "202612-1-VL-1"), Move(-612_34, "202612-1-VL-2")))
    do("bram", "reconcile", bank.says("2026-11-26", Move(650_00, "202612-1-VL-1", reason="AM05")))
    do("inge", "exceptions")
    do("bram", "resolve", "X-202612-1-VL-1-returned", "--as-what", "refund_to_client", "--why", REASON)
    do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "out" / "remainders.csv"))
    do("inge", "export", "payments", "2026-11", "--out", str(office.folder / "out" / "payments.csv"))
    do("inge", "export", "journal", "2026-11", "--out", str(office.folder / "out" / "journal.csv"))
    do("dirk", "hold", "0010002", "--why", REASON)
    do("dirk", "unhold", "0010002", "--why", REASON)
    do("dirk", "event", "arrears", "0010001", "--on", "2026-12-01", "--why", REASON)
    answers = office.folder / "answers.json"
    for evidence, code in ((f"{REASON} {BSN}", 3), (REASON, 0)):  # a BSN does not even come in
        given = {"digid": {"met": True, "evidence": evidence}}
        answers.write_text(json.dumps({"assessed_on": "2026-12-09", "answers": given}), encoding="utf-8")
        do("rosa", "assess", "0010001", "--file", str(answers), code=code)
    do("rosa", "handover", "VL-1", "--first-own-month", "2027-01", "--method", "incasso")
    do("rosa", "end", "propose", "0010001", "--date", "2027-01-31", "--reason", "moved", "--why", REASON)
    do("dirk", "end", "confirm", "0010001")
    do("rosa", "end", "propose", "0010002", "--date", "2027-01-31", code=1)
    for command in ("worklist", "status", "check"):
        do("rosa", command)
    do("rosa", "review")
    do("bram", "close", "2026-11")
    said.append(caplog.text)
    return office, said


def test_no_name_leaves_the_books_but_where_staff_ask_for_it(quiet: tuple[Office, list[str]]) -> None:
    office, said = quiet
    for text in said:
        nothing_of(text)
    engine = open_engine(office.url)
    with reading(engine) as connection:
        for row in connection.execute(select(audit_trail)):
            nothing_of(json.dumps(json.loads(row.subject), ensure_ascii=False) + row.actor + row.action)
    engine.dispose()
    for path in office.folder.rglob("*"):
        nothing_of(str(path.relative_to(office.folder)))
    for path in (office.folder / "out").iterdir():
        nothing_of(path.read_text(encoding="utf-8"))


def test_the_files_of_the_office_are_its_own(quiet: tuple[Office, list[str]]) -> None:
    office, _ = quiet
    files = [*(office.folder / "bank").iterdir(), *(office.folder / "out").iterdir()]
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((office.folder / "bank").stat().st_mode) == 0o700


def test_new_books_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'new' / 'books.db'}", tmp_path)
    office.do("chef", "init")
    assert stat.S_IMODE((tmp_path / "new" / "books.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("kind", "columns", "line"),
    [
        ("clients", CLIENT_COLUMNS, client_line("0010001", naam=NAME, geboortedatum="1990-13-45", iban=OWN_IBAN)),
        ("clients", CLIENT_COLUMNS, client_line("0010001", naam=NAME, gemeente="emmen")),
        ("obligations", OBLIGATION_COLUMNS, "VL-1;0099999;WONEN;huur;650.00;C;2026-10;;"),
        ("benefits", BENEFIT_COLUMNS, "U-1;0010001;2026-11;regulier;12,3;"),
    ],
)
def test_a_refusal_of_a_file_names_the_cell_and_not_the_person(
    office: Office, kind: str, columns: str, line: str
) -> None:
    said = office("anna", "import", kind, office.file(f"{kind}.csv", columns, line))
    assert said.code == 3
    nothing_of(said.err + said.out)


def test_prefect_gets_keys_counts_and_sums_only() -> None:
    """What a flow takes and answers stands on Prefect's own pages, in a database of its own."""
    from flows.schedules import payment_run, reconciliation, trajectory_review

    for module in (payment_run, reconciliation, trajectory_review):
        for flow in [item for item in vars(module).values() if hasattr(item, "fn") and hasattr(item, "name")]:
            parameters = set(inspect.signature(flow.fn).parameters)
            keys = {"month", "gemeente", "execution_date", "folder", "code", "on", "inbox", "day"}
            assert parameters <= keys, flow.name
            assert not getattr(flow, "persist_result", False)


def test_no_setting_holds_a_secret() -> None:
    text = (Path(str(config.__file__)).parent / "example.toml").read_text(encoding="utf-8").lower()
    for word in ("password", "wachtwoord", "secret", "token", "api_key", "://"):
        assert word not in text


def test_the_password_of_a_database_is_never_said() -> None:
    with pytest.raises(Refused) as refused:
        open_engine("mysql://root:geheim@host/books")
    assert "geheim" not in str(refused.value)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell: str, tmp_path: Path) -> None:
    content = tables.table(("naam",), [[cell]], "csv").decode("utf-8-sig")
    (_, (found,)) = list(csv.reader(content.splitlines(keepends=True), delimiter=";"))[:2]
    assert found[:1] not in ("=", "+", "-", "@", "\t", "\r")
    path = tmp_path / "t.xlsx"
    path.write_bytes(tables.table(("naam",), [[cell]], "xlsx"))
    sheet = load_workbook(path).active
    assert sheet is not None
    assert sheet["A2"].data_type != "f"


def test_nothing_half_written_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(outbox.os, "fsync", stop)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(tmp_path / "bank", "F.xml", b"<Document/>")
    assert list((tmp_path / "bank").iterdir()) == []
    (tmp_path / "bank" / ".F.xml.abc.part").write_bytes(b"<Docu")  # of a writer that was killed
    outbox.deliver(tmp_path / "bank", "F.xml", b"<Document/>")
    assert [path.name for path in (tmp_path / "bank").iterdir()] == ["F.xml"]
    with pytest.raises(ProofFailed):
        outbox.deliver(tmp_path / "bank", "F.xml", b"<other/>")
    assert [path.name for path in (tmp_path / "bank").iterdir()] == ["F.xml"]


def test_an_internal_error_says_where_and_not_what(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"{NAME} {BSN}")

    monkeypatch.setattr("ledgers.bank.open_items.list_items", fail)
    said = office("inge", "exceptions")
    assert said.code == 70
    nothing_of(said.err + said.out)
