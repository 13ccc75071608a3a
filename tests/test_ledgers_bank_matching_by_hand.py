"""One line of the bank for several payments of several people: each gets their own part, to the cent."""

from support.by_hand import Bank, Move
from support.story import CREDITORS, Office, client_line
from support.story_bank import (
    ENERGY,
    INSURANCE,
    NEIGHBOUR,
    RENT,
    a_couple,
    a_couple_and_a_neighbour,
    all_is_well,
    open_exceptions,
    proof,
    refunds,
    settle,
)

FILE = "ASSEN-202611-01-001"
BOTH_RENTS = Move(1_250_01, text="Retour huur december C-77 en C-79")


def said(office: Office, exception: str, as_what: str, *more: str) -> tuple[int, str]:
    answer = office("bram", "resolve", exception, "--as-what", as_what, "--why", "x", *more)
    return answer.code, answer.out + answer.err


def landlord_pays_both_back(office: Office) -> str:
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", BOTH_RENTS)
    (item,) = open_exceptions(office)
    assert (item["kind"], item["client"], item["candidates"]) == ("creditor_refund", None, ["0010001", "0010003"])
    return str(item["id"])


def test_one_transfer_back_for_two_households_is_matched_with_both(office: Office) -> None:
    item = landlord_pays_both_back(office)
    settle(office, item, "match", "--payment", RENT, "--payment", NEIGHBOUR)
    assert office.status()["payments"]["returned"] == 2
    assert {i["id"]: i["amount_cents"] for i in open_exceptions(office)} == {
        f"X-{RENT}-returned": 650_01,
        f"X-{NEIGHBOUR}-returned": 600_00,
    }
    again = said(office, item, "match", "--payment", f"{RENT}=650,01", "--payment", NEIGHBOUR)
    assert (again[0], "settled so already" in again[1]) == (0, True)
    assert said(office, item, "match", "--payment", RENT)[0] == 4
    settle(office, f"X-{RENT}-returned", "refund_to_client")
    settle(office, f"X-{NEIGHBOUR}-returned", "resubmit")
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    all_is_well(office)


def test_a_transfer_that_is_not_equal_to_the_cent_is_refused_in_euros(office: Office) -> None:
    item = landlord_pays_both_back(office)
    before = office.digest()
    for words in (
        ("--payment", RENT),
        ("--payment", f"{RENT}=650,00", "--payment", NEIGHBOUR),
        ("--payment", f"{RENT}=650,02", "--payment", f"{NEIGHBOUR}=599,99"),
        ("--payment", f"{RENT}=0,00", "--payment", NEIGHBOUR),
        ("--payment", RENT, "--payment", RENT),
        ("--payment", FILE),
        ("--payment", f"{FILE}=1.250,01"),
    ):
        code, text = said(office, item, "match", *words)
        assert (code, "cents" in text) == (1, False), text
    assert "together EUR 650,01, " in said(office, item, "match", "--payment", RENT)[1]
    assert f"{item}: EUR 1.250,01" in said(office, item, "match", "--payment", RENT)[1]
    assert said(office, item, "match", "--payment", f"{RENT}=650.01")[0] == 2
    assert office.digest() == before


