"""A right that was awarded after its six months: who has to be told so, and by which payday."""

from datetime import date
from typing import Any

import pytest
from support.factories import a_client

from payments.dossier.late_awards import LateAward, late_awards
from payments.parties import Client, ResidenceGround

TODAY = date(2026, 11, 18)  # the payday of November is Wednesday the 25th


def found(*records: Client, known: dict[str, Client] | None = None, today: date = TODAY) -> list[LateAward]:
    return [*late_awards(records, known or {}, 6, {"assen": 25}, today)]


@pytest.mark.parametrize(
    ("right_from", "late"),
    [(date(2026, 5, 24), True), (date(2026, 5, 25), True), (date(2026, 5, 26), False), (date(2026, 9, 1), False)],
)
def test_the_last_of_the_six_months_has_to_reach_the_next_payday(right_from: date, late: bool) -> None:
    assert bool(found(a_client(right_from=right_from))) is late


def test_it_says_which_day_was_the_last_and_which_payday_comes() -> None:
    (award,) = found(a_client(right_from=date(2026, 3, 17)))
    assert award == LateAward("10001", date(2026, 3, 17), date(2026, 9, 16), date(2026, 11, 25))
    (award,) = found(a_client(right_from=date(2026, 5, 26)), today=date(2026, 11, 26))
    assert award.next_payday == date(2026, 12, 24)  # the 25th is Christmas Day


@pytest.mark.parametrize(
    "changes",
    [
        {"must_integrate": False},
        {"residence_ground": ResidenceGround.REGULAR},
        {"right_until": date(2026, 10, 31)},
    ],
)
def test_whom_the_six_months_are_not_about_is_not_named(changes: dict[str, Any]) -> None:
    assert found(a_client(right_from=date(2026, 3, 17), **changes)) == []


def test_a_line_that_was_known_is_not_told_again_and_another_first_day_is() -> None:
    old = a_client(right_from=date(2026, 3, 17))
    assert found(old, known={"10001": old}) == []
    assert len(found(old, known={"10001": a_client()})) == 1
