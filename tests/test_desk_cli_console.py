"""What the program says reaches a terminal as text only."""

import json
from pathlib import Path

import pytest
from support.story import Office

from desk.cli.console import on_screen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("twee regels\nmet ünicode, \u2068إيجار\u2069 50 €", "twee regels\nmet ünicode, \u2068إيجار\u2069 50 €"),
        ("\x1b[2Jschoon\x07", r"\u001b[2Jschoon\u0007"),
        ("NL\u202e10", r"NL\u202e10"),
        ("A\xa0B\x85\u2028\U000e0041", r"A\u00a0B\u0085\u2028\udb40\udc41"),
    ],
)
def test_what_has_no_ink_is_shown_by_its_number(text: str, shown: str) -> None:
    assert on_screen(text) == shown


def test_a_document_for_programs_says_the_same_after_it() -> None:
    document = {"message": "a\x1b[2J\u202e\xa0\U000e0041\n€", "line": 1}
    said = on_screen(json.dumps(document, ensure_ascii=False))
    assert said.isprintable()
    assert json.loads(said) == document


def test_a_file_with_a_name_that_would_steer_the_terminal(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "u\x1b[2J\u202e.csv"
    path.write_text("geen;kop\n", encoding="utf-8")
    said = office("anna", "import", "benefits", str(path))
    assert said.code == 3
    assert "\x1b" not in said.err
    assert r"u\u001b[2J\u202e.csv" in said.err
