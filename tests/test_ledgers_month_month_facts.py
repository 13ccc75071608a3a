"""Who takes part in a month, by the permit, the grounds and the ends that the books hold."""

from typing import Any

from support.story import CLIENT_COLUMNS, Office, client_line


def a_couple(office: Office) -> None:
    """Amal is in scope; her husband has a regular permit, and his own benefit, mandate and decision."""
    office.creditors()
    office.clients(
        client_line("0010001", huishouden="H1"),
        client_line("0010002", huishouden="H1", verblijfsgrond="regulier", inburgeringsplichtig="nee"),
    )
    office.obligations("VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;951,01;", "U-2;0010002;2026-11;regulier;951,01;")


def dossier(office: Office, client: str) -> dict[str, Any]:
    found: dict[str, Any] = office.do("rosa", "--json", "dossier", client).document
    return found


def voluntary(office: Office, client: str, first: str, last: str) -> None:
    office.do(
        "dirk", "ground", "add", client, "--ground", "VRIJWILLIG", "--from", first, "--until", last, "--decision", "V"
    )


def held(office: Office, month: str = "2026-11") -> dict[str, str]:
    return {item["client"]: item["reason"] for item in office.status(month)["held"]}


def test_a_partner_with_a_regular_permit_takes_part_of_their_own_free_will(office: Office) -> None:
    a_couple(office)
    assert (dossier(office, "0010002")["grounds"], dossier(office, "0010002")["state"]) == ([], "none")
    voluntary(office, "0010002", "2026-11-01", "2027-01-31")
    found = dossier(office, "0010002")
    assert [ground["ground"] for ground in found["grounds"]] == ["VRIJWILLIG"]
    assert found["state"] == "open"
    ahead = office.do("rosa", "--json", "forecast", "H1", "--months", "1").document["months"][0]
    assert {m["client"]: m["withheld_cents"] for m in ahead["members"]} == {"0010001": 325_00, "0010002": 325_00}
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    month = office.status()
    assert month["held"] == []
    assert {r["client"]: r["withheld_cents"] for r in month["remainders"]} == {"0010001": 325_00, "0010002": 325_00}
    due = [item["kind"] for item in office.do("rosa", "--json", "worklist").document if item["client"] == "0010002"]
    assert "assessment_due" not in due  # the talks of months 3 and 5 belong to the mandatory six months
    office.do("inge", "check")


def test_without_that_ground_the_same_partner_is_out_of_scope(office: Office) -> None:
    a_couple(office)
    voluntary(office, "0010002", "2026-11-26", "2027-01-31")  # the payday is the 25th
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office) == {"0010002": "not_in_scope"}


def test_another_permit_ends_the_mandatory_ground_where_it_counts_and_a_person_is_asked(office: Office) -> None:
    a_couple(office)
    settled = client_line("0010001", huishouden="H1", verblijfsgrond="asiel_onbepaalde_tijd")
    office.clients(settled, first="2026-12")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office) == {"0010002": "not_in_scope"}
    office.today = "2026-12-18"
    office.benefits("U-3;0010001;2026-12;regulier;951,01;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen")
    assert held(office, "2026-12")["0010001"] == "not_in_scope"
    (ground,) = dossier(office, "0010001")["grounds"]
    assert (ground["ground"], ground["from"], ground["until"]) == ("ART_56A", "2026-09-01", "2026-11-30")
    due = [item["kind"] for item in office.do("rosa", "--json", "worklist").document if item["client"] == "0010001"]
    assert "lapsed" in due
    voluntary(office, "0010001", "2026-12-01", "2027-02-28")
    office.do("bram", "run", "2026-12", "--gemeente", "assen")
    assert held(office, "2026-12") == {"0010002": "not_in_scope"}


