"""How the product says no: one tree of refusals, and what is wrong with an input file, every problem at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import ClassVar

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


class ExitCode(IntEnum):
    """How a command ends, as the contract has it; a page says the same with a status of its own."""

    DONE = 0
    REFUSED = 1  # by a rule: four eyes, no ground, not allowed
    USAGE = 2
    INVALID = 3  # an input file; nothing of it is stored
    CONFLICT = 4  # done before, differently
    PROOF_FAILED = 5
    INTERNAL = 70


class Refusal(Exception):
    """Everything that the product says no with; its text says why, and the way out.

    Each kind says what it is called in an answer for a program (`code`) and how a command ends with it (`exit_code`).
    None ever holds a name, an IBAN of a client or other personal data.
    """

    code: ClassVar[str] = "refused"
    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return str(self)

    @property
    def details(self) -> Mapping[str, object]:
        """What an answer for a program holds beside the sentence."""
        return {}


class InputRefused(Refusal):
    """A file is invalid; nothing of it is stored."""

    code = "invalid_input"
    exit_code = ExitCode.INVALID

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s) in {self.problems[0].file}")

    @property
    def sentence(self) -> str:
        """Every problem, one a line."""
        count = len(self.problems)
        return "\n".join([f"{count} problem(s); nothing is stored:", *(f"  {problem}" for problem in self.problems)])

    @property
    def details(self) -> Mapping[str, object]:
        """Every problem with its place."""
        return {"problems": [asdict(problem) for problem in self.problems]}


def refusal(file: str, what: str) -> InputRefused:
    """The refusal of a file that cannot be read at all."""
    return InputRefused([Problem(file, None, None, None, what)])


def shown(value: str) -> str:
    """Quote a value for a message: control characters escaped, cut at sixty characters with its length said."""
    quoted = value[:SHOWN_CHARACTERS].encode("unicode_escape").decode("ascii") if not value.isprintable() else value
    if len(value) > SHOWN_CHARACTERS:
        return f"'{quoted[:SHOWN_CHARACTERS]}...' ({len(value)} characters)"
    return f"'{quoted}'"
