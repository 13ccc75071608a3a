"""A small share of the campaign over bad input; `python tests/campaigns/bad_input.py --files 100000` is the whole."""

from pathlib import Path

import pytest
from campaigns.bad_input import campaign
from campaigns.bombs import SECONDS_FOR_A_BOMB, bombs, set_off
from campaigns.readers import readers
from campaigns.samples import open_books
from support.story import Office

pytestmark = pytest.mark.slow

FILES = {"sqlite": 1_400, "postgresql": 300}


@pytest.mark.parametrize("database_url", FILES, indirect=True)
def test_a_malformed_file_is_refused_with_its_place_and_changes_nothing(office: Office) -> None:
    tallies = campaign(FILES[office.url.partition(":")[0]], 20261118, office, with_bombs=False)
    assert [defect for tally in tallies.values() for defect in tally.defects] == []
    for name, tally in tallies.items():
        assert tally.files >= 10, name
        assert tally.files == tally.refused + tally.accepted, name
        assert tally.refused > tally.files // 2, name  # or else the campaign does not damage its files


def test_a_bomb_is_refused_in_little_memory_and_time(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'books.db'}", tmp_path)
    office.do("chef", "init")
    samples = open_books(office.hire())
    for name, reader, content in bombs(readers(samples, tmp_path)):
        outcome, seconds = set_off(reader, content)
        assert outcome == "refused", (name, outcome)
        assert seconds < SECONDS_FOR_A_BOMB, (name, seconds)
