"""Legal values, policy values and own choices, each with the day it starts, its basis and a day to look at it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from config.settings import SettingsRefused, read_toml
from config.values import NotConfigured, named
from payments.money import parse_amount
from payments.problems import shown

Value = int | str | tuple[int, ...]

_KINDS: Mapping[str, Literal["count", "counts", "amount", "percentage"]] = {
    "art_56a_months": "count",
    "norm_single": "amount",
    "norm_couple": "amount",
    "norm_single_18_20": "amount",
    "holiday_allowance_percent": "percentage",
    "warn_weeks": "counts",
    "reassessment_months": "count",
    "aftercare_months": "counts",
    "small_group": "count",
}
_KEYS = ("from", "value", "basis", "review_by")


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a parameter from one day on; an amount is in cents."""

    name: str
    start: date
    value: Value
    basis: str
    review_by: date


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters with all their versions, oldest first."""

    versions: Mapping[str, tuple[Version, ...]]

    def version(self, name: str, on: date) -> Version:
        """The version in force on a day; NotConfigured where the first one starts later."""
        started = [version for version in self.versions[name] if version.start <= on]
        if not started:
            raise NotConfigured(f"{name} has no value on {on}: the first one starts on {self.versions[name][0].start}.")
        return started[-1]

    def value(self, name: str, on: date) -> Value:
        """The value in force on a day: a whole number, cents, text, or a row of whole numbers."""
        return self.version(name, on).value

    def number(self, name: str, on: date) -> int:
        """The value in force on a day, of a parameter that is one whole number or an amount in cents."""
        value = self.value(name, on)
        if not isinstance(value, int):
            raise TypeError(f"{name} is not one number")
        return value

    def numbers(self, name: str, on: date) -> tuple[int, ...]:
        """The value in force on a day, of a parameter that is a row of whole numbers."""
        value = self.value(name, on)
        if not isinstance(value, tuple):
            raise TypeError(f"{name} is not a row of numbers")
        return value

    def outdated(self, on: date) -> list[Version]:
        """The versions in force on a day that should have been reviewed before it: a warning, never a stop."""
        in_force = [self.version(name, on) for name, versions in self.versions.items() if versions[0].start <= on]
        return [version for version in in_force if version.review_by < on]


def load_parameters(path: Path | None = None) -> Parameters:
    """Read and check the parameters; without a path those that come with the program."""
    file, raw = read_toml(path, "parameters.toml")
    unknown = [named(name) for name in raw if name not in _KINDS]
    problems = [f"{name}: is not a parameter; correct the name or remove it" for name in unknown]
    versions = {}
    for name in _KINDS:
        tables = raw.get(name)
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            problems.append(f"{name}: is missing; add a table [[{name}]] with {', '.join(_KEYS)}")
            continue
        read = [_read(name, place, table, problems) for place, table in enumerate(tables, 1)]
        versions[name] = tuple(version for version in read if version is not None)
        starts = [version.start for version in versions[name]]
        if starts != sorted(set(starts)):
            problems.append(f"{name}: put its tables in order of `from`, each with a day of its own")
    if problems:
        raise SettingsRefused(file, problems)
    return Parameters(versions)


def _read(name: str, place: int, table: Mapping[str, object], problems: list[str]) -> Version | None:
    """One table as a version; what is wrong with it is added to `problems`."""
    before = len(problems)
    where = f"{name}[{place}]"
    unknown = [named(key) for key in table if key not in _KEYS]
    problems += [f"{where}.{key}: is not a key; there are only {', '.join(_KEYS)}" for key in unknown]
    problems += [f"{where}.{key}: is missing" for key in _KEYS if key not in table]
    start, review_by, basis = table.get("from"), table.get("review_by"), table.get("basis")
    for key, day in (("from", start), ("review_by", review_by)):
        if key in table and not _is_day(day):
            problems.append(f"{where}.{key}: is not a day like 2026-01-01, without quotes and time")
    if "basis" in table and not (isinstance(basis, str) and basis.strip()):
        problems.append(f"{where}.basis: must say where the value comes from")
    try:
        value = _value(name, table.get("value"))
    except ValueError as error:
        if "value" in table:
            problems.append(f"{where}.value: {error}")
    if len(problems) > before:
        return None
    assert isinstance(start, date)
    assert isinstance(review_by, date)
    if review_by <= start:
        problems.append(f"{where}.review_by: must lie after `from`")
        return None
    return Version(name, start, value, str(basis), review_by)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _value(name: str, value: object) -> Value:
    match _KINDS[name], value:
        case "count", int() if _is_count(value):
            return value
        case "counts", list() if value and all(_is_count(item) for item in value):
            return tuple(value)
        case "amount", str():
            return _amount(value)
        case "percentage", str():
            if _amount(value) > 100_00:
                raise ValueError(f"{shown(value)} is above 100,00 percent")
            return value
    raise ValueError(
        {
            "count": "is not a whole number above zero",
            "counts": "is not a list of whole numbers above zero, like [8, 4, 2]",
            "amount": 'is not an amount between quotes, like "1.401,50"',
            "percentage": 'is not a percentage between quotes, like "5,00"',
        }[_KINDS[name]]
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _amount(value: str) -> int:
    try:
        return parse_amount(value)
    except ValueError as error:
        raise ValueError(f"{shown(value)} {error}") from None
