"""Months that no run paid, paid by decision: out of one component of one benefit, and never more than there is."""

from typing import Any

import pytest
from support.by_hand import Move
from support.story import Office, client_line, ordinary_month
from support.story_bank import INSURANCE as CARE
from support.story_bank import a_couple, settle

RENT, FIRST = "VL-H", "VL-H0"


@pytest.fixture
def late(office: Office) -> Office:
    """A right since 12 October: an advance in October, in November EUR 1.331,43 and EUR 700,00 of a month before."""
    office.creditors()
    office.today = "2026-10-21"
    office.clients(client_line("0010001", recht_vanaf="2026-10-12", beschikking_datum="2026-10-20"))
    office.obligations(
        "VL-H0;0010001;WONEN;huur;396,00;HK;2026-10;2026-10;",
        "VL-H;0010001;WONEN;huur;613,73;HK;2026-11;;",
        "VL-Z;0010001;ZORG;zorgverzekering;146,50;ZK;2026-11;;",
    )
    office.benefits("V-1;0010001;2026-10;voorschot;1.200,00;")
    office.do("bram", "run", "2026-10", "--gemeente", "assen")
    office.today = "2026-11-18"
    office.benefits("U-11;0010001;2026-11;regulier;1.331,43;", "N-10;0010001;2026-11;nabetaling;700,00;")
    return office


def catch_up(
    office: Office, code: str, month: str, benefit: str, component: str = "regulier", who: str = "dirk"
) -> Any:
    words = ("catch-up", code, month, "--from-benefit", benefit, "--component", component, "--why", "gemist")
    return office(who, *words)


def month(office: Office, benefit: str = "2026-11") -> tuple[int, int, int]:
    found = office.status(benefit)
    return found["benefit_cents"], found["withheld_cents"], found["remainder_cents"]


def run(office: Office, benefit: str = "2026-11") -> str:
    return office.do("bram", "run", benefit, "--gemeente", "assen", "--execution-date", "2026-11-25").out


def test_a_missed_month_is_paid_out_of_the_back_payment_and_the_ordinary_benefit_stays(late: Office) -> None:
    """EUR 1.331,43 pays December; of the EUR 700,00 the rent of November takes EUR 613,73, and EUR 86,27 is left."""
    run(late)
    assert month(late) == (1331_43, 760_23, 571_20)
    said = catch_up(late, RENT, "2026-11", "2026-11", "nabetaling")
    assert "paid out of nabetaling of 2026-11" in said.out
    refused = catch_up(late, FIRST, "2026-10", "2026-11", "nabetaling")
    assert (refused.code, "costs 396,00, and of nabetaling of 2026-11 only 86,27 is left" in refused.err) == (1, True)
    run(late)
    assert month(late) == (1331_43 + 613_73, 760_23 + 613_73, 571_20)
    assert "already" in run(late) or "was al gedaan" in run(late)
    assert catch_up(late, FIRST, "2026-10", "2026-11").code == 0  # EUR 571,20 of the ordinary benefit is left
    run(late)
    assert month(late) == (1331_43 + 613_73, 760_23 + 613_73 + 396_00, 571_20 - 396_00)
    kept = {c["obligation"]: [m["who"] for m in c["months"] if m["month"] < "2027-01"] for c in calendar(late)}
    assert kept == {FIRST: ["in_file"], RENT: ["in_file", "in_file"], "VL-Z": ["nobody", "in_file"]}
    late.do("inge", "check")
    late.do("inge", "audit", "verify")
    overview = late.do("dirk", "report", "client", "0010001", "2026-11").out
    assert "gebruiken wij € 613,73 voor rekeningen" in overview


