"""A small share of the campaigns of killing, failing and racing; `make campaign` is the whole."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaigns import concurrency, crash
from kept_books import new_books
from kept_month import Month, State, a_month, working_in

from flows import outbox

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
    assert any("half a file: bank/ASSEN-202611-01-001.xml" in what for what in found)
