"""What a client and a creditor are shown of one month, told by the commands themselves."""

from typing import Any

from support.assen_month import RETURNED, answers, assen_only, only
from support.story import Office, client_line

from flows.rehearsal.bank_model import BankPlan, Habits


def overview(office: Office, client: str = "0010001", month: str = "2026-11") -> dict[str, Any]:
    found: dict[str, Any] = office.do("inge", "--json", "report", "client", client, month).document
    return found


def proof(office: Office, client: str, *words: str) -> dict[str, list[dict[str, Any]]]:
    """The attempts per obligation."""
    document = office.do("inge", "--json", "report", "proof", client, "2026-11", *words).document
    return {cost["obligation"]: cost["attempts"] for cost in document["obligations"]}


def costs(document: dict[str, Any]) -> dict[str, tuple[int, int, str]]:
    return {cost["obligation"]: (cost["amount_cents"], cost["own_cents"], cost["state"]) for cost in document["costs"]}


def couple(office: Office) -> None:
    """A couple that shares rent and energy; the energy does not fit, and nobody confirmed the water's account."""
    office.creditors()
    office.creditors("BRON;Waterbedrijf Bronwel;NL44RABO0123456789;water;", confirm=False)
    office.clients(
        client_line("0010001", huishouden="H1", taal="ar"),
        client_line("0010002", huishouden="H1"),
        client_line("0010003", machtiging_datum=""),
    )
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;2.500,00;5000056789012345;2026-10;;",
        "VL-3;0010001;BRON;water;22,10;W-1;2026-10;;",
        "VL-4;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
        "VL-5;0010003;WONEN;huur;600,00;C-79;2026-10;;",
    )
    office.benefits(
        "U-1;0010001;2026-11;regulier;951,01;",
        "U-2;0010002;2026-11;regulier;951,01;",
        "U-3;0010001;2026-11;nabetaling;100,00;",
        "U-4;0010003;2026-11;regulier;1.331,43;",
    )
    office.do("bram", "run", "2026-11")


def test_a_couples_month_adds_up_for_each_of_them(office: Office) -> None:
    couple(office)
    one, two = overview(office), overview(office, "0010002")
    for each in (one, two):
        assert sum(cost["own_cents"] for cost in each["costs"]) == each["withheld_cents"]
        assert each["benefit_cents"] == each["withheld_cents"] + each["remainder_cents"] == 951_01
    assert costs(one) == {"VL-1": (650_00, 325_00, "not_paid"), "VL-3": (22_10, 11_05, "not_paid")}
    assert costs(two) == costs(one) | {"VL-4": (158_95, 158_95, "not_paid")}
    assert [b["counted"] for b in one["benefits"]] == [True, False]
    assert [(s["obligation"], s["needed_cents"]) for s in one["shortfalls"]] == [("VL-2", 2_500_00)]
    assert [(h["obligation"], h["reason"]) for h in one["held"]] == [("VL-3", "iban_unconfirmed")]
    assert two["held"] == two["shortfalls"] == []

    mandate = office.do("inge", "report", "client", "0010003", "2026-11").out
    assert "Wij hebben uw handtekening nog niet." in mandate

    text = office.do("inge", "report", "client", "0010001", "2026-11").out
    assert "Huur (\u2068الإيجار\u2069)" in text
    assert "Te weinig geld" in text
    assert "0010002" not in text + office.do("inge", "report", "proof", "0010001", "2026-11").out

    office.approve_and_release()
    on_the_way = next(cost for cost in overview(office)["costs"] if cost["obligation"] == "VL-1")
    assert (on_the_way["state"], on_the_way["date"]) == ("on_the_way", "2026-11-25")
    assert set(proof(office, "0010001")) == {"VL-1"}
    assert set(proof(office, "0010002")) == {"VL-4"}

    assert overview(office)["remainder_listed_on"] is None
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "rest.csv"))
    assert (overview(office)["remainder_listed_on"], overview(office)["remainder_listed_cents"]) == (
        "2026-11-18",
        overview(office)["remainder_cents"],
    )


