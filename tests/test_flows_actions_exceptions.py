"""What the bank said and nothing explains, settled directly: by whom, and what is answered."""

import pytest
from support.by_hand import Move
from support.seats import seat
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions

from flows.actions import exceptions
from flows.actions.exceptions import ExceptionSettled, GivenBack
from ledgers.bank.resolution_model import AsWhat
from ledgers.errors import Refused

PAID = (Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))


def test_an_exception_is_settled_once_and_then_was_settled_so_already(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", *PAID, Move(25_00, iban="NL39RABO0300065264", text="ONBEKEND"))
    (item,) = open_exceptions(office)
    bram = seat(office, "bram")
    done = exceptions.resolve(bram, item["id"], AsWhat.FUNDING, "voorschot")
    assert done == ExceptionSettled(item["id"], (), AsWhat.FUNDING, already=False)
    once = office.digest()
    assert exceptions.resolve(bram, item["id"], AsWhat.FUNDING, "voorschot").already
    assert office.digest() == once
    all_is_well(office)


def test_its_owner_settles_what_came_back_and_an_administratie_does_not(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", *PAID)
    bank.tells("2026-11-27", Move(650_01, RENT, reason="AC04"))
    (item,) = open_exceptions(office)
    assert item["owner"] == "consulent"
    with pytest.raises(Refused, match="it needs the role finance or consulent"):
        exceptions.resolve(seat(office, "anna"), item["id"], AsWhat.REFUND_TO_CLIENT, "verhuisd")
    assert not exceptions.resolve(seat(office, "dirk"), item["id"], AsWhat.REFUND_TO_CLIENT, "verhuisd").already
    all_is_well(office)


def test_who_read_a_large_amount_does_not_settle_it_through_any_door(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-25", *PAID, Move(2_500_01, iban="NL39RABO0300065264", text="ONBEKEND"))
    (item,) = open_exceptions(office)
    before = office.digest()
    with pytest.raises(Refused, match="bram read the bank's file, so another person has to settle it"):
        exceptions.resolve(seat(office, "bram"), item["id"], AsWhat.FUNDING, "voorschot")
    assert office.digest() == before


def test_what_is_reserved_is_given_back_to_each_who_contributed(office: Office) -> None:
    a_couple(office, confirm=False)
    bram = seat(office, "bram")
    shares = (("0010001", 325_01), ("0010002", 325_00))
    done = exceptions.give_back(bram, "VL-1", "2026-12", "verhuisd")
    assert done == GivenBack("VL-1", "2026-12", shares, already=False)
    assert exceptions.give_back(bram, "VL-1", "2026-12", "verhuisd") == GivenBack("VL-1", "2026-12", shares, True)
