"""Money set apart for somebody who will not be paid any more goes back to the clients who contributed it."""

import pytest
from sqlalchemy.exc import IntegrityError
from support.by_hand import Move, refusal
from support.story import CREDITORS, Office, client_line
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions, proof, refunds, settle

from ledgers.database import open_engine, writing
from ledgers.schema.bank import given_back

WHY = ("--why", "klant betaalt zelf")


def give_back(office: Office, obligation: str = "VL-1", covers: str = "2026-12", who: str = "bram") -> tuple[int, str]:
    said = office(who, "give-back", obligation, covers, *WHY)
    return said.code, said.out + said.err


def test_what_was_withheld_for_an_iban_that_nobody_confirms_goes_back_to_both(office: Office) -> None:
    a_couple(office, confirm=False)
    reserved = proof(office)["reserved_items"]
    assert [(i["client"], i["obligation"], i["covers"], i["creditor"], i["amount_cents"]) for i in reserved] == [
        ("0010001", "VL-1", "2026-12", "WONEN", 650_01),
        ("0010001", "VL-2", "2026-12", "STROOM", 120_50),
        ("0010002", "VL-3", "2026-12", "ZORG", 158_95),
    ]
    assert "assen klant 0010001: VL-1 2026-12, schuldeiser WONEN, EUR 650,01" in office.do("inge", "status").out
    assert refunds(office) == {}
    code, text = give_back(office)
    assert (code, "klant 0010001 EUR 325,01, klant 0010002 EUR 325,00" in text) == (0, True)
    assert [item["obligation"] for item in proof(office)["reserved_items"]] == ["VL-2", "VL-3"]
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    all_is_well(office)


def test_given_back_twice_is_given_back_once_and_planned_anew(office: Office) -> None:
    a_couple(office, confirm=False)
    give_back(office)
    before = office.digest()
    code, text = give_back(office)
    assert (code, "already given back" in text, office.digest() == before) == (0, True, True)
    office.do("bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-14")
    assert [file["control_sum_cents"] for file in office.files()] == [650_01 + 120_50 + 158_95]
    office.approve_and_release()
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;900,00;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    assert [file["control_sum_cents"] for file in office.files("2026-12")] == [650_01 + 120_50 + 158_95]


def test_a_resubmission_of_a_client_who_left_is_given_back(office: Office) -> None:
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    (item,) = open_exceptions(office)
    code, text = give_back(office, "VL-3")
    assert (code, "settle it first" in text) == (1, True)
    settle(office, item["id"], "resubmit")
    office.clients(
        client_line("0010001", huishouden="H1"),
        client_line("0010002", huishouden="H1", recht_tot="2026-11-30"),
        first="2026-11",
    )
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-14")
    assert {"client": "0010002", "obligation": "VL-3", "reason": "right_ended"} in office.status()["held"]
    assert [entry["obligation"] for entry in proof(office)["reserved_items"]] == ["VL-3"]
    assert give_back(office, "VL-3")[0] == 0
    assert proof(office)["reserved"] == []
    assert refunds(office) == {}  # nobody was told anything yet: it is benefit of the month again
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-14")
    assert office.status()["held"] == [{"client": "0010002", "obligation": "VL-3", "reason": "right_ended"}]
    by_client = {each["client"]: each for each in office.status()["remainders"]}
    assert by_client["0010002"]["withheld_cents"] == 325_00 + 60_25
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_a_return_of_a_changed_creditor_is_given_back_in_an_open_month(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(650_01, RENT, reason="MS03"))
    settle(office, "X-202612-1-VL-1-returned", "resubmit")
    office.do("bram", "close", "2026-11")
    office.obligations("VL-1;0010001;WATER;huur;650,01;C-77;2026-10;;", first="2026-11")
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;900,00;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    reasons = {item["reason"] for item in office.status("2026-12")["held"] if item["obligation"] == "VL-1"}
    assert reasons == {"creditor_changed"}
    assert give_back(office)[0] == 0
    assert (refunds(office), refunds(office, "2026-12")) == ({}, {"0010001": "325,01", "0010002": "325,00"})
    office.do("inge", "check")


def test_what_is_paid_planned_or_refunded_before_is_not_reserved(office: Office) -> None:
    bank = a_couple(office)
    code, text = give_back(office)
    assert (code, "is instructed" in text) == (1, True)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    settle(office, "X-202612-1-VL-3-rejected", "refund_to_client")
    assert give_back(office, "VL-3")[0] == 4
    assert give_back(office)[0] == 1
    assert give_back(office, "VL-9")[0] == 1
    assert give_back(office, "VL-1", "2026-99")[0] == 2
    assert office("bram", "give-back", "VL-1", "2026-12", "--why", " ").code == 1
    all_is_well(office)


def test_only_finance_gives_back(office: Office) -> None:
    a_couple(office, confirm=False)
    for who in ("anna", "carla", "rosa", "dirk", "inge", "chef"):
        assert give_back(office, who=who)[0] == 1
    assert give_back(office)[0] == 0


def test_the_database_gives_back_what_was_withheld_once_and_to_the_cent(office: Office) -> None:
    a_couple(office, confirm=False)
    engine = open_engine(office.url)
    row = {
        "obligation": "VL-1",
        "covers": "2026-12",
        "withholding": 1,
        "plan_anew": False,
        "after_run": 1,
        "amount_cents": 650_00,
        "why": "x",
        "given_back_by": "eve",
        "given_back_at": "2026-12-10T09:00:00+01:00",
    }
    for change in ({}, {"amount_cents": 650_01, "why": ""}):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            connection.execute(given_back.insert(), row | change)
    give_back(office)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(given_back.insert(), row | {"amount_cents": 650_01})
    with pytest.raises(IntegrityError, match="append_only_given_back"), writing(engine) as connection:
        connection.execute(given_back.delete())
    engine.dispose()


def test_the_check_finds_what_was_given_back_although_it_is_paid(office: Office) -> None:
    a_couple(office)
    engine = open_engine(office.url)
    row = {
        "obligation": "VL-1",
        "covers": "2026-12",
        "withholding": 1,
        "plan_anew": False,
        "after_run": 1,
        "amount_cents": 650_01,
        "why": "x",
        "given_back_by": "eve",
        "given_back_at": "2026-12-10T09:00:00+01:00",
    }
    with writing(engine) as connection:
        connection.execute(given_back.insert(), row)
    engine.dispose()
    said = office("inge", "check")
    assert said.code == 5
    assert "vaste last VL-1 2026-12: given back to the client and paid by 202612-1-VL-1" in said.err
    assert "account creditor:WONEN of assen" in said.err