def test_an_end_is_said_in_its_own_month_and_counted_after(office: Office) -> None:
    a_couple(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.status()["ended_before"] == 0
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-11-30", "--reason", "maatwerk", "--why", "verhuisd")
    office.do("dirk", "end", "confirm", "0010001")
    for month, listed, counted in (("2026-12", {"0010001": "ended"}, 0), ("2027-01", {}, 1), ("2027-02", {}, 1)):
        office.today = f"{month}-18"
        office.do("bram", "run", month, "--gemeente", "assen")
        found = held(office, month)
        found.pop("0010002")  # out of scope, as every month
        assert (found, office.status(month)["ended_before"]) == (listed, counted)
    assert "al eerder beëindigd: 1" in office.do("inge", "status", "2027-02").out
    overview = office.do("rosa", "report", "client", "0010001", "2027-02").out
    assert "Onze hulp met betalen is gestopt." in overview


def test_an_end_outranks_everything_but_the_scope(office: Office) -> None:
    a_couple(office)
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-11-19", "--reason", "right_ended")
    office.do("dirk", "end", "confirm", "0010001")
    office.do("dirk", "hold", "0010001", "--why", "nagekeken")
    office.clients(client_line("0010001", huishouden="H1", recht_tot="2026-11-19", machtiging_datum=""))
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert held(office)["0010001"] == "ended"


def test_an_award_of_longer_ago_than_the_months_is_said_at_the_import(office: Office) -> None:
    office.creditors()
    said = office.clients(client_line("0010001"), client_line("0010002", recht_vanaf="2026-03-17"))
    assert "0010002: the right began on 2026-03-17, ART_56A ended on 2026-09-16" in said.out
    assert "0010001: the right" not in said.out
    later = office.file("clients.csv", CLIENT_COLUMNS, client_line("0010003", recht_vanaf="2026-01-05"))
    found = office.do("anna", "--json", "import", "clients", later).document
    assert found["late_awards"] == [{"client": "0010003", "right_from": "2026-01-05", "last_day": "2026-07-04"}]


def paid(office: Office, month: str) -> list[tuple[str, str, str]]:
    """What the runs of a month pay: cost, covered month, euros."""
    lines = office.do("inge", "export", "payments", month, "--out", str(office.folder / f"{month}.csv"))
    assert lines.code == 0
    rows = [line.split(";") for line in (office.folder / f"{month}.csv").read_text("utf-8-sig").splitlines()]
    names = rows[0]
    found = [dict(zip(names, row, strict=True)) for row in rows[1:]]
    return sorted((row["vaste_last"], row["dekt_maand"], row["bedrag"]) for row in found)


def month_by_month(office: Office, client: str, *months: str) -> None:
    for month in months:
        office.today = f"{month}-18"
        office.benefits(f"U-{month}-{client};{client};{month};regulier;1.331,43;")
        office.do("bram", "run", month, "--gemeente", "assen")


def test_a_quarter_missed_for_want_of_a_mandate_is_paid_whole_by_the_first_run_that_can(office: Office) -> None:
    """Held in September and October; the run of November pays October to December, that of December goes on."""
    office.today = "2026-09-01"
    office.creditors()
    office.clients(client_line("0010001", recht_vanaf="2026-09-10", machtiging_datum="2026-10-28"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;613,73;C-77;2026-10;;", "VL-2;0010001;WATER;water;54,00;W-1;2026-10;;kwartaal"
    )
    month_by_month(office, "0010001", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01")
    assert paid(office, "2026-11") == [("VL-1", "2026-12", "613,73"), ("VL-2", "2026-10", "54,00")]
    assert paid(office, "2026-12") == [("VL-1", "2027-01", "613,73"), ("VL-2", "2027-01", "54,00")]
    assert paid(office, "2027-01") == [("VL-1", "2027-02", "613,73")]
    office.do("bram", "run", "2026-11", "--gemeente", "assen")  # again: nothing new
    assert len(office.files("2026-11")) == 1
    assert '"water 2026-10 W-1"' in office.do("inge", "--json", "report", "proof", "0010001", "2026-11").out
    office.do("inge", "check")


def test_a_first_part_of_a_month_is_paid_once_by_its_run_or_up_to_three_months_later(office: Office) -> None:
    """The benefit of October would be September's: November pays the part of October, and nothing pays July's."""
    office.today = "2026-10-21"
    office.creditors()
    office.clients(
        client_line("0010001", recht_vanaf="2026-10-12", beschikking_datum="2026-10-20", machtiging_datum="2026-10-12")
    )
    office.obligations(
        "VL-0;0010001;WONEN;huur;396,00;C-77;2026-10;2026-10;eenmalig",
        "VL-1;0010001;WONEN;huur;613,73;C-77;2026-11;;",
        "VL-2;0010001;WONEN;huur;50,00;C-76;2026-07;2026-07;eenmalig",
        "VL-3;0010001;WONEN;huur;60,00;C-75;2027-01;2027-01;eenmalig",
    )
    month_by_month(office, "0010001", "2026-11", "2026-12", "2027-01")
    assert paid(office, "2026-11") == [("VL-0", "2026-10", "396,00"), ("VL-1", "2026-12", "613,73")]
    assert paid(office, "2026-12") == [("VL-1", "2027-01", "613,73"), ("VL-3", "2027-01", "60,00")]
    assert paid(office, "2027-01") == [("VL-1", "2027-02", "613,73")]
    found = dossier(office, "0010001")
    assert {cost["obligation"] for cost in found["obligations"]} == {"VL-0", "VL-1", "VL-2", "VL-3"}
    text = office.do("rosa", "dossier", "0010001").out
    assert "EUR 396,00 eenmalig" in text
    office.do("inge", "check")


def test_a_one_off_keeps_nobody_from_ending(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations("VL-0;0010001;WONEN;huur;396,00;C-77;2026-11;2026-11;eenmalig")
    assert "handover" not in dossier(office, "0010001")["missing_for_end"]
