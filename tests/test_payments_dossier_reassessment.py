"""When somebody is assessed again: worklist, forecast and household page say the same, on the day itself too."""

from datetime import date

import pytest
from support.dossier_examples import a_case, assessed, standing
from support.factories import EVERYTHING_OUT_OF_NEXT_MONTH

from desk.documents.decisions_ahead import ahead
from payments.dossier.case import AddedGround, Case
from payments.dossier.checklist import Verdict
from payments.dossier.days_ahead import ComingKind, coming
from payments.dossier.reassessment import reassessments_due
from payments.dossier.worklist import worklist
from payments.dossier.worklist_items import Cause, Look, Measures
from payments.plan.grounds import Ground, Segment

FOLLOW_UP = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), "B-57")
ORDINARY = AddedGround(FOLLOW_UP, date(2027, 6, 1))
SOON = AddedGround(FOLLOW_UP, date(2027, 3, 15))


def a_client_on(ground: AddedGround, *made: date) -> Case:
    return a_case(added=(ground,), assessments=tuple(assessed(n, day, {}) for n, day in enumerate(made, 1)))


def told(case: Case, today: date) -> tuple[set[date], set[date], set[date]]:
    """The due days by the worklist, by the forecast and on the household's page."""
    look = Look(case, Verdict.PASSED, (), 25, EVERYTHING_OUT_OF_NEXT_MONTH, {})
    items = worklist([look], Measures((8, 4, 2), 3), [], today)
    return (
        {item.day for item in items if item.cause is Cause.REASSESSMENT},
        {item.on for item in coming(case, today, date(2027, 12, 31)) if item.kind is ComingKind.REASSESSMENT_DUE},
        {item.day for item in ahead(standing(case, today), today) if item.kind == "reassessment_due"},
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
