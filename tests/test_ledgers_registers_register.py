"""Registers grow by dated versions: what was imported stays true for the months it was true for."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from support.factories import a_benefit, a_client, a_creditor, an_obligation
from support.registers import accept_register
from support.staff import hire
from support.story import BENEFIT_COLUMNS, CREDITORS, OBLIGATION_COLUMNS, Office, client_line, ordinary_month

import config.settings
from ledgers.checks.self_check import digest
from ledgers.database import open_engine, reading, writing
from ledgers.errors import Conflict
from ledgers.registers.iban_confirmations import confirm, confirmed_ibans
from ledgers.registers.register import (
    Imported,
    InputKind,
    Record,
    accept_benefits,
    clients_in_force,
    creditors_in_force,
    obligations_in_force,
)
from ledgers.registers.register_files import RegisterFile
from ledgers.schema.core import audit_trail, benefit_records, creditor_versions, imports, obligation_versions
from payments.calendar import AMSTERDAM
from payments.intake.dated_versions import Left
from payments.month import Month
from payments.parties import BenefitRecord, Client, Component, Creditor, Obligation

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)
OLD_IBAN, NEW_IBAN = "NL91ABNA0417164300", "NL02ABNA0123456789"
KINDS: dict[type, InputKind] = {
    Creditor: InputKind.CREDITORS,
    Client: InputKind.CLIENTS,
    Obligation: InputKind.OBLIGATIONS,
}


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Empty registers of an office with its staff."""
    return hire(engine)


def bring(engine: Engine, *records: Record, first: Month = "2026-11", who: str = "anna") -> Imported:
    """Import a register file that has these lines; the same lines are the same file."""
    digest_of_file = sha256(repr(records).encode()).hexdigest()
    with writing(engine) as connection:
        return accept_register(
            connection, RegisterFile(KINDS[type(records[0])], digest_of_file, records, first), who, NOW
        )


def grant(engine: Engine, *records: BenefitRecord, file: str = "") -> Imported:
    """Import a benefits file that has these lines."""
    digest_of_file = sha256((file or repr(records)).encode()).hexdigest()
    with writing(engine) as connection:
        return accept_benefits(connection, digest_of_file, records, "anna", NOW)


def rent(euros: int) -> Obligation:
    return an_obligation("VL-1", amount_cents=euros * 100)


def a_rent(engine: Engine) -> None:
    bring(engine, a_creditor())
    bring(engine, a_client("10001"), a_client("10002"))
    bring(engine, rent(650))


def rents(engine: Engine, *months: Month) -> list[int]:
    """What VL-1 costs in each benefit month, in euros."""
    with reading(engine) as connection:
        cents = [obligations_in_force(connection, month)["VL-1"].amount_cents for month in months]
    return [divmod(amount, 100)[0] for amount in cents]


def digest_of(engine: Engine) -> str:
    with reading(engine) as connection:
        return digest(connection)


# --- dated versions --------------------------------------------------------------------------------------------------


def test_the_first_line_of_a_code_holds_for_every_month(engine: Engine) -> None:
    a_rent(engine)
    assert rents(engine, "2020-01", "2026-10", "2026-11", "2199-12") == [650] * 4


def test_a_first_line_holds_always_even_when_imported_from_a_later_month(engine: Engine) -> None:
    bring(engine, a_creditor(), first="2027-03")
    bring(engine, a_client("10001"), first="2027-03")
    bring(engine, rent(650), first="2027-03")
    assert rents(engine, "2026-11") == [650]
    with reading(engine) as connection:
        assert clients_in_force(connection, "2026-11") == {"10001": a_client("10001")}
        assert creditors_in_force(connection, "2026-11") == {"WONEN": a_creditor()}


def test_a_changed_line_holds_from_the_month_it_was_given_for(engine: Engine) -> None:
    a_rent(engine)
    done = bring(engine, rent(664), first="2027-01")
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    assert rents(engine, "2026-11", "2026-12", "2027-01", "2028-05") == [650, 650, 664, 664]


def test_what_was_entered_ahead_is_not_wiped_by_a_later_line_for_an_earlier_month(engine: Engine) -> None:
    a_rent(engine)
    bring(engine, rent(670), first="2027-03")
    done = bring(engine, rent(660), first="2027-01")
    assert rents(engine, "2026-12", "2027-01", "2027-02", "2027-03") == [650, 660, 660, 670]
    assert done.left == (Left("VL-1", "2027-03", ("amount_cents",)),)


