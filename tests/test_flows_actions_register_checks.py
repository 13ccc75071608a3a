"""One wrong line of a register never stops the others: refused with its line, or held alone by the run."""

from importlib.resources import files

import pytest
from support.story import CREDITOR_COLUMNS, OBLIGATION_COLUMNS, Office, client_line

HUUR_2 = "HUUR2;Woonstichting Broekdal;NL82RABO0120050338;huur;"


def two_rents(office: Office) -> None:
    office.creditors("WONEN;Stichting Wonen Noord;NL91ABNA0417164300;huur;vrij", HUUR_2)
    office.clients(client_line("0010001"), client_line("0010002"))
    office.obligations("R1;0010001;WONEN;huur;650,00;HK-1;2026-10;;", "R2;0010002;HUUR2;huur;600,00;KR2;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;951,01;", "U-2;0010002;2026-11;regulier;951,01;")


def with_settings(office: Office, *changes: tuple[str, str]) -> None:
    text = (files("config") / "example.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    office.config = office.folder / "own.toml"
    office.config.write_text(text, encoding="utf-8")


def month(office: Office) -> tuple[list[tuple[str, str]], int]:
    """The costs that are held with their reason, and what is withheld in cents."""
    found = office.status()
    return [(item["obligation"], item["reason"]) for item in found["held"]], found["withheld_cents"]


def paid(office: Office) -> int:
    return sum(int(file["control_sum_cents"]) for file in office.files())


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("R3;0010001;WONEN;huur;650,00;123456782;2026-10;;", "line 3, column kenmerk: '123456782' has nine digits"),
        ("R3;0010001;WONEN;huur;12.000,00;K-3;2026-10;;", "line 3, column bedrag: '12.000,00' is above EUR"),
    ],
)
def test_a_line_that_no_run_could_pay_is_refused_with_its_place(office: Office, line: str, place: str) -> None:
    two_rents(office)
    file = office.file("obligations.csv", OBLIGATION_COLUMNS, "R2;0010002;HUUR2;huur;601,00;KR2;2026-10;;", line)
    said = office("anna", "import", "obligations", file)
    assert (said.code, place in said.err) == (3, True)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([], 1_250_00)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (
            "X;Eigen;NL11BNGH0285012346;huur;",
            "line 2, column iban: 'NL11BNGH0285012346' is an account of a",
        ),
        (
            "X;Overzee;GB29NWBK60161331926819;huur;",
            "is an account in a country to which banks pay with",
        ),
        ("X;Klant 123456782;NL82RABO0120050338;huur;", "line 2, column naam: has nine digits"),
    ],
)
def test_a_creditor_that_no_run_could_pay_is_refused_with_its_place(office: Office, line: str, place: str) -> None:
    office.creditors()
    said = office("anna", "import", "creditors", office.file("creditors.csv", CREDITOR_COLUMNS, line))
    assert (said.code, place in said.err) == (3, True)


def test_a_kind_of_reference_changes_only_after_the_numbers_that_do_not_fit_it(office: Office) -> None:
    two_rents(office)
    line = "WONEN;Stichting Wonen Noord;NL91ABNA0417164300;huur;rf"
    said = office("anna", "import", "creditors", office.file("creditors.csv", CREDITOR_COLUMNS, line))
    assert said.code == 3
    assert "line 2, column kenmerk_soort: 'rf' does not fit the kenmerk of R1" in said.err
    office.obligations("R1;0010001;WONEN;huur;650,00;RF18539007547034;2026-10;;")
    office.do("anna", "import", "creditors", office.file("creditors.csv", CREDITOR_COLUMNS, line))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([], 1_250_00)


def test_an_obligation_that_is_over_keeps_no_creditor_from_another_kind_of_reference(office: Office) -> None:
    two_rents(office)
    office.obligations("R1;0010001;WONEN;huur;650,00;HK-1;2026-10;2026-10;")
    line = "WONEN;Stichting Wonen Noord;NL91ABNA0417164300;huur;rf"
    office.do("anna", "import", "creditors", office.file("creditors.csv", CREDITOR_COLUMNS, line))


def test_a_limit_that_was_lowered_holds_what_is_above_it_and_pays_the_rest(office: Office) -> None:
    two_rents(office)
    with_settings(office, ("[gemeenten.assen]\n", '[gemeenten.assen]\nmax_payment = "620,00"\n'))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([("R1", "payment_refused")], 600_00)  # nothing is set apart for what is too much
    assert "payment_refused" in office.do("inge", "status", "2026-11").out
    office.config = None
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([], 1_250_00)
    office.do("inge", "check")


def test_an_account_that_became_ours_holds_its_costs_with_the_money_set_apart_until_it_is_mended(
    office: Office,
) -> None:
    """Tynaarlo changes its account to one that a landlord of Assen has in the register."""
    two_rents(office)
    with_settings(office, ("NL95ABNA0601230458", "NL91ABNA0417164300"))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([("R1", "payment_refused")], 1_250_00)
    assert paid(office) == 600_00
    told = office.do("bram", "--json", "export", "remainders", "2026-11", "--out", str(office.folder / "r.csv"))
    assert told.code == 0
    names, *rows = [line.split(";") for line in (office.folder / "r.csv").read_text("utf-8-sig").splitlines()]
    waits = {row["klantnummer"]: row for row in (dict(zip(names, row, strict=True)) for row in rows)}["0010001"]
    assert (waits["advies"], waits["reden"], waits["wachten_met"]) == ("wachten", "payment_refused", "650,00")
    office.config = None
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert month(office) == ([], 1_250_00)
    assert paid(office) == 1_250_00
    office.do("inge", "check")
