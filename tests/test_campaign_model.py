"""A few offices driven beside the model; ONTZORGEN_MODEL=300 (or `make campaign`) drives more of them."""

import os
from pathlib import Path

import pytest
from campaigns.model import model_runs

pytestmark = pytest.mark.slow

OFFICES = {"sqlite": int(os.environ.get("ONTZORGEN_MODEL", "8")), "postgresql": 3}


@pytest.mark.parametrize("database", OFFICES)
def test_books_and_model_agree_whatever_the_office_and_its_bank_do(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    server = lambda: request.getfixturevalue("postgres_url")  # noqa: E731 - started only where it is needed
    tally = model_runs(database, OFFICES[database], 20261118, tmp_path, server)
    assert tally.failures == []
    assert tally.details["commands"] > OFFICES[database]