def test_the_same_month_said_again_overrules_what_was_entered_ahead(engine: Engine) -> None:
    a_rent(engine)
    bring(engine, rent(670), first="2027-03")
    done = bring(engine, rent(660), first="2027-03")
    assert rents(engine, "2027-02", "2027-03") == [650, 660]
    assert done.left == ()


def test_a_later_import_leaves_the_months_before_it_as_they_were(engine: Engine) -> None:
    a_rent(engine)
    bring(engine, rent(660), first="2027-01")
    bring(engine, rent(670), first="2027-03")
    assert rents(engine, "2026-12", "2027-02", "2027-03") == [650, 660, 670]


def test_a_line_that_holds_in_its_month_does_not_undo_a_change_planned_for_later(engine: Engine) -> None:
    """The monthly register export still has the old rent; the rise of July was imported ahead."""
    a_rent(engine)
    bring(engine, rent(670), first="2027-07")
    bring(engine, rent(650), an_obligation("VL-9", "10002"), first="2026-12")
    assert rents(engine, "2026-12", "2027-06", "2027-07") == [650, 650, 670]


def test_no_version_is_ever_changed_or_removed(engine: Engine) -> None:
    a_rent(engine)
    for euros, first in ((670, "2027-03"), (660, "2027-01"), (650, "2027-02")):
        bring(engine, rent(euros), first=first)
    columns = [obligation_versions.c[name] for name in ("sequence", "from_month", "amount_cents")]
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).order_by(obligation_versions.c.sequence)).all()
    assert [tuple(row) for row in rows] == [
        (1, "", 650_00),
        (2, "2027-03", 670_00),
        (3, "2027-01", 660_00),
        (4, "2027-02", 650_00),
    ]


def test_clients_and_creditors_have_dated_versions_too(engine: Engine) -> None:
    a_rent(engine)
    bring(engine, a_client("10001", gemeente="tynaarlo"), a_client("10002"), first="2027-01")
    bring(engine, a_creditor(iban=NEW_IBAN), first="2027-01")
    with reading(engine) as connection:
        assert clients_in_force(connection, "2026-12")["10001"].gemeente == "assen"
        assert clients_in_force(connection, "2027-01")["10001"].gemeente == "tynaarlo"
        assert creditors_in_force(connection, "2026-12")["WONEN"].iban == OLD_IBAN
        assert creditors_in_force(connection, "2027-01")["WONEN"].iban == NEW_IBAN


def test_lines_that_are_gone_are_reported_and_kept(engine: Engine) -> None:
    a_rent(engine)
    done = bring(engine, a_client("10002"), a_client("10009"))
    assert (done.new, done.changed, done.unchanged, done.gone) == (1, 0, 1, ("10001",))
    with reading(engine) as connection:
        assert clients_in_force(connection).keys() == {"10001", "10002", "10009"}


def test_a_vaste_last_stays_with_its_client(engine: Engine) -> None:
    a_rent(engine)
    before = digest_of(engine)
    with pytest.raises(Conflict, match="VL-1 belongs to 10001, not 10002"):
        bring(engine, an_obligation("VL-1", "10002"), first="2027-01")
    assert digest_of(engine) == before


# --- the same file again ---------------------------------------------------------------------------------------------


def test_the_same_file_again_is_known_for_whichever_month_it_changes_nothing(engine: Engine) -> None:
    a_rent(engine)
    before = digest_of(engine)
    assert bring(engine, rent(650)).already
    assert bring(engine, rent(650), first="2027-05").already
    assert digest_of(engine) == before


def test_an_old_file_does_not_quietly_undo_a_newer_one_of_the_same_month(engine: Engine) -> None:
    """A, B, A: the third is refused, the second is still simply known."""
    a_rent(engine)
    bring(engine, rent(664))
    before = digest_of(engine)
    with pytest.raises(Conflict, match=r"imported before with --from 2026-11; .* changed VL-1 since"):
        bring(engine, rent(650))
    assert bring(engine, rent(664)).already
    assert digest_of(engine) == before
    assert rents(engine, "2026-11") == [664]


def test_the_old_rent_comes_back_in_another_month_or_by_a_file_of_its_own(engine: Engine) -> None:
    a_rent(engine)
    bring(engine, rent(664))
    bring(engine, rent(650), first="2027-02")
    assert rents(engine, "2026-11", "2027-01", "2027-02") == [664, 664, 650]
    bring(engine, rent(650), an_obligation("VL-9", "10002"))
    assert rents(engine, "2026-11") == [650]


