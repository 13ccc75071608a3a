"""A whole month, from new books to a closed month, killed by seed at any point and started again.

    python tests/campaigns/run.py crash --database sqlite --attempts 10000 --seed 1

A process is started at a random command of the month and killed: at a random point (see `forked.Points`), or at a
random moment from outside; sometimes the command is started again and killed again. Then it is simply given once more,
and every row of every table and every byte of every file, the bank's own included, must be as after the undisturbed
command: from there on the month is the same month. One kill in so many does the whole month again all the same.

Beside it the same commands fail instead of dying: a full, a read-only and a broken disk at every step of writing a
file, and a database that may not grow. That must be said in words, leave nothing half, and be over when it is over.
"""

import errno
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from support.forked import FileFails, fork
from support.kept_month import Month
from support.story import Said

WHOLE_MONTH_EVERY = 100  # kills, of which one is followed by the whole month from its first command
TWICE = 3  # one kill in so many is followed by a second one, during the recovery
FROM_OUTSIDE = 4  # one kill in so many comes at a moment instead of at a point
PROBLEMS = (errno.ENOSPC, errno.EROFS, errno.EIO)
BETWEEN = ("fake-bank",)  # the bank's own program: it may be killed, but its disk is not ours
_INSIDES = re.compile(r"Traceback|Internal error|File \"")


@dataclass
class Tally:
    """What a share of a campaign did and found."""

    attempts: int = 0
    failures: list[str] = field(default_factory=list)
    details: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take another share in."""
        self.attempts += other.attempts
        self.failures += other.failures
        self.details += other.details


def kills(month: Month, seed: str, many: int) -> Tally:
    """Kill the month so many times by seed."""
    chance, tally = random.Random(seed), Tally()
    while tally.attempts < many:
        number = chance.randrange(len(month.steps))
        month.back_to(number)
        how = _kill(month, number, chance, tally)
        if how is None:
            continue  # the command was done before the moment came
        tally.attempts += 1
        if chance.randrange(TWICE) == 0:
            again = _kill(month, number, chance, tally, second=True)
            how = f"{how}, then {again or 'not again'}"
            tally.details["killed twice"] += again is not None
        found = month.after_a_kill(number)
        if not found and chance.randrange(WHOLE_MONTH_EVERY) == 0:
            tally.details["whole month again"] += 1
            found = month.again(number + 1)
            month.back_to(len(month.steps))
            found = found or month.again()
        tally.failures += [f"{month.steps[number]} killed {how}: {what}" for what in found[:3]]
    return tally


def _kill(month: Month, number: int, chance: random.Random, tally: Tally, *, second: bool = False) -> str | None:
    step = month.steps[number]
    if chance.randrange(FROM_OUTSIDE) == 0:
        seconds = chance.uniform(0, 1.2 * step.seconds + 0.01)
        killed, how = month.killed_from_outside(number, seconds), f"after {seconds:.4f} s"
    else:
        point = chance.randint(1, step.points)
        killed, how = month.killed(number, point), f"at point {point}"
        assert killed or second, f"{step} has no point {point}"
    if not killed:
        return None
    tally.details["from outside" if how.startswith("after") else "at a point"] += 1
    return how


def disk_failures(month: Month, seed: str, many: int) -> Tally:
    """Let the disk fail so many times by seed: while files are written, and while the database grows."""
    chance, tally = random.Random(seed), Tally()
    places = disk_places(month)
    for place in chance.sample(places, many) if many < len(places) else places:
        tally.add(disk_failure(month, *place))
    return tally


def disk_places(month: Month) -> list[tuple[int, int, int]]:
    """Every (command, step of writing, errno), and every (command, pages of room, 0) that can matter."""
    ours = [n for n, step in enumerate(month.steps) if not step.words[0].startswith(BETWEEN)]
    of_files = [(n, at, e) for n in ours for at in range(1, month.steps[n].writes + 1) for e in PROBLEMS]
    return of_files + [(n, room, 0) for n in ours for room in range(month.growth(n))]


def disk_failure(month: Month, number: int, at: int, problem: int) -> Tally:
    """One command on a disk that fails, and the same command when it works again."""
    month.back_to(number)
    step = month.steps[number]

    def act() -> Said:
        if problem:
            FileFails(at, problem).watch(files_only=True)
        else:
            _no_more_room(at)
        return month.tell(step)

    said: Said = fork(act).answer()
    if said.code == 0:  # this command needed no more than there was
        return Tally()
    kind = f"{errno.errorcode[problem]} while writing" if problem else "database full"
    found = _clean_refusal(month, number, said) or month.after_a_kill(number)
    where = f"{step}, {kind} at {at}"
    return Tally(1, [f"{where}: {what}" for what in found[:3]], Counter({kind: 1}))


def _clean_refusal(month: Month, number: int, said: Said) -> list[str]:
    """What is wrong with how a command failed: its answer, or a file that is half there."""
    found = []
    if said.code != 1 or not said.err.strip() or _INSIDES.search(said.err + said.out):
        found.append(f"exit {said.code}: {said.err[:200]}")
    before, after = month.states[number].files, month.states[number + 1].files
    for name, content in month.state().files.items():
        if content not in (before.get(name), after.get(name)):
            found.append(f"half a file: {name}")
    return found


def _no_more_room(pages: int) -> None:
    """From here on in this process, a SQLite database may grow by so many pages and no more."""

    def limit(connection: Any, _record: object) -> None:
        (now,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {max(1, now + pages)}")

    event.listen(Engine, "connect", limit)


Share = Callable[[Month, str, int], Tally]
