"""Calendar months as `YYYY-MM` text, which sorts, compares and prints as it is."""

import re
from calendar import monthrange
from datetime import date

Month = str
_MONTH = re.compile(r"(19|20|21)\d{2}-(0[1-9]|1[0-2])", re.ASCII)
_DATE = re.compile(r"(19|[2-9]\d)\d{2}-\d{2}-\d{2}", re.ASCII)


def parse_month(text: str) -> Month:
    """Accept `YYYY-MM` between 1900 and 2199; ValueError says what is wrong."""
    if not _MONTH.fullmatch(text):
        raise ValueError("is not a month like 2026-11")
    return text


def parse_date(text: str) -> date:
    """Accept `YYYY-MM-DD` from 1900 on (9999-12-31 is many systems' "no end"); ValueError says what is wrong."""
    if not _DATE.fullmatch(text):
        raise ValueError("is not a date like 2026-11-25")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is a date that does not exist") from None


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def index(month: Month) -> int:
    """Number months consecutively, so that a difference is a count of months."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def add_months(month: Month, count: int) -> Month:
    """Move forward (or back, when negative) by whole months."""
    year, month0 = divmod(index(month) + count, 12)
    return f"{year:04d}-{month0 + 1:02d}"


def first_day(month: Month) -> date:
    """The first day of a month."""
    return date(int(month[:4]), int(month[5:7]), 1)


def last_day(month: Month) -> date:
    """The last day of a month."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, monthrange(year, number)[1])
