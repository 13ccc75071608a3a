"""How the finance team settles what nobody expected: shared costs, parked money, one payment in two lines."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from support.by_hand import Bank, Move, refusal
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions, proof, refunds, settle

from ledgers.database import open_engine, reading, writing
from ledgers.schema.bank import exception_resolutions, settlement_parts, settlements
from ledgers.schema.core import audit_trail, creditor_ibans


def all_booked(bank: Bank) -> None:
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))


def said(office: Office, exception: str, as_what: str, *more: str) -> tuple[int, str]:
    answer = office("bram", "resolve", exception, "--as-what", as_what, "--why", "x", *more)
    return answer.code, answer.out + answer.err


def audited(office: Office, action: str) -> list[tuple[str, str]]:
    """(actor, subject) of every audit row of an action."""
    engine = open_engine(office.url)
    with reading(engine) as connection:
        a = audit_trail.c
        rows = connection.execute(select(a.actor, a.subject).where(a.action == action).order_by(a.sequence))
        told = [(row.actor, json.loads(row.subject)) for row in rows]
        found = [
            (actor, json.dumps({k: v for k, v in said.items() if k != "sealed"}, separators=(",", ":")))
            for actor, said in told
        ]
    engine.dispose()
    return found


def settlements_of(office: Office, exception: str) -> list[tuple[int, str]]:
    engine = open_engine(office.url)
    with reading(engine) as connection:
        r = exception_resolutions.c
        query = select(r.sequence, r.as_what).where(r.exception_id == exception).order_by(r.sequence)
        found = [(row.sequence, row.as_what) for row in connection.execute(query)]
    engine.dispose()
    return found


# --- a shared cost that comes back ---------------------------------------------------------------------------------


def test_a_returned_shared_rent_goes_back_to_both_who_paid_it(office: Office) -> None:
    bank = a_couple(office)
    all_booked(bank)
    bank.tells("2026-11-26", Move(650_01, RENT, reason="MS03"))
    settle(office, "X-202612-1-VL-1-returned", "refund_to_client")
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    assert refunds(office) == {}  # listed, and not listed anew
    all_is_well(office)
    assert proof(office)["returned"] == []
    office.do("bram", "close", "2026-11")


def test_a_refused_shared_rent_goes_back_to_both_and_never_to_one_by_name(office: Office) -> None:
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, RENT))
    bank.tells("2026-11-25", Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    code, text = said(office, "X-202612-1-VL-1-rejected", "refund_to_client", "--client", "0010001")
    assert (code, "divided as it was withheld" in text) == (1, True)
    settle(office, "X-202612-1-VL-1-rejected", "refund_to_client")
    assert "settled so already" in said(office, "X-202612-1-VL-1-rejected", "refund_to_client")[1]
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    all_is_well(office)


def test_a_cost_of_ones_own_goes_back_to_that_one_also_by_name(office: Office) -> None:
    bank = a_couple(office)
    all_booked(bank)
    bank.tells("2026-11-26", Move(158_95, INSURANCE, reason="MS03"))
    settle(office, "X-202612-1-VL-3-returned", "refund_to_client", "--client", "0010002")
    assert refunds(office) == {"0010002": "158,95"}
    all_is_well(office)


# --- parked money --------------------------------------------------------------------------------------------------


STRANGER = Move(75_00, iban="NL44RABO0123456789", text="zonder toelichting")


def parked(office: Office, move: Move = STRANGER) -> str:
    """One line of the bank that a person left in suspense; all payments are booked."""
    bank = a_couple(office)
    all_booked(bank)
    bank.tells("2026-11-27", move)
    (item,) = open_exceptions(office)
    settle(office, item["id"], "suspense", why="gevraagd aan de bank")
    assert (open_exceptions(office), [p["id"] for p in proof(office)["suspense"]]) == ([], [item["id"]])
    return str(item["id"])


@pytest.mark.parametrize("later", ["refund_to_client", "forward", "funding"])
def test_parked_money_finds_its_place_later_and_then_for_good(office: Office, later: str) -> None:
    item = parked(office)
    assert "settled so already" in said(office, item, "suspense")[1]
    office.do("bram", "close", "2026-11")
    office.today = "2027-01-11"
    more = ("--client", "0010001") if later == "refund_to_client" else ()
    settle(office, item, later, *more, why="bank heeft geantwoord")
    assert settlements_of(office, item) == [(1, "suspense"), (2, later)]
    assert proof(office)["suspense"] == []
    assert said(office, item, later)[0] == 0
    for other in ("suspense", "match", *({"forward", "funding"} - {later})):
        assert said(office, item, other)[0] == 4
    listed = office.do("inge", "--json", "exceptions", "--settled").document
    assert [(i["state"], i["as_what"], i["why"]) for i in listed] == [("resolved", later, "bank heeft geantwoord")]
    subjects = [subject for _, subject in audited(office, "exception_resolved")]
    assert [(f'"as_what":"{kind}"' in text) for kind, text in zip(("suspense", later), subjects, strict=True)] == [
        True,
        True,
    ]
    all_is_well(office)


def test_a_parked_refund_is_paid_out_in_the_month_in_which_it_is_given(office: Office) -> None:
    item = parked(office)
    office.do("bram", "close", "2026-11")
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;900,00;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    settle(office, item, "refund_to_client", "--client", "0010002")
    assert (refunds(office), refunds(office, "2026-12")) == ({}, {"0010002": "75,00"})
    office.do("inge", "check")


def test_a_parked_line_is_matched_once_the_bank_has_told_which_payment_it_was(office: Office) -> None:
    bank = a_couple(office)
    bank.tells(
        "2026-11-25",
        Move(-650_01, "VREEMD-1", iban="NL44RABO0123456789"),
        Move(-120_50, ENERGY),
        Move(-158_95, INSURANCE),
    )
    (item,) = open_exceptions(office)
    settle(office, item["id"], "suspense")
    assert said(office, item["id"], "match", "--payment", ENERGY)[0] == 1
    settle(office, item["id"], "match", "--payment", RENT)
    assert "settled so already" in said(office, item["id"], "match", "--payment", RENT)[1]
    assert said(office, item["id"], "match", "--payment", ENERGY)[0] == 4
    assert office.status()["payments"]["booked"] == 3
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def refused_and_debited(office: Office) -> Bank:
    """The bank refused the insurance by message, and debited it all the same."""
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    all_booked(bank)
    assert {item["kind"] for item in open_exceptions(office)} == {"rejected", "rejected_debited"}
    settle(office, "X-202612-1-VL-3-debited", "suspense", why="de bank zoekt het uit")
    return bank


def test_a_parked_debit_of_a_refused_payment_is_explained_by_its_credit(office: Office) -> None:
    bank = refused_and_debited(office)
    assert said(office, "X-202612-1-VL-3-rejected", "refund_to_client")[0] == 1
    bank.tells("2026-11-28", Move(158_95, INSURANCE, reason="AM04"))
    assert proof(office)["suspense"] == []
    settle(office, "X-202612-1-VL-3-rejected", "refund_to_client")
    all_is_well(office)


def test_a_parked_debit_that_the_gemeente_bears_leaves_the_client_their_money(office: Office) -> None:
    bank = refused_and_debited(office)
    settle(office, "X-202612-1-VL-3-debited", "funding", why="de gemeente draagt de schade")
    settle(office, "X-202612-1-VL-3-rejected", "refund_to_client")
    assert refunds(office) == {"0010002": "158,95"}
    all_is_well(office)
    bank.tells("2026-11-30", Move(158_95, INSURANCE, reason="AM04"))
    assert [item["kind"] for item in open_exceptions(office)] == ["return_before_booking"]
    settle(office, open_exceptions(office)[0]["id"], "funding", why="toch nog terug")
    all_is_well(office)


def test_the_database_lets_only_parked_money_be_settled_again(office: Office) -> None:
    item = parked(office)
    engine = open_engine(office.url)
    row = {
        "exception_id": item,
        "why": "x",
        "client": None,
        "resolved_by": "eve",
        "resolved_at": "2026-12-10T09:00:00+01:00",
        "as_what": "funding",
    }
    orphan = {"sequence": 2, "previous": None, "after_what": None}
    nameless = {"sequence": 2, "previous": 1, "after_what": None}
    first_again = {"sequence": 1, "previous": None, "after_what": None}
    second = {"sequence": 2, "previous": 1, "after_what": "suspense"}
    for wrong in (orphan, nameless, first_again, second | {"as_what": "suspense"}):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            connection.execute(exception_resolutions.insert(), row | wrong)
    settle(office, item, "forward")
    third = {"sequence": 3, "previous": 2}
    for wrong in (second, third | {"after_what": "suspense"}, third | {"after_what": "forward"}):
        with pytest.raises(IntegrityError), writing(engine) as connection:
            connection.execute(exception_resolutions.insert(), row | wrong)
    engine.dispose()


# --- one payment in two lines --------------------------------------------------------------------------------------


def in_two_lines(office: Office, first: int = 649_91, second: int = 10) -> tuple[str, str]:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-first, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(-second, RENT))
    items = open_exceptions(office)
    assert [item["kind"] for item in items] == ["amount_differs", "amount_differs"]
    return items[0]["id"], items[1]["id"]


def test_a_payment_that_the_bank_booked_in_two_lines_is_matched_by_both_together(office: Office) -> None:
    short, rest = in_two_lines(office)
    assert said(office, short, "match")[0] == 1
    settle(office, short, "match", "--with", rest)
    assert open_exceptions(office) == []
    assert office.status()["payments"]["booked"] == 3
    assert proof(office)["in_transit_cents"] == 0
    assert "settled so already" in said(office, rest, "match", "--payment", RENT)[1]
    assert said(office, rest, "match", "--payment", ENERGY)[0] == 4
    assert len(audited(office, "exception_resolved")) == 2
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_two_lines_that_miss_a_cent_or_are_named_wrongly_are_refused(office: Office) -> None:
    short, rest = in_two_lines(office, second=9)
    before = office.digest()
    code, text = said(office, short, "match", "--with", rest)
    assert (code, "no tolerance" in text) == (1, True)
    assert said(office, short, "match", "--with", short)[0] == 1
    assert said(office, short, "match", "--with", "X-none")[0] == 1
    assert said(office, short, "suspense", "--with", rest)[0] == 1
    assert said(office, short, "match", "--with", rest, "--payment", RENT, "--payment", ENERGY)[0] == 1
    assert office.digest() == before


def test_a_line_that_was_settled_or_runs_the_other_way_belongs_to_no_other(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-649_91, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    bank.tells("2026-11-26", Move(-10, RENT), Move(10, RENT, reason="MS03"), Move(-10, RENT))
    short, rest, credit, again = (item["id"] for item in open_exceptions(office))
    code, text = said(office, short, "match", "--with", credit)
    assert (code, "same account and side" in text) == (1, True)
    settle(office, rest, "funding")
    code, text = said(office, short, "match", "--with", rest)
    assert (code, "settled before as funding" in text) == (1, True)
    settle(office, again, "suspense")
    settle(office, short, "match", "--with", again)
    settle(office, credit, "funding")
    all_is_well(office)


def test_the_check_finds_a_line_that_explains_more_than_it_is(office: Office) -> None:
    bank = a_couple(office)
    all_booked(bank)
    engine = open_engine(office.url)
    with writing(engine) as connection:
        s = settlements.c
        rent, energy = (
            connection.execute(select(s.line_id).where(s.payment_id == name)).scalar_one() for name in (RENT, ENERGY)
        )
        part = {"line_id": energy, "payment_id": RENT, "kind": "booked", "amount_cents": 10}
        connection.execute(settlement_parts.insert(), part)
    engine.dispose()
    told = office("inge", "check")
    assert told.code == 5
    assert f"bank line {rent}: 65001 cents, of which 64991 explained" in told.err
    assert f"bank line {energy}: 12050 cents, of which 12060 explained" in told.err


def test_a_payment_that_came_back_in_two_parts_came_back_as_a_whole(office: Office) -> None:
    bank = a_couple(office)
    all_booked(bank)
    bank.tells("2026-11-26", Move(600_00, RENT, reason="MS03"))
    bank.tells("2026-11-27", Move(50_01, RENT, reason="MS03"))
    first, second = open_exceptions(office)
    assert (first["kind"], second["kind"]) == ("partial_return", "partial_return")
    settle(office, first["id"], "match", "--with", second["id"])
    (task,) = open_exceptions(office)
    assert (task["kind"], task["amount_cents"]) == ("returned", 650_01)
    settle(office, task["id"], "refund_to_client")
    assert refunds(office) == {"0010001": "325,01", "0010002": "325,00"}
    all_is_well(office)
    office.do("bram", "close", "2026-11")


# --- who did what, and when ----------------------------------------------------------------------------------------


def test_an_iban_that_the_bank_calls_wrong_is_blocked_with_a_row_in_the_audit_trail(office: Office) -> None:
    bank = a_couple(office)
    office.do("anna", "reconcile", refusal(office, INSURANCE, "AC04"))
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    bank.tells("2026-11-26", Move(650_01, RENT, reason="AC01"))
    assert audited(office, "iban_blocked") == [
        ("anna", '{"creditor":"ZORG","sequence":2}'),
        ("bram", '{"creditor":"WONEN","sequence":2}'),
    ]
    engine = open_engine(office.url)
    with reading(engine) as connection:
        entered = set(connection.execute(select(creditor_ibans.c.entered_by)).scalars())
    engine.dispose()
    assert entered == {"anna"}  # who brought them in, and still may not confirm them
    all_is_well(office)


def test_a_statement_of_tomorrow_is_no_day_old(office: Office) -> None:
    bank = a_couple(office)
    office.today = "2026-11-24"
    bank.tells("2026-11-25", Move(-1_00, "VREEMD"), Move(-2_00, "VREEMD"))
    ages = [(item["age_days"], item["age_group"]) for item in open_exceptions(office)]
    settle(office, open_exceptions(office)[0]["id"], "suspense")
    found = proof(office)
    ages += [(item["age_days"], item["age_group"]) for key in ("open_items", "suspense") for item in found[key]]
    assert ages == [(0, "0-7")] * 4
