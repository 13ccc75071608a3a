"""What a bank writes longer than any standard allows is stored whole or refused with its place; never an accident."""

import pytest
from sqlalchemy import select
from support.by_hand import Move, refusal
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions

from ledgers.database import open_engine, reading
from ledgers.schema.bank import bank_files, bank_lines

LONG = "W" * 500


def test_ids_and_codes_of_any_length_are_kept_whole(office: Office) -> None:
    bank = a_couple(office)
    strange = Move(-1_00, LONG, iban=LONG, text=LONG, payment_information_id=LONG)
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE), strange)
    path = bank.says("2026-11-26", Move(650_01, RENT, reason=LONG), identity="S" * 140, message=LONG)
    office.do("bram", "reconcile", path)
    assert "already read" in office.do("bram", "reconcile", path).out
    engine = open_engine(office.url)
    with reading(engine) as connection:
        line = connection.execute(select(bank_lines).where(bank_lines.c.end_to_end_id == LONG)).one()
        assert line.payment_information_id == LONG
        assert set(connection.execute(select(bank_lines.c.reason)).scalars()) == {None, LONG}
        assert LONG in set(connection.execute(select(bank_files.c.message_id)).scalars())
    engine.dispose()
    assert {item["kind"] for item in open_exceptions(office)} == {"returned", "unknown_debit"}
    all_is_well(office)


def test_a_refusal_in_many_words_is_a_refusal(office: Office) -> None:
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE, LONG, message=LONG))
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    assert [item["kind"] for item in open_exceptions(office)] == ["rejected"]
    all_is_well(office)


@pytest.mark.parametrize("length", [141, 9_000])
def test_a_statement_id_that_no_key_can_hold_is_refused_with_its_field_and_the_way_out(
    office: Office, length: int
) -> None:
    bank = a_couple(office)
    before = office.digest()
    said = office("bram", "reconcile", bank.says("2026-11-25", Move(-650_01, RENT), identity="S" * length))
    assert (said.code, "Stmt/Id" in said.err, "ask the bank" in said.err) == (3, True, True), said.err
    assert office.digest() == before


@pytest.mark.parametrize(("count", "code"), [("9" * 9, 0), ("9" * 10, 3), ("9" * 30, 3)])
def test_a_number_of_transactions_is_stored_or_refused(office: Office, count: str, code: int) -> None:
    bank = a_couple(office)
    path = bank.says("2026-11-25", Move(-1_00, "VREEMD", batch=count))
    assert office("bram", "reconcile", path).code == code
