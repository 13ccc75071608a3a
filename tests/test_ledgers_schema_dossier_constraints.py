"""What the database refuses about trajectories, assessments, hand-overs and ends, whatever program asks."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Engine, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from support.refusals import assert_refused, refusal, rolled_back, twin
from support.story import Office, client_line, ordinary_month

from ledgers.checks.self_check import full_check
from ledgers.database import open_engine, reading, writing
from ledgers.schema.dossier import DOSSIER_APPEND_ONLY, trajectories

MOMENT = "'2026-11-18T12:00:00+01:00'"
NEW_KEY = {"sequence": "99"}


def a_dossier_of_everything(office: Office) -> None:
    """One client with an ended trajectory and a new one, one with an end proposed, one with a proposal withdrawn."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    answers = {
        "assessed_on": "2026-11-18",
        "waive_proof": "betaalt al twee jaar zelf",
        "answers": {"digid": {"met": True, "evidence": "laten zien"}, "asks_help": {"score": 1, "evidence": "soms"}},
    }
    path = office.folder / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    for client in ("0010001", "0010002"):
        office.do("rosa", "assess", client, "--file", str(path))
    office.do("rosa", "handover", "VL-1", "--first-own-month", "2027-01", "--method", "incasso")
    office.do("rosa", "handover", "VL-3", "--first-own-month", "2026-10", "--method", "incasso")
    office.do("rosa", "handover", "proof", "VL-3", "2026-11", "--paid", "ja")
    office.do("rosa", "paid-otherwise", "VL-2", "2027-02", "--by", "client", "--why", "zelf betaald")
    office.do("rosa", "catch-up", "VL-2", "2026-11", "--from-benefit", "2026-11", "--why", "gemist")
    office.do("rosa", "obligation", "none", "0010001", "water", "--why", "zit in de huur")
    office.do("rosa", "event", "partner_joined", "0010001", "--on", "2026-11-10", "--why", "gezinshereniging")
    office.do("rosa", "end", "propose", "0010002", "--date", "2026-11-30", "--reason", "maatwerk", "--why", "verzoek")
    office.do("rosa", "end", "withdraw", "0010002", "--why", "toch niet")
    office.do("rosa", "end", "propose", "0010002", "--date", "2026-11-30", "--reason", "right_ended")
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-11-30", "--reason", "right_ended")
    office.do("dirk", "end", "confirm", "0010001")
    office.clients(client_line("0010001", recht_vanaf="2026-12-15"), first="2026-12")
    office.do("dirk", "period", "0010001", "--new", "--why", "nieuwe aanvraag")