def test_a_part_of_each_rent_comes_back_in_one_transfer_and_the_rest_in_another(office: Office) -> None:
    """EUR 300,00 of the couple's 650,01 and 100,00 of the neighbour's 600,00; a week later the other 350,01."""
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", Move(400_00, text="C-77 C-79"))
    (item,) = open_exceptions(office)
    settle(office, item["id"], "match", "--payment", f"{RENT}=300,00", "--payment", f"{NEIGHBOUR}=100,00")
    assert office.status()["payments"]["returned"] == 0
    assert [(i["kind"], i["payment"], i["amount_cents"]) for i in open_exceptions(office)] == [
        ("partial_return", RENT, 300_00),
        ("partial_return", NEIGHBOUR, 100_00),
    ]
    all_is_well(office)
    for task in open_exceptions(office):
        assert said(office, task["id"], "resubmit")[0] == 1
        settle(office, task["id"], "refund_to_client")
    # 300,00 x 325,01 / 650,01 = 150,0023..: the odd cent to the first.
    assert refunds(office) == {"0010001": "150,01", "0010002": "149,99", "0010003": "100,00"}
    all_is_well(office)
    bank.tells("2026-12-04", Move(350_01, text="C-77"))
    (item,) = open_exceptions(office)
    assert said(office, item["id"], "match", "--payment", f"{RENT}=350,02")[0] == 1
    settle(office, item["id"], "match", "--payment", RENT)
    (task,) = open_exceptions(office)
    settle(office, task["id"], "refund_to_client")
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}  # the second list has what is new
    assert office.status()["payments"]["returned"] == 1
    assert office("bram", "give-back", "VL-1", "2026-12", "--why", "x").code == 4
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_a_batch_that_the_bank_reversed_as_a_whole_is_matched_by_the_name_of_its_file(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", Move(1_529_46, iban="NL39RABO0300065264", text="herroepen"))
    (item,) = open_exceptions(office)
    files = [file["file_id"] for file in office.files()]
    settle(office, item["id"], "match", *(word for file in files for word in ("--payment", file)))
    assert office.status()["payments"]["returned"] == 4
    assert sum(i["amount_cents"] for i in open_exceptions(office)) == 1_529_46
    assert said(office, item["id"], "match", "--payment", FILE)[0] == 0
    for task in open_exceptions(office):
        settle(office, task["id"], "refund_to_client")
    # 325,01 + 60,25; 325,00 + 60,25 + 158,95; 600,00
    assert refunds(office) == {"0010001": "385,26", "0010002": "544,20", "0010003": "600,00"}
    all_is_well(office)


def test_a_debit_is_split_over_payments_as_a_whole_each(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-770_51, "VREEMD", iban="NL39RABO0300065264"), Move(-158_95, INSURANCE))
    (item,) = open_exceptions(office)
    code, text = said(office, item["id"], "match", "--payment", f"{RENT}=650,00", "--payment", ENERGY)
    assert (code, "together EUR 770,50" in text) == (1, True)
    code, text = said(office, item["id"], "match", "--payment", f"{RENT}=650,01", "--payment", f"{ENERGY}=120,49")
    assert code == 1
    settle(office, item["id"], "match", "--payment", f"{RENT}=650,01", "--payment", ENERGY)
    assert office.status()["payments"]["booked"] == 3
    assert proof(office)["in_transit_cents"] == 0
    all_is_well(office)


def test_a_part_of_a_payment_is_no_booking_of_it(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-650_00, RENT))
    (item,) = open_exceptions(office)
    code, text = said(office, item["id"], "match", "--payment", f"{RENT}=650,00")
    assert (code, "Name the other lines of it with --with" in text) == (1, True)


# --- whose it is, said by a person ---------------------------------------------------------------------------------


def test_money_that_may_be_of_two_people_needs_the_amount_of_each(office: Office) -> None:
    item = landlord_pays_both_back(office)
    before = office.digest()
    for words in (
        (),
        ("--client", "0010001"),
        ("--client", "0010003=1.250,01"),
        ("--client", "0010001=650,01", "--client", "0010003"),
        ("--client", "0010001=650,01", "--client", "0010003=599,99"),
        ("--client", "0010001=650,01", "--client", "0010001=600,00"),
        ("--client", "0010001=0,00", "--client", "0010003=0,00", "--client", "0019999=1.250,01"),
    ):
        code, text = said(office, item, "refund_to_client", *words)
        assert (code, "cents" in text) == (1, False), text
    assert office.digest() == before
    settle(office, item, "refund_to_client", "--client", "0010001=650,01", "--client", "0010003=600,00")
    assert refunds(office) == {"0010001": "650,01", "0010003": "600,00"}
    same = ("--client", "0010003=600,00", "--client", "0010001=650,01")
    assert "settled so already" in said(office, item, "refund_to_client", *same)[1]
    assert said(office, item, "refund_to_client", "--client", "0010001")[0] == 4
    all_is_well(office)


