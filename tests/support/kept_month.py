"""A whole month, from new books to a closed month, that can be brought back to the moment before each of its commands.

Books and files are kept as they were before every command, so that a command can be killed, raced or starved there and
what comes of it can be held against every row and every byte of the undisturbed month.
"""

import gc
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from sqlalchemy import inspect

from ledgers.checks import self_check
from ledgers.database import reading
from payments.money import format_plain
from support.forked import Points, fork, kill_this_process
from support.kept_books import Books, Rows
from support.story import Office, Said, ordinary_month
from support.warm import open_warm, warm_commands

FOLDERS = ("bank", "answers", "lists")  # where commands write


@dataclass(frozen=True)
class State:
    """Every row of the books and every byte of every file beside them."""

    rows: Rows
    files: dict[str, bytes]

    def differences(self, found: "State") -> list[str]:
        """What is lost, double or different in what was found, by table and file."""
        said = []
        for table in sorted(self.rows | found.rows):
            here, there = Counter(self.rows.get(table, ())), Counter(found.rows.get(table, ()))
            said += [f"lost from {table}: {row[:200]}" for row in here - there]
            said += [f"double in {table}: {row[:200]}" for row in there - here]
        for name in sorted(self.files | found.files):
            if self.files.get(name) != found.files.get(name):
                kind = "lost" if name not in found.files else "double" if name not in self.files else "different"
                said.append(f"{kind}: file {name}")
        return said


def _written() -> list[str]:
    return sorted(str(path) for folder in FOLDERS for path in Path(folder).rglob("*") if path.is_file())


def two_gemeenten(config: Path) -> Path:
    """The example without the gemeente that has no clients in this story: it would only repeat the others' steps."""
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    start, end = example.index("[gemeenten.aa-en-hunze]"), example.index("[gemeenten.tynaarlo]")
    config.write_text(example[:start] + example[end:], encoding="utf-8")
    return config


@dataclass(frozen=True)
class Step:
    """One command of the month: who typed it, when, and how long it takes undisturbed."""

    who: str
    words: tuple[str, ...]
    today: str
    seconds: float = 0.0
    points: int = 0
    writes: int = 0

    def __str__(self) -> str:
        return " ".join(self.words[:3])


@dataclass
class Month(Office):
    """An office that keeps books and files as they were before each command, and can go back there.

    Everything lies in the working folder and is named from there, so that a worker has all of it in its own.
    """

    books: Books = field(kw_only=True)
    steps: list[Step] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    twice: list[State] = field(default_factory=list)  # what each command leaves when it is given a second time
    ends: list[State] = field(default_factory=list)  # the month done once, and done again from its first command
    sound: set[str] = field(default_factory=set)

    def __call__(self, who: str, *words: str) -> Said:
        if "--json" in words:
            return super().__call__(who, *words)
        self.books.keep(str(len(self.steps)))
        self.states.append(self.state())
        start = time.monotonic()
        said = super().__call__(who, *words)
        self.steps.append(Step(who, words, self.today, time.monotonic() - start))
        return said

    def tell(self, step: Step) -> Said:
        """Give a command, as it was given before."""
        self.today = step.today
        return Office.__call__(self, step.who, *step.words)

    def state(self) -> State:
        """What there is now."""
        return State(self.books.rows(), {name: Path(name).read_bytes() for name in _written()})

    def back_to(self, number: int) -> None:
        """Bring books and files to the moment before a command."""
        self.books.restore(str(number))
        for folder in FOLDERS:
            shutil.rmtree(folder, ignore_errors=True)
        for name, content in self.states[number].files.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_bytes(content)

    def violations(self) -> list[str]:
        """What the check of all books says of them as they are left."""
        with reading(open_warm(self.url)) as connection:
            return self_check.full_check(connection) if inspect(connection).has_table("books") else []

    def growth(self, number: int) -> int:
        """By how many pages a command lets the database grow, where that can be known."""
        return self.books.pages(str(number + 1)) - self.books.pages(str(number))

    def again(self, first: int = 0) -> list[str]:
        """Give all commands once more, from `first`; what was done already must say so with exit code 0."""
        for step in self.steps[first:]:
            said = self.tell(step)
            if said.code:
                return [f"again: {step}: exit {said.code}: {said.err[:200]}"]
        found = self.state()
        return [] if found in self.ends else self.states[-1].differences(found)

    def unlike(self, number: int) -> list[str]:
        """What is lost, double or different from how the command leaves things; given twice, a list says so."""
        found = self.state()
        return [] if found == self.twice[number] else self.states[number + 1].differences(found)

    def killed(self, number: int, point: int, *, reads: bool = True) -> bool:
        """Start a command and kill it at its n-th point; False when it ended before that."""

        def act() -> int:
            Points(kill_this_process, point, reads=reads).watch()
            return self.tell(self.steps[number]).code

        return fork(act).answer() is None

    def killed_from_outside(self, number: int, seconds: float) -> bool:
        """Start a command and kill it after so many seconds; False when it ended before that."""
        process = fork(lambda: self.tell(self.steps[number]).code)
        process.kill_after(seconds)
        return process.answer() is None

    def after_a_kill(self, number: int) -> list[str]:
        """What is wrong: with the books as the kill left them, with the restart, or with what that comes to."""
        left = self.books.rows()
        key = repr(sorted(left.items()))
        if key not in self.sound:
            if found := self.violations():
                return [f"left: {violation}" for violation in found]
            self.sound.add(key)
        said = self.tell(self.steps[number])
        if said.code:
            return [f"restart: exit {said.code}: {said.err[:200]}"]
        return self.unlike(number)