def calendar(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.do("inge", "--json", "coverage", "0010001").document
    return found


def test_an_advance_pays_in_a_month_without_an_ordinary_benefit_and_nothing_else(late: Office) -> None:
    assert late.status("2026-10")["held"] == [{"client": "0010001", "obligation": None, "reason": "no_benefit"}]
    assert catch_up(late, "VL-Z", "2026-11", "2026-10", "voorschot").code == 0
    run(late, "2026-10")
    assert month(late, "2026-10") == (146_50, 146_50, 0)
    assert late.status("2026-10")["held"] == [{"client": "0010001", "obligation": RENT, "reason": "no_benefit"}]
    assert "was al gedaan" in run(late, "2026-10")
    late.do("inge", "check")


def test_what_is_taken_back_is_spent_again_on_what_was_decided_and_on_nothing_else(late: Office) -> None:
    catch_up(late, RENT, "2026-11", "2026-11", "nabetaling")
    run(late)
    file = late.files()[-1]["file_id"]
    late.do("carla", "cancel", file, "--why", "nog eens kijken")
    late.obligations(
        "VL-W;0010001;WATER;water;718,00;W;2026-12;;"
    )  # EUR 717,70 is left: the back payment is not for it
    run(late)
    assert month(late) == (1331_43 + 613_73, 760_23 + 613_73, 571_20)
    assert [s["obligation"] for s in late.status()["shortfalls"]] == ["VL-W"]
    late.do("inge", "check")


def test_a_file_with_a_month_caught_up_is_approved_and_released_as_any_other(late: Office) -> None:
    catch_up(late, RENT, "2026-11", "2026-11", "nabetaling")
    run(late)
    late.approve_and_release()
    months = next(c["months"] for c in calendar(late) if c["obligation"] == RENT)
    assert months[0] == {"month": "2026-11", "who": "paid", "payment": "202611-1-VL-H"}
    again = catch_up(late, RENT, "2026-11", "2026-11", "nabetaling")
    assert (again.code, "decided before" in again.out) == (0, True)
    other = catch_up(late, RENT, "2026-11", "2026-11")
    assert (other.code, "is paid by us" in other.err) == (4, True)
    late.do("inge", "check")


def test_what_the_list_told_to_pay_out_is_not_there_for_a_missed_month(late: Office) -> None:
    run(late)
    late.do("bram", "export", "remainders", "2026-11", "--out", str(late.folder / "list.csv"))
    refused = catch_up(late, FIRST, "2026-10", "2026-11")
    assert (refused.code, "only 0,00 is left" in refused.err) == (1, True)


def test_a_decision_that_no_run_could_carry_out_is_refused_in_words(late: Office) -> None:
    run(late)
    for words, why in (
        ((RENT, "2026-11", "2026-12"), "no regulier in 2026-12"),
        ((RENT, "2026-11", "2026-11", "voorschot"), "no voorschot in 2026-11"),
        ((RENT, "2026-10", "2026-11"), "no month 2026-10"),
        (("VL-9", "2026-10", "2026-11"), "no vaste last VL-9"),
        ((RENT, "2026-11", "2026-11", "correctie"), "is not for that"),
    ):
        said = catch_up(late, *words)
        assert (said.code, why in said.err) == (1, True), said.err
    taken = catch_up(late, RENT, "2026-12", "2026-11")
    assert (taken.code, "stands in a file" in taken.err) == (4, True)
    late.do("dirk", "hold", "0010001", "--why", "gesprek")
    held = catch_up(late, RENT, "2026-11", "2026-11", "nabetaling")
    assert (held.code, "on_hold" in held.err) == (1, True)
    assert catch_up(late, RENT, "2026-11", "2026-11", who="inge").code == 1
    assert late.do("inge", "check").code == 0


def test_a_missed_quarter_is_caught_up_whole_in_the_name_of_its_first_month(office: Office) -> None:
    ordinary_month(office)
    office.obligations("VL-9;0010001;WATER;water;54,00;W-1;2026-10;;kwartaal")
    said = office.do(
        "rosa", "--json", "catch-up", "VL-9", "2026-11", "--from-benefit", "2026-11", "--why", "gemist"
    ).document
    assert (said["covers"], said["reaches"], said["component"]) == ("2026-10", "2026-12", "regulier")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    paid = next(r for r in office.status()["remainders"] if r["client"] == "0010001")
    assert paid["withheld_cents"] == 650_00 + 120_50 + 54_00


def test_a_month_caught_up_for_an_unconfirmed_account_waits_as_reserved_and_is_paid_after_it(office: Office) -> None:
    ordinary_month(office)
    office.creditors("WATER;Waterbedrijf Bronwel;NL44RABO0123456789;water;", "BRON;Bron;NL86INGB0002445588;water;")
    office.creditors("BRON;Bron;NL20INGB0001234567;water;", confirm=False)
    office.obligations("VL-9;0010001;BRON;water;20,00;W-1;2026-11;;")
    office.do("rosa", "catch-up", "VL-9", "2026-11", "--from-benefit", "2026-11", "--why", "gemist")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.status()["held"] == [{"client": "0010001", "obligation": "VL-9", "reason": "iban_unconfirmed"}]
    assert office.status()["withheld_cents"] == 650_00 + 120_50 + 612_34 + 158_95 + 2 * 20_00
    office.do("bram", "creditor", "confirm", "BRON", "--how", "gebeld")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert office.status()["held"] == []
    assert office.files()[-1]["transactions"] == 2
    office.do("inge", "check")


def test_a_month_whose_payment_came_back_and_went_to_the_client_can_still_be_paid(office: Office) -> None:
    """December's rent came back and was refunded; January's benefit pays it by decision, as a payment of its own."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, "202612-1-VL-1"), Move(-120_50, "202612-1-VL-2"), Move(-158_95, CARE))
    bank.tells("2026-11-26", Move(650_01, "202612-1-VL-1", reason="MS03"))
    settle(office, "X-202612-1-VL-1-returned", "refund_to_client")
    (rent,) = [c for c in calendar(office) if c["obligation"] == "VL-1"]
    assert {m["month"]: m["who"] for m in rent["months"]}["2026-12"] == "nobody"
    office.benefits("U-3;0010001;2026-12;regulier;1.400,00;", "U-4;0010002;2026-12;regulier;900,00;")
    assert catch_up(office, "VL-1", "2026-12", "2026-12").code == 0
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    (file,) = office.files("2026-12")
    assert file["control_sum_cents"] == 2 * 650_01 + 120_50 + 158_95
    assert "<EndToEndId>202612-2-VL-1</EndToEndId>" in office.approve_and_release("2026-12")[-1].read_text()
    office.do("inge", "check")


def test_a_month_given_back_after_it_was_told_can_still_be_paid(office: Office) -> None:
    """What the client was told is theirs; the rest of the benefit pays the month by decision."""
    office.creditors(confirm=False)
    office.clients(client_line("0010001"))
    office.obligations("VL-1;0010001;WONEN;huur;400,00;C-77;2026-10;;")
    office.benefits("U-1;0010001;2026-11;regulier;1.331,43;")
    run(office)
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "rest.csv"))
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "eerst bespreken")
    office.do("bram", "creditor", "confirm", "WONEN", "--how", "teruggebeld")
    office.today = "2026-12-02"
    office.benefits("U-2;0010001;2026-12;regulier;1.331,43;")
    assert catch_up(office, "VL-1", "2026-12", "2026-12").code == 0
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    (file,) = office.files("2026-12")
    assert (file["transactions"], file["control_sum_cents"]) == (2, 800_00)
    office.do("inge", "check")
