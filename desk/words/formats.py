"""How days, months and accounts look to Dutch readers: the one place."""

from datetime import date

from payments.month import Month

_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def day_in_words(day: date) -> str:
    """A day as Dutch readers write it: 25 november 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(month: Month) -> str:
    """A month as Dutch readers write it: november 2026."""
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def grouped(iban: str) -> str:
    """An account number in groups of four, as people read it aloud."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