def filled_by_sql(engine: Engine) -> None:
    """Rows that no command of this story writes."""
    with writing(engine) as connection:
        for statement in (
            f"INSERT INTO budget_lines VALUES ('0010001', 1, 'toeslag', 'x', 210, '2026-11', NULL, 'rosa', {MOMENT})",
            f"INSERT INTO notices VALUES ('0010001', '', 'ended', '2026-11-30', 'h', 'rosa', {MOMENT})",
            f"INSERT INTO reviews VALUES ('assen', '2026-11-18', 'h', '[]', 'rosa', {MOMENT})",
        ):
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def books(
    request: pytest.FixtureRequest, empty_books: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(request.param)
    engine = open_engine(empty_books(request.param, folder))
    a_dossier_of_everything(Office(engine.url.render_as_string(hide_password=False), folder).hire())
    with reading(engine) as connection:
        assert full_check(connection) == []
    filled_by_sql(engine)
    yield engine
    engine.dispose()


PROPOSED = "client = '0010002' AND sequence = 2"  # right_ended on 30 November, long before the floor


def ordinary(**changes: str) -> str:
    """SQL of an ordinary end that is in order, but for the changes."""
    fine = {"sequence": "99", "reason": "NULL", "end_date": "floor_date", "verdict": "'passed'", "missing": "'[]'"}
    return twin("end_proposals", PROPOSED, **fine | changes)


def an_end(by: str, **changes: str) -> str:
    names = ("client", "trajectory", "sequence", "end_date", "proposed_by")
    values = ", ".join(changes.get(name, name) for name in names)
    return (
        f"INSERT INTO ends ({', '.join(names)}, confirmed_by, confirmed_at) "
        f"SELECT {values}, '{by}', {MOMENT} FROM end_proposals WHERE {PROPOSED}"
    )


REFUSED = {
    "two open trajectories": (
        "uq_trajectories_one_open",
        twin("trajectories", "client = '0020001'", number="2"),
    ),
    "a trajectory numbered zero": ("ck_trajectories_counted", twin("trajectories", number="0", state="'ended'")),
    "a trajectory in an invented state": (
        "ck_trajectories_known_state",
        twin("trajectories", number="9", state="'klaar'"),
    ),
    "a trajectory opened without reason": (
        "ck_trajectories_why_said",
        twin("trajectories", number="9", state="'ended'", why="''"),
    ),
    "an invented event": ("ck_events_known_kind", twin("events", **NEW_KEY, kind="'verhuisd'")),
    "an event without a reason": ("ck_events_why_said", twin("events", **NEW_KEY, why="''")),
    "an invented period decision": (
        "ck_period_decisions_known_decision",
        twin("period_decisions", right_from="'2027-01-01'", decided="'both'"),
    ),
    "a new period that starts before the right": (
        "ck_period_decisions_period_fits",
        twin("period_decisions", right_from="'2027-01-01'", decided="'new'"),
    ),
    "a period decided without a reason": (
        "ck_period_decisions_why_said",
        twin("period_decisions", right_from="'2027-01-01'", period_from="'2027-01-01'", why="''"),
    ),
    "an assessment outside any trajectory": (
        "fk_assessments_trajectory",
        twin("assessments", trajectory="7", content_sha256="'x'"),
    ),
    "the same assessment twice": ("uq_assessments_same_file", twin("assessments", **NEW_KEY)),
    "proof waived without a reason": (
        "ck_assessments_waiver_said",
        twin("assessments", **NEW_KEY, content_sha256="'x'", waive_proof="''"),
    ),
    "an answer to no assessment": ("fk_answers_assessment", twin("answers", **NEW_KEY)),
    "an answer that is met and scored": (
        "ck_answers_met_or_score",
        twin("answers", "code = 'asks_help'", code="'course'", met="TRUE"),
    ),
    "a score of three": (
        "ck_answers_score_range",
        twin("answers", "code = 'asks_help'", code="'course'", score="3"),
    ),
    "an answer without evidence": ("ck_answers_evidence_given", twin("answers", code="'course'", evidence="''")),
    "an invented payment method": (
        "ck_handovers_known_method",
        twin("handovers", method="'contant'", obligation="'VL-2'"),
    ),
    "a hand-over taken back before its first month": (
        "ck_handovers_back_after_handed_over",
        twin("handovers", **NEW_KEY, why="'x'", back_from="'2026-01'"),
    ),
    "a hand-over taken back before it was made": (
        "ck_handovers_back_after_handed_over",
        twin("handovers", obligation="'VL-2'", back_from="first_own"),
    ),
    "a corrected hand-over without a reason": ("ck_handovers_correction_said", twin("handovers", **NEW_KEY)),
    "a corrected proof without a reason": ("ck_handover_proofs_correction_said", twin("handover_proofs", **NEW_KEY)),
    "an end outside any trajectory": (
        "fk_end_proposals_trajectory",
        ordinary(trajectory="7", assessment="NULL", reason="'death'"),
    ),
    "an end on an assessment that was never made": ("fk_end_proposals_assessment", ordinary(assessment="9")),
    "an end for an invented reason": ("ck_end_proposals_early_reason", ordinary(reason="'zin'")),
    "an end before the floor without an early reason": (
        "ck_end_proposals_floor_met",
        ordinary(end_date="'2026-11-30'"),
    ),
    "an ordinary end without a passed checklist": (
        "ck_end_proposals_checklist_passed",
        ordinary(verdict="'not_passed'"),
    ),
    "an ordinary end without an assessment": ("ck_end_proposals_checklist_passed", ordinary(assessment="NULL")),
    "an ordinary end with something missing": (
        "ck_end_proposals_checklist_passed",
        ordinary(missing="'[\"handover\"]'"),
    ),
    "an end confirmed by its proposer": ("ck_ends_second_person", an_end("rosa")),
    "an end confirmed in the name of another proposer": (
        "fk_ends_as_proposed",
        an_end("rosa", proposed_by="'dirk'"),
    ),
    "an end confirmed for another day": ("fk_ends_as_proposed", an_end("dirk", end_date="'2027-02-01'")),
    "an end nobody proposed": ("fk_ends_as_proposed", an_end("dirk", sequence="7")),
    "a proposal withdrawn that was never made": (
        "fk_end_withdrawals_proposal",
        twin("end_withdrawals", sequence="7"),
    ),
    "a proposal withdrawn without a reason": (
        "ck_end_withdrawals_why_said",
        twin("end_withdrawals", sequence="2", why="''"),
    ),
    "a month paid by an invented payer": (
        "ck_paid_otherwise_known_payer",
        twin("paid_otherwise", **NEW_KEY, paid_by="'buurman'"),
    ),
    "a payer taken back before anybody said one": (
        "ck_paid_otherwise_taken_back_after_said",
        twin("paid_otherwise", covers="'2027-01'", paid_by="NULL"),
    ),
    "a term that ends before it begins": (
        "ck_paid_otherwise_months_in_order",
        twin("paid_otherwise", **NEW_KEY, reaches="'2026-01'"),
    ),
    "a month paid otherwise without a reason": (
        "ck_paid_otherwise_why_said",
        twin("paid_otherwise", **NEW_KEY, why="''"),
    ),
    "a month caught up out of a top-up": (
        "ck_catch_ups_known_component",
        twin("catch_ups", **NEW_KEY, component="'aanvulling'"),
    ),
    "a month caught up without a reason": ("ck_catch_ups_why_said", twin("catch_ups", **NEW_KEY, why="''")),
    "a cost that not everybody has said to be absent": (
        "ck_absent_costs_expected_cost",
        twin("absent_costs", category="'overig'"),
    ),
    "a cost absent without a reason": ("ck_absent_costs_why_said", twin("absent_costs", category="'huur'", why="''")),
    "an invented budget line": ("ck_budget_lines_known_kind", twin("budget_lines", **NEW_KEY, kind="'gift'")),
    "a budget line of nothing": ("ck_budget_lines_amount_positive", twin("budget_lines", **NEW_KEY, amount_cents="0")),
    "a budget line that ends before it starts": (
        "ck_budget_lines_months_in_order",
        twin("budget_lines", **NEW_KEY, last_month="'2026-10'"),
    ),
    "the same notice twice": ("pk_notices", twin("notices")),
    "the same review twice": ("pk_reviews", twin("reviews")),
}


@pytest.mark.parametrize("story", REFUSED)
def test_the_database_refuses(books: Engine, story: str) -> None:
    constraint, statement = REFUSED[story]
    assert_refused(books, constraint, statement)


def test_an_ordinary_end_that_is_in_order_is_not_refused(books: Engine) -> None:
    """Else the refusals above would prove nothing."""
    for statement in (ordinary(), an_end("dirk")):
        with rolled_back(books) as connection:
            assert connection.exec_driver_sql(statement).rowcount == 1


def test_every_rule_of_the_dossier_has_its_refusal_above() -> None:
    """Of keys that only say "this row exists", the foreign key to the client or the obligation, none is tried."""
    tried = {constraint for constraint, _ in REFUSED.values()}
    for table in (*DOSSIER_APPEND_ONLY, trajectories):
        named = [c for c in table.constraints if isinstance(c, CheckConstraint | UniqueConstraint)]
        composite = [key for key in table.foreign_key_constraints if len(key.columns) > 1]
        indexes = [index for index in table.indexes if index.unique]
        booleans = {f"ck_{table.name}_{column.name}" for column in table.columns}
        names = {str(rule.name) for rule in (*named, *composite, *indexes)} - booleans
        assert names - {"uq_end_proposals_confirmable"} <= tried, table.name


@pytest.mark.parametrize("table", DOSSIER_APPEND_ONLY, ids=lambda table: str(table.name))
def test_what_was_decided_is_never_changed_nor_deleted(books: Engine, table: Table) -> None:
    name = table.name
    with reading(books) as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() > 0
    column = next(iter(table.columns)).name
    assert refusal(books, f"UPDATE {name} SET {column} = {column}") == f"append_only_{name}"
    assert refusal(books, f"DELETE FROM {name}") == f"append_only_{name}"


def test_a_trajectory_only_moves_along_its_steps(books: Engine) -> None:
    ways: dict[str, list[str]] = {"open": [], "end_proposed": ["end_proposed"], "ended": ["end_proposed", "ended"]}
    accepted = set()
    for old, new in itertools.permutations(ways, 2):
        with rolled_back(books) as connection, suppress(IntegrityError):
            for state in (*ways[old], new):
                connection.exec_driver_sql(f"UPDATE trajectories SET state = '{state}' WHERE client = '0020001'")
            accepted.add((old, new))
    assert accepted == {("open", "end_proposed"), ("end_proposed", "open"), ("end_proposed", "ended")}
    jump = "UPDATE trajectories SET state = 'ended' WHERE client = '0020001'"
    assert refusal(books, jump) == "transition_trajectories"
