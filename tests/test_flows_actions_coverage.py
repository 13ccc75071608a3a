"""Every month of every cost is somebody's: what the books did, what people say, and what the worklist then asks."""

from typing import Any

from support.story import Office, client_line, ordinary_month


def calendar(office: Office, code: str, *more: str) -> dict[str, dict[str, str]]:
    found = office.do("inge", "--json", "coverage", code, *more).document
    return {cost["obligation"]: {m["month"]: m["who"] for m in cost["months"]} for cost in found}


def asked(office: Office, client: str, kind: str) -> list[str]:
    items: list[dict[str, Any]] = office.do("dirk", "--json", "worklist", "--gemeente", "assen").document
    return [item["text"] for item in items if (item["client"], item["kind"]) == (client, kind)]


def test_a_calendar_follows_the_payments_and_the_worklist_what_nobody_paid(office: Office) -> None:
    ordinary_month(office)
    assert calendar(office, "0010001")["VL-1"]["2026-12"] == "future"
    office.do("dirk", "hold", "0010002", "--why", "gesprek")
    office.do("bram", "run", "2026-11")
    assert calendar(office, "H0010001", "--until", "2026-12") == {
        "VL-1": {"2026-12": "in_file"},
        "VL-2": {"2026-12": "in_file"},
    }
    office.approve_and_release()
    found = office.do("inge", "--json", "coverage", "0010001", "--from", "2026-12", "--until", "2027-01").document
    assert found[0] == {
        "client": "0010001",
        "obligation": "VL-1",
        "category": "huur",
        "months": [
            {"month": "2026-12", "who": "paid", "payment": "202612-1-VL-1"},
            {"month": "2027-01", "who": "future", "payment": None},
        ],
    }
    assert calendar(office, "0010002")["VL-3"]["2026-12"] == "nobody"
    assert asked(office, "0010001", "gap_or_overlap") == []
    (told,) = asked(office, "0010002", "gap_or_overlap")
    assert "VL-3 (2026-12); VL-4 (2026-12)" in told
    said = office.do("inge", "coverage", "0010002").out
    assert "NIEMAND" in said
    assert office("inge", "coverage", "0099999").code == 1


def test_what_somebody_else_paid_is_paid_by_no_run_until_it_is_taken_back(office: Office) -> None:
    ordinary_month(office)
    words = ("paid-otherwise", "VL-1", "2026-12", "--by", "verhuurder", "--why", "eerste maand kwijtgescholden")
    said = office.do("rosa", "--json", *words).document
    assert said == {
        "obligation": "VL-1",
        "covers": "2026-12",
        "reaches": "2026-12",
        "changed": True,
        "by": "verhuurder",
    }
    assert office.do("bram", "--json", *words).document["changed"] is False
    assert office("rosa", *words[:3], "--by", "krediet", "--why", "toch niet").code == 4
    office.do("bram", "run", "2026-11")
    assert calendar(office, "0010001", "--until", "2026-12") == {
        "VL-1": {"2026-12": "otherwise"},
        "VL-2": {"2026-12": "in_file"},
    }
    assert [r["withheld_cents"] for r in office.status()["remainders"] if r["client"] == "0010001"] == [120_50]
    office.do("rosa", "paid-otherwise", "VL-1", "2026-12", "--take-back", "--why", "de verhuurder wil het toch")
    office.do("bram", "run", "2026-11")
    assert calendar(office, "0010001", "--until", "2026-12")["VL-1"] == {"2026-12": "in_file"}
    refused = office("rosa", *words)
    assert (refused.code, "in a file" in refused.err) == (1, True)
    office.do("inge", "check")
    office.do("inge", "audit", "verify")


def test_a_quarter_is_paid_otherwise_as_a_whole(office: Office) -> None:
    ordinary_month(office)
    office.obligations("VL-9;0010001;WATER;water;54,00;W-1;2026-12;;kwartaal")
    said = office.do(
        "rosa", "--json", "paid-otherwise", "VL-9", "2027-01", "--by", "krediet", "--why", "lening"
    ).document
    assert (said["covers"], said["reaches"]) == ("2026-12", "2027-02")
    office.do("bram", "run", "2026-11")
    found = calendar(office, "0010001", "--until", "2027-03")["VL-9"]
    assert found == {"2026-12": "otherwise", "2027-01": "otherwise", "2027-02": "otherwise", "2027-03": "future"}


