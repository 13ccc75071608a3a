"""Whichever door a decision comes through: no role, or a BSN in its words, and the books do not take it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import Connection, Engine
from support.factories import a_client, a_creditor, an_obligation
from support.registers import accept_register
from support.staff import hire

from ledgers.checks.self_check import digest
from ledgers.database import reading, writing
from ledgers.dossier.assessments import assess
from ledgers.dossier.budgets import add_line
from ledgers.dossier.grounds_and_holds import GroundLimits, add_ground, set_hold
from ledgers.dossier.handovers import hand_over
from ledgers.dossier.trajectories import open_trajectories, record_event
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.registers import staff
from ledgers.registers.iban_confirmations import confirm
from ledgers.registers.register import InputKind
from ledgers.registers.register_files import RegisterFile
from ledgers.registers.staff import Role
from payments.calendar import AMSTERDAM
from payments.dossier.answers import Answers
from payments.dossier.case import EventKind, Method
from payments.dossier.checklist import Answer
from payments.plan.forecast import BudgetKind, BudgetLine
from payments.plan.grounds import Ground, Segment

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)
BSN = "111222333"
CLIENT_THAT_LOOKS_LIKE_ONE = "123456782"

Deed = Callable[[Connection, str, str], object]
"""A call of the ledgers: with these words, by this actor."""


def _hold(books: Connection, words: str, actor: str) -> object:
    return set_hold(books, "10001", on_hold=True, why=words, actor=actor, now=NOW)


def _ground(books: Connection, words: str, actor: str) -> object:
    segment = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), words)
    return add_ground(books, "10001", segment, GroundLimits(6, 3), actor, NOW)


def _event(books: Connection, words: str, actor: str) -> object:
    return record_event(books, "10001", EventKind.ARREARS, NOW.date(), words, None, actor, NOW)


def _event_decision(books: Connection, words: str, actor: str) -> object:
    return record_event(books, "10001", EventKind.ARREARS, NOW.date(), "brief gezien", words, actor, NOW)


def _handover(books: Connection, words: str, actor: str) -> object:
    return hand_over(books, "VL-1", "2027-01", Method.DIRECT_DEBIT, words, actor, NOW)


def _budget(books: Connection, words: str, actor: str) -> object:
    return add_line(books, BudgetLine("10001", BudgetKind.COSTS, words, 12_50, "2026-12", None), actor, NOW)


def _assessment(books: Connection, words: str, actor: str) -> object:
    answers = Answers(NOW.date(), {"digid": Answer(met=True, score=None, evidence=words)}, None)
    return assess(books, "10001", answers, "2026-01", actor, NOW)


def _confirmation(books: Connection, words: str, actor: str) -> object:
    return confirm(books, ["WONEN"], words, actor, NOW)


DEEDS: dict[str, tuple[Deed, str]] = {
    "a hold": (_hold, "dirk"),
    "a ground": (_ground, "dirk"),
    "an event": (_event, "anna"),
    "the decision of an event": (_event_decision, "anna"),
    "a hand-over": (_handover, "rosa"),
    "a budget line": (_budget, "rosa"),
    "an assessment": (_assessment, "rosa"),
    "a confirmed IBAN": (_confirmation, "bram"),
}


@pytest.fixture
def books(engine: Engine) -> Engine:
    """An office with its staff and two clients, one of whom has a number that could be a BSN."""
    clients = [a_client("10001"), a_client(CLIENT_THAT_LOOKS_LIKE_ONE)]
    with writing(hire(engine)) as connection:
        accept_register(connection, RegisterFile(InputKind.CREDITORS, "a" * 64, [a_creditor()], "2026-11"), "anna", NOW)
        accept_register(connection, RegisterFile(InputKind.CLIENTS, "b" * 64, clients, "2026-11"), "anna", NOW)
        costs = [an_obligation("VL-1", "10001")]
        accept_register(connection, RegisterFile(InputKind.OBLIGATIONS, "c" * 64, costs, "2026-11"), "anna", NOW)
        open_trajectories(connection, "anna", NOW)
    return engine


def refusal(books: Engine, deed: Deed, words: str, actor: str) -> str:
    """What the books say; nothing of the deed is in them afterwards."""
    with reading(books) as connection:
        before = digest(connection)
    with pytest.raises(Refused) as said, writing(books) as connection:
        deed(connection, words, actor)
    with reading(books) as connection:
        assert digest(connection) == before
    return str(said.value)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_decides_nothing(books: Engine, deed: str) -> None:
    assert "it needs the role" in refusal(books, DEEDS[deed][0], "gesprek gehad", "nobody")


@pytest.mark.parametrize("deed", DEEDS)
def test_neither_does_who_may_only_look(books: Engine, deed: str) -> None:
    assert "inge may not do this" in refusal(books, DEEDS[deed][0], "gesprek gehad", "inge")


@pytest.mark.parametrize("words", [f"zie {BSN}", "dossier 1112.22.333"])
@pytest.mark.parametrize("deed", DEEDS)
def test_a_bsn_in_the_words_of_a_decision_is_refused_and_not_repeated(books: Engine, deed: str, words: str) -> None:
    said = refusal(books, DEEDS[deed][0], words, DEEDS[deed][1])
    assert "contains a BSN" in said
    assert BSN not in said.replace(".", "")


@pytest.mark.parametrize("deed", DEEDS)
def test_the_number_of_a_client_may_be_named(books: Engine, deed: str) -> None:
    """The key of the benefits system may have nine digits too."""
    call, actor = DEEDS[deed]
    with writing(books) as connection:
        assert call(connection, f"samen met {CLIENT_THAT_LOOKS_LIKE_ONE}", actor)


def test_an_action_that_nobody_described_is_never_written(books: Engine) -> None:
    """Else it would stand in the trail without a seal, and without anybody having been asked for their role."""
    with reading(books) as connection:
        before = digest(connection)
    with pytest.raises(LookupError, match="'money_moved' is no action"), writing(books) as connection:
        audit.append(connection, NOW, "bram", "money_moved", {"client": "10001"})
    with reading(books) as connection:
        assert digest(connection) == before


def test_the_scheduled_run_does_what_finance_may_and_no_more(books: Engine) -> None:
    with writing(books) as connection:
        audit.append(connection, NOW, staff.SYSTEM, "reconciled", {"lines": 0})
    with pytest.raises(Refused), writing(books) as connection:
        audit.append(connection, NOW, staff.SYSTEM, "ended", {"client": "10001"})


def test_the_first_of_the_staff_is_let_in_by_anyone_and_the_next_by_beheer_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        staff.add(connection, "inge", [Role.READER], "root", NOW)
        staff.add(connection, "chef", [Role.MANAGEMENT], "root", NOW)
    with pytest.raises(Refused, match="beheer"), writing(engine) as connection:
        staff.add(connection, "eve", [Role.FINANCE], "inge", NOW.replace(hour=13))
    with pytest.raises(Refused, match="beheer"), writing(engine) as connection:  # past `staff.add` itself
        audit.append(connection, NOW.replace(hour=13), "eve", "staff_added", {"user": "eve"})
