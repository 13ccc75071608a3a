"""What tired people do, and the sentence that stops them; nothing of it is stored."""

from pathlib import Path

import pytest
from support.by_hand import Move
from support.story import (
    BENEFIT_COLUMNS,
    CLIENT_COLUMNS,
    CREDITOR_COLUMNS,
    CREDITORS,
    OBLIGATION_COLUMNS,
    Office,
    Said,
    client_line,
    ordinary_month,
)
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple

RENT_LINE = "VL-1;0010001;WONEN;huur;{};C-77;2026-10;;"


@pytest.fixture
def month(office: Office) -> Office:
    ordinary_month(office)
    return office


def stopped(office: Office, code: int, *words: str, who: str = "anna") -> str:
    """What a command says that stores nothing."""
    before = office.digest()
    said: Said = office(who, *words)
    assert said.code == code, said.err
    assert office.digest() == before
    return said.err


def rents(office: Office, *amounts: str) -> str:
    lines = [
        f"VL-{n};001000{(n + 1) // 2};WONEN;huur;{amount};C-7{6 + (n + 1) // 2};2026-10;;"
        for n, amount in zip((1, 3), amounts, strict=False)
    ]
    return office.file("obligations.csv", OBLIGATION_COLUMNS, *lines)


def test_cents_typed_for_euros(month: Office) -> None:
    said = stopped(month, 3, "import", "obligations", rents(month, "65000"))
    assert "line 2, column bedrag: '65000' is not an amount like 1331,43 or 1.331,43" in said


def test_a_point_for_the_comma(month: Office) -> None:
    said = stopped(month, 3, "import", "obligations", rents(month, "650.00"))
    assert "(decimal comma, exactly two decimals)" in said


def test_cents_typed_as_euros_in_the_right_form(month: Office) -> None:
    """`65.000,00` is a right amount and the wrong rent."""
    said = stopped(month, 3, "import", "obligations", rents(month, "65.000,00"))
    assert "'65.000,00' of VL-1 is about 100 times what holds now (650,00)" in said
    assert "does the comma stand in the right place" in said


def test_everybodys_rent_times_a_hundred_names_everybody(month: Office) -> None:
    said = stopped(month, 3, "import", "obligations", rents(month, "65.000,00", "61.234,00"))
    assert said.startswith("2 problem(s); nothing is stored:")
    assert "VL-1" in said
    assert "VL-3" in said


def test_everybodys_rent_a_hundredth(month: Office) -> None:
    said = stopped(month, 3, "import", "obligations", rents(month, "6,50"))
    assert "a hundredth of what holds now (650,00)" in said


def test_an_ordinary_rise_of_the_rent_is_no_slip(month: Office) -> None:
    assert "1 changed" in month.do("anna", "import", "obligations", rents(month, "689,00")).out


def test_a_new_rent_far_above_what_is_usual_is_not_taken(office: Office) -> None:
    """Nothing came before it to compare with: the limit of a payment stops it."""
    office.creditors()
    office.clients(client_line("0010001"))
    file = office.file("obligations.csv", OBLIGATION_COLUMNS, RENT_LINE.format("13.000,00"))
    said = stopped(office, 3, "import", "obligations", file)
    assert "line 2, column bedrag: '13.000,00' is above EUR" in said


def benefit(month: Office, *lines: str) -> str:
    return month.file("benefits.csv", BENEFIT_COLUMNS, *lines)


@pytest.mark.parametrize(("amount", "times"), [("133.143,00", "100 times"), ("13,31", "a hundredth of")])
def test_a_benefit_of_which_the_comma_moved(month: Office, amount: str, times: str) -> None:
    file = benefit(month, "V-1;0010002;2026-12;regulier;1.331,43;", f"V-2;0010001;2026-12;regulier;{amount};")
    for command in (("import", "benefits", file), ("run", "2026-12", "--benefits", file)):
        said = stopped(month, 3, *command)
        assert f"line 3, column bedrag: '{amount}' for 0010001 is about {times} the regular benefit of 2026-11" in said
        assert "--accept 0010001" in said
        assert "0010002" not in said
    stopped(month, 3, "import", "benefits", file, "--accept", "0010002")  # that is somebody else
    month.do("anna", "import", "benefits", file, "--accept", "0010001")
    assert "already imported" in month.do("anna", "import", "benefits", file).out  # nobody is asked twice


