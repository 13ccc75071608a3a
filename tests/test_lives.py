"""Thirty-odd lives with dates and euros, in one set of books, on both databases: each must come out as told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support import lives_bank, lives_change, lives_end, lives_start
from support.story import Office
from support.town import Story, Town

LIVES = (*lives_start.LIVES, *lives_change.LIVES, *lives_bank.LIVES, *lives_end.LIVES)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(
    request: pytest.FixtureRequest, empty_books: Callable[[str, Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Town:
    """The whole town, played once for each database."""
    folder = tmp_path_factory.mktemp("town")
    played = Town(Office(empty_books(request.param, folder), folder).hire())
    played.play(LIVES)
    return played


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__)
def test_a_life(town: Town, life: Story) -> None:
    failure = town.broken.get(life.__name__)
    if failure is not None:
        raise failure


def test_every_month_the_books_hold_and_equal_the_bank(town: Town) -> None:
    assert town.wrong == []


def test_every_month_closes_with_bank_and_books_equal(town: Town) -> None:
    assert {month: said.err for month, said in town.closed.items() if said.code} == {}


def test_every_fixed_cost_of_everybody_is_a_row_without_gap_or_double(town: Town) -> None:
    assert {code: town.received(code) for code in town.proven} == town.proven
    if not town.broken:  # a broken life proves nothing of its own; its own test says so
        assert town.costs.keys() == town.proven.keys()


def test_the_figures_for_the_council_count_each_end_once_under_its_reason(town: Town) -> None:
    words = ("report", "monitoring", "--from", "2026-09", "--until", "2027-07", "--cases")
    rows = town.do("rosa", "--json", *words).document["rows"]
    ended = [row for row in rows if (row["figure"], row["kind"]) == ("ended", "reason")]
    found = {
        reason: sorted(client for row in ended if row["group"] == reason for client in row["cases"])
        for reason in {row["group"] for row in ended}
    }
    assert len(found.pop("regular")) == 19
    assert found == {
        "right_ended": ["0010013", "0010020", "0010029"],
        "moved": ["0010011"],
        "death": ["0010019"],
        "mandate_revoked": ["0010014"],
        "maatwerk": ["0010034"],
    }
