"""Whose month it is: what a payment reaches when its frequency changes, and what we took back from a client."""

from datetime import datetime
from typing import Any

import pytest
from support.story import Office, client_line, ordinary_month

from ledgers.checks.dossier import DOSSIER_CHECKS
from ledgers.database import open_engine, writing
from ledgers.dossier import handovers
from payments.calendar import AMSTERDAM
from payments.dossier.case import Method

QUARTERLY, MONTHLY = "60,00", "20,00"
BACK = ("--back-from", "2027-02", "--why", "januari niet betaald")


def water(amount: str, frequency: str, first: str = "2026-12") -> str:
    return f"VL-W;0010001;WATER;water;{amount};W-1;{first};;{frequency}"


def with_water(office: Office, *line: str) -> Office:
    """One client whose water bill is the only fixed cost, with a benefit for every month up to March."""
    office.begin(_with_water, *line)
    return office


def _with_water(office: Office, *line: str) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations(water(*line))
    benefits_until_march(office)


def benefits_until_march(office: Office) -> None:
    for number, month in enumerate(("2026-11", "2026-12", "2027-01", "2027-02"), start=101):
        office.benefits(f"U-{number};0010001;{month};regulier;1.331,43;")


def run(office: Office, month: str, today: str) -> list[tuple[str, int]]:
    """Run a month on a day: what was withheld of each client in all, over every run of it."""
    office.today = today
    office.do("bram", "run", month)
    return [(r["client"], r["withheld_cents"]) for r in office.status(month)["remainders"]]


def hand_over(office: Office, code: str, first: str, *more: str) -> int:
    return office("rosa", "handover", code, "--first-own-month", first, "--method", "incasso", *more).code


