"""T2 business days: the days on which euro payments between banks are executed."""

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from payments.month import Month, first_day, last_day

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def _closing_days(year: int) -> frozenset[date]:
    import holidays  # slow to load, and many a command asks for no working day

    # The ECB calendar is that of T2; the Dutch public holidays differ (27 April is an ordinary T2 day).
    return frozenset(holidays.financial_holidays("ECB", years=year))


def is_t2_day(day: date) -> bool:
    """Whether T2 is open: not a weekend, 1 January, Good Friday, Easter Monday, 1 May, 25 or 26 December."""
    return day.weekday() < 5 and day not in _closing_days(day.year)


def on_or_before(day: date) -> date:
    """The last T2 day that is not after `day`."""
    while not is_t2_day(day):
        day -= timedelta(days=1)
    return day


def on_or_after(day: date) -> date:
    """The first T2 day that is not before `day`."""
    while not is_t2_day(day):
        day += timedelta(days=1)
    return day


def add_t2_days(day: date, count: int) -> date:
    """The T2 day that lies `count` T2 days after `day`."""
    for _ in range(count):
        day = on_or_after(day + timedelta(days=1))
    return day


def payday(month: Month, day_of_month: int) -> date:
    """The execution date of a benefit month: that day (or the month's last), moved back to a T2 day."""
    last = last_day(month)
    return on_or_before(min(first_day(month) + timedelta(days=day_of_month - 1), last))
