"""Who may be paid for on a day, and the one reason why not."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import a_benefit, a_client

from payments.parties import Component, ResidenceGround
from payments.plan.grounds import (
    Ground,
    HeldReason,
    Segment,
    held_reason,
    last_day_of_months,
    mandatory_segment,
    overlapping,
    segments_of,
)

PAYDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 3, 17), date(2026, 9, 16)),
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 8, 30), date(2027, 2, 28)),
        (date(2026, 8, 29), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 28)),
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 9, 1), date(2027, 2, 28)),
    ],
)
def test_six_calendar_months_end_on_the_day_before_or_on_the_last_of_the_month(start: date, last: date) -> None:
    assert last_day_of_months(start, 6) == last


@given(st.dates(date(2022, 1, 1), date(2090, 1, 1)))
def test_six_months_are_never_shorter_than_181_or_longer_than_184_days(start: date) -> None:
    assert timedelta(days=180) <= last_day_of_months(start, 6) - start <= timedelta(days=184)


def test_the_mandatory_ground_waits_for_decision_and_mandate() -> None:
    assert mandatory_segment(a_client(mandate_date=None), 6) is None
    assert mandatory_segment(a_client(decision=None), 6) is None
    assert mandatory_segment(a_client(decision_date=None), 6) is None
    assert mandatory_segment(a_client(), 6) == Segment(Ground.ART_56A, date(2026, 9, 1), date(2027, 2, 28), "B-10001")


def _reason(
    on: date = PAYDAY,
    *,
    added: tuple[Segment, ...] = (),
    on_hold: bool = False,
    ended_on: date | None = None,
    benefit: dict[str, Any] | None = None,
    **client: Any,
) -> HeldReason | None:
    person = a_client(**client)
    records = [a_benefit(**(benefit or {}))]
    return held_reason(person, segments_of(person, added, 6), records, on_hold=on_hold, ended_on=ended_on, on=on)


def test_an_ordinary_client_takes_part() -> None:
    assert _reason() is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"must_integrate": False}, HeldReason.NOT_IN_SCOPE),
        ({"residence_ground": ResidenceGround.REGULAR}, HeldReason.NOT_IN_SCOPE),
        ({"residence_ground": ResidenceGround.ASYLUM_INDEFINITE}, HeldReason.NOT_IN_SCOPE),
        ({"right_from": date(2026, 11, 26)}, HeldReason.RIGHT_NOT_STARTED),
        ({"right_until": date(2026, 11, 24)}, HeldReason.RIGHT_ENDED),
        ({"decision": None, "decision_date": None}, HeldReason.NO_DECISION),
        ({"mandate_date": None}, HeldReason.NO_MANDATE),
        ({"mandate_date": date(2026, 11, 26)}, HeldReason.NO_MANDATE),
        ({"right_from": date(2026, 5, 25)}, HeldReason.NO_GROUND),
        ({"on_hold": True}, HeldReason.ON_HOLD),
        ({"ended_on": date(2026, 11, 24)}, HeldReason.ENDED),
        ({"benefit": {"component": Component.ADVANCE}}, HeldReason.NO_BENEFIT),
        ({"benefit": {"cents": 0}}, HeldReason.NO_BENEFIT),
        ({"benefit": {"suspended": True}}, HeldReason.SUSPENDED),
    ],
)
def test_each_reason_holds_the_client(changes: dict[str, Any], reason: HeldReason) -> None:
    assert _reason(**changes) is reason


def test_the_first_reason_in_the_fixed_order_counts() -> None:
    everything = {
        "must_integrate": False,
        "ended_on": date(2026, 10, 25),
        "right_from": date(2026, 12, 1),
        "decision": None,
        "mandate_date": None,
        "on_hold": True,
        "benefit": {"suspended": True},
    }
    seen = []
    for repair in (
        {},
        {"must_integrate": True},
        {"ended_on": None},
        {"right_from": date(2026, 9, 1)},
        {"decision": "B"},
        {"mandate_date": date(2026, 9, 1)},
        {"on_hold": False},
        {"benefit": {}},
    ):
        everything |= repair
        seen.append(_reason(**everything))
    assert seen == [
        HeldReason.NOT_IN_SCOPE,
        HeldReason.ENDED,
        HeldReason.RIGHT_NOT_STARTED,
        HeldReason.NO_DECISION,
        HeldReason.NO_MANDATE,
        HeldReason.ON_HOLD,
        HeldReason.SUSPENDED,
        None,
    ]


@pytest.mark.parametrize(
    ("day", "reason"),
    [(date(2027, 2, 28), None), (date(2027, 3, 1), HeldReason.NO_GROUND), (date(2026, 9, 4), None)],
)
def test_the_last_day_of_the_six_months_still_counts_and_the_next_does_not(
    day: date, reason: HeldReason | None
) -> None:
    assert _reason(on=day) is reason


def test_a_decision_on_art_57_carries_on_where_the_six_months_end() -> None:
    further = Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), "B-57")
    assert _reason(on=date(2027, 3, 25), added=(further,)) is None


VOLUNTARY = Segment(Ground.VOLUNTARY, date(2026, 11, 1), date(2026, 12, 31), "V-1")


def test_the_mandatory_ground_is_not_there_for_who_is_out_of_scope() -> None:
    for permit in (ResidenceGround.REGULAR, ResidenceGround.ASYLUM_INDEFINITE):
        assert mandatory_segment(a_client(residence_ground=permit), 6) is None
    assert mandatory_segment(a_client(must_integrate=False), 6) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"must_integrate": False}, None),
        ({"on": date(2026, 12, 31)}, None),
        ({"on": date(2027, 1, 1)}, HeldReason.NOT_IN_SCOPE),
        ({"on": date(2026, 10, 31)}, HeldReason.NOT_IN_SCOPE),
        ({"right_until": date(2026, 11, 24)}, HeldReason.RIGHT_ENDED),
        ({"decision": None, "decision_date": None}, HeldReason.NO_DECISION),
        ({"mandate_date": None}, HeldReason.NO_MANDATE),
        ({"ended_on": date(2026, 11, 24)}, HeldReason.ENDED),
        ({"on_hold": True}, HeldReason.ON_HOLD),
        ({"benefit": {"cents": 0}}, HeldReason.NO_BENEFIT),
    ],
)
def test_a_voluntary_ground_asks_for_right_decision_and_mandate_and_for_no_permit(
    changes: dict[str, Any], reason: HeldReason | None
) -> None:
    assert _reason(added=(VOLUNTARY,), residence_ground=ResidenceGround.REGULAR, **changes) is reason


def test_segments_that_share_one_day_overlap() -> None:
    mandatory = segments_of(a_client(), (), 6)
    assert overlapping(mandatory, Segment(Ground.ART_57, date(2027, 2, 28), date(2027, 3, 31), "B")) is mandatory[0]
    assert overlapping(mandatory, Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 3, 31), "B")) is None
