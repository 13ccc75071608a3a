"""When somebody is assessed again: worklist, forecast and household page say the same, on the day itself too."""

from dataclasses import replace
from datetime import date

import pytest
from support.dossier_examples import a_case, assessed, standing
from support.factories import EVERYTHING_OUT_OF_NEXT_MONTH

from desk.documents.decisions_ahead import ahead
from payments.dossier.case import AddedGround, Case
from payments.dossier.checklist import Verdict
from payments.dossier.days_ahead import AheadKind, days_ahead
from payments.dossier.reassessment import asked_again, reassessments_due
from payments.dossier.worklist import worklist
from payments.dossier.worklist_items import Cause, Look, Measures
from payments.plan.grounds import Ground, Segment

FOLLOW_UP = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), "B-57")
ORDINARY = AddedGround(FOLLOW_UP, date(2027, 6, 1))
SOON = AddedGround(FOLLOW_UP, date(2027, 3, 15))


def a_client_on(ground: AddedGround, *made: date) -> Case:
    return a_case(added=(ground,), assessments=tuple(assessed(n, day, {}) for n, day in enumerate(made, 1)))


def told(case: Case, today: date, verdict: Verdict = Verdict.PASSED) -> tuple[set[date], set[date], set[date]]:
    """The due days by the worklist, by the forecast and on the household's page."""
    again = asked_again(case, verdict, 3, today)
    look = Look(case, verdict, (), 25, EVERYTHING_OUT_OF_NEXT_MONTH, frozenset())
    items = worklist([look], Measures((8, 4, 2), 3), [], today)
    return (
        {item.day for item in items if item.cause is Cause.REASSESSMENT},
        {
            item.on
            for item in days_ahead(case, today, date(2027, 12, 31), again)
            if item.kind is AheadKind.REASSESSMENT_DUE
        },
        {
            item.day
            for item in ahead(replace(standing(case, today), again=again), today)
            if item.kind == "reassessment_due"
        },
    )


@pytest.mark.parametrize(
    ("ground", "made", "due"),
    [
        (ORDINARY, (), True),
        (ORDINARY, (date(2027, 2, 20),), True),  # before the ground: what the decision rests on
        (ORDINARY, (date(2027, 3, 1),), True),
        (ORDINARY, (date(2027, 5, 3),), True),  # a day too early to be the planned one
        (ORDINARY, (date(2027, 5, 4),), False),
        (ORDINARY, (date(2027, 6, 1),), False),
        (ORDINARY, (date(2027, 5, 4), date(2027, 5, 30)), False),
        (SOON, (date(2027, 2, 28),), True),
        (SOON, (date(2027, 3, 1),), True),  # on the first day of the ground: still what the decision rests on
        (SOON, (date(2027, 3, 2),), False),
    ],
)
def test_all_three_say_the_same_on_the_due_day_itself(ground: AddedGround, made: tuple[date, ...], due: bool) -> None:
    expected = {ground.reassess_on} if due else set()
    assert told(a_client_on(ground, *made), ground.reassess_on) == (expected, expected, expected)


def test_a_day_that_passed_is_no_longer_to_come_and_stays_to_be_decided() -> None:
    by_worklist, by_forecast, on_page = told(a_client_on(ORDINARY), date(2027, 6, 2))
    assert by_worklist == on_page == {date(2027, 6, 1)}
    assert by_forecast == set()


def test_each_ground_asks_for_its_own() -> None:
    later = AddedGround(Segment(Ground.ART_57, date(2027, 9, 1), date(2028, 2, 28), "B-58"), date(2027, 12, 1))
    case = a_case(added=(ORDINARY, later), assessments=(assessed(1, date(2027, 5, 20), {}),))
    assert list(reassessments_due(case)) == [later]


def test_after_one_that_was_not_passed_all_three_ask_for_another_three_months_on() -> None:
    case, again = a_client_on(ORDINARY, date(2027, 5, 20)), {date(2027, 8, 20)}
    assert told(case, date(2027, 8, 20), Verdict.NOT_PASSED) == (again, again, again)
    assert told(case, date(2027, 8, 20), Verdict.PASSED) == (set(), set(), set())
    assert standing(case, date(2027, 8, 20)).again == date(2027, 8, 20), "as the rules of the example say of it"


def test_after_an_assessment_past_the_ground_nothing_is_asked_again() -> None:
    case = a_client_on(ORDINARY, date(2027, 5, 20), date(2027, 9, 3))
    assert told(case, date(2027, 9, 10), Verdict.NOT_PASSED) == (set(), set(), set())
