"""A bill that stands twice: held, on the worklist, and paid once a person says that it is two."""

from support.story import Office, client_line


def the_rent_stands_twice(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001", huishouden="H1"), client_line("0010002", huishouden="H1"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;HK-778;2026-10;;",
        "VL-2;0010002;WONEN;huur;650,00;HK-778;2026-11;;",
        "VL-3;0010001;ZORG;zorgverzekering;146,50;P-9;2026-10;;",
        "VL-4;0010002;ZORG;zorgverzekering;146,50;P-9;2026-10;;",
    )
    office.benefits("U-1;0010001;2026-11;regulier;951,01;", "U-2;0010002;2026-11;regulier;951,01;")


def kinds(office: Office, client: str) -> list[str]:
    return [item["kind"] for item in office.do("rosa", "--json", "worklist").document if item["client"] == client]


def test_the_second_rent_of_a_couple_waits_until_somebody_says_that_there_are_two(office: Office) -> None:
    the_rent_stands_twice(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    month = office.status()
    assert month["held"] == [{"client": "0010002", "obligation": "VL-2", "reason": "double_cost"}]
    assert month["withheld_cents"] == 650_00 + 2 * 146_50
    assert "double_cost" in kinds(office, "0010002")
    assert "double_cost" not in kinds(office, "0010001")
    text = office.do("rosa", "worklist").out
    assert "accept-double VL-2" in text.replace("\n    ", " ")
    assert "twee keer bij ons" in office.do("rosa", "report", "client", "0010002", "2026-11").out

    accept = (
        "--json",
        "obligation",
        "accept-double",
        "VL-2",
        "--why",
        "twee woningen in november",
    )
    ahead = office.do("rosa", *accept, "--preview").document
    assert [c["client"] for run in ahead["runs"] for c in run["clients"]] == ["0010001", "0010002"]
    assert office.do("rosa", *accept).document == {"obligation": "VL-2", "changed": True}
    assert office.do("rosa", *accept).document["changed"] is False
    assert "double_cost" not in kinds(office, "0010002")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.status()["held"] == []
    assert office.status()["withheld_cents"] == 2 * 650_00 + 2 * 146_50
    office.do("inge", "check")
    office.do("inge", "audit", "verify")


def test_only_what_is_held_can_be_accepted(office: Office) -> None:
    the_rent_stands_twice(office)
    first = office("rosa", "obligation", "accept-double", "VL-1", "--why", "nagevraagd")
    assert (first.code, "held is VL-2" in first.err) == (1, True)
    for code in ("VL-4", "VL-9"):  # a family's policy, and no vaste last at all
        assert office("rosa", "obligation", "accept-double", code, "--why", "nagevraagd").code == 1
    assert office("rosa", "obligation", "accept-double", "VL-2", "--why", " ").code == 1


def test_a_tot_for_one_of_the_two_settles_it_as_well(office: Office) -> None:
    the_rent_stands_twice(office)
    office.obligations("VL-1;0010001;WONEN;huur;650,00;HK-778;2026-10;2026-11;")
    office.obligations("VL-2;0010002;WONEN;huur;650,00;HK-778;2026-12;;")
    assert "double_cost" not in kinds(office, "0010002")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.status()["held"] == []
