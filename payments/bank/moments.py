"""Days and times as banks write them: read strictly where a rule rests on the day, told and read on where none does."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from payments.bank.fields import Element, Wrong
from payments.calendar import AMSTERDAM

Odd = list[Wrong]
"""What departs from the standard and is read all the same: the reader turns each into a warning with its place."""

_DAY = r"((?:19|20|21)\d{2}-\d{2}-\d{2})"
_DATE = re.compile(rf"{_DAY}(?:Z|[+-]\d{{2}}:\d{{2}})?", re.ASCII)
_DATETIME = re.compile(rf"{_DAY}T(\d{{2}}:\d{{2}}:\d{{2}})(?:\.\d+)?(?:(Z)|([+-])(\d{{2}}):(\d{{2}}))?", re.ASCII)
_NEARLY = re.compile(rf"{_DAY}[T ](\d{{2}}:\d{{2}})(:\d{{2}})?(?:[.,]\d+)? ?(Z|[+-]\d{{2}}:\d{{2}})?", re.ASCII)


def moment(element: Element) -> datetime:
    """A date with time; without an offset it is Amsterdam's time, 24:00:00 is the start of the next day."""
    value = _moment(element.text)
    if value is None:
        raise Wrong(element.line, element.name, element.text, "is not a moment like 2026-11-25T14:30:00")
    return value


def moment_at(element: Element, odd: Odd, *path: str, needed: bool = False) -> datetime | None:
    """The date with time at the end of the path, if there is one; refused when it is needed and no day can be read."""
    found = element.said(*path)
    if found is None:
        return None
    value = _moment(found.text)
    if value is not None:
        return value
    value = _nearly(found.text)
    place = "/".join(path)
    if value is None and needed:
        raise Wrong(found.line, place, found.text, "is not a moment like 2026-11-25T14:30:00")
    odd.append(_remark(found, place, value))
    return value


def day(element: Element | None, odd: Odd, *, needed: bool) -> date | None:
    """The date of a `Dt` or `DtTm` choice, a moment with offset being dated in Amsterdam; None when it says nothing.

    A day on which a rule rests (`needed`) is refused when it cannot be read; any other is left out and told.
    """
    if element is None or element.empty:
        return None
    found = element.said("DtTm") or element.said("Dt")
    if found is None:
        found = Element("Dt", element.line)
    value = _moment(found.text) if found.name == "DtTm" else _date(found.text)
    if value is not None:
        return value.date()
    value = _nearly(found.text)
    place = f"{element.name}/{found.name}"
    if value is None and needed:
        like = "a date like 2026-11-25" if found.name == "Dt" else "a moment like 2026-11-25T14:30:00"
        raise Wrong(found.line, place, found.text or None, f"is not {like}")
    odd.append(_remark(found, place, value))
    return value.date() if value else None


def _remark(found: Element, place: str, value: datetime | None) -> Wrong:
    what = "is left out: it is no day or time that can be read" if value is None else f"is read as {value:%Y-%m-%d}"
    return Wrong(found.line, place, found.text or None, f"is not written as the standard has it and {what}")


def _moment(text: str) -> datetime | None:
    match = _DATETIME.fullmatch(text)
    if match is None:
        return None
    day_, clock, zulu, sign, hours, minutes = match.groups()
    midnight = clock == "24:00:00"
    try:
        value = datetime.combine(date.fromisoformat(day_), time() if midnight else time.fromisoformat(clock))
        value += timedelta(days=midnight)
        if zulu is None and sign is None:
            return value.replace(tzinfo=AMSTERDAM)
        offset = timedelta() if zulu else timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        return value.replace(tzinfo=timezone(offset) if offset else UTC).astimezone(AMSTERDAM)
    except ValueError:
        return None


def _date(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    try:
        return datetime.combine(date.fromisoformat(match[1]), time(), AMSTERDAM) if match else None
    except ValueError:
        return None


def _nearly(text: str) -> datetime | None:
    """A date alone where a time belongs, a time without seconds, a time where a date belongs: the day is certain."""
    match = _NEARLY.fullmatch(text)
    if match is None:
        return _date(text)
    return _moment(f"{match[1]}T{match[2]}{match[3] or ':00'}{match[4] or ''}")
