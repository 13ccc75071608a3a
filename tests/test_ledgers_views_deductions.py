"""A deduction in the month of a gemeente with a gross or a net benefit: what is withheld, and where it is named."""

from importlib.resources import files

import pytest
from support.story import BENEFIT_COLUMNS, Office, client_line


def started(office: Office, regular_is: str) -> None:
    """One client with a rent of 613,73 and an insurance of 146,50."""
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    assert 'regulier_is = "netto"' in example
    office.config = office.folder / "own.toml"
    office.config.write_text(
        example.replace('regulier_is = "netto"', f'regulier_is = "{regular_is}"'), encoding="utf-8"
    )
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;613,73;C-77;2026-10;;", "VL-2;0010001;ZORG;zorgverzekering;146,50;P-1;2026-10;;"
    )


def granted(office: Office, *lines: str) -> str:
    return office.file("benefits.csv", f"{BENEFIT_COLUMNS};inhouding_soort", *lines)


@pytest.mark.parametrize(
    ("regular_is", "benefit", "withheld", "short"),
    [("netto", 1_331_43, 760_23, []), ("bruto", 631_43, 613_73, ["VL-2"])],
)
def test_a_deduction_lowers_what_can_be_paid_only_where_the_benefit_is_gross(
    office: Office, regular_is: str, benefit: int, withheld: int, short: list[str]
) -> None:
    started(office, regular_is)
    lines = ("U-1;0010001;2026-11;regulier;1.331,43;nee;", "U-2;0010001;2026-11;inhouding;700,00;nee;beslag")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--benefits", granted(office, *lines))
    month = office.status()
    (remainder,) = month["remainders"]
    assert (remainder["benefit_cents"], remainder["withheld_cents"]) == (benefit, withheld)
    assert remainder["remainder_cents"] == benefit - withheld
    assert [item["obligation"] for item in month["shortfalls"]] == short
    assert month["deductions"] == [{"client": "0010001", "kind": "beslag", "amount_cents": 700_00, "suspended": False}]
    assert "INHOUDING klant 0010001: beslag, EUR 700,00" in office.do("inge", "status", "2026-11").out
    ahead = office.do("rosa", "--json", "forecast", "0010001", "--months", "1").document["months"][0]
    assert ahead["members"][0]["benefit_cents"] == benefit  # as last known
    office.do("inge", "check")


def test_the_client_reads_a_deduction_as_money_that_they_do_not_get(office: Office) -> None:
    started(office, "netto")
    lines = ("U-1;0010001;2026-11;regulier;1.331,43;nee;", "U-2;0010001;2026-11;inhouding;70,00;nee;maatregel")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--benefits", granted(office, *lines))
    told = office.do("rosa", "report", "client", "0010001", "2026-11").out
    money, deducted = told.split("Dit gaat van uw uitkering af")
    assert "70,00" not in money
    assert "Dit geld krijgt u niet." in deducted
    assert "maatregel): € 70,00" in deducted.replace("\u00a0", " ") or "70,00" in deducted
    found = office.do("rosa", "--json", "report", "client", "0010001", "2026-11").document
    assert [item["component"] for item in found["benefits"]] == ["regulier"]
    assert found["deductions"] == [{"kind": "maatregel", "amount_cents": 70_00, "suspended": False}]


def test_what_a_gross_benefit_cannot_bear_is_refused_with_its_line(office: Office) -> None:
    started(office, "bruto")
    lines = ("U-1;0010001;2026-11;regulier;631,43;nee;", "U-2;0010001;2026-11;inhouding;631,44;nee;verrekening")
    said = office("bram", "run", "2026-11", "--gemeente", "assen", "--benefits", granted(office, *lines))
    assert said.code == 3
    assert "line 3, column bedrag" in said.err
    assert office("inge", "--json", "status", "2026-11").document["gemeenten"][0]["run_id"] is None
    office.do("anna", "import", "benefits", granted(office, lines[0]))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    late = granted(office, "U-3;0010001;2026-11;inhouding;1,00;nee;overig")
    assert office("anna", "import", "benefits", late).code == 3  # the benefit is counted and booked
    office.config = None  # as net it is information
    office.do("anna", "import", "benefits", late)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("inge", "check")