def test_a_payment_that_came_back_and_was_made_again_is_proven_twice(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, RETURNED, seed=4))
    item = only(office)
    returned = item["payment"].split("-", 2)[2]
    owner = item["client"]
    assert costs(overview(office, owner))[returned][2] == "came_back"
    office.do("bram", "resolve", item["id"], "--as-what", "resubmit", "--why", "rekening klopt weer")
    codes = ("WONEN", "STROOM", "ZORG")
    office.do("bram", "creditor", "confirm", *codes, "--how", "teruggebeld na de terugboeking")
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-22")
    office.approve_and_release()
    first, second = proof(office, owner)[returned]
    assert (first["state"], second["state"]) == ("returned", "instructed")
    assert [line["kind"] for line in first["bank_lines"]] == ["booked", "returned"]
    assert first["reason"]
    assert first["amount_cents"] == second["amount_cents"] == item["amount_cents"]
    files = {file["file_id"]: file["sha256"] for file in office.files()}
    assert len(files) == 2
    for attempt in (first, second):
        assert attempt["sha256"] == files[attempt["file_id"]]
    assert (first["released_on"], second["released_on"]) == ("2026-11-18", "2026-12-20")
    assert costs(overview(office, owner))[returned][2] == "on_the_way"
    assert set(proof(office, owner, "--obligation", returned)) == {returned}
    assert office("inge", "report", "proof", owner, "2026-11", "--obligation", "VL-99").code == 1


def test_decembers_rent_is_found_under_december(office: Office) -> None:
    """It was paid in November: asked for either month it is there, and both months are said."""
    assen_only(office)
    document = office.do("inge", "--json", "report", "proof", "0010001", "2026-12").document
    assert {(cost["covers"], cost["benefit_month"]) for cost in document["obligations"]} == {("2026-12", "2026-11")}
    assert {cost["obligation"]: cost["attempts"] for cost in document["obligations"]} == proof(office, "0010001")
    said = office.do("inge", "report", "proof", "0010001", "2026-12").out
    assert "Huur over december 2026, vaste last VL-1, betaalmaand november 2026" in said
    assert "nog geen betalingen" in office.do("inge", "report", "proof", "0010001", "2027-01").out


def test_a_batch_line_is_named_without_its_amount(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, habits=Habits(details=False)))
    found = proof(office, "0010001") | proof(office, "0010002")
    lines = [line for attempts in found.values() for attempt in attempts for line in attempt["bank_lines"]]
    assert [line["amount_cents"] for line in lines] == [None] * 4
    assert len({line["line"] for line in lines}) == 1
    assert "1.541,79" not in office.do("inge", "report", "proof", "0010001", "2026-11").out


def test_a_refused_payment_that_is_given_back_is_the_clients_own_again(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, BankPlan(rejects=1), seed=3))
    item = only(office)
    office.do("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "verhuurder is gestopt")
    document = overview(office, item["client"])
    assert document["refund_cents"] == item["amount_cents"]
    assert costs(document)[item["payment"].split("-", 2)[2]][2] == "not_paid"
    text = office.do("inge", "report", "client", item["client"], "2026-11").out
    assert "U krijgt dit geld zelf. Betaal deze rekening nu zelf." in text


def test_files_are_written_and_wrong_words_are_answered(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    assert "nog niets betaald" in office.do("inge", "report", "client", "0010001", "2026-11").out
    assert "nog geen betalingen" in office.do("inge", "report", "proof", "0010001", "2026-11").out
    assert overview(office)["run_id"] is None
    for command in ("client", "proof"):
        stranger = office("inge", "report", command, "0099999", "2026-11")
        assert (stranger.code, "no client 0099999" in stranger.err) == (1, True)
        assert office("inge", "report", command, "0010001", "november").code == 2
    page, text, proven = (office.folder / name for name in ("page.html", "page.txt", "proof.txt"))
    for out in (page, text):
        office.do("inge", "report", "client", "0010001", "2026-11", "--out", str(out))
    office.do("inge", "report", "proof", "0010001", "2026-11", "--out", str(proven))
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert text.read_text(encoding="utf-8").startswith("Uw geld in november 2026")
    assert proven.read_text(encoding="utf-8").startswith("BETAALBEWIJS")
    assert office("inge", "report", "client", "0010001", "2026-11", "--out", str(page.with_suffix(".pdf"))).code == 2
