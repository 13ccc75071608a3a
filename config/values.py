"""What a single setting may be: each function gives the value or a ValueError that reads after it."""

import codecs
import re
from collections.abc import Collection, Mapping
from datetime import time
from typing import TypeVar

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from payments.charset import to_sepa
from payments.money import parse_amount
from payments.parties import Category
from payments.problems import Refusal, shown

_PLAIN_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)
_ENCODINGS = {"utf-8", "utf-8-sig", "cp1252", "iso8859-1", "iso8859-15", "utf-16"}
_CUT_OFF = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_Categories = TypeVar("_Categories", bound=Collection[str])


class NotConfigured(Refusal, LookupError):
    """A day before anything was configured: what is asked about it has no answer."""


def named(key: str) -> str:
    """A key as a message can show it: short, and without signs that a screen obeys."""
    return key if _PLAIN_KEY.fullmatch(key) else shown(key)


def cents(value: object) -> int:
    """An amount between quotes, in cents."""
    if not isinstance(value, str):
        raise ValueError('is not an amount between quotes, like "1.331,43"')  # noqa: TRY004 - pydantic reports ValueError
    return parse_amount(value)


def amounts_between(value: object) -> tuple[int, int]:
    """A table `from` and `until`, in cents."""
    if not isinstance(value, dict) or set(value) != {"from", "until"}:
        raise ValueError('is not a range like { from = "300,00", until = "1.200,00" }')
    low, high = (_cents_of(value, key) for key in ("from", "until"))
    if not 0 < low <= high:
        raise ValueError("is not a range: `from` must be above 0,00 and not above `until`")
    return low, high


def _cents_of(table: Mapping[str, object], key: str) -> int:
    try:
        return cents(table[key])
    except ValueError as error:
        raise ValueError(f"has a wrong `{key}`: it {error}") from None


def cut_off(value: object) -> time:
    """A time of day."""
    if not isinstance(value, str) or not _CUT_OFF.fullmatch(value):
        raise ValueError('is not a time between quotes, like "14:30"')
    return time.fromisoformat(value)


def encoding(value: str) -> str:
    """A character encoding that our offices write, by its Python name."""
    try:
        name = codecs.lookup(value).name
    except (LookupError, ValueError):  # a NUL in the name is a ValueError
        name = ""
    if name not in _ENCODINGS:
        raise ValueError("is not one of utf-8, windows-1252, iso-8859-1, iso-8859-15, utf-16")
    return name


def own_account(value: str) -> str:
    """A Dutch IBAN in its electronic form."""
    try:
        iban = IBAN(value, validate_bban=True)
    except SchwiftyException:
        raise ValueError("is not a valid IBAN; take it over from the bank's contract") from None
    if iban.country_code != "NL" or iban.compact != value:
        raise ValueError("is not a Dutch IBAN in capitals without spaces, like NL11BNGH0285012346")
    return value


def account_name(value: str) -> str:
    """A name that fits in a payment file."""
    try:
        written = to_sepa(value)
    except ValueError as error:
        raise ValueError(f"cannot be written in a payment file: it {error}") from None
    if not 0 < len(written.strip()) <= 70:
        raise ValueError("is not a name of 1 to 70 characters")
    return value


def every_category(value: _Categories) -> _Categories:
    """Each of the five categories exactly once."""
    if sorted(value) != sorted(Category):
        raise ValueError(f"must name each of {', '.join(Category)} exactly once")
    return value
