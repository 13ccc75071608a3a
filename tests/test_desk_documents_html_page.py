"""Templates: nothing that is typed becomes markup, and nothing that is forgotten becomes an empty place."""

import re
from importlib.resources import files

import jinja2
import pytest

from desk.documents.html_page import html_page


def test_a_value_that_is_forgotten_is_an_error_and_no_empty_place() -> None:
    with pytest.raises(jinja2.UndefinedError, match="'day' is undefined"):
        html_page("household.html", title="Huishouden H1", gemeente="assen", sections=())


def test_every_template_escapes_whatever_it_is_given() -> None:
    """Also one that is added later: none may say that a value is safe, or switch the escaping off."""
    found = [path for path in files("desk.documents").joinpath("templates").iterdir() if path.name.endswith(".html")]
    assert {path.name for path in found} >= {"page.html", "household.html", "client_overview.html"}
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe", text)
        assert "autoescape" not in text
    assert "<b>" not in html_page("household.html", title="<b>", gemeente="<b>", day="<b>", sections=())