# --- benefits --------------------------------------------------------------------------------------------------------


def test_known_benefit_lines_come_again_beside_new_ones(engine: Engine) -> None:
    a_rent(engine)
    grant(engine, a_benefit("10001"), a_benefit("10002"))
    addition = a_benefit("10001", 50_00, reference="U-9", component=Component.TOP_UP)
    done = grant(engine, a_benefit("10001"), addition)
    assert (done.already, done.new, done.unchanged) == (False, 1, 1)
    with reading(engine) as connection:
        assert set(connection.execute(select(benefit_records.c.reference)).scalars()) == {"U-10001", "U-10002", "U-9"}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (a_benefit(cents=1_331_44), "U-10001: amount EUR 1.331,43 in the books, EUR 1.331,44 in the file"),
        (a_benefit(suspended=True), "U-10001: suspended False in the books, True in the file"),
        (a_benefit(component=Component.TOP_UP), "U-10001: component regulier in the books, aanvulling in the file"),
        (a_benefit(month="2026-12"), "U-10001: month 2026-11 in the books, 2026-12 in the file"),
        (a_benefit("10002", reference="U-10001"), "U-10001: client 10001 in the books, 10002 in the file"),
    ],
    ids=["amount", "suspended", "component", "month", "client"],
)
def test_a_benefit_line_is_never_changed(engine: Engine, other: BenefitRecord, told: str) -> None:
    a_rent(engine)
    grant(engine, a_benefit("10001"))
    before = digest_of(engine)
    with pytest.raises(Conflict, match=told):
        grant(engine, a_benefit("10002"), other)
    assert digest_of(engine) == before


def test_a_second_regular_benefit_is_a_conflict_that_names_both_lines(engine: Engine) -> None:
    a_rent(engine)
    grant(engine, a_benefit("10001"))
    before = digest_of(engine)
    with pytest.raises(Conflict, match="U-9 beside U-10001 for client 10001 in 2026-11"):
        grant(engine, a_benefit("10001", reference="U-9"))
    assert digest_of(engine) == before
    assert grant(engine, a_benefit("10001", reference="U-9", month="2026-12")).new == 1


# --- the IBAN of a creditor ------------------------------------------------------------------------------------------


def payable(engine: Engine, iban: str) -> bool:
    with reading(engine) as connection:
        return ("WONEN", iban) in confirmed_ibans(connection)


def call_back(engine: Engine) -> None:
    with writing(engine) as connection:
        confirm(connection, ["WONEN"], "teruggebeld", "bram", NOW)


def test_a_changed_iban_waits_for_a_second_person_and_so_does_the_old_one_that_comes_back(engine: Engine) -> None:
    bring(engine, a_creditor())
    assert not payable(engine, OLD_IBAN)
    call_back(engine)
    assert payable(engine, OLD_IBAN)
    bring(engine, a_creditor(iban=NEW_IBAN), first="2026-12")
    assert (payable(engine, OLD_IBAN), payable(engine, NEW_IBAN)) == (True, False)
    call_back(engine)
    assert (payable(engine, OLD_IBAN), payable(engine, NEW_IBAN)) == (True, True)
    bring(engine, a_creditor(), first="2027-01")
    assert (payable(engine, OLD_IBAN), payable(engine, NEW_IBAN)) == (False, True)
    call_back(engine)
    assert (payable(engine, OLD_IBAN), payable(engine, NEW_IBAN)) == (True, True)


def test_another_name_with_the_same_iban_needs_no_new_confirmation(engine: Engine) -> None:
    bring(engine, a_creditor())
    call_back(engine)
    bring(engine, a_creditor(name="Stichting Wonen Zuid"), first="2026-12")
    assert payable(engine, OLD_IBAN)
    with reading(engine) as connection:
        assert creditors_in_force(connection, "2026-12")["WONEN"].name == "Stichting Wonen Zuid"
        assert len(connection.execute(select(creditor_versions)).all()) == 2


