"""How days, months, amounts, accounts and columns look to Dutch readers: the one place.

Twelve names of months and one way to write cents are all that is needed: a library of locales would cost more time at
every start than it saves here.
"""

from collections.abc import Sequence
from datetime import date

from payments.money import format_amount
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


def day_in_figures(day: date) -> str:
    """A day as a table or a list has it: 25-11-2026."""
    return f"{day:%d-%m-%Y}"


def month_in_words(month: Month) -> str:
    """A month as Dutch readers write it: november 2026."""
    return f"{_MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def euros(cents: int) -> str:
    """An amount as the office writes it: EUR 1.234,56."""
    return f"EUR {format_amount(cents)}"


def euros_with_sign(cents: int) -> str:
    """An amount as a client reads it on a bill: € 1.234,56."""
    return f"€ {format_amount(cents)}"


def grouped(iban: str) -> str:
    """An account number in groups of four, as people read it aloud."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def in_columns(cells: Sequence[str], widths: Sequence[int], between: str = "") -> str:
    """One line of a table for a screen; a column with a negative width is set to the right, as amounts are."""
    pairs = zip(cells, widths, strict=True)
    return between.join(cell.rjust(-width) if width < 0 else cell.ljust(width) for cell, width in pairs)


def labelled(width: int, label: str, value: str) -> str:
    """A label and what it says, one under another where each has its own line."""
    return in_columns((label, value), (width, 0))
