"""What went wrong elsewhere, tried here: each is stopped, and this is where."""

import json
from hashlib import sha1, sha256

import pytest
from sqlalchemy.exc import IntegrityError
from support.by_hand import Move
from support.story import BENEFIT_COLUMNS, CREDITOR_COLUMNS, OBLIGATION_COLUMNS, Office, client_line, ordinary_month
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple

from ledgers.database import open_engine, writing

pytestmark = pytest.mark.quick
ASSEN = "ASSEN-202611-01-001"


def test_amsterdam_2013_cents_read_as_euros(office: Office) -> None:
    """Stopped at the import by what held before, and by the limit of a payment where nothing did."""
    ordinary_month(office)
    hundredfold = office.file("o.csv", OBLIGATION_COLUMNS, "VL-1;0010001;WONEN;huur;65.000,00;C-77;2026-10;;")
    assert office("anna", "import", "obligations", hundredfold).code == 3
    office.clients(client_line("0010009"))
    new = office.file("o.csv", OBLIGATION_COLUMNS, "VL-9;0010009;WONEN;huur;61.000,00;C-9;2026-10;;")
    said = office("anna", "import", "obligations", new)
    assert (said.code, "line 2, column bedrag: '61.000,00' is above EUR" in said.err) == (3, True)
    benefits = office.file("b.csv", BENEFIT_COLUMNS, "U-9;0010001;2026-12;regulier;133.143,00;")
    assert office("anna", "import", "benefits", benefits).code == 3
    assert office.files() == []


def test_amsterdam_2013_the_sheet_is_computed_from_the_written_file(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    sheet = office.do("carla", "sheet", ASSEN).out
    assert "1.541,79" in sheet
    engine = open_engine(office.url)
    with engine.begin() as connection:
        sqlite = office.url.startswith("sqlite")
        drop = "DROP TRIGGER payment_files_fixed" if sqlite else "ALTER TABLE payment_files DISABLE TRIGGER ALL"
        connection.exec_driver_sql(drop)
        connection.exec_driver_sql("UPDATE payment_files SET control_sum_cents = 15417900 WHERE gemeente = 'assen'")
    engine.dispose()
    assert "154.179,00" not in office("carla", "sheet", ASSEN).out
    assert office("inge", "check").code == 5


def test_den_haag_2019_a_point_for_the_comma(office: Office) -> None:
    ordinary_month(office)
    before = office.digest()
    for amount in ("650.00", "1,331.43", "8.50", "850", "1e3", "-5,00", "650,0"):
        wrong = office.file("o.csv", OBLIGATION_COLUMNS, f"VL-1;0010001;WONEN;huur;{amount};C-77;2026-10;;")
        assert office("anna", "import", "obligations", wrong).code == 3, amount
    assert office.digest() == before


def test_almelo_2019_everyone_paid_twice(office: Office) -> None:
    """The run again, the release again, the answer again: the same bytes, and no second payment; the keys say no."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    released = {path.name: path.read_bytes() for path in office.approve_and_release()}
    digest = office.digest()
    for who in ("bram", "anna"):
        office.do(who, "run", "2026-11")
    for file in office.files():
        office.do("bram", "release", file["file_id"], "--out", str(office.folder / "bank"))
    assert {path.name: path.read_bytes() for path in (office.folder / "bank").glob("*.xml")} == released
    assert office.digest() == digest
    engine = open_engine(office.url)
    columns = "file_id, obligation, covers, withholding, amount_cents, client, creditor, creditor_name"
    columns += ", creditor_iban, remittance"
    twice = f"INSERT INTO payments SELECT 'another-id', {columns}, 'planned' FROM payments WHERE obligation = 'VL-1'"
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.exec_driver_sql(twice)
    engine.dispose()


def test_a_fraud_mail_changes_the_landlords_iban(office: Office) -> None:
    """Blocked until somebody else has called back; the money stays reserved."""
    ordinary_month(office)
    new = office.file("c.csv", CREDITOR_COLUMNS, "WONEN;Stichting Wonen Noord;NL39RABO0300065264;huur;")
    office.do("anna", "import", "creditors", new)
    office.do("bram", "run", "2026-11")
    status = office.status()
    assert {(h["client"], h["reason"]) for h in status["held"]} >= {("0010001", "iban_unconfirmed")}
    paid = b"".join(path.read_bytes() for path in office.approve_and_release())
    assert b"NL39RABO0300065264" not in paid
    said = office("anna", "creditor", "confirm", "WONEN", "--how", "mail gelezen")
    assert said.code == 1
    assert "a second person has to confirm it" in said.err


def test_a_file_is_changed_between_approval_and_bank(office: Office) -> None:
    """The approval is of a hash; the ends that the bank shows stand on the sheet."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    sheet = office.do("carla", "sheet", ASSEN).out
    (path,) = [p for p in office.approve_and_release() if p.stem == ASSEN]
    content = path.read_bytes()
    assert f"[{sha256(content).hexdigest()[-6:]}]" in sheet
    assert f"[{sha1(content).hexdigest()[-5:]}]" in sheet
    path.write_bytes(content.replace(b"NL91ABNA0417164300", b"NL39RABO0300065264"))
    said = office("bram", "release", ASSEN, "--out", str(path.parent))
    assert said.code == 5
    assert "either somebody changed it, or this database was restored from a backup" in said.err


def test_managed_rent_that_nobody_can_find(office: Office) -> None:
    """A betaalbewijs names the cost, the EndToEndId, the file's hash, the statement and its entry."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    document = office.do("rosa", "--json", "report", "proof", "0010001", "2026-11").document
    told = json.dumps(document)
    (file,) = office.files()
    for needed in ("VL-1", RENT, file["sha256"], "assen-0285012346-00001"):
        assert needed in told


def test_the_switch_over_month_falls_between_two_stools(office: Office) -> None:
    """No gap and no overlap: a month that we paid and the client pays too keeps the end away."""
    a_couple(office)
    office.do("rosa", "handover", "VL-1", "--first-own-month", "2026-12", "--method", "overboeking")  # we paid December
    document = office.do("rosa", "--json", "dossier", "0010001").document
    assert "handover" in document["missing_for_end"]
    kinds = {item["kind"] for item in office.do("rosa", "--json", "worklist").document if item["client"] == "0010001"}
    assert "gap_or_overlap" in kinds
    said = office("rosa", "end", "propose", "0010001", "--date", "2027-03-31")
    assert said.code == 1
    assert "handover" in said.err
