"""What is wrong with an input file: every problem at once, each with its place and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a file; `line` counts from 1 as an editor does, None where no line applies."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    what: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        if self.value is None:
            return f"{place}: {self.what}"
        return f"{place}: {shown(self.value)} {self.what}"


class InputRefused(Exception):
    """A file is invalid; nothing of it is stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s) in {self.problems[0].file}")


def shown(value: str) -> str:
    """Quote a value for a message: control characters escaped, cut at sixty characters with its length said."""
    quoted = value[:SHOWN_CHARACTERS].encode("unicode_escape").decode("ascii") if not value.isprintable() else value
    if len(value) > SHOWN_CHARACTERS:
        return f"'{quoted[:SHOWN_CHARACTERS]}...' ({len(value)} characters)"
    return f"'{quoted}'"