def test_what_cannot_be_said_of_a_month_is_refused_in_words(office: Office) -> None:
    ordinary_month(office)
    office.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    for words, why in (
        (("VL-99", "2026-12", "--by", "client", "--why", "x"), "no vaste last VL-99"),
        (("VL-1", "2026-09", "--by", "client", "--why", "x"), "no month 2026-09"),
        (("VL-2", "2027-01", "--by", "client", "--why", "x"), "client's own"),
        (("VL-1", "2026-12", "--take-back", "--why", "x"), "nothing to take back"),
        (("VL-1", "2026-12", "--by", "client", "--why", " "), "--why"),
    ):
        said = office("rosa", "paid-otherwise", *words)
        assert (said.code, why in said.err) == (1, True), said.err
    assert office("rosa", "paid-otherwise", "VL-1", "2026-12", "--why", "x").code == 2
    assert office("inge", "paid-otherwise", "VL-1", "2026-12", "--by", "client", "--why", "x").code == 1


def test_a_cost_that_nobody_has_is_asked_for_until_somebody_says_why(office: Office) -> None:
    ordinary_month(office)
    assert len(asked(office, "0010001", "cost_missing")) == 2  # no water, no zorgverzekering
    assert office.do("anna", "obligation", "none", "0010001", "water", "--why", "zit in de huur").out
    assert "before" in office.do("rosa", "obligation", "none", "0010001", "water", "--why", "zit in de huur").out
    (told,) = asked(office, "0010001", "cost_missing")
    assert "geen zorgverzekering bekend voor 2026-12" in told
    office.obligations("VL-8;0010001;ZORG;zorgverzekering;150,00;P-8;2026-12;;")
    assert asked(office, "0010001", "cost_missing") == []
    assert office("rosa", "obligation", "none", "0010001", "overig", "--why", "x").code == 1
    assert office("inge", "obligation", "none", "0010001", "huur", "--why", "x").code == 1


def test_the_first_part_of_a_month_is_on_the_list_from_the_first_day(office: Office) -> None:
    """The right began on 12 October, so the payday of October pays November; of October nobody pays the rent."""
    ordinary_month(office)
    office.today = "2026-10-21"
    office.clients(client_line("0010009", recht_vanaf="2026-10-12", beschikking_datum="2026-10-20"))
    office.obligations(
        "VL-H0;0010009;WONEN;huur;396,00;C-9;2026-10;2026-10;", "VL-H;0010009;WONEN;huur;613,73;C-9;2026-11;;"
    )
    (told,) = asked(office, "0010009", "gap_or_overlap")
    assert "VL-H0 (2026-10)" in told
    assert "bijzondere bijstand" in told
    office.do("rosa", "paid-otherwise", "VL-H0", "2026-10", "--by", "bijzondere_bijstand", "--why", "toegekend")
    assert asked(office, "0010009", "gap_or_overlap") == []
    assert calendar(office, "0010009")["VL-H0"] == {"2026-10": "otherwise"}


def test_the_sheet_says_what_last_month_paid_and_this_one_does_not(office: Office) -> None:
    """A rent that begins later by mistake, an energy bill that is handed over, a hold, a quarter that runs."""
    ordinary_month(office)
    office.obligations("VL-9;0010001;WATER;water;54,00;W-1;2026-12;;kwartaal")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    office.today = "2026-12-03"
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2027-07;;")
    office.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    office.obligations("VL-6;0010001;ZORG;zorgverzekering;140,00;P-6;2027-01;;")
    office.do("dirk", "hold", "0010002", "--why", "gesprek")
    office.benefits("U-12-1;0010001;2026-12;regulier;1.331,43;", "U-12-2;0010002;2026-12;regulier;1.331,43;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen")
    warnings = office.do("carla", "--json", "sheet", "ASSEN-202612-01-001").document["warnings"]
    first, second = (w["text"] for w in warnings if w["code"] == "paid_last_month")
    assert first == "Vorige maand wel, nu niet: klant 0010001, huur VL-1 (EUR 650,00, begint in 2027-07)."
    held = "huur VL-3 (EUR 612,34, on_hold), zorgverzekering VL-4 (EUR 158,95, on_hold)"
    assert second == f"Vorige maand wel, nu niet: klant 0010002, {held}."