def test_a_hundredfold_that_is_meant_comes_in_with_the_run(month: Office) -> None:
    month.today = "2026-12-16"
    file = benefit(month, "V-2;0010001;2026-12;regulier;133.143,00;")
    month.do("bram", "run", "2026-12", "--gemeente", "assen", "--benefits", file, "--accept", "0010001")
    assert stopped(month, 2, "run", "2026-12", "--accept", "0010001")


def test_a_hundredfold_back_payment_and_two_months_in_one_file(month: Office) -> None:
    assert "100 times" in stopped(
        month, 3, "import", "benefits", benefit(month, "V-1;0010001;2026-12;nabetaling;133.143,00;")
    )
    two = benefit(month, "V-1;0030001;2026-11;regulier;900,00;", "V-2;0030001;2026-12;regulier;90.000,00;")
    month.clients(client_line("0030001"))
    assert "line 3" in stopped(month, 3, "import", "benefits", two)


def test_a_small_addition_and_an_ordinary_change_are_no_slip(month: Office) -> None:
    file = benefit(month, "V-1;0010001;2026-12;regulier;700,00;", "V-2;0010001;2026-12;aanvulling;13,31;")
    month.do("anna", "import", "benefits", file)


def test_last_months_file_for_this_months_run(month: Office) -> None:
    file = month.file("benefits.csv", BENEFIT_COLUMNS, "U-1;0010001;2026-11;regulier;1.331,43;")
    said = stopped(month, 3, "run", "2026-12", "--benefits", file)
    assert "'2026-11' is not 2026-12, the month that this file is read for" in said


def test_last_months_lines_with_new_references(month: Office) -> None:
    """The same people would be granted the same month twice."""
    file = month.file("benefits.csv", BENEFIT_COLUMNS, "W-1;0010001;2026-11;regulier;1.331,43;")
    said = stopped(month, 4, "import", "benefits", file)
    assert "would get a second regular benefit of the same month" in said


def test_the_same_file_again_changes_nothing(month: Office) -> None:
    line = "U-1;0010001;2026-11;regulier;1.331,43;"
    before = month.digest()
    again = month.file(
        "benefits.csv",
        BENEFIT_COLUMNS,
        line,
        "U-2;0010002;2026-11;regulier;1331,43;nee",
        "U-3;0020001;2026-11;regulier;1.331,43;nee",
    )
    assert "already imported" in month.do("anna", "import", "benefits", again).out
    assert month.digest() == before


def test_another_gemeentes_file(month: Office) -> None:
    said = stopped(
        month,
        3,
        "import",
        "clients",
        month.file("clients.csv", CLIENT_COLUMNS, client_line("0090001", gemeente="groningen")),
    )
    assert "column gemeente: 'groningen' is not one of assen, aa-en-hunze, tynaarlo" in said
    strangers = month.file("benefits.csv", BENEFIT_COLUMNS, "G-1;0090001;2026-11;regulier;1.331,43;")
    assert "0090001" in stopped(month, 3, "import", "benefits", strangers)


@pytest.mark.parametrize("year", ["2025", "2027", "2062"])
def test_the_wrong_year_in_the_benefits(month: Office, year: str) -> None:
    file = month.file("benefits.csv", BENEFIT_COLUMNS, f"Y-1;0010001;{year}-11;regulier;1.331,43;")
    said = stopped(month, 3, "import", "benefits", file)
    assert f"'{year}-11' is a year or more away from now (2026-11): is the year right?" in said


def test_the_wrong_year_of_a_run(month: Office) -> None:
    assert "execution date 2025-11-25 is past" in stopped(month, 1, "run", "2025-11", who="bram")
    assert "is more than 364 days ahead" in stopped(month, 1, "run", "2027-11", who="bram")