def test_a_line_for_an_earlier_month_leaves_the_account_that_was_entered_ahead(engine: Engine) -> None:
    """From January the new account holds; a line for December with the old account is for December alone."""
    bring(engine, a_creditor())
    call_back(engine)
    bring(engine, a_creditor(iban=NEW_IBAN), first="2027-01")
    call_back(engine)
    done = bring(engine, a_creditor(name="Stichting Wonen Zuid"), first="2026-12")
    with reading(engine) as connection:
        held = [creditors_in_force(connection, month)["WONEN"].iban for month in ("2026-12", "2027-01")]
    assert held == [OLD_IBAN, NEW_IBAN]
    assert done.left == (Left("WONEN", "2027-01", ("name", "iban")),)
    assert payable(engine, OLD_IBAN)
    assert payable(engine, NEW_IBAN)


def test_an_account_that_comes_back_for_the_same_month_is_called_again(engine: Engine) -> None:
    bring(engine, a_creditor())
    call_back(engine)
    bring(engine, a_creditor(iban=NEW_IBAN), first="2027-01")
    call_back(engine)
    bring(engine, a_creditor(), first="2027-01")
    assert not payable(engine, OLD_IBAN)


def test_a_change_planned_for_later_leaves_the_account_of_today_payable(engine: Engine) -> None:
    bring(engine, a_creditor())
    call_back(engine)
    bring(engine, a_creditor(iban=NEW_IBAN), first="2027-01")
    bring(engine, a_creditor(), a_creditor("STROOM", iban="NL20INGB0001234567"), first="2026-12")
    assert payable(engine, OLD_IBAN)


# --- by the commands -------------------------------------------------------------------------------------------------


def import_again(office: Office, kind: str, lines: Sequence[str] = ()) -> tuple[str, str]:
    """The file that the story imported, and one of the same kind with other lines."""
    first = next(office.folder.glob(f"*/{kind}.csv"))
    return str(first), office.file(f"{kind}.csv", first.read_text(encoding="utf-8").splitlines()[0], *lines)


def test_every_file_of_a_month_again_changes_nothing(office: Office) -> None:
    ordinary_month(office)
    before = office.digest()
    for kind in InputKind:
        path = str(next(office.folder.glob(f"*/{kind}.csv")))
        assert "already imported; nothing changed" in office.do("anna", "import", kind, path).out
        assert office.do("bram", "--json", "import", kind, path).document["already"] is True
    assert office.digest() == before


def test_the_commands_end_with_4_at_a_conflict_and_3_at_an_invalid_line_and_store_nothing(office: Office) -> None:
    ordinary_month(office)
    old, new = import_again(office, "obligations", ["VL-1;0010001;WONEN;huur;664,30;C-77;2026-10;;"])
    said = office.do("anna", "import", "obligations", new)
    assert "0 new, 1 changed, 0 known" in said.out
    assert "4 code(s) of the books are not in this file (kept as they are): VL-2, VL-3, VL-4, VL-5" in said.out
    before = office.digest()
    assert office("anna", "import", "obligations", old).code == 4
    other = office.file("benefits.csv", BENEFIT_COLUMNS, "U-1;0010001;2026-11;regulier;1331,44;")
    assert office("anna", "import", "benefits", other).code == 4
    lines = ("VL-1;0010001;WONEN;huur;700,00;C-77;2026-10;;", "VL-8;0010002;WONEN;huur;850.00;C-8;2026-10;;")
    assert office("anna", "import", "obligations", office.file("o.csv", OBLIGATION_COLUMNS, *lines)).code == 3
    assert office.digest() == before


def rent_said(office: Office, *months: Month) -> list[int]:
    engine = open_engine(office.url)
    found = rents(engine, *months)
    engine.dispose()
    return found


def test_without_a_month_a_changed_line_holds_after_the_last_month_that_was_paid(office: Office) -> None:
    """December was paid by the benefit of November: the first month of the new rent is January."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-12-03"
    office.obligations("VL-1;0010001;WONEN;huur;664,30;C-77;2026-10;;")
    assert rent_said(office, "2026-11", "2026-12") == [650, 664]


def test_without_a_month_a_line_of_which_nothing_left_the_house_is_corrected_as_it_stands(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    office.today = "2026-11-19"
    office.obligations("VL-1;0010001;WONEN;huur;664,30;C-77;2026-10;;")
    assert rent_said(office, "2026-10", "2026-11", "2026-12") == [664, 664, 664]


def test_a_rise_entered_ahead_for_a_covered_month_is_not_wiped_by_the_register_of_today(office: Office) -> None:
    """The rent of January rises; in December the register has another kenmerk and the old rent still."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-11-19"
    office.obligations("VL-1;0010001;WONEN;huur;680,00;C-77;2026-10;;", first="2027-01")
    office.today = "2026-12-10"
    file = office.file("obligations.csv", OBLIGATION_COLUMNS, "VL-1;0010001;WONEN;huur;650,00;C-78;2026-10;;")
    said = office.do("anna", "import", "obligations", file)
    assert "VL-1 from 2027-01 (amount_cents, reference)" in said.out
    assert rent_said(office, "2026-11", "2026-12", "2027-01") == [650, 680, 680]
    again = office.do("anna", "--json", "import", "obligations", file, "--from", "2027-01").document
    assert (again["changed"], again["left"]) == (1, [])
    assert rent_said(office, "2026-11", "2026-12") == [650, 650]


