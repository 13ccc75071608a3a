"""What creditors are still owed: every kind of it, with the amounts worked out by hand."""

from typing import Any

from support.by_hand import Move
from support.story import Office, ordinary_month
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, settle


def owed(office: Office, *creditor: str) -> list[tuple[Any, ...]]:
    found = office.do("inge", "--json", "report", "arrears", *creditor).document
    names = ("creditor", "client", "obligation", "month", "amount_cents", "why")
    return [tuple(item[name] for name in names) for item in found]


def test_a_shortfall_a_hold_and_a_tariff_that_came_too_late_are_owed(office: Office) -> None:
    """Of EUR 1.331,43 the water of EUR 700,00 does not fit; 0010002 is on hold; the rent was EUR 30,00 higher."""
    ordinary_month(office)
    office.obligations("VL-9;0010001;WATER;water;700,00;W-1;2026-12;;kwartaal")
    office.do("dirk", "hold", "0010002", "--why", "gesprek")
    assert owed(office) == []
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    office.today = "2026-12-03"
    office.obligations("VL-1;0010001;WONEN;huur;680,00;C-77;2026-10;;", first="2026-12")
    assert owed(office) == [
        ("WATER", "0010001", "VL-9", "2026-12", 700_00, "shortfall"),
        ("WONEN", "0010001", "VL-1", "2026-12", 30_00, "tariff"),
        ("WONEN", "0010002", "VL-3", "2026-12", 612_34, "gap"),
        ("ZORG", "0010002", "VL-4", "2026-12", 158_95, "gap"),
    ]
    assert owed(office, "WATER") == [("WATER", "0010001", "VL-9", "2026-12", 700_00, "shortfall")]
    said = office.do("inge", "report", "arrears", "WONEN").out
    assert "WONEN Stichting Wonen Noord: EUR 642,34" in said
    assert "minder betaald dan de rekening" in said
    office.do("rosa", "paid-otherwise", "VL-3", "2026-12", "--by", "krediet", "--why", "lening")
    assert [item[2] for item in owed(office, "WONEN")] == ["VL-1"]
    assert office("inge", "report", "arrears", "NIEMAND").code == 1


def test_what_came_back_is_owed_until_it_is_paid_again(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    assert owed(office) == []
    bank.tells("2026-11-26", Move(158_95, INSURANCE, reason="MS03"))
    assert owed(office) == [("ZORG", "0010002", "VL-3", "2026-12", 158_95, "return")]
    settle(office, "X-202612-1-VL-3-returned", "refund_to_client")
    assert owed(office) == [("ZORG", "0010002", "VL-3", "2026-12", 158_95, "return")]