def test_one_creditors_iban_copied_down_the_column(month: Office) -> None:
    wrong = [line.replace(line.split(";")[2], "NL91ABNA0417164300") for line in CREDITORS.values()]
    said = stopped(month, 3, "import", "creditors", month.file("creditors.csv", CREDITOR_COLUMNS, *wrong))
    assert "is the same account for STROOM, WATER, WONEN, ZORG, which have different names" in said
    assert "was one cell copied down?" in said
    assert "NL91" not in said


def test_a_landlord_with_two_codes_has_one_account(month: Office) -> None:
    line = "WONEN2;Stichting Wonen Noord;NL91ABNA0417164300;huur;"
    month.do("anna", "import", "creditors", month.file("creditors.csv", CREDITOR_COLUMNS, CREDITORS["WONEN"], line))


def test_a_payday_in_the_past(month: Office) -> None:
    said = stopped(month, 1, "run", "2026-11", "--execution-date", "2026-11-10", who="bram")
    assert "execution date 2026-11-10 is past. Give another day: `ontzorgen run 2026-11 --gemeente assen" in said


def test_a_payday_on_a_day_that_banks_rest(month: Office) -> None:
    said = stopped(month, 1, "run", "2026-11", "--execution-date", "2026-11-22", who="bram")
    assert "banks do not settle on 2026-11-22" in said


def test_a_run_on_a_closed_month(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    office.do("bram", "close", "2026-11")
    assert "(was al gedaan, niets veranderd)" in office.do("bram", "run", "2026-11").out
    office.benefits("U-9;0010001;2026-11;aanvulling;300,00;")
    said = stopped(office, 1, "run", "2026-11", "--execution-date", "2026-12-15", who="bram")
    assert "2026-11 is closed and there is something new in it. Nothing is planned" in said


def test_a_statement_of_another_account(office: Office) -> None:
    bank = a_couple(office)
    path = Path(bank.says("2026-11-25", Move(-650_01, RENT)))
    text = path.read_text(encoding="utf-8").replace("NL11BNGH0285012346", "NL39RABO0300065264")
    other = office.file("statement.xml", text)
    said = stopped(office, 3, "reconcile", other, who="bram")
    assert "is not an account of any gemeente in the settings; send it to whom it belongs" in said


def test_a_statement_too_early(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT))
    bank.says("2026-11-26", Move(-120_50, ENERGY))  # left in the mail
    said = stopped(office, 1, "reconcile", bank.says("2026-11-27", Move(-158_95, INSURANCE)), who="bram")
    assert "One or more statements in between are missing: read those first" in said


def test_the_total_of_another_file_typed_at_the_approval(month: Office) -> None:
    month.do("bram", "run", "2026-11")
    said = stopped(month, 1, "approve", "ASSEN-202611-01-001", "--total", "700,00", who="carla")
    assert "The total typed is 700,00, the file pays 1.541,79. Compare with the sheet" in said
    said = stopped(month, 1, "approve", "ASSEN-202611-01-001", "--total", "154179", who="carla")
    assert "is not an amount" in said


def test_one_household_written_in_two_ways_or_in_two_gemeenten(office: Office) -> None:
    """Nothing is refused: a couple that is meant as two keeps its two codes, but somebody has looked."""
    first = office.file("clients.csv", CLIENT_COLUMNS, client_line("0010001", huishouden="H1"))
    assert "Warning" not in office.do("anna", "import", "clients", first).err
    second = office.file("clients.csv", CLIENT_COLUMNS, client_line("0010002", huishouden="h1"))
    said = office.do("anna", "import", "clients", second)
    assert "Warning: households H1 and h1 differ in their writing alone: if they are one family" in said.err
    third = office.file("clients.csv", CLIENT_COLUMNS, client_line("0020001", huishouden="H2", gemeente="tynaarlo"))
    office.do("anna", "import", "clients", third)
    fourth = office.file("clients.csv", CLIENT_COLUMNS, client_line("0010003", huishouden="H2"))
    document = office.do("anna", "--json", "import", "clients", fourth).document
    assert document["warnings"] == [
        "household H2 stands in assen and tynaarlo: members share money only within one gemeente"
    ]
