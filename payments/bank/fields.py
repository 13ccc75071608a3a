"""One element of a bank's message and what its text means: amounts, numbers, references, read strictly."""

import re
from enum import StrEnum

from payments.problems import Problem

_SHOWN = 100
_WRAPPED = re.compile(r"[ \t]*[\r\n]\s*")
_DECIMAL = re.compile(r"\+?(?=\.?\d)(\d*)(?:\.(\d*))?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_NUMBER = re.compile(r"\+?0*(\d*)(?:\.0*)?", re.ASCII)
_LONGEST_NUMBER = 100
MOST_COUNTED = 999_999_999
MOST_DIGITS = 18  # of the type Number of the standard


class Wrong(Exception):
    """One element says something that cannot be accepted; the reader adds which entry it stands in."""

    def __init__(self, line: int, path: str, value: str | None, what: str) -> None:
        self.line, self.path, self.value, self.what = line, path, value, what
        super().__init__(what)

    def problem(self, file: str, where: str) -> Problem:
        """The same as a problem of a file, `where` being the path of the surrounding part."""
        return Problem(file, self.line or None, f"{where}/{self.path}" if self.path else where, self.value, self.what)


class Faults:
    """Problems or warnings in the order of the file, the first hundred: a broken export has one on every line."""

    def __init__(self, file: str) -> None:
        self.found: list[Problem] = []
        self._file, self._left_out = file, 0

    def add(self, problem: Problem) -> None:
        """Note one more."""
        if len(self.found) < _SHOWN:
            self.found.append(problem)
        else:
            self._left_out += 1

    def told(self) -> tuple[Problem, ...]:
        """What there is to tell, with a count of the rest."""
        rest = Problem(self._file, None, None, None, f"and {self._left_out} more of these")
        return (*self.found, rest) if self._left_out else tuple(self.found)


class Element:
    """One element of a part, without its namespace; asking for one child where two stand is an error, not a choice."""

    __slots__ = ("children", "currency", "line", "name", "parent", "raw")

    def __init__(self, name: str, line: int, currency: str | None = None) -> None:
        self.name, self.line, self.currency = name, line, currency
        self.raw = ""
        self.children: list[Element] = []
        self.parent: Element | None = None  # only of a part that is handed out from inside another

    @property
    def text(self) -> str:
        """The text without its surrounding space; a line break inside (a wrapped file) counts as one space."""
        text = self.raw.strip(" \t\r\n")
        return _WRAPPED.sub(" ", text) if "\n" in text else text

    @property
    def empty(self) -> bool:
        """Whether it stands there and says nothing: as good as absent wherever it may be absent."""
        return not self.text and all(child.empty for child in self.children)

    def all(self, name: str) -> "list[Element]":
        """Every child of that name, in the order of the file."""
        return [child for child in self.children if child.name == name]

    def find(self, *path: str) -> "Element | None":
        """The element at the end of the path, or None; refuses an element that stands twice on the way."""
        here = self
        for name in path:
            found = None
            for child in here.children:
                if child.name == name:
                    if found is not None:
                        place = "/".join(path[: path.index(name) + 1])
                        raise Wrong(child.line, place, None, "stands here twice: once is allowed")
                    found = child
            if found is None:
                return None
            here = found
        return here

    def said(self, *path: str) -> "Element | None":
        """The element at the end of the path; None when it is absent or empty."""
        found = self.find(*path)
        return None if found is None or found.empty else found

    def need(self, *path: str) -> "Element":
        """The element at the end of the path, which must be there and say something."""
        found = self.find(*path)
        if found is None:
            raise Wrong(self.line, "/".join(path), None, "is missing")
        if found.empty:
            raise Wrong(found.line, "/".join(path), None, "is empty")
        return found

    def get(self, *path: str) -> str | None:
        """The text at the end of the path; None when it is absent or empty."""
        found = self.find(*path)
        return (found.text or None) if found is not None else None

    def choice(self, *path: str) -> str | None:
        """The text of a code, whether it stands as `Cd`, as `Prtry` or, in older versions, bare."""
        found = self.find(*path)
        if found is None:
            return None
        return found.get("Cd") or found.get("Prtry") or found.text or None


class Direction(StrEnum):
    """Which way the money goes, seen from the account of the statement."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"

    @property
    def sign(self) -> int:
        """What the balance does with the amount: plus or minus one."""
        return 1 if self is Direction.CREDIT else -1


def direction(element: Element) -> Direction:
    """CdtDbtInd of a part that must have one."""
    found = element.need("CdtDbtInd")
    try:
        return Direction(found.text)
    except ValueError:
        raise Wrong(found.line, "CdtDbtInd", found.text, "is neither CRDT nor DBIT") from None


def cents(element: Element) -> int:
    """The amount in hundredths, exactly as written; digits beyond the cent may only be zeros."""
    whole, fraction = _digits(element)
    if fraction[2:].strip("0"):
        raise Wrong(element.line, element.name, element.text, "has a part of a cent")
    return int(whole + fraction[:2].ljust(2, "0"))


def stated_cents(element: Element) -> int | None:
    """The amount of a detail; None for a foreign amount that whole hundredths cannot hold (dinars have three)."""
    _, fraction = _digits(element)
    if fraction[2:].strip("0") and element.currency != "EUR":
        return None
    return cents(element)


def _digits(element: Element) -> tuple[str, str]:
    match = _DECIMAL.fullmatch(element.text)
    if match is None:
        raise Wrong(element.line, element.name, element.text, "is not an amount like 1331.43 (point, no sign, digits)")
    whole, fraction = match[1].lstrip("0"), match[2] or ""
    if len(whole) > 15 or len(fraction) > 10:
        raise Wrong(element.line, element.name, element.text, "has more digits than an amount of money has")
    return whole, fraction


def currency(element: Element) -> str:
    """The Ccy of an amount, which must be three capitals: without it an amount means nothing."""
    if element.currency is None or not _CURRENCY.fullmatch(element.currency):
        raise Wrong(element.line, element.name, element.currency, "needs a currency like EUR (attribute Ccy)")
    return element.currency


def count(element: Element, *path: str) -> int | None:
    """How many of something, at the end of the path, if there is one; leading zeros are allowed."""
    number = sequence_number(element, *path)
    if number is not None and number > MOST_COUNTED:
        found = element.need(*path)
        raise Wrong(found.line, "/".join(path), found.text, f"is more than any bank counts, {MOST_COUNTED}")
    return number


def sequence_number(element: Element, *path: str) -> int | None:
    """A whole number at the end of the path, if there is one: at most 18 digits, not counting leading zeros."""
    found = element.said(*path)
    if found is None:
        return None
    match = _NUMBER.fullmatch(found.text) if len(found.text) <= _LONGEST_NUMBER else None
    if match is None or not any(character.isdigit() for character in found.text):
        raise Wrong(found.line, "/".join(path), found.text, "is not a whole number")
    if len(match[1]) > MOST_DIGITS:
        raise Wrong(found.line, "/".join(path), found.text, f"is not a whole number of at most {MOST_DIGITS} digits")
    return int(match[1] or "0")


def yes_or_no(element: Element, *path: str) -> bool | None:
    """An indicator at the end of the path, if there is one."""
    found = element.said(*path)
    if found is None:
        return None
    if found.text not in {"true", "false", "1", "0"}:
        raise Wrong(found.line, "/".join(path), found.text, "is neither true nor false")
    return found.text in {"true", "1"}


def reference(element: Element, *path: str) -> str | None:
    """A reference at the end of the path; the bank's own word for "there was none" is None."""
    text = element.get(*path)
    if text is None or text.upper().replace(" ", "") == "NOTPROVIDED":
        return None
    return text
