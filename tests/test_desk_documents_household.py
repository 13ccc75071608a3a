"""One family, one plan: each fact once, in words, and on a page that everybody can use."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from support.dossier_examples import (
    CHECKLISTS,
    CREDITORS,
    CUSTOM_GROUND,
    FULL,
    MOVED,
    PARTNER,
    a_case,
    a_cost,
    assessed,
    standing,
)

from desk.documents.household import document, page, text
from flows.actions.households import Household
from payments.dossier.case import Case

GOLDEN = Path(__file__).parent / "golden" / "household.txt"
TODAY = date(2027, 1, 12)


def a_household(*cases: Case, today: date = TODAY) -> Household:
    adults = tuple(standing(case, today) for case in cases)
    return Household("H1", "assen", adults, CREDITORS, CHECKLISTS, today)


COUPLE = a_household(FULL, PARTNER)


def parsed(written: str) -> Any:
    return lxml.html.document_fromstring(written)


def ahead(case: Case, today: date = TODAY) -> list[tuple[str, str]]:
    return [(item["date"], item["kind"]) for item in document(a_household(case, today=today))["ahead"]]


def test_the_page_is_the_one_that_was_agreed_on() -> None:
    assert text(COUPLE) == GOLDEN.read_text(encoding="utf-8")


def test_shared_costs_stand_there_once_with_whose_name_and_insurance_per_adult() -> None:
    found = document(COUPLE)
    assert [(c["obligation"], c["client"]) for c in found["shared_costs"]] == [("VL-1", "10001"), ("VL-2", "10001")]
    assert [(c["obligation"], c["client"]) for c in found["own_costs"]] == [("VL-3", "10001"), ("VL-4", "10002")]
    assert found["shared_costs"][1] == {
        "obligation": "VL-2",
        "client": "10001",
        "category": "energie",
        "creditor": "STROOM",
        "creditor_name": "Stichting STROOM",
        "amount_cents": 65000,
        "frequency": "maand",
        "last_covered": "2026-12",
        "last_ours": "2026-12",
        "first_own": "2027-01",
        "method": "incasso",
        "fit": "fits",
    }


def test_every_adult_is_judged_apart() -> None:
    adults = document(COUPLE)["adults"]
    assert [(a["client"], a["name"], a["assessment"]["verdict"], a["months_paid"]) for a in adults] == [
        ("10001", "Naïma Voorbeeld", "not_passed", 2),
        ("10002", "Tesfay Voorbeeld", "none", 1),
    ]


def test_a_cost_that_has_ended_is_no_longer_shown() -> None:
    over = a_cost("VL-9", last_covered="2026-12")
    assert "VL-9" in text(a_household(a_case(costs=(over,)), today=date(2026, 12, 31)))
    assert "VL-9" not in text(a_household(a_case(costs=(over,)), today=date(2027, 1, 1)))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (a_case(), [("2027-02-28", "ground_ends")]),
        (
            a_case(added=(CUSTOM_GROUND,)),
            [("2027-02-28", "floor"), ("2027-05-31", "ground_ends"), ("2027-06-01", "reassessment_due")],
        ),
        (a_case(of_client={"decision": None}), [("2026-09-01", "no_decision"), ("2027-02-28", "floor")]),
        (
            a_case(of_client={"mandate_date": None}, proposal=MOVED, stored_state="end_proposed"),
            [("2026-09-01", "no_mandate"), ("2027-01-20", "end_to_confirm"), ("2027-02-28", "floor")],
        ),
        (a_case(period_from=None, segments=()), [("2026-09-01", "lapsed"), ("2026-09-01", "period")]),
        (a_case(costs=(a_cost("VL-1"),)), [("2027-02-28", "ground_ends"), ("2027-04-01", "handover")]),
        (
            a_case(costs=(a_cost("VL-1", first_own="2027-07"),)),
            [("2027-02-28", "ground_ends"), ("2027-04-01", "handover")],
        ),
        (
            a_case(costs=(a_cost("VL-1", first_own="2026-12"),)),
            [("2026-12-01", "handover"), ("2027-02-28", "ground_ends")],
        ),
        (a_case(stored_state="ended", ended_on=date(2027, 1, 10)), []),
        (a_case(trajectory=None), []),
    ],
    ids=[
        "ground ends",
        "ground added",
        "no decision",
        "proposed",
        "interrupted",
        "not handed over",
        "gap",
        "overlap",
        "ended",
        "never in scope",
    ],
)
def test_what_must_be_decided_stands_there_with_its_day(case: Case, expected: list[tuple[str, str]]) -> None:
    assert ahead(case) == expected


def test_an_assessment_after_the_ground_began_is_the_one_it_asked_for() -> None:
    asked = a_case(added=(CUSTOM_GROUND,))
    made = replace(asked, assessments=(assessed(1, date(2027, 5, 4), {}),))
    assert "reassessment_due" in {kind for _, kind in ahead(asked, date(2027, 5, 10))}
    assert "reassessment_due" not in {kind for _, kind in ahead(made, date(2027, 5, 10))}


def test_a_day_that_has_passed_is_now() -> None:
    assert "- nu\n  wie: Samira Voorbeeld 10001 (10001)\n  wat: geen grondslag van kracht" in text(
        a_household(a_case(), today=date(2027, 3, 15))
    )


def test_the_page_needs_nothing_else_and_can_be_read_by_everybody() -> None:
    """What WCAG 2.1 AA asks and a test can see: language, one h1, tables with caption and headings, no script."""
    found = parsed(page(COUPLE))
    assert found.get("lang") == "nl"
    assert [h.text for h in found.iter("h1")] == ["Huishouden H1"]
    assert found.findtext(".//title") == "Huishouden H1"
    assert [h.tag for h in found.iter("h1", "h2", "h3")] == ["h1"] + ["h2"] * 6
    assert found.xpath("//script | //link | //img | //@onclick | //*[@src]") == []
    ids = found.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for table in found.iter("table"):
        assert table.findtext("caption")
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
        assert all(row.find("th") is not None for row in table.iter("tr"))
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1
        region = table.getparent()
        assert region is not None
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-labelledby") in ids


def test_the_colours_of_the_page_stand_out_enough() -> None:
    """WCAG 2.1: text 4.5 to 1, borders and the focus ring 3 to 1, also on the light blue of a header."""

    def light(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    style = page(COUPLE)
    for dark, enough in (("1a1a1a", 4.5), ("404040", 4.5), ("154273", 3), ("595959", 3)):
        assert f"#{dark}" in style
        assert (light("eef3f8") + 0.05) / (light(dark) + 0.05) > enough
    assert ":focus-visible" in style
    assert "@media print" in style


def test_a_name_cannot_become_a_part_of_the_page() -> None:
    name = "<script>alert('1')</script> \"&"
    creditors = {**CREDITORS, "WONEN": replace(CREDITORS["WONEN"], name="<b>Huis & Hof</b>")}
    case = a_case(of_client={"name": name, "household": "<i>"}, on_hold="<u>", costs=(a_cost("VL-1"),))
    written = page(replace(a_household(case), code="<i>", creditors=creditors))
    found = parsed(written)
    assert found.xpath("//script | //b | //i | //u") == []
    assert f"{name} (10001)" in {cell.text for cell in found.iter("th", "td")}
    assert "<b>Huis & Hof</b>" in {cell.text for cell in found.iter("td")}


def test_text_and_page_say_the_same() -> None:
    said = text(COUPLE).replace("\n  ", " ")
    found = parsed(page(COUPLE))
    cells = [cell.text for cell in found.xpath("//tbody//th | //tbody//td")]
    assert len(cells) > 50
    assert [cell for cell in cells if cell and cell not in said] == []
