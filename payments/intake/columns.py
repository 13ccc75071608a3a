"""The columns of an input file, each read by one rule, and the rules that several files share."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from payments.intake.text_table import TableFormat, survey_table
from payments.references import iban_problem
from payments.single_payment import name_problem

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_CODE = re.compile(r"(?![=+@])(?:(?![;,\"'])[!-~]){1,35}")


class Columns:
    """One file under reading: its columns as values, None where a cell is absent or wrong, and all that is wrong."""

    def __init__(
        self, content: bytes, file: str, shape: TableFormat, *, encoding: str, names: Mapping[str, str], max_bytes: int
    ) -> None:
        self._table, self._findings = survey_table(
            content, file, shape, encoding=encoding, names=names, max_bytes=max_bytes
        )

    @property
    def line_numbers(self) -> Sequence[int]:
        """The line of the file that each row stands on."""
        return self._table.lines

    def required(self, name: str, parse: Callable[[str], T]) -> list[T | None]:
        """Read a column in which every cell must be filled."""

        def filled(cell: str) -> T:
            if not cell:
                raise ValueError("is empty: this field is required")
            return parse(cell)

        return self._read(name, filled)

    def optional(self, name: str, parse: Callable[[str], T], default: T | None = None) -> list[T | None]:
        """Read a column in which an empty cell stands for the default."""
        return self._read(name, lambda cell: parse(cell) if cell else default)

    def _read(self, name: str, parse: Callable[[str], T | None]) -> list[T | None]:
        # Each different text is judged once: a column of a hundred thousand lines often holds a handful.
        if name not in self._table.columns:
            return [None] * len(self._table.lines)
        cells = self._table.columns[name]
        values: dict[str, T | None] = {}
        wrong: dict[str, str] = {}
        for cell in set(cells):
            try:
                values[cell] = parse(cell)
            except ValueError as why:
                values[cell] = None
                wrong[cell] = str(why)
        if wrong:
            self.check(name, (wrong.get(cell) for cell in cells))
        return [values[cell] for cell in cells]

    def check(self, name: str, problems: Iterable[str | None]) -> None:
        """Note what a rule says of each row, None where it has nothing to say, at the cell of this column."""
        for row, what in enumerate(problems):
            if what is not None:
                value = self._table.columns[name][row] if name in self._table.columns else None
                self._findings.add(self._table.lines[row], name, value or None, what)

    def unique(self, name: str, keys: list[T | None], what: str = "stands already") -> None:
        """Note each key that an earlier row has too, with both lines."""
        present = [key for key in keys if key is not None]
        if len(set(present)) == len(present):
            return
        first_line: dict[T, int] = {}

        def problem(key: T | None, line: int) -> str | None:
            if key is None or (first := first_line.setdefault(key, line)) == line:
                return None
            return f"{what} on line {first}: keep one of the two"

        self.check(name, (problem(key, line) for key, line in zip(keys, self._table.lines, strict=True)))

    def accept(self) -> None:
        """Refuse the file if anything was wrong with it."""
        self._findings.refuse()


def complete(column: list[T | None]) -> list[T]:
    """A required column of an accepted file: nothing in it is None any more."""
    return [value for value in column if value is not None]


def code(text: str) -> str:
    """Accept a code of a register; ValueError says what is allowed."""
    if not _CODE.fullmatch(text):
        raise ValueError(
            "is not a code: 1 to 35 ASCII letters, digits and signs without spaces, "
            "without ; , \" ' and not starting with = + @"
        )
    return text


def known_code(codes: Collection[str], what: str) -> Callable[[str], str]:
    """Accept only the codes that the books have."""
    known = frozenset(codes)

    def parse(text: str) -> str:
        if code(text) not in known:
            raise ValueError(f"is not a known {what}: import it first, or correct the code")
        return text

    return parse


def one_of(allowed: type[E]) -> Callable[[str], E]:
    """Accept exactly the words of an enumeration."""
    words = {word.value: word for word in allowed}

    def parse(text: str) -> E:
        if text not in words:
            raise ValueError(f"is not one of {', '.join(words)}")
        return words[text]

    return parse


def yes_no(text: str) -> bool:
    """Accept `ja` or `nee`."""
    if text not in {"ja", "nee"}:
        raise ValueError("is not one of ja, nee")
    return text == "ja"


def party_name(text: str) -> str:
    """Accept a name that a SEPA message can carry whole; it stays as written."""
    if problem := name_problem(text):
        raise ValueError(problem)
    return text


def iban(text: str) -> str:
    """Accept an IBAN that a SEPA payment can reach."""
    if problem := iban_problem(text):
        raise ValueError(problem)
    return text
