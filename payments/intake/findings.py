"""What a reader finds wrong while it goes through a file, gathered into one refusal."""

from payments.problems import InputRefused, Problem

MAX_LISTED = 10_000  # a file of rubbish has a problem on every line: more than this helps nobody and fills the memory


class Findings:
    """The problems of one file so far: one for each cell, and no value from a column about a person."""

    def __init__(self, file: str, private: frozenset[str] = frozenset()) -> None:
        self.file = file
        self._private = private
        self._problems: list[Problem] = []
        self._cells: set[tuple[int, str]] = set()
        self._unlisted = 0

    def __bool__(self) -> bool:
        return bool(self._problems)

    def add(self, line: int | None, column: str | None, value: str | None, what: str) -> None:
        """Note a problem; a second one for the same cell follows from the first and is left out."""
        if line is not None and column is not None:
            if (line, column) in self._cells:
                return
            if len(self._cells) < MAX_LISTED:
                self._cells.add((line, column))
        if len(self._problems) == MAX_LISTED:
            self._unlisted += 1
            return
        if column in self._private and value is not None:
            value, what = None, f"{what} (the value is personal and not shown)"
        self._problems.append(Problem(self.file, line, column, value, what))

    def refuse(self) -> None:
        """Refuse the file with all its problems in the order of its lines, if there are any."""
        if not self._problems:
            return
        problems = sorted(self._problems, key=lambda problem: problem.line or 0)
        if self._unlisted:
            more = f"{self._unlisted} more problems are not listed: correct these first and read the file again"
            problems.append(Problem(self.file, None, None, None, more))
        raise InputRefused(problems)
