"""The side roads of a return: in part, ambiguous, by hand. Each does all that a plain return does."""

from support.by_hand import Move
from support.story import Office
from support.story_bank import (
    ENERGY,
    INSURANCE,
    NEIGHBOUR,
    RENT,
    a_couple,
    a_couple_and_a_neighbour,
    all_is_well,
    open_exceptions,
    refunds,
    settle,
)


def blocked(office: Office, creditor: str) -> bool:
    """Whether a second person can confirm the account anew: only what was blocked asks for it."""
    return "already" not in office.do("bram", "creditor", "confirm", creditor, "--how", "gebeld").out


def refused(office: Office, exception: str, as_what: str, *more: str) -> str:
    said = office("bram", "resolve", exception, "--as-what", as_what, "--why", "x", *more)
    assert said.code == 1, said.out
    return said.err


def test_a_part_that_comes_back_blocks_the_account_and_is_divided_and_told(office: Office) -> None:
    """EUR 645,00 of 650,01: 645,00 x 325,01 / 650,01 = 322,5049.., the odd cent to the first."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(645_00, RENT, reason="AC04"))
    (item,) = open_exceptions(office)
    assert (item["kind"], "AC04: rekening van de schuldeiser klopt niet" in item["reason"]) == ("partial_return", True)
    assert blocked(office, "WONEN")
    waiting = office.do("inge", "report", "proof", "0010001", "2026-11").out
    assert "EUR 645,00 van EUR 650,01" in waiting
    assert "divided as it was withheld" in refused(office, item["id"], "refund_to_client", "--client", "0010001")
    assert "not as forward" in refused(office, item["id"], "forward")
    settle(office, item["id"], "refund_to_client")
    assert refunds(office) == {"0010001": "322,51", "0010002": "322,49"}
    proof = office.do("inge", "report", "proof", "0010001", "2026-11").out
    assert ("EUR 645,00 van EUR 650,01" in proof, "AC04: rekening van de schuldeiser" in proof) == (True, True)
    overview = office.do("inge", "report", "client", "0010002", "2026-11").out
    assert "Deels teruggekomen" in overview
    assert "645,00 van dit geld is weer bij ons. Dit deel gaat naar u of uw huishouden." in overview
    all_is_well(office)
    bank.tells("2026-11-27", Move(300_00, RENT, reason="AC04"))
    (twice,) = open_exceptions(office)
    assert twice["kind"] == "returned_twice"
    assert "settled as forward or suspense" in refused(office, twice["id"], "refund_to_client")
    bank.tells("2026-11-28", Move(5_01, RENT, reason="AC04"))
    rest = next(item for item in open_exceptions(office) if item["kind"] == "partial_return")
    settle(office, rest["id"], "refund_to_client")
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    assert office.status()["payments"] | {"returned": 1, "booked": 2} == office.status()["payments"]
    settle(office, twice["id"], "suspense")
    all_is_well(office)


def test_a_return_that_the_bank_sends_twice_is_never_a_clients(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(650_01, RENT, reason="MS03"))
    bank.tells("2026-11-27", Move(650_01, RENT, reason="MS03"))
    twice = next(item for item in open_exceptions(office) if item["kind"] == "returned_twice")
    for way in ("refund_to_client", "match", "funding", "resubmit", "acknowledge"):
        assert f"not as {way}" in refused(office, twice["id"], way)
    settle(office, twice["id"], "forward")
    all_is_well(office)


def test_a_part_of_the_neighbours_rent_is_not_given_to_somebody_else(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-26", Move(400_00, NEIGHBOUR, reason="MS03"))
    (item,) = open_exceptions(office)
    assert "client 0010003 EUR 400,00" in refused(office, item["id"], "refund_to_client", "--client", "0010001")
    settle(office, item["id"], "refund_to_client", "--client", "0010003")
    assert refunds(office) == {"0010003": "400,00"}
    all_is_well(office)


def test_an_ambiguous_return_blocks_the_account_and_keeps_its_reason_when_it_is_matched(office: Office) -> None:
    """Two rents of the same amount to one landlord; one comes back without our number or text."""
    bank = a_couple_and_a_neighbour(office)
    office.obligations("VL-8;0010003;WATER;water;25,00;W-1;2026-10;;", "VL-7;0010001;WATER;water;25,00;W-2;2026-10;;")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-23")
    (file,) = [f["file_id"] for f in office.files() if f["state"] == "generated"]
    office.do("carla", "approve", file, "--total", "50,00")
    office.do("bram", "release", file, "--out", str(office.folder / "bank"))
    office.today = "2026-12-28"
    bank.tells("2026-12-23", Move(-25_00, "202612-1-VL-7"), Move(-25_00, "202612-1-VL-8"))
    bank.tells("2026-12-28", Move(25_00, iban="NL44RABO0123456789", reason="AC04"))
    (item,) = open_exceptions(office)
    assert (item["kind"], "AC04" in item["reason"]) == ("ambiguous_return", True)
    assert blocked(office, "WATER")
    assert "say of each how much is theirs" in refused(office, item["id"], "refund_to_client", "--client", "0010003")
    settle(office, item["id"], "match", "--payment", "202612-1-VL-8")
    (task,) = open_exceptions(office)
    assert (task["kind"], task["client"], "AC04" in task["reason"]) == ("returned", "0010003", True)
    assert not blocked(office, "WATER")  # confirmed since, and nothing new was said of it
    assert "AC04" in office.do("inge", "report", "proof", "0010003", "2026-11").out
    settle(office, task["id"], "refund_to_client")
    assert refunds(office) == {"0010003": "25,00"}
    all_is_well(office)


def test_a_return_that_a_person_finds_blocks_the_account_then(office: Office) -> None:
    """From an account that the books do not know: only a person can say which payment it was."""
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(158_95, iban="NL39RABO0300065264", reason="AC01"))
    (item,) = open_exceptions(office)
    assert (item["kind"], blocked(office, "ZORG")) == ("unknown_return", False)
    settle(office, item["id"], "match", "--payment", INSURANCE)
    assert blocked(office, "ZORG")
    assert open_exceptions(office)[0]["reason"].startswith("AC01: rekening van de schuldeiser klopt niet")
    all_is_well(office)