def dossier(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = office.do("rosa", "--json", "dossier", "0010001").document
    return found


def junction(office: Office, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(j for j in dossier(office)["junctions"] if j["obligation"] == code)
    return found


def in_order(office: Office) -> None:
    office.do("inge", "check")
    office.do("inge", "audit", "verify")


# --- another frequency ----------------------------------------------------------------------------------------------


def test_a_quarter_that_became_a_monthly_bill_is_paid_to_its_end_first(office: Office) -> None:
    """EUR 60 for December to February; from the next run on EUR 20 a month, of which the first is March's."""
    with_water(office, QUARTERLY, "kwartaal")
    assert run(office, "2026-11", "2026-11-18") == [("0010001", 60_00)]
    office.today = "2026-12-10"
    office.obligations(water(MONTHLY, "maand"), first="2026-12")
    assert run(office, "2026-12", "2026-12-17") == [("0010001", 0)]
    assert run(office, "2027-01", "2027-01-18") == [("0010001", 0)]
    assert office.status("2027-01")["held"] == []
    (cost,) = dossier(office)["obligations"]
    assert (cost["last_covered"], cost["first_own"]) == ("2027-02", None)
    assert run(office, "2027-02", "2027-02-17") == [("0010001", 20_00)]
    assert dossier(office)["obligations"][0]["last_covered"] == "2027-03"
    in_order(office)


def test_the_clients_first_month_follows_the_whole_quarter_that_was_paid(office: Office) -> None:
    with_water(office, QUARTERLY, "kwartaal")
    run(office, "2026-11", "2026-11-18")
    office.today = "2026-12-10"
    office.obligations(water(MONTHLY, "maand"), first="2026-12")
    said = office.do("rosa", "handover", "VL-W", "--first-own-month", "2027-01", "--method", "incasso")
    assert "up to and including 2027-02" in said.err
    found = junction(office, "VL-W")
    assert (found["fit"], found["last_ours"], found["expected"]) == ("overlap", "2027-02", "2027-03")
    assert hand_over(office, "VL-W", "2027-03", "--why", "het kwartaal is al betaald") == 0
    assert junction(office, "VL-W")["fit"] == "fits"


def test_a_change_recorded_after_the_run_of_its_own_month_moves_nothing_that_was_paid(office: Office) -> None:
    """The import takes the current month when nothing is said, also on the day after its run."""
    with_water(office, QUARTERLY, "kwartaal")
    run(office, "2026-11", "2026-11-18")
    office.today = "2026-11-27"
    office.obligations(water(MONTHLY, "maand"), first="2026-11")
    assert run(office, "2026-12", "2026-12-17") == [("0010001", 0)]
    assert dossier(office)["obligations"][0]["last_covered"] == "2027-02"


def test_a_month_that_became_part_of_a_quarter_reaches_no_further_than_itself(office: Office) -> None:
    """EUR 20 paid December; the quarters are counted from November, so the end asks for January: that is accepted."""
    with_water(office, MONTHLY, "maand", "2026-11")
    run(office, "2026-11", "2026-11-18")
    office.today = "2026-12-10"
    office.obligations(water(QUARTERLY, "kwartaal", "2026-11"), first="2026-12")
    assert dossier(office)["obligations"][0]["last_covered"] == "2026-12"
    assert hand_over(office, "VL-W", "2027-03") == 1  # inside February to April
    assert hand_over(office, "VL-W", "2027-01") == 0
    found = junction(office, "VL-W")
    assert (found["fit"], found["last_ours"]) == ("fits", "2026-12")
    office.today = "2027-02-10"
    assert office("rosa", "handover", "proof", "VL-W", "2027-03", "--paid", "ja").code == 1
    for month in ("2027-01", "2027-02"):
        office.do("rosa", "handover", "proof", "VL-W", month, "--paid", "ja")


def test_a_quarter_of_which_a_part_is_paid_waits_for_a_person(office: Office) -> None:
    """EUR 20 paid January; the new quarter of EUR 60 is December to February."""
    with_water(office, MONTHLY, "maand", "2027-01")
    assert run(office, "2026-12", "2026-12-17") == [("0010001", 20_00)]
    office.obligations(water(QUARTERLY, "kwartaal", "2026-11"), first="2027-01")
    assert run(office, "2027-01", "2027-01-18") == [("0010001", 60_00)]  # February to April
    office.obligations(water(QUARTERLY, "kwartaal", "2026-12"), first="2027-02")
    assert run(office, "2027-02", "2027-02-17") == [("0010001", 0)]  # March to May: two of them are paid
    held = office.status("2027-02")["held"]
    assert [(h["obligation"], h["reason"]) for h in held] == [("VL-W", "term_overlap")]
    office.obligations(water(QUARTERLY, "kwartaal", "2027-05"), first="2027-02")
    assert run(office, "2027-02", "2027-02-17") == [("0010001", 0)]
    assert office.status("2027-02")["held"] == []
    in_order(office)


# --- taken back -----------------------------------------------------------------------------------------------------


@pytest.fixture
def theirs(office: Office) -> Office:
    """Rent of EUR 650 that is the client's from January on; in January nothing was seen to be paid."""
    office.begin(_theirs)
    return office


def _theirs(office: Office) -> None:
    ordinary_month(office)
    benefits_until_march_but_november(office)
    run(office, "2026-11", "2026-11-18")
    assert hand_over(office, "VL-1", "2027-01") == 0
    run(office, "2026-12", "2026-12-17")
    office.today = "2027-01-06"
    office.do("rosa", "handover", "proof", "VL-1", "2027-01", "--paid", "nee")


def benefits_until_march_but_november(office: Office) -> None:
    for number, month in enumerate(("2026-12", "2027-01", "2027-02"), start=101):
        office.benefits(f"U-{number};0010001;{month};regulier;1.331,43;")


def test_we_pay_again_and_the_month_between_stays_the_clients_own(theirs: Office) -> None:
    theirs.do("rosa", "handover", "VL-1", *BACK)
    found = dossier(theirs)
    rent = next(cost for cost in found["obligations"] if cost["obligation"] == "VL-1")
    assert (rent["last_covered"], rent["first_own"]) == ("2026-12", None)
    assert found["taken_back"] == [{"obligation": "VL-1", "first_own": "2027-01", "back_from": "2027-02"}]
    assert "handover" in found["missing_for_end"]
    text = " ".join(theirs.do("rosa", "dossier", "0010001").out.split())
    assert "van de klant zelf: januari 2027 tot en met januari 2027, weer door ons vanaf februari 2027" in text
    theirs.do("bram", "run", "2026-12", "--execution-date", "2027-01-12")  # January, once more: not ours
    assert theirs.status("2026-12")["remainders"][0]["withheld_cents"] == 120_50
    assert run(theirs, "2027-01", "2027-01-18")[0] == ("0010001", 650_00 + 120_50)
    assert next(c for c in dossier(theirs)["obligations"] if c["obligation"] == "VL-1")["last_covered"] == "2027-02"
    in_order(theirs)


def test_a_taking_back_is_recorded_once_and_changed_only_with_a_new_reason(theirs: Office) -> None:
    theirs.do("dirk", "handover", "VL-1", *BACK)
    digest = theirs.digest()
    assert not theirs.do("rosa", "--json", "handover", "VL-1", *BACK).document["changed"]
    assert theirs("rosa", "handover", "VL-1", "--back-from", "2027-02").code == 0
    assert theirs("rosa", "handover", "VL-1", "--back-from", "2027-03").code == 4
    assert theirs("rosa", "handover", "VL-1", "--back-from", "2027-03", *BACK[2:]).code == 4
    assert theirs.digest() == digest
    theirs.do("rosa", "handover", "VL-1", "--back-from", "2027-03", "--why", "februari betaalt zijn broer")
    assert dossier(theirs)["taken_back"] == [{"obligation": "VL-1", "first_own": "2027-01", "back_from": "2027-03"}]
    assert run(theirs, "2027-01", "2027-01-18")[0] == ("0010001", 120_50)
    in_order(theirs)


@pytest.mark.parametrize(
    "words",
    [
        ("VL-2", *BACK),  # never handed over
        ("VL-1", "--back-from", "2026-12", "--why", "x"),  # ours already
        ("VL-1", "--back-from", "2027-02"),  # no reason
        ("VL-9", *BACK),
    ],
)
def test_nothing_else_can_be_taken_back(theirs: Office, words: tuple[str, ...]) -> None:
    digest = theirs.digest()
    assert theirs("rosa", "handover", *words).code == 1
    assert theirs("rosa", "handover", *words, "--preview").code == 1
    assert theirs.digest() == digest


def test_words_that_mean_two_things_are_refused(theirs: Office) -> None:
    assert theirs("rosa", "handover", "VL-1", "--first-own-month", "2027-04", *BACK).code == 2
    assert theirs("rosa", "handover", "proof", "VL-1", "2027-01", "--paid", "ja", *BACK).code == 2
    assert theirs("anna", "handover", "VL-1", *BACK).code == 1


def test_a_month_that_the_client_paid_is_never_taken_back(theirs: Office) -> None:
    theirs.do("rosa", "handover", "proof", "VL-1", "2027-01", "--paid", "ja", "--why", "kwam twee dagen later")
    assert theirs("rosa", "handover", "VL-1", "--back-from", "2027-01", "--why", "x").code == 1
    theirs.do("rosa", "handover", "VL-1", *BACK)
    assert theirs("rosa", "handover", "proof", "VL-1", "2027-02", "--paid", "ja").code == 1  # ours again


def test_inside_a_quarter_nothing_is_taken_back(office: Office) -> None:
    with_water(office, QUARTERLY, "kwartaal")
    assert hand_over(office, "VL-W", "2026-12") == 0
    assert office("rosa", "handover", "VL-W", *BACK).code == 1
    office.do("rosa", "handover", "VL-W", "--back-from", "2026-12", "--why", "toch nog niet")
    assert dossier(office)["taken_back"] == []  # no month of it was ever theirs
    assert run(office, "2026-11", "2026-11-18") == [("0010001", 60_00)]


def test_what_it_does_to_the_next_run_is_shown_before(theirs: Office) -> None:
    digest = theirs.digest()
    document = theirs.do("rosa", "--json", "handover", "VL-1", *BACK, "--preview").document
    (client,) = [client for run in document["runs"] for client in run["clients"]]
    (payment,) = client["payments"]
    assert (payment["covers"], payment["before"], payment["after"]["amount_cents"]) == ("2027-02", None, 650_00)
    assert theirs.digest() == digest


def test_after_it_a_new_hand_over_can_follow_and_only_its_own_months_prove_anything(theirs: Office) -> None:
    theirs.do("rosa", "handover", "proof", "VL-1", "2027-01", "--paid", "ja", "--why", "kwam toch binnen")
    theirs.today = "2027-02-03"
    theirs.do("rosa", "handover", "proof", "VL-1", "2027-02", "--paid", "ja")
    assert dossier(theirs)["score"]["proof_met"]
    theirs.do("rosa", "handover", "VL-1", "--back-from", "2027-03", "--why", "redt het toch niet")
    assert not dossier(theirs)["score"]["proof_met"]
    run(theirs, "2027-02", "2027-02-17")
    assert junction(theirs, "VL-1")["expected"] == "2027-04"
    assert hand_over(theirs, "VL-1", "2027-02") == 4  # before what was taken back: say why
    assert hand_over(theirs, "VL-1", "2027-04") == 0
    assert hand_over(theirs, "VL-1", "2027-04") == 0
    assert junction(theirs, "VL-1")["fit"] == "fits"
    theirs.today = "2027-05-03"
    theirs.do("rosa", "handover", "proof", "VL-1", "2027-04", "--paid", "ja")
    assert not dossier(theirs)["score"]["proof_met"]
    theirs.do("rosa", "handover", "proof", "VL-1", "2027-05", "--paid", "ja")
    assert dossier(theirs)["score"]["proof_met"]
    in_order(theirs)


def test_a_month_that_was_the_clients_after_all_is_told_as_paid_twice(theirs: Office) -> None:
    theirs.do("rosa", "handover", "VL-1", *BACK)
    run(theirs, "2027-01", "2027-01-18")
    said = theirs.do("rosa", "--json", "handover", "VL-1", "--back-from", "2027-03", "--why", "betaalde februari zelf")
    assert said.document["overlap"] == "2027-02"
    in_order(theirs)


def test_a_run_that_pays_a_month_that_was_the_clients_own_is_found(office: Office) -> None:
    """As if both words of the day before had been passed over: December of the rent was theirs, of the energy ours."""
    ordinary_month(office)
    run(office, "2026-11", "2026-11-18")
    before, how = datetime(2026, 11, 17, 12, tzinfo=AMSTERDAM), Method.DIRECT_DEBIT
    engine = open_engine(office.url)
    with writing(engine) as connection:
        for code, ours in (("VL-1", "2027-01"), ("VL-2", "2026-12")):
            handovers.hand_over(connection, code, "2026-12", how, "", "rosa", before)
            handovers.take_back(connection, code, ours, "lukt niet", "rosa", before)
        found = [violation for check in DOSSIER_CHECKS for violation in check(connection)]
        connection.rollback()
    engine.dispose()
    assert found == ["vaste last VL-1 2026-12: withheld though it was the client's own by then"]


def test_the_forecast_knows_whose_month_it_is(theirs: Office) -> None:
    theirs.do("rosa", "handover", "VL-1", "--back-from", "2027-03", "--why", "zij vraagt het zelf")
    months = theirs.do("rosa", "--json", "forecast", "0010001", "--months", "2").document["months"]
    rent = [next(c for c in month["obligations"] if c["obligation"] == "VL-1") for month in months]
    assert [(c["covers"], c["outcome"]) for c in rent] == [("2027-02", "handed_over"), ("2027-03", "paid")]