def test_the_whole_can_be_of_one_when_it_is_said_that_nothing_is_of_the_other(office: Office) -> None:
    item = landlord_pays_both_back(office)
    settle(office, item, "refund_to_client", "--client", "0010001=0,00", "--client", "0010003=1.250,01")
    assert refunds(office) == {"0010003": "1250,01"}
    all_is_well(office)


def test_a_refund_of_a_known_customer_number_is_shared_within_the_household_alone(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", Move(87_23, text="jaarnota C-77"))
    (item,) = open_exceptions(office)
    assert item["client"] == "0010001"
    code, text = said(office, item["id"], "refund_to_client", "--client", "0010003")
    assert (code, "by what the bank's line says" in text) == (1, True)
    settle(office, item["id"], "refund_to_client", "--client", "0010001=43,62", "--client", "0010002=43,61")
    assert refunds(office) == {"0010001": "43,62", "0010002": "43,61"}
    all_is_well(office)


def test_a_stranger_s_money_goes_to_one_client_or_to_several_by_amount(office: Office) -> None:
    bank: Bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", Move(75_00, iban="NL44RABO0123456789", text="zonder toelichting"))
    (item,) = open_exceptions(office)
    assert said(office, item["id"], "refund_to_client", "--client", "0010001", "--client", "0010003")[0] == 1
    settle(office, item["id"], "refund_to_client", "--client", "0010001=25,00", "--client", "0010003=50,00")
    assert refunds(office) == {"0010001": "25,00", "0010003": "50,00"}
    all_is_well(office)


# --- judged by the register of its time ----------------------------------------------------------------------------


def test_money_of_a_client_who_moved_is_still_that_clients(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    office.clients(client_line("0010003", gemeente="tynaarlo"), first="2026-12")
    office.today = "2027-01-11"
    bank.tells("2027-01-08", Move(42_50, text="jaarafrekening C-79"))
    (item,) = open_exceptions(office)
    assert (item["kind"], item["client"]) == ("creditor_refund", "0010003")
    settle(office, item["id"], "refund_to_client")
    all_is_well(office)
    bank.tells("2027-01-11", Move(10_00, iban="NL39RABO0300065264", text="zonder toelichting"))
    (item,) = open_exceptions(office)
    settle(office, item["id"], "refund_to_client", "--client", "0010003")
    all_is_well(office)


def test_a_creditor_is_known_by_the_account_that_it_had(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    old = CREDITORS["WONEN"]
    office.creditors(old.replace("NL91ABNA0417164300", "NL39RABO0300065264"))
    bank.tells(
        "2026-12-08", Move(42_50, text="jaarafrekening C-79"), Move(7_50, iban="NL39RABO0300065264", text="C-79")
    )
    assert {(i["kind"], i["client"]) for i in open_exceptions(office)} == {("creditor_refund", "0010003")}
    assert len(open_exceptions(office)) == 2


def test_money_to_be_sent_on_stands_one_by_one_until_it_is(office: Office) -> None:
    bank = a_couple_and_a_neighbour(office)
    bank.tells("2026-11-27", Move(500_00, iban="NL44RABO0123456789", text="verkeerd"))
    (item,) = open_exceptions(office)
    settle(office, item["id"], "forward", why="terug naar afzender")
    found = proof(office)
    assert [(i["id"], i["amount_cents"], i["why"]) for i in found["to_forward"]] == [
        (item["id"], 500_00, "terug naar afzender")
    ]
    accounts = {i["account"]: i["debit_cents"] for i in found["accounts"] if i["gemeente"] == "assen"}
    assert (accounts["to_forward"], sum(accounts.values())) == (-500_00, 0)
    text = office.do("inge", "status", "2026-11").out
    assert "nog door te sturen: EUR 500,00" in text
    assert f"{item['id']}: EUR 500,00, 13 dagen: terug naar afzender" in text
    assert "door te sturen -500,00" in text
    closed = office.do("bram", "close", "2026-11").out
    assert "nog door te sturen 500,00" in closed
    bank.tells("2026-12-01", Move(-500_00, "TERUG", iban="NL44RABO0123456789"))
    (out,) = open_exceptions(office)
    settle(office, out["id"], "forward", why="teruggestuurd")
    assert proof(office)["to_forward"] == []
    all_is_well(office)
