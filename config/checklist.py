"""The self-reliance checklist in its dated versions, checked whole at the start."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeGuard

from config.settings import SettingsRefused, read_toml
from config.values import NotConfigured, named
from payments.dossier.checklist import (
    JUDGED_BY_SYSTEM,
    MAX_SCORE,
    PROOF,
    Chapter,
    Checklist,
    ChecklistItem,
    ChecklistPart,
)
from payments.problems import shown

_KEYS = ("version", "from", "basis", "review_by", "pass_percent", "never_zero", "proof_months", "item")
_ITEM_KEYS = ("code", "part", "chapter", "text")
_OPTIONAL_ITEM_KEYS = ("scores", "free")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Checklists:
    """All versions of the checklist, oldest first."""

    versions: tuple[Checklist, ...]

    def in_force(self, on: date) -> Checklist:
        """The version that holds on a day; NotConfigured before the first one."""
        started = [checklist for checklist in self.versions if checklist.start <= on]
        if not started:
            raise NotConfigured(f"there is no checklist on {on}: the first one starts on {self.versions[0].start}")
        return started[-1]

    def version(self, name: str) -> Checklist:
        """The version that an assessment remembers; LookupError where the configuration has lost it."""
        for checklist in self.versions:
            if checklist.version == name:
                return checklist
        raise LookupError(f"there is no checklist version {shown(name)}: put it back, assessments were made with it")

    def outdated(self, on: date) -> list[Checklist]:
        """The version in force, if it should have been reviewed before this day: a warning, never a stop."""
        started = [checklist for checklist in self.versions if checklist.start <= on]
        return [checklist for checklist in started[-1:] if checklist.review_by < on]


def load_checklists(path: Path | None = None) -> Checklists:
    """Read and check the checklist; without a path the one that comes with the program."""
    file, raw = read_toml(path, "checklist.toml")
    strange = [name for name in raw if name != "checklist"]
    problems = [f"{named(name)}: does not belong here; there is only [[checklist]]" for name in strange]
    tables = raw.get("checklist")
    versions: list[Checklist] = []
    if not _is_tables(tables):
        problems.append(f"checklist: is missing; add a table [[checklist]] with {', '.join(_KEYS)}")
    else:
        read = [
            _ChecklistReading(f"checklist[{place}]", table, problems).read() for place, table in enumerate(tables, 1)
        ]
        versions = [checklist for checklist in read if checklist is not None]
    starts = [checklist.start for checklist in versions]
    if starts != sorted(set(starts)):
        problems.append("checklist: put its tables in order of `from`, each with a day of its own")
    if len({checklist.version for checklist in versions}) < len(versions):
        problems.append("checklist: give each table a `version` of its own")
    if problems:
        raise SettingsRefused(file, problems)
    return Checklists(tuple(versions))


class _ChecklistReading:
    """One [[checklist]] under reading; what is wrong with it is added to the problems of the file."""

    def __init__(self, where: str, table: Mapping[str, object], problems: list[str]) -> None:
        self._where = where
        self._table = table
        self._problems = problems

    def read(self) -> Checklist | None:
        """The version, or None when anything of it was wrong."""
        before = len(self._problems)
        self._keys(self._where, self._table, _KEYS, ())
        version = self._named(self._table, self._where, "version", _NAME, "a name like 2026-01")
        start, review_by = self._day("from"), self._day("review_by")
        basis = self._filled(self._table, self._where, "basis")
        items = self._items()
        percent, months = self._count("pass_percent", 100), self._count("proof_months", 12)
        never_zero = self._never_zero([item.code for item in items if item.part is ChecklistPart.BEHAVIOUR])
        if start is not None and review_by is not None and review_by <= start:
            self._wrong(f"{self._where}.review_by", "must lie after `from`")
        if len(self._problems) > before:
            return None
        assert start is not None
        assert review_by is not None
        return Checklist(version, start, basis, review_by, tuple(items), percent, never_zero, months)

    def _wrong(self, where: str, what: str) -> None:
        self._problems.append(f"{where}: {what}")

    def _keys(self, where: str, table: Mapping[str, object], required: Sequence[str], optional: Sequence[str]) -> None:
        known = (*required, *optional)
        for key in (key for key in table if key not in known):
            self._wrong(f"{where}.{named(key)}", f"is not a key; there are only {', '.join(known)}")
        for key in (key for key in required if key not in table):
            self._wrong(f"{where}.{key}", "is missing")

    def _day(self, key: str) -> date | None:
        value = self._table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if key in self._table:
            self._wrong(f"{self._where}.{key}", "is not a day like 2026-01-01, without quotes and time")
        return None

    def _count(self, key: str, most: int) -> int:
        value = self._table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        if key in self._table:
            self._wrong(f"{self._where}.{key}", f"is not a whole number from 1 to {most}")
        return 0

    def _filled(self, table: Mapping[str, object], where: str, key: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if key in table:
            self._wrong(f"{where}.{key}", "must be a text that is not empty")
        return ""

    def _named(self, table: Mapping[str, object], where: str, key: str, pattern: re.Pattern[str], expected: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        if key in table:
            self._wrong(f"{where}.{key}", f"is not {expected}")
        return ""

    def _never_zero(self, behaviour: Sequence[str]) -> tuple[str, ...]:
        value = self._table.get("never_zero")
        if isinstance(value, list) and all(code in behaviour for code in value) and len(set(value)) == len(value):
            return tuple(value)
        if "never_zero" in self._table:
            self._wrong(f"{self._where}.never_zero", "is not a list of codes of part B, each once")
        return ()

    def _items(self) -> list[ChecklistItem]:
        tables = self._table.get("item")
        if not _is_tables(tables):
            if "item" in self._table:
                self._wrong(f"{self._where}.item", "must be tables [[checklist.item]]")
            return []
        before = len(self._problems)
        items = [self._item(f"{self._where}.item[{place}]", table) for place, table in enumerate(tables, 1)]
        codes = [item.code for item in items if item.code]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self._wrong(f"{self._where}.item", f"{code} stands twice")
        if len(self._problems) == before:
            basics = {item.code for item in items if item.part is ChecklistPart.BASICS}
            for code in sorted(JUDGED_BY_SYSTEM - basics):
                self._wrong(f"{self._where}.item", f"{code} must stand in part A: the books judge it too")
            if len(basics) == len(items):
                self._wrong(f"{self._where}.item", "has nothing in part B")
        return items

    def _item(self, where: str, table: Mapping[str, object]) -> ChecklistItem:
        """An item; where something is wrong with it a stand-in, which never leaves the reader."""
        self._keys(where, table, _ITEM_KEYS, _OPTIONAL_ITEM_KEYS)
        code = self._named(table, where, "code", _CODE, "a code of small letters, digits and _")
        if code == PROOF:
            self._wrong(f"{where}.code", f"{PROOF} is the code of part C: take another")
        part = table.get("part")
        if "part" in table and part not in list(ChecklistPart):
            self._wrong(f"{where}.part", 'is not "A" or "B"')
        chapter = table.get("chapter")
        if "chapter" in table and chapter not in list(Chapter):
            self._wrong(f"{where}.chapter", f"is not one of {', '.join(Chapter)}")
        free = table.get("free", False)
        if not isinstance(free, bool):
            self._wrong(f"{where}.free", "is not true or false")
        return ChecklistItem(
            code=code,
            part=next((known for known in ChecklistPart if known == part), ChecklistPart.BASICS),
            chapter=next((known for known in Chapter if known == chapter), Chapter.SELF_RELIANT),
            text=self._filled(table, where, "text"),
            scores=self._scores(where, table),
            free=free is True,
        )

    def _scores(self, where: str, table: Mapping[str, object]) -> tuple[str, ...]:
        scores, part = table.get("scores"), table.get("part")
        if part == ChecklistPart.BASICS and "scores" in table:
            self._wrong(f"{where}.scores", "does not belong to part A, which is met or not")
        if part != ChecklistPart.BEHAVIOUR:
            return ()
        if isinstance(scores, list) and len(scores) == MAX_SCORE + 1 and all(_is_filled(score) for score in scores):
            return tuple(scores)
        self._wrong(f"{where}.scores", "must have three texts: what 0, 1 and 2 mean")
        return ()


def _is_tables(value: object) -> TypeGuard[list[dict[str, object]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(table, dict) for table in value)


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
