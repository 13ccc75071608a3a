from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.calendar import add_t2_days, is_t2_day, on_or_after, on_or_before, payday

# Written down by hand from the T2 rule: Easter is 5 April 2026 and 28 March 2027.
CLOSED_ON_A_WEEKDAY = {
    2026: ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25"],  # 26 December is a Saturday
    2027: ["2027-01-01", "2027-03-26", "2027-03-29"],  # 1 May and Christmas fall in the weekend
}
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_bank_is_closed_in_weekends_and_on_exactly_these_days(year):
    weekdays = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    closed = [day.isoformat() for day in weekdays if day.weekday() < 5 and not is_t2_day(day)]
    assert closed == CLOSED_ON_A_WEEKDAY[year]


@pytest.mark.parametrize("day", ["2026-04-27", "2026-05-05", "2026-05-14", "2026-05-25", "2026-12-24", "2026-12-31"])
def test_dutch_holidays_are_ordinary_days_for_payments(day):
    assert is_t2_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22", "2026-12-26", "2027-05-01", "2027-12-25", "2027-12-26"])
def test_no_payment_is_executed_in_a_weekend(day):
    assert not is_t2_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("month", "day_of_month", "expected"),
    [
        ("2026-11", 25, "2026-11-25"),  # a Wednesday
        ("2026-12", 25, "2026-12-24"),  # Christmas
        ("2026-10", 25, "2026-10-23"),  # a Sunday
        ("2026-04", 5, "2026-04-02"),  # Easter Sunday, back over Good Friday
        ("2026-04", 6, "2026-04-02"),  # Easter Monday
        ("2027-12", 26, "2027-12-24"),  # Sunday after Christmas
        ("2027-01", 1, "2026-12-31"),  # back over the year's end
        ("2026-02", 31, "2026-02-27"),  # February has no 31st, its last day is a Saturday
        ("2026-05", 1, "2026-04-30"),
    ],
)
def test_payday_moves_back_to_a_day_on_which_the_bank_pays(month, day_of_month, expected):
    assert payday(month, day_of_month) == date.fromisoformat(expected)


@given(DAYS)
def test_moving_to_a_business_day_never_skips_one(day):
    before, after = on_or_before(day), on_or_after(day)
    assert is_t2_day(before)
    assert is_t2_day(after)
    assert before <= day <= after
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    assert not any(is_t2_day(day) for day in between)


@given(DAYS, st.integers(min_value=1, max_value=10))
def test_business_days_are_counted_one_by_one(day, count):
    end = add_t2_days(day, count)
    passed = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(is_t2_day(each) for each in passed) == count
    assert is_t2_day(end)


def test_settled_means_five_business_days_later():
    assert add_t2_days(date(2026, 12, 23), 5) == date(2026, 12, 31)  # 24, 28, 29, 30, 31
    assert add_t2_days(date(2026, 4, 1), 2) == date(2026, 4, 7)  # 2 April, then over Easter
