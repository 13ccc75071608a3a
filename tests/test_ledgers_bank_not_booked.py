"""No state stands from which only a message of the bank leads out: what was never booked, and a file refused whole."""

from pathlib import Path

from support.by_hand import Bank, Move, refusal
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions, proof, refunds, settle

FILE = "ASSEN-202611-01-001"
BLOCK = f"{FILE}-B1"
DROPPED = f"X-{INSURANCE}-not-booked"


def said(office: Office, who: str, exception: str, as_what: str, *more: str) -> tuple[int, str]:
    answer = office(who, "resolve", exception, "--as-what", as_what, "--why", "gebeld", *more)
    return answer.code, answer.out + answer.err


def net_batch(office: Office) -> Bank:
    """The bank books rent and energy in one sum, nobody says why the insurance is not in it, and a person matches."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-770_51, iban="", payment_information_id=BLOCK))
    (item,) = open_exceptions(office)
    assert item["kind"] == "batch_differs"
    settle(office, item["id"], "match", "--payment", RENT, "--payment", ENERGY)
    return bank


def test_what_a_batch_matched_by_hand_leaves_is_a_task_and_a_person_can_say_it_was_never_paid(office: Office) -> None:
    net_batch(office)
    (item,) = open_exceptions(office)
    assert (item["id"], item["kind"], item["amount_cents"]) == (DROPPED, "not_booked", 158_95)
    assert office("bram", "close", "2026-11").code == 5
    for way in ("acknowledge", "suspense", "resubmit", "match"):
        assert said(office, "bram", DROPPED, way)[0] == 1
    settle(office, DROPPED, "not_paid")
    assert "settled so already" in said(office, "bram", DROPPED, "not_paid")[1]
    (task,) = open_exceptions(office)
    assert (task["id"], task["kind"]) == (f"X-{INSURANCE}-rejected", "rejected")
    settle(office, task["id"], "refund_to_client")
    assert refunds(office) == {"0010002": "158,95"}
    assert proof(office)["in_transit_cents"] == 0
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_what_the_bank_books_after_all_closes_the_task_by_itself(office: Office) -> None:
    bank = net_batch(office)
    bank.tells("2026-11-27", Move(-158_95, INSURANCE))
    assert open_exceptions(office) == []
    assert said(office, "bram", DROPPED, "not_paid")[0] == 4
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_what_the_bank_refuses_after_all_closes_the_task_by_itself(office: Office) -> None:
    net_batch(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    assert [item["kind"] for item in open_exceptions(office)] == ["rejected"]
    all_is_well(office)


def test_a_payment_that_is_five_bank_days_late_is_shown_without_any_message(office: Office) -> None:
    """Wednesday 25 November and five bank days: Wednesday 2 December; shown from the day after."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    office.today = "2026-11-25"
    assert said(office, "bram", DROPPED, "not_paid")[0] == 1
    office.today = "2026-12-02"
    assert "afgeschreven" not in office.do("inge", "exceptions").out
    office.today = "2026-12-03"
    late = office.do("inge", "exceptions").out
    assert ("Na vijf bankdagen nog niet afgeschreven: 1" in late, INSURANCE in late) == (True, True)
    assert f"resolve {DROPPED} --as-what not_paid" in office("bram", "close", "2026-11").err
    settle(office, DROPPED, "not_paid")
    settle(office, f"X-{INSURANCE}-rejected", "resubmit")
    all_is_well(office)


def test_above_the_limit_another_person_than_who_released_says_that_it_was_never_paid(office: Office) -> None:
    office.config = _with_limit(office)

    a_couple(office)
    office.do("chef", "staff", "add", "fenna", "--role", "finance")
    office.today = "2026-12-10"
    code, text = said(office, "bram", DROPPED, "not_paid")
    assert (code, "bram released the file, so another person" in text) == (1, True)
    office.do("fenna", "resolve", DROPPED, "--as-what", "not_paid", "--why", "bank gebeld")
    all_is_well(office)


def _with_limit(office: Office) -> Path:
    text = (Path(__file__).parents[1] / "config" / "example.toml").read_text(encoding="utf-8")
    path = office.folder / "limit.toml"
    path.write_text(text.replace('resolve_limit = "2.500,00"', 'resolve_limit = "100,00"'), encoding="utf-8")
    return path


def test_a_file_that_was_refused_as_a_whole_is_settled_in_one_command(office: Office) -> None:
    a_couple(office)
    path = office.folder / "whole.xml"
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>W</MsgId>'
        "<CreDtTm>2026-11-24T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{FILE}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>"
        "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
    office.do("bram", "reconcile", str(path))
    assert len(open_exceptions(office)) == 3
    assert said(office, "bram", FILE, "paid")[0] == 1
    settle(office, f"X-{RENT}-rejected", "refund_to_client")
    done = office.do("bram", "--json", "resolve", FILE, "--as-what", "resubmit", "--why", "nieuw bestand").document
    assert (done["with"], done["already"]) == ([f"X-{ENERGY}-rejected", f"X-{INSURANCE}-rejected"], False)
    assert open_exceptions(office) == []
    assert "settled so already" in said(office, "bram", FILE, "resubmit")[1]
    all_is_well(office)
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-23")
    assert [file["transactions"] for file in office.files() if file["state"] == "generated"] == [2]