def test_an_import_says_in_cents_what_becomes_of_the_next_run(office: Office) -> None:
    """A rent that vanishes by a wrong first month, and one that rises: the run of December pays January."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-12-03"
    vanishes, rises = "VL-1;0010001;WONEN;huur;650,00;C-77;2027-07;;", "VL-5;0020001;WONEN;huur;512,84;C-79;2026-10;;"
    file = office.file("obligations.csv", OBLIGATION_COLUMNS, vanishes)
    effects = office.do("anna", "--json", "import", "obligations", file).document["effects"]
    assert effects == [
        {"client": "0010001", "obligation": "VL-1", "was_cents": 650_00, "will_be_cents": 0, "covers": "2027-01"}
    ]
    file = office.file("obligations.csv", OBLIGATION_COLUMNS, rises)
    said = office.do("anna", "import", "obligations", file).out
    assert "Next run tynaarlo 2026-12: client 0020001, VL-5 for 2027-01: 700,00 becomes 512,84." in said


def test_only_administration_and_finance_import(office: Office) -> None:
    path = office.file("creditors.csv", "schuldeiser;naam;iban;soort;kenmerk_soort", CREDITORS["WONEN"])
    for who in ("carla", "rosa", "dirk", "inge", "chef", "eve"):
        assert office(who, "import", "creditors", path).code == 1
    assert office("bram", "import", "creditors", path).code == 0


def test_a_client_unknown_at_the_first_reading_gets_the_benefit_at_the_second(office: Office) -> None:
    """A benefits office that exports everyone: the same file holds more of our clients once they are registered."""
    example = Path(config.settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = office.folder / "settings.toml"
    office.config.write_text(example.replace('unknown_clients = "refuse"', 'unknown_clients = "ignore"'))
    office.clients(client_line("0010001"))
    lines = ("U-1;0010001;2026-11;regulier;1331,43;", "U-2;0010002;2026-11;regulier;900,00;")
    path = office.file("benefits.csv", BENEFIT_COLUMNS, *lines)
    first = office.do("anna", "--json", "import", "benefits", path).document
    assert (first["new"], first["ignored"]) == (1, ["0010002"])
    office.clients(client_line("0010001"), client_line("0010002"))
    second = office.do("bram", "--json", "import", "benefits", path).document
    assert (second["already"], second["new"], second["unchanged"], second["ignored"]) == (False, 1, 1, [])
    engine = open_engine(office.url)
    with reading(engine) as connection:
        granted = connection.execute(select(benefit_records.c.client, benefit_records.c.amount_cents)).all()
        files = connection.execute(select(imports).where(imports.c.kind == "benefits")).all()
        actors = connection.execute(select(audit_trail.c.actor).order_by(audit_trail.c.sequence)).scalars().all()
    engine.dispose()
    assert sorted(granted) == [("0010001", 1_331_43), ("0010002", 900_00)]
    assert len(files) == 1  # it is still one file, read a second time by somebody else
    assert actors[-1] == "bram"
    assert "already imported" in office.do("anna", "import", "benefits", path).out
    assert office.do("inge", "check").code == 0


def test_a_new_landlord_is_paid_right_after_the_second_person_and_not_before(office: Office) -> None:
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1331,43;")
    office.do("bram", "run", "2026-11")
    assert office.files() == []
    status = office.status()
    assert status["held"] == [{"client": "0010001", "obligation": "VL-1", "reason": "iban_unconfirmed"}]
    assert status["withheld_cents"] == 650_00  # its money stays reserved
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.do("bram", "run", "2026-11")
    assert [file["control_sum_cents"] for file in office.files()] == [650_00]
    assert office.status()["held"] == []
