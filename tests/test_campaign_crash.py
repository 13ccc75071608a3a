"""The process killed at any point and started again gives the same books and the same files, on both databases.

Every command of a whole month, from new books to a closed month, is started in a process of its own and killed at its
n-th point, for every n; then it is given once more. Without ONTZORGEN_CRASH=all the points before and after a SELECT
are left out (nothing has changed since the point before them), from books and files that are equal, row for row and
byte for byte, the command is given once, and PostgreSQL gets one point in so many.

On the same month: a small share of the campaigns of killing at random, failing disks and racing, of which
`make campaign` is the whole.
"""

import errno
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from campaigns import concurrency, crash
from support.kept_books import new_books
from support.kept_month import Month, State, a_month, working_in

from flows.delivery import outbox

pytestmark = pytest.mark.slow

ALL = os.environ.get("ONTZORGEN_CRASH") == "all"
EVERY = {"sqlite": {"init": 20}, "postgresql": {"init": 200}}  # creating tables is one transaction
EACH = {"sqlite": 1, "postgresql": 20}
SELDOM = ("staff",)  # seven times the same command: once is enough
KILLS = {"sqlite": 25, "postgresql": 6}
DISKS = {"sqlite": 25, "postgresql": 5}
RACES = {"sqlite": 5, "postgresql": 2}


@pytest.fixture(scope="module", params=KILLS)
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    place = tmp_path_factory.mktemp("campaign")
    with working_in(place / "work"):
        yield a_month(new_books(request.param, place, lambda: request.getfixturevalue("postgres_url")), place)


def database(month: Month) -> str:
    return month.url.partition(":")[0]


def test_the_month_goes_from_new_books_to_a_closed_month(month: Month) -> None:
    verbs = {step.words[0] for step in month.steps}
    assert {
        "init",
        "import",
        "creditor",
        "run",
        "approve",
        "release",
        "fake-bank",
        "reconcile",
        "resolve",
        "export",
        "end",
        "close",
    } <= verbs


def test_killed_anywhere_and_started_again_is_as_if_nothing_happened(month: Month) -> None:
    kind = database(month)
    seen: set[str] = set()
    kills = 0
    for number, step in enumerate(month.steps):
        if step.words[0] in SELDOM and step.words[0] in seen and not ALL:
            continue
        seen.add(step.words[0])
        each = 1 if ALL else EVERY[kind].get(step.words[0], EACH[kind])
        restarted: list[State] = []  # what a kill left: from the same rows and bytes comes the same
        for point in count(1, each):
            month.back_to(number)
            if not month.killed(number, point, reads=ALL):
                break
            kills += 1
            left = month.state()
            if left in restarted and not ALL:
                continue
            restarted.append(left)
            assert month.after_a_kill(number) == [], f"{step} killed at point {point}"
        assert point > 1, f"{step} was never killed"
        assert step.words[0] == "init" or len(restarted) > 1 or each > 1, f"{step}: no kill found work done"
    assert kills > len(seen)


def test_killed_at_random_once_or_twice_nothing_is_lost_double_or_different(month: Month) -> None:
    tally = crash.kills(month, "20261118", KILLS[database(month)])
    assert tally.failures == []
    assert tally.attempts == KILLS[database(month)]
    assert tally.details["at a point"] > tally.details["from outside"]


def test_a_full_or_broken_disk_is_said_in_words_and_leaves_nothing_half(month: Month) -> None:
    tally = crash.disk_failures(month, "20261118", DISKS[database(month)])
    assert tally.failures == []
    assert tally.attempts > 0


def test_commands_at_the_same_moment_end_as_if_one_came_after_the_other(month: Month) -> None:
    tally = concurrency.races(month, "20261118", RACES[database(month)])
    assert tally.failures == []


def test_the_campaign_sees_a_payment_that_is_lost_and_one_that_is_double() -> None:
    whole = State({"payments": ("(1,)", "(2,)")}, {"bank/a.xml": b"a"})
    found = State({"payments": ("(2,)", "(2,)")}, {"bank/a.xml": b"b", "bank/b.xml": b""})
    assert whole.differences(found) == [
        "lost from payments: (1,)",
        "double in payments: (2,)",
        "different: file bank/a.xml",
        "double: file bank/b.xml",
    ]


def test_the_campaign_sees_a_file_that_is_written_in_place(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_place(target: Path, content: bytes) -> None:
        with target.open("wb") as stream:
            stream.write(content)

    monkeypatch.setattr(outbox, "_write", in_place)
    number = next(n for n, step in enumerate(month.steps) if step.words[0] == "release")
    found = [what for at in range(1, 5) for what in crash.disk_failure(month, number, at, errno.ENOSPC).failures]
    assert any("half a file: bank/ASSEN-202611-02-001.xml" in what for what in found)
