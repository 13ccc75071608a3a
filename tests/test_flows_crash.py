"""The process killed at any point and started again gives the same books and the same files, on both databases.

Every command of a whole month, from new books to a closed month, is started in a process of its own and killed at its
n-th point, for every n; then it is given once more. Without ONTZORGEN_CRASH=all the points before and after a SELECT
are left out (nothing has changed since the point before them), from books and files that are equal, row for row and
byte for byte, the command is given once, and PostgreSQL gets one point in so many.
"""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from kept_books import new_books
from kept_month import Month, State, a_month, working_in

ALL = os.environ.get("ONTZORGEN_CRASH") == "all"
EVERY = {"sqlite": {"init": 20}, "postgresql": {"init": 200}}  # creating tables is one transaction
EACH = {"sqlite": 1, "postgresql": 20}
SELDOM = ("staff",)  # seven times the same command: once is enough


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    place = tmp_path_factory.mktemp("crash")
    with working_in(place / "work"):
        yield a_month(new_books(request.param, place, lambda: request.getfixturevalue("postgres_url")), place)


def test_the_month_goes_from_new_books_to_a_closed_month(month: Month) -> None:
    verbs = {step.words[0] for step in month.steps}
    assert {"init", "import", "creditor", "run", "approve", "release", "fake-bank", "reconcile", "resolve", "export",
            "end", "close"} <= verbs  # fmt: skip


def test_killed_anywhere_and_started_again_is_as_if_nothing_happened(month: Month) -> None:
    database = month.url.partition(":")[0]
    seen: set[str] = set()
    kills = 0
    for number, step in enumerate(month.steps):
        if step.words[0] in SELDOM and step.words[0] in seen and not ALL:
            continue
        seen.add(step.words[0])
        each = 1 if ALL else EVERY[database].get(step.words[0], EACH[database])
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
