"""The audit of dependencies never takes a package that nobody looked up for a safe one."""

from typing import Any

import pytest
from campaigns import dependencies

UNKNOWN = {"name": "alpha", "skip_reason": "Dependency not found on PyPI and could not be audited: alpha (1.0)"}
SAFE = {"name": "beta", "version": "2.0", "vulns": []}
ADVISORY = {"id": "PYSEC-1", "fix_versions": ["3.1"], "aliases": [], "description": ""}
WEAK = {"name": "gamma", "version": "3.0", "vulns": [ADVISORY]}


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [
        ([None, None], 0, "NOT audited: no advisory index can be reached"),
        ([{"dependencies": [UNKNOWN]}, None], 0, "NOT audited: no advisory index can be reached"),
        ([{"dependencies": [UNKNOWN]}, {"dependencies": [SAFE]}], 0, "1 looked up at osv, 0 known vulnerabilities"),
        ([{"dependencies": [SAFE, UNKNOWN]}], 0, "NOT audited (1): alpha"),
        ([{"dependencies": [SAFE, WEAK]}], 1, "gamma 3.0: PYSEC-1 (3.1)"),
    ],
)
def test_what_was_not_looked_up_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: list[Any], code: int, told: str
) -> None:
    given = iter(answers)
    monkeypatch.setattr(dependencies, "ask", lambda _service: next(given))
    assert dependencies.main() == code
    assert told in capsys.readouterr().out
