"""A register through time: which version of a line counts for a month, and what a file with newer lines changes.

Of the versions that hold for a month the one with the latest first month counts, of the same month the one recorded
last: what was entered ahead for a month to come is not wiped by a line of today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from payments.month import Month
from payments.parties import Client, Creditor, Obligation

R = TypeVar("R", Client, Creditor, Obligation)
ALWAYS: Month = ""


@dataclass(frozen=True, slots=True)
class Version(Generic[R]):
    """One version of a line; `dated` when somebody said from which month it holds."""

    from_month: Month
    sequence: int
    record: R
    dated: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A version that a file leaves as it is though it says otherwise, because it was entered for a later month."""

    code: str
    from_month: Month
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared(Generic[R]):
    """A file against the register: new lines, changed ones each with its first month, and what is left as it was."""

    new: tuple[R, ...]
    changed: tuple[tuple[R, Month], ...]
    left: tuple[Left, ...]


def counting(versions: Sequence[Version[R]], month: Month) -> Version[R] | None:
    """The version that counts for a month."""
    holding = [version for version in versions if version.from_month <= month]
    return max(holding, key=lambda version: (version.from_month, version.sequence), default=None)


def compare(
    lines: Sequence[tuple[str, R, Month]], known: Mapping[str, Sequence[Version[R]]], *, announced: bool
) -> Compared[R]:
    """Hold the lines of a file (code, record, first month it is given for) against what is known.

    `announced`: a version that somebody dated on that very month was entered ahead, and is left too.
    """
    new, changed, left = [], [], []
    for code, record, first in lines:
        versions = known.get(code, ())
        if not versions:
            new.append(record)
            continue
        before = counting(versions, first)
        kept = announced and before is not None and before.dated and before.from_month == first != ALWAYS
        if not kept and (before is None or before.record != record):
            changed.append((record, first))
        months = {version.from_month for version in versions if version.from_month > first}
        for month in sorted(months | ({first} if kept else set())):
            standing = counting(versions, month)
            if standing is not None and standing.record != record:
                left.append(Left(code, month, _different(standing.record, record)))
    return Compared(tuple(new), tuple(changed), tuple(left))


def _different(old: R, new: R) -> tuple[str, ...]:
    return tuple(field.name for field in fields(old) if getattr(old, field.name) != getattr(new, field.name))
