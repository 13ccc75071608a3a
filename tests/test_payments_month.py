from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.month import add_months, first_day, index, last_day, month_of, parse_date, parse_month

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
MONTHS = DAYS.map(month_of)


@pytest.mark.parametrize("text", ["1900-01", "2026-11", "2026-12", "2199-12"])
def test_a_month_is_year_dash_month(text):
    assert parse_month(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "202611",
        "2026/11",
        "11-2026",
        "1899-12",
        "2200-01",
        "2026-11-01",
        "2026-11 ",
        "2026-11\n",
        "２０２６-11",
        "nov 2026",
        "226-11",
    ],
)
def test_another_month_is_refused(text):
    with pytest.raises(ValueError, match="is not a month like"):
        parse_month(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25-11-2026",
        "2026-11",
        "20261125",
        "2026/11/25",
        "2026-1-05",
        "2026-11-5",
        "1899-12-31",
        "2026-W48-3",
        "2026-11-25T00:00",
        "2026-11-25 ",
        "2026-11-25\n",
        "２０２６-11-25",
    ],
)
def test_a_date_in_another_form_is_refused(text):
    with pytest.raises(ValueError, match="is not a date like"):
        parse_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-11-00", "2100-02-29"]
)
def test_a_day_that_the_calendar_does_not_have_is_refused(text):
    with pytest.raises(ValueError, match="does not exist"):
        parse_date(text)


def test_a_leap_day_is_a_date():
    assert parse_date("2028-02-29") == date(2028, 2, 29)


@given(DAYS)
def test_a_date_reads_back_as_it_is_written(day):
    assert parse_date(day.isoformat()) == day


@given(DAYS)
def test_every_day_lies_in_its_month(day):
    month = month_of(day)
    assert parse_month(month) == month
    assert first_day(month) <= day <= last_day(month)


@given(MONTHS)
def test_months_follow_each_other_without_gap(month):
    assert month == "2199-12" or first_day(add_months(month, 1)) == last_day(month) + timedelta(days=1)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)).map(month_of), st.integers(-500, 500))
def test_adding_months_counts_by_their_index_and_goes_back_again(month, count):
    moved = add_months(month, count)
    assert index(moved) - index(month) == count
    assert add_months(moved, -count) == month
    assert (moved > month) == (count > 0)


def test_the_year_turns():
    assert add_months("2026-12", 1) == "2027-01"
    assert add_months("2026-01", -1) == "2025-12"