def a_month(books: Books, folder: Path) -> Month:
    """Do the month once, undisturbed, in the working folder, and count the points of each of its commands."""
    month = Month(books.url, Path("input"), config=two_gemeenten(folder / "two.toml"), books=books)
    Path("input").mkdir()
    month.do("chef", "init")
    ordinary_month(month.hire())
    month.do("bram", "run", "2026-11")
    month.do("carla", "cancel", "ASSEN-202611-01-001", "--why", "eerst nakijken")
    month.do("rosa", "paid-otherwise", "VL-1", "2026-11", "--by", "client", "--why", "kwitantie gezien")
    month.do("rosa", "obligation", "none", "0010002", "energie", "--why", "inbegrepen in de huur")
    month.do("bram", "run", "2026-11")
    _to_the_bank_and_back(month, "--rejects", "1", "--returns", "1")
    for item in month.do("bram", "--json", "exceptions").document:
        way = "resubmit" if item["kind"] == "rejected" else "refund_to_client"
        month.do("bram", "resolve", item["id"], "--as-what", way, "--why", "schuldeiser gebeld")
    month.do("bram", "creditor", "confirm", "WONEN", "STROOM", "ZORG", "--how", "nogmaals teruggebeld")
    month.do("bram", "run", "2026-11", "--execution-date", "2026-12-09")
    _to_the_bank_and_back(month)
    month.today = "2026-12-14"
    month.do("dirk", "hold", "0010002", "--why", "machtiging wordt nagekeken")
    month.do("rosa", "handover", "VL-1", "--first-own-month", "2027-01", "--method", "incasso")
    month.do("rosa", "end", "propose", "0020001", "--date", "2026-12-31", "--reason", "moved", "--why", "verhuist")
    month.do("dirk", "end", "confirm", "0020001")
    month.do("bram", "export", "remainders", "2026-11", "--out", "lists/remainders.csv")
    month.do("bram", "close", "2026-11")
    books.keep(str(len(month.steps)))
    month.states.append(month.state())
    for number, step in enumerate(month.steps):
        month.back_to(number)
        points, writes = _counted(month, number)
        month.steps[number] = replace(step, points=points, writes=writes)
        assert month.tell(step).code == 0, f"{step} again"
        month.twice.append(month.state())
        assert month.twice[number].rows == month.states[number + 1].rows, f"{step} again"
    month.ends.append(month.states[-1])
    month.back_to(len(month.steps))
    for step in month.steps:
        assert month.tell(step).code == 0, f"{step} at the end"
    month.ends.append(month.state())
    assert month.ends[0].rows == month.ends[1].rows, "the month done again has changed its books"
    gc.collect()
    gc.freeze()  # or every forked process would copy and search all that was ever imported
    return month


def _counted(month: Month, number: int) -> tuple[int, int]:
    def act() -> tuple[int, int]:
        points = Points(lambda: None).watch()
        assert month.tell(month.steps[number]).code == 0
        return points.passed, points.written

    found: tuple[int, int] = fork(act).answer()
    return found


def _to_the_bank_and_back(month: Month, *events: str) -> None:
    """Approve and release what waits, let the bank answer it and read the answers."""
    known, answered = {*Path("bank").glob("*.xml")}, {*Path("answers").glob("*.xml")}
    for file in month.files():
        if file["state"] == "generated":
            month.do("carla", "approve", file["file_id"], "--total", format_plain(file["control_sum_cents"]))
            month.do("bram", "release", file["file_id"], "--out", "bank")
    new = sorted(map(str, {*Path("bank").glob("*.xml")} - known))
    month.today = "2026-12-03" if events else "2026-12-13"
    month.do("bram", "fake-bank", *new, "--out", "answers", "--seed", "1", *events)
    month.do("bram", "reconcile", *sorted(map(str, {*Path("answers").glob("*.xml")} - answered)))


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work in a folder for a while, with warm commands."""
    before = Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        with warm_commands():
            yield
    finally:
        os.chdir(before)
