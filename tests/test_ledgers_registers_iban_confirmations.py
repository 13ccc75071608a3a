"""Nobody pays an account on the word of one person: a second one confirms it, and says how it was checked."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from support.factories import a_creditor
from support.registers import accept_register
from support.staff import hire
from support.story import CREDITORS, Office

from ledgers.database import reading, writing
from ledgers.errors import Refused
from ledgers.registers.iban_confirmations import confirm, confirmed_ibans, entered_ibans
from ledgers.registers.register import InputKind
from ledgers.registers.register_files import RegisterFile
from payments.calendar import AMSTERDAM
from payments.parties import Creditor

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)
FIRST, SECOND, THIRD = "NL91ABNA0417164300", "NL02ABNA0123456789", "NL44RABO0123456789"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Empty registers of an office with its staff."""
    return hire(engine)


def enter(engine: Engine, *creditors: Creditor, who: str = "anna", first: str = "2026-11") -> None:
    with writing(engine) as connection:
        accept_register(
            connection, RegisterFile(InputKind.CREDITORS, f"{creditors}{who}{first}"[-64:], creditors, first), who, NOW
        )


def says_yes(engine: Engine, who: str, *codes: str, how: str = "teruggebeld", iban: str | None = None) -> list[bool]:
    """Confirm; True for each creditor that was confirmed already."""
    with writing(engine) as connection:
        return [already for _, already in confirm(connection, codes, how, who, NOW, iban)]


def payable(engine: Engine) -> set[tuple[str, str]]:
    with reading(engine) as connection:
        return set(confirmed_ibans(connection))


def test_a_new_iban_is_entered_by_one_and_confirmed_by_another(engine: Engine) -> None:
    enter(engine, a_creditor())
    with reading(engine) as connection:
        entry = entered_ibans(connection)["WONEN", FIRST]
    assert (entry.entered_by, entry.confirmed_by) == ("anna", None)
    assert says_yes(engine, "bram", "WONEN") == [False]
    with reading(engine) as connection:
        entry = entered_ibans(connection)["WONEN", FIRST]
    assert (entry.entered_by, entry.confirmed_by) == ("anna", "bram")
    assert payable(engine) == {("WONEN", FIRST)}


def test_confirming_again_says_so_and_adds_nothing(engine: Engine) -> None:
    enter(engine, a_creditor())
    says_yes(engine, "bram", "WONEN")
    assert says_yes(engine, "chef", "WONEN") == [True]
    assert says_yes(engine, "anna", "WONEN") == [True]  # even who entered it hears that it is done
    with reading(engine) as connection:
        assert entered_ibans(connection)["WONEN", FIRST].confirmed_by == "bram"


def test_one_iban_of_ones_own_and_no_iban_is_confirmed(engine: Engine) -> None:
    enter(engine, a_creditor(), a_creditor("STROOM", iban=SECOND))
    enter(engine, a_creditor("WATER", iban=THIRD), who="bram")
    with pytest.raises(Refused, match="bram entered the IBAN of creditor WATER; a second person"):
        says_yes(engine, "bram", "WONEN", "STROOM", "WATER")
    assert payable(engine) == set()


def test_one_unknown_code_and_no_iban_is_confirmed(engine: Engine) -> None:
    enter(engine, a_creditor())
    with pytest.raises(Refused, match="There is no creditor WONNEN"):
        says_yes(engine, "bram", "WONEN", "WONNEN")
    assert payable(engine) == set()


def test_a_confirmation_says_how_it_was_checked(engine: Engine) -> None:
    enter(engine, a_creditor())
    for nothing in ("", "  ", "\t\n"):
        with pytest.raises(Refused, match="Say with --how"):
            says_yes(engine, "bram", "WONEN", how=nothing)
    assert payable(engine) == set()


def test_the_same_code_twice_in_one_command_is_one_creditor(engine: Engine) -> None:
    enter(engine, a_creditor())
    assert says_yes(engine, "bram", "WONEN", "WONEN") == [False]


def test_without_an_iban_the_newest_one_is_meant(engine: Engine) -> None:
    enter(engine, a_creditor())
    enter(engine, a_creditor(iban=SECOND), first="2027-01")
    says_yes(engine, "bram", "WONEN")
    assert payable(engine) == {("WONEN", SECOND)}


def test_an_older_iban_that_still_waits_is_confirmed_by_name(engine: Engine) -> None:
    """The old account is payable until January: it needs its own call-back."""
    enter(engine, a_creditor())
    enter(engine, a_creditor(iban=SECOND), first="2027-01")
    assert says_yes(engine, "bram", "WONEN", iban=FIRST) == [False]
    assert payable(engine) == {("WONEN", FIRST)}


def test_an_iban_that_nobody_entered_cannot_be_confirmed(engine: Engine) -> None:
    enter(engine, a_creditor(), a_creditor("STROOM", iban=SECOND))
    for iban in (THIRD, SECOND):  # of nobody, and of another creditor
        with pytest.raises(Refused, match="never entered for creditor WONEN") as refused:
            says_yes(engine, "bram", "WONEN", iban=iban)
        assert iban not in str(refused.value)
    assert payable(engine) == set()


def test_the_person_who_brings_an_old_iban_back_is_not_the_one_who_confirms_it(engine: Engine) -> None:
    """Each entry has its own second person, whoever confirmed the same account before."""
    enter(engine, a_creditor())
    says_yes(engine, "bram", "WONEN")
    enter(engine, a_creditor(iban=SECOND), first="2026-12")
    enter(engine, a_creditor(), who="bram", first="2027-01")
    with pytest.raises(Refused, match="bram entered the IBAN"):
        says_yes(engine, "bram", "WONEN", iban=FIRST)
    assert says_yes(engine, "anna", "WONEN", iban=FIRST) == [False]
    with reading(engine) as connection:
        entry = entered_ibans(connection)["WONEN", FIRST]
    assert (entry.sequence, entry.entered_by, entry.confirmed_by) == (2, "bram", "anna")


def test_the_command_confirms_several_and_names_each(office: Office) -> None:
    office.creditors(CREDITORS["WONEN"], CREDITORS["WATER"], confirm=False)
    assert office("anna", "creditor", "confirm", "WONEN", "--how", "gebeld").code == 1
    for who in ("carla", "rosa", "dirk", "inge", "chef"):
        assert office(who, "creditor", "confirm", "WONEN", "--how", "gebeld").code == 1
    said = office.do("bram", "--json", "creditor", "confirm", "WONEN", "WATER", "--how", "teruggebeld")
    assert said.document == [
        {"creditor": "WONEN", "iban": FIRST, "already": False},
        {"creditor": "WATER", "iban": THIRD, "already": False},
    ]
    assert "was confirmed already" in office.do("bram", "creditor", "confirm", "WATER", "--how", "teruggebeld").out
    assert office("bram", "creditor", "confirm", "WONEN", "WATER", "--how", "x", "--iban", FIRST).code == 2
