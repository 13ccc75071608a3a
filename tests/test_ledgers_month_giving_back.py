"""What was withheld and not paid is undone by counter-entries, and the next run plans it anew by today."""

import pytest
from sqlalchemy.exc import IntegrityError
from support.story import CREDITORS, Office, client_line
from support.story_bank import a_couple, a_couples_registers, all_is_well, refunds

from ledgers.database import open_engine, writing

FILE, SECOND = "ASSEN-202611-01-001", "ASSEN-202611-02-001"
WRONG = "VL-1;0010001;WONEN;huur;750,01;C-77;2026-10;;"
RIGHT = "VL-1;0010001;WONEN;huur;650,01;C-77;2026-10;;"


def a_wrong_rent(office: Office) -> None:
    """The couple's rent was entered as 750,01; a file with it waits."""
    a_couples_registers(office)
    office.obligations(WRONG, first="2026-11")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.files()[0]["control_sum_cents"] == 750_01 + 120_50 + 158_95


def run(office: Office) -> None:
    office.do("bram", "run", "2026-11", "--gemeente", "assen")


def test_a_wrong_amount_seen_before_approval_is_put_right(office: Office) -> None:
    a_wrong_rent(office)
    office.do("carla", "cancel", FILE, "--why", "huur is 650,01")
    office.do("inge", "check")
    office.obligations(RIGHT, first="2026-11")
    run(office)
    (_, new) = office.files()
    assert (new["file_id"], new["control_sum_cents"]) == (SECOND, 650_01 + 120_50 + 158_95)
    assert office.status()["withheld_cents"] == 929_46
    office.do("carla", "approve", SECOND, "--total", "929,46")
    office.do("bram", "release", SECOND, "--out", str(office.folder / "bank"))
    text = (office.folder / "bank" / f"{SECOND}.xml").read_text(encoding="utf-8")
    ids = [f"202612-2-VL-{number}" for number in (1, 2, 3)]
    assert [f"<EndToEndId>{each}</EndToEndId>" in text for each in ids] == [True, True, True]
    all_is_well(office)
    office.do("inge", "audit", "verify")


def test_what_was_taken_back_and_is_no_longer_due_is_the_clients(office: Office) -> None:
    """The insurance is paid by the client from now on; its money is remainder again, not a refund."""
    a_couples_registers(office)
    run(office)
    office.do("carla", "cancel", FILE, "--why", "klant betaalt zelf")
    office.obligations("VL-3;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;2026-11;", first="2026-11")
    run(office)
    by_client = {each["client"]: each["remainder_cents"] for each in office.status()["remainders"]}
    assert by_client == {"0010001": 900_00 - 325_01 - 60_25, "0010002": 900_00 - 325_00 - 60_25}
    assert refunds(office) == {}
    office.do("inge", "check")


def test_until_it_is_run_again_the_month_does_not_close(office: Office) -> None:
    a_couples_registers(office)
    run(office)
    office.do("carla", "cancel", FILE, "--why", "nog niet")
    office.today = "2026-12-02"
    said = office("bram", "close", "2026-11")
    assert (said.code, f"{FILE} was taken back" in said.err) == (5, True)


def test_given_back_before_it_was_told_it_is_available_again(office: Office) -> None:
    a_couple(office, confirm=False)
    office.do("bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "bedrag was fout")
    office.obligations("VL-1;0010001;WONEN;huur;600,00;C-77;2026-10;;", first="2026-11")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-14")
    (file,) = office.files()
    assert file["control_sum_cents"] == 600_00 + 120_50 + 158_95
    office.do("inge", "check")


def test_given_back_after_it_was_told_it_is_paid_out_and_not_planned_again(office: Office) -> None:
    a_couple(office, confirm=False)
    refunds(office)  # the benefits office has the list of what remains
    office.do("bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "bedrag was fout")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-14")
    (file,) = office.files()
    assert file["control_sum_cents"] == 120_50 + 158_95
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    office.do("inge", "check")


def test_a_file_of_a_closed_month_keeps_what_was_reserved(office: Office) -> None:
    """November is closed with an unconfirmed rent; December's file pays it, is taken back, and pays it once more."""
    a_couple(office, confirm=False)
    office.do("bram", "close", "2026-11")
    office.do("bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;900,00;")
    for _ in (1, 2):
        office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
        waiting = next(f for f in office.files("2026-12") if f["state"] == "generated")
        assert (waiting["transactions"], waiting["control_sum_cents"]) == (6, 2 * (650_01 + 120_50 + 158_95))
        if waiting["file_id"].endswith("01-001"):
            office.do("carla", "cancel", waiting["file_id"], "--why", "nog niet")
    office.do("inge", "check")


def test_a_client_who_left_since_is_not_planned_again(office: Office) -> None:
    a_couples_registers(office)
    run(office)
    office.do("carla", "cancel", FILE, "--why", "verhuisd")
    office.clients(client_line("0010002", huishouden="H1", gemeente="tynaarlo"), first="2026-11")
    run(office)
    assert office.status()["withheld_cents"] == 650_01 + 120_50
    office.do("inge", "check")


def test_the_database_withholds_once_more_only_after_giving_back(office: Office) -> None:
    a_couples_registers(office)
    run(office)
    names = "obligation, covers, sequence, reaches, amount_cents, run_id, gemeente, month, client, creditor, category"
    names += ", component"
    again = (
        f"INSERT INTO withholdings ({names}) SELECT {names.replace('sequence', '2')} FROM withholdings "
        "WHERE obligation = 'VL-1'"
    )
    engine = open_engine(office.url)
    with pytest.raises(IntegrityError, match="withheld_once_until_given_back"), writing(engine) as connection:
        connection.exec_driver_sql(again)
    office.do("carla", "cancel", FILE, "--why", "nog niet")
    with writing(engine) as connection:
        assert connection.exec_driver_sql(again).rowcount == 1
        connection.rollback()
    engine.dispose()
