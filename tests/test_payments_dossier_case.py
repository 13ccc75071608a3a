"""A case on a day: what events, corrected first days and interruptions make of a client's grounds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import a_case, a_client

from payments.dossier.case import Event, EventKind, grounds_of, left_scope, period_start, with_events
from payments.parties import ResidenceGround
from payments.plan.grounds import Ground, Segment
from payments.states import TrajectoryState

CLIENT = a_client(right_from=date(2026, 9, 1))
AFTER = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 5, 31), "B-57")


def event(kind: EventKind, on: date, sequence: int = 1) -> Event:
    return Event(sequence, kind, on, "gezien", None, "rosa", "2026-11-18T12:00:00+01:00")


def test_an_ended_right_counts_from_the_day_it_is_known() -> None:
    ended = event(EventKind.RIGHT_ENDED, date(2026, 11, 14))
    assert with_events(CLIENT, [ended]).right_until == date(2026, 11, 14)
    assert with_events(replace(CLIENT, right_until=date(2026, 10, 31)), [ended]).right_until == date(2026, 10, 31)


def test_the_end_of_an_earlier_right_leaves_the_new_one_alone() -> None:
    ended = event(EventKind.RIGHT_ENDED, date(2026, 8, 14))
    assert with_events(CLIENT, [ended]).right_until is None


def test_a_revoked_mandate_is_gone_until_the_client_gives_a_new_one() -> None:
    revoked = event(EventKind.MANDATE_REVOKED, date(2026, 11, 2))
    given_again = event(EventKind.MANDATE_GIVEN, date(2026, 12, 1), 2)
    assert with_events(CLIENT, [revoked]).mandate_date is None
    assert with_events(CLIENT, [revoked, given_again]).mandate_date == date(2026, 12, 1)
    newer_in_the_register = replace(CLIENT, mandate_date=date(2026, 11, 20))
    assert with_events(newer_in_the_register, [revoked]).mandate_date == date(2026, 11, 20)


def test_a_corrected_first_day_moves_the_six_months_by_itself() -> None:
    assert period_start(replace(CLIENT, right_from=date(2026, 7, 15)), [], {}) == date(2026, 7, 15)


def test_after_an_interruption_nothing_counts_until_a_person_decides() -> None:
    again = replace(CLIENT, right_from=date(2027, 1, 11))
    assert period_start(again, [date(2026, 11, 14)], {}) is None
    assert grounds_of(again, [AFTER], 6, None) == (AFTER,)
    assert period_start(again, [date(2026, 11, 14)], {again.right_from: date(2026, 9, 1)}) == date(2026, 9, 1)


def test_a_period_that_runs_on_still_ends_six_months_after_its_own_first_day() -> None:
    again = replace(CLIENT, right_from=date(2027, 1, 11))
    (segment,) = grounds_of(again, [], 6, date(2026, 9, 1))
    assert (segment.start, segment.until) == (date(2026, 9, 1), date(2027, 2, 28))


def test_every_ground_ends_with_the_right_to_bijstand() -> None:
    ended = replace(CLIENT, right_until=date(2027, 1, 15))
    (segment,) = grounds_of(ended, [AFTER], 6, CLIENT.right_from)
    assert segment.until == date(2027, 1, 15)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_no_ground_outlives_the_right_whatever_its_days(start: date, last: date | None) -> None:
    segments = grounds_of(replace(CLIENT, right_from=start, right_until=last), [AFTER], 6, start)
    assert all(s.start <= s.until for s in segments)
    assert last is None or all(s.until <= last for s in segments)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 8, 31), TrajectoryState.OPEN),
        (date(2026, 9, 1), TrajectoryState.OPEN),
        (date(2027, 2, 28), TrajectoryState.OPEN),
        (date(2027, 3, 1), TrajectoryState.LAPSED),
    ],
    ids=["before the right", "its first day", "the last day of the six months", "the day after"],
)
def test_a_trajectory_lapses_on_the_day_after_its_last_ground(day: date, state: TrajectoryState) -> None:
    assert a_case().state(day) is state


def test_an_undecided_interruption_is_lapsed_and_a_stored_state_stands() -> None:
    undecided = replace(a_case(), period_from=None, segments=())
    assert undecided.state(date(2026, 9, 1)) is TrajectoryState.LAPSED
    ended = replace(a_case(), stored_state="ended")
    assert ended.state(date(2027, 3, 1)) is TrajectoryState.ENDED


def test_grounds_that_touch_are_one_row_of_days() -> None:
    mandatory = a_case().segments[0]
    joined = replace(a_case(), segments=(mandatory, AFTER))
    apart = replace(a_case(), segments=(mandatory, replace(AFTER, start=AFTER.start + timedelta(days=1))))
    assert joined.last_ground_day(date(2026, 11, 18)) == AFTER.until
    assert apart.last_ground_day(date(2026, 11, 18)) == mandatory.until
    assert joined.last_ground_day(date(2027, 6, 1)) is None


def test_a_new_permit_ends_the_mandatory_months_and_undoes_none_of_before() -> None:
    settled = replace(CLIENT, residence_ground=ResidenceGround.ASYLUM_INDEFINITE)
    assert grounds_of(settled, [AFTER], 6, settled.right_from) == (AFTER,)
    cut, after = grounds_of(settled, [AFTER], 6, settled.right_from, date(2026, 11, 30))
    assert (cut.ground, cut.until, after) == (Ground.ART_56A, date(2026, 11, 30), AFTER)
    assert grounds_of(settled, [AFTER], 6, settled.right_from, settled.right_from - timedelta(days=1)) == (AFTER,)
    (whole,) = grounds_of(CLIENT, [], 6, CLIENT.right_from, date(2026, 11, 30))  # in scope again
    assert whole.until > date(2026, 11, 30)


@pytest.mark.parametrize(
    ("scopes", "last"),
    [
        ({"": True}, None),
        ({"": False}, None),
        ({"": True, "2026-12": False}, date(2026, 11, 30)),
        ({"": True, "2026-12": False, "2027-02": False}, date(2026, 11, 30)),
        ({"": False, "2026-12": True, "2027-02": False}, date(2027, 1, 31)),
        ({"": True, "2026-12": False, "2027-02": True}, None),
    ],
)
def test_the_last_day_in_scope_is_the_one_before_the_month_that_takes_it_away(
    scopes: dict[str, bool], last: date | None
) -> None:
    assert left_scope(scopes) == last
