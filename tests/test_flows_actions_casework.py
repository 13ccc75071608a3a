"""The acts of casework called without any command: who may, what is refused, what a second call answers."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from support.dossier_examples import MOVED, a_case, standing
from support.story import Office as Story
from support.story import client_line, ordinary_month

from config.parameters import load_parameters
from config.settings import load_settings
from desk.words.ending import not_yet
from flows.actions import ends, handovers
from flows.actions.assessments import assess, assess_from_file
from flows.actions.budgets import add_line
from flows.actions.events import record_event
from flows.actions.forecasting import effect_of
from flows.actions.households import find_household
from flows.actions.periods import decide_period
from flows.actions.transfers import TransferFacts, hand_on
from flows.office import Office
from ledgers.cases.ends import NotYet, require_still_in_place
from ledgers.checks.self_check import digest
from ledgers.database import reading
from ledgers.dossier.grounds_and_holds import clients_on_hold
from ledgers.errors import Conflict, Refused
from ledgers.schema.core import audit_trail
from payments.calendar import AMSTERDAM
from payments.dossier.answers import Answers
from payments.dossier.case import EarlyReason, EventKind, Method
from payments.dossier.checklist import Answer, Verdict
from payments.plan.forecast import BudgetKind, BudgetLine
from payments.problems import InputRefused

BSN = "123456782"  # passes the eleven-test, of nobody: the authorities' own example
KLANTNUMMER = "111222333"  # passes it too
YEAR_END = date(2026, 12, 31)
Act = Callable[[Office, str], Any]


def answers(evidence: str, waived: str | None = None) -> Answers:
    return Answers(date(2026, 11, 10), {"digid": Answer(met=True, score=None, evidence=evidence)}, waived)


def a_line(name: str) -> BudgetLine:
    return BudgetLine("0010001", BudgetKind.COSTS, name, 12_50, "2026-12", None)


# Each act with who may do it, and with the text that is typed in it. Their order is that of one story.
ACTS: dict[str, tuple[str, Act]] = {
    "event": ("dirk", lambda at, text: record_event(at, "0010001", EventKind.ARREARS, date(2026, 11, 2), text)),
    "period": ("dirk", lambda at, text: decide_period(at, "0020001", text, runs_on=True)),
    "assess": ("rosa", lambda at, text: assess(at, "0010001", answers(text))),
    "hand over": ("dirk", lambda at, text: handovers.hand_over(at, "VL-1", "2027-01", Method.DIRECT_DEBIT, text)),
    "own payment": ("dirk", lambda at, text: handovers.record_own_payment(at, "VL-4", "2026-12", text, paid=True)),
    "take back": ("rosa", lambda at, text: handovers.take_back(at, "VL-4", "2027-02", text)),
    "propose": ("rosa", lambda at, text: ends.propose(at, "0010001", YEAR_END, EarlyReason.CUSTOM, text)),
    "withdraw": ("rosa", lambda at, text: ends.withdraw(at, "0010001", text)),
    "confirm": ("dirk", lambda at, _: ends.confirm(at, "0010002")),
    "budget line": ("dirk", lambda at, text: add_line(at, a_line(text))),
}
WITHOUT_TEXT = {"confirm"}
NEEDS_A_PROPOSAL_FIRST = {"withdraw"}


@pytest.fixture
def books(office: Story, engine: Engine) -> Engine:
    """A month ahead: one client with a cost handed over and an end proposed, one whose right was interrupted."""
    ordinary_month(office)
    office.clients(client_line("0020001", gemeente="tynaarlo", recht_tot="2026-10-31"))
    office.clients(client_line("0020001", gemeente="tynaarlo", recht_vanaf="2026-11-10"))
    office.do("rosa", "handover", "VL-4", "--first-own-month", "2026-12", "--method", "overboeking")
    office.do("rosa", "end", "propose", "0010002", "--date", "2026-12-31", "--reason", "moved")
    return engine


def office_of(engine: Engine, who: str) -> Office:
    now = datetime(2026, 11, 18, 12, tzinfo=AMSTERDAM)
    return Office(engine, load_settings(), load_parameters(), who, now)


def said_in(engine: Engine) -> str:
    with reading(engine) as connection:
        return digest(connection)


def trail(engine: Engine, action: str) -> list[dict[str, Any]]:
    """The subjects of the audit rows of one action."""
    query = select(audit_trail.c.subject).where(audit_trail.c.action == action).order_by(audit_trail.c.sequence)
    with reading(engine) as connection:
        return [json.loads(subject) for subject in connection.execute(query).scalars()]


def is_new(result: Any) -> bool:
    """Whether an act did something; each result has exactly one word for it."""
    (found,) = [getattr(result, word) for word in ("recorded", "changed", "added", "written") if hasattr(result, word)]
    return bool(found)


def test_nobody_acts_without_the_role_whatever_door_they_come_through(books: Engine, tmp_path: Path) -> None:
    before = said_in(books)
    for who in ("inge", "carla", "eve", ""):
        for _, act in ACTS.values():
            with pytest.raises(Refused, match="may not do this: it needs the role"):
                act(office_of(books, who), "gezien")
        with pytest.raises(Refused, match="it needs the role"):
            hand_on(office_of(books, who), "0010001", tmp_path / "weg", lambda _: {})
    for who, name in (("dirk", "propose"), ("dirk", "assess"), ("rosa", "confirm"), ("anna", "budget line")):
        with pytest.raises(Refused, match="it needs the role"):
            ACTS[name][1](office_of(books, who), "gezien")
    assert said_in(books) == before


def test_no_text_of_any_act_takes_a_bsn(books: Engine) -> None:
    before = said_in(books)
    for name in ACTS.keys() - WITHOUT_TEXT:
        who, act = ACTS[name]
        for bsn in (BSN, "1234.56.782"):
            with pytest.raises(Refused, match="contains a BSN") as refused:
                act(office_of(books, who), f"gezien: {bsn}")
            assert bsn not in str(refused.value)
    dirk, rosa = office_of(books, "dirk"), office_of(books, "rosa")
    with pytest.raises(Refused, match="'decision' contains a BSN"):
        record_event(dirk, "0010001", EventKind.ARREARS, date(2026, 11, 2), "brief", BSN)
    with pytest.raises(Refused, match="'waive_proof' contains a BSN"):
        assess(rosa, "0010001", answers("gezien", waived=f"zie {BSN}"))
    assert said_in(books) == before


def test_the_same_act_again_answers_already_and_stores_nothing(books: Engine) -> None:
    for name, (who, act) in ACTS.items():
        first = act(office_of(books, who), "gezien")
        assert is_new(first), name
        stored = said_in(books)
        again = act(office_of(books, who), "gezien")
        assert not is_new(again), name
        assert type(again) is type(first)
        assert said_in(books) == stored, name


def test_a_preview_of_any_act_stores_nothing(books: Engine) -> None:
    before = said_in(books)
    for name in ACTS.keys() - NEEDS_A_PROPOSAL_FIRST:
        who, act = ACTS[name]
        done: list[Any] = []
        effect_of(office_of(books, who), lambda at, act=act, done=done: done.append(act(at, "gezien")))  # type: ignore[misc]
        assert is_new(done[0]), f"{name} was not really done"
        assert said_in(books) == before, name


def test_the_end_that_a_preview_shows_needs_no_second_person(books: Engine) -> None:
    """A proposal alone changes no run; as if somebody had agreed, the next one pays this client nothing any more."""
    rosa, before, last = office_of(books, "rosa"), said_in(books), date(2026, 11, 20)
    alone = effect_of(rosa, lambda at: ends.propose(at, "0010001", last, EarlyReason.MOVED))
    assert [run.clients for run in alone] == [()] * len(alone)
    shown = ends.effect_once_confirmed(rosa, "0010001", last, EarlyReason.MOVED)
    assert said_in(books) == before
    (client,) = [client for run in shown for client in run.clients]
    assert client.client == "0010001"
    ends.propose(rosa, "0010001", last, EarlyReason.MOVED)
    really = effect_of(office_of(books, "dirk"), lambda at: ends.confirm(at, "0010001"))
    assert really == shown


def test_the_preview_of_an_end_is_refused_where_the_proposal_is(books: Engine) -> None:
    rosa = office_of(books, "rosa")
    with pytest.raises(NotYet) as refused:
        ends.effect_once_confirmed(rosa, "0010001", YEAR_END)
    assert "floor" in refused.value.missing
    with pytest.raises(Refused, match="it needs the role"):
        ends.effect_once_confirmed(office_of(books, "dirk"), "0010001", YEAR_END, EarlyReason.MOVED)
    with pytest.raises(Conflict, match="is proposed for 2026-12-31"):
        ends.effect_once_confirmed(rosa, "0010002", date(2026, 12, 30), EarlyReason.MOVED)


def test_an_ordinary_end_is_not_confirmed_once_something_came_in_its_way() -> None:
    today = date(2026, 11, 18)
    ordinary = a_case(stored_state="end_proposed", proposal=replace(MOVED, reason=None))
    with pytest.raises(NotYet) as refused:
        require_still_in_place(standing(ordinary, today))
    assert refused.value.proposed
    assert "checklist" in refused.value.missing
    said = not_yet(refused.value.client, refused.value.obstacles, proposed=refused.value.proposed)
    assert "Sinds het voorstel is er iets veranderd" in said
    for stands in (
        replace(ordinary, proposal=MOVED),  # an early one needs nothing
        replace(ordinary, stored_state="ended"),  # what is confirmed stays so
        replace(ordinary, proposal=None),
    ):
        require_still_in_place(standing(stands, today))


def test_a_death_holds_the_payments_at_once(books: Engine) -> None:
    record_event(office_of(books, "anna"), "0010002", EventKind.DEATH, date(2026, 11, 17), "melding")
    with reading(books) as connection:
        assert clients_on_hold(connection) == {"0010002"}


def test_an_end_is_proposed_by_one_and_confirmed_by_another(office: Story, books: Engine) -> None:
    office.do("chef", "staff", "add", "rosa", "--role", "consulent")
    rosa = office_of(books, "rosa")
    done = ends.propose(rosa, "0010001", YEAR_END, EarlyReason.MOVED)
    assert (done.state, done.changed) == ("end_proposed", True)
    assert {obstacle.code for obstacle in done.passed_over} >= {"floor", "checklist"}
    with pytest.raises(Refused, match="a second person has to confirm it"):
        ends.confirm(rosa, "0010001")
    assert ends.confirm(office_of(books, "dirk"), "0010001") == ends.EndConfirmed("0010001", YEAR_END, changed=True)
    assert ends.propose(rosa, "0010001", YEAR_END, EarlyReason.MOVED).state == "ended"


def test_an_overlap_is_part_of_the_answer(office: Story, books: Engine) -> None:
    office.do("bram", "run", "2026-11")
    done = handovers.hand_over(office_of(books, "dirk"), "VL-1", "2026-12", Method.TRANSFER)
    assert (done.changed, done.overlap) == (True, "2026-12")


# --- assessments ----------------------------------------------------------------------------------------------------


def a_file(evidence: str) -> bytes:
    given = {"digid": {"met": True, "evidence": evidence}}
    return json.dumps({"assessed_on": "2026-11-10", "answers": given}).encode()


def test_a_file_and_the_same_answers_given_otherwise_are_one_assessment(books: Engine) -> None:
    rosa = office_of(books, "rosa")
    done = assess_from_file(rosa, "0010001", a_file("logt zelf in"), "answers.json")
    assert (done.number, done.recorded, done.verdict) == (1, True, Verdict.NOT_PASSED)
    assert "own_account" in done.missing
    assert assess(rosa, "0010001", answers("logt zelf in")) == replace(done, recorded=False)


def test_a_klantnummer_is_no_bsn_through_either_door(office: Story, books: Engine) -> None:
    rosa, text = office_of(books, "rosa"), f"samen met {KLANTNUMMER}"
    with pytest.raises(InputRefused) as refused:
        assess_from_file(rosa, "0010001", a_file(text), "answers.json")
    (problem,) = map(str, refused.value.problems)
    assert "answers.digid.evidence" in problem
    assert KLANTNUMMER not in problem
    with pytest.raises(Refused, match=r"'answers\.digid\.evidence' contains a BSN"):
        assess(rosa, "0010001", answers(text))
    office.clients(client_line(KLANTNUMMER, naam="Naïma Voorbeeld"))
    assert assess_from_file(rosa, "0010001", a_file(text), "answers.json").recorded
    assert not assess(rosa, "0010001", answers(text)).recorded
    with pytest.raises(InputRefused):
        assess_from_file(rosa, "0010001", a_file(f"{text}, niet {BSN}"), "answers.json")


# --- a client who moves, and a household ----------------------------------------------------------------------------


def test_a_package_is_recorded_once_with_the_hash_of_what_was_written(books: Engine, tmp_path: Path) -> None:
    rosa, folder = office_of(books, "rosa"), tmp_path / "weg"

    def write(facts: TransferFacts) -> dict[str, bytes]:
        return {"brief.txt": f"{facts.sender}: {facts.standing.case.client.client}".encode()}

    done = hand_on(rosa, "0010001", folder, write)
    assert (done.written, done.files) == (True, (folder / "brief.txt",))
    assert (folder / "brief.txt").read_text() == f"{rosa.settings.gemeenten['assen'].name}: 0010001"
    assert hand_on(rosa, "0010001", folder, write) == replace(done, written=False)
    with pytest.raises(Conflict, match="holds a package of this client with another content"):
        hand_on(rosa, "0010001", folder, lambda _: {"brief.txt": b"anders"})
    assert [subject["sha256"] for subject in trail(books, "transfer_made")] == [done.sha256]


def test_a_package_that_cannot_be_made_is_not_recorded(books: Engine, tmp_path: Path) -> None:
    def broken(_: TransferFacts) -> dict[str, bytes]:
        raise KeyError("schuldeiser")

    with pytest.raises(KeyError):
        hand_on(office_of(books, "rosa"), "0010001", tmp_path / "weg", broken)
    assert trail(books, "transfer_made") == []
    assert not (tmp_path / "weg").exists()


def test_a_household_is_every_adult_of_one_gemeente(office: Story, engine: Engine) -> None:
    lines = [client_line(client, huishouden="H1") for client in ("0010002", "0010001")]
    office.clients(*lines, client_line("0020001", huishouden="H1", gemeente="tynaarlo"))
    inge = office_of(engine, "inge")
    with pytest.raises(Refused, match="exists in assen and tynaarlo"):
        find_household(inge, "H1")
    found = find_household(inge, "H1", "assen")
    assert [adult.case.client.client for adult in found.adults] == ["0010001", "0010002"]
    assert (found.code, found.gemeente, found.today) == ("H1", "assen", date(2026, 11, 18))
    with pytest.raises(Refused, match="There is no household H2 in assen"):
        find_household(inge, "H2", "assen")
