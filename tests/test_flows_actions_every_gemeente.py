"""Decisions and pages over all books look at the gemeenten of the books; settings that lack one are refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.assen_month import answers, assen_only
from support.story import Office, client_line

SHIPPED = Path(__file__).parents[1] / "config" / "example.toml"
FILE = "ASSEN-202611-01-001"


def without_assen(office: Office) -> Office:
    """The same books, seen with settings in which somebody renamed a section."""
    path = office.folder / "other.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("[gemeenten.assen]", "[gemeenten.hoogeveen]"))
    return replace(office, config=path)


@pytest.fixture
def other(office: Office) -> Office:
    assen_only(office)
    return without_assen(office)


@pytest.mark.parametrize(
    "words",
    [
        ("close", "2026-11"),
        ("status", "2026-11"),
        ("sheet", FILE),
        ("forecast", "0010001"),
        ("worklist",),
        ("dossier", "0010001"),
        ("household", "H0010001"),
        ("export", "remainders", "2026-11"),
        ("report", "monitoring", "--from", "2026-11", "--until", "2026-11"),
        ("report", "client", "0010001", "2026-11"),
        ("run", "2026-12"),
        ("give-back", "VL-1", "2026-12", "--why", "x"),
    ],
    ids=" ".join,
)
def test_settings_without_a_gemeente_of_the_books_are_refused_in_a_sentence(
    other: Office, words: tuple[str, ...]
) -> None:
    before = other.digest()
    said = other("bram", *words)
    assert said.code in (0, 1, 2), said.err
    if said.code == 0:  # one client's own page needs nothing of the settings but a name
        assert words[:2] == ("report", "client")
    else:
        assert "assen" in said.err or "VL-1" in said.err
        assert "Internal" not in said.err
    assert other.digest() == before


def test_a_month_is_not_closed_by_settings_that_do_not_know_whose_it_is(office: Office) -> None:
    assen_only(office)
    assert office("bram", "close", "2026-11").code == 5  # in transit
    said = without_assen(office)("bram", "close", "2026-11")
    assert (said.code, "[gemeenten.assen]" in said.err) == (1, True)
    assert office("bram", "close", "2026-11").code == 5
    office.do("bram", "reconcile", *answers(office))
    assert without_assen(office)("bram", "close", "2026-11").code == 1
    office.do("bram", "close", "2026-11")


def test_who_moved_after_the_run_leaves_no_month_that_can_never_be_closed(office: Office) -> None:
    """Both clients of Assen move to Tynaarlo, which has nobody else: their November was counted by Assen."""
    assen_only(office)
    office.do("bram", "reconcile", *answers(office))
    office.clients(client_line("0010001", gemeente="tynaarlo"), client_line("0010002", gemeente="tynaarlo"))
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-23")
    office.do("bram", "close", "2026-11")


def test_somebody_new_where_nothing_was_run_still_keeps_the_month_open(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office))
    office.clients(
        client_line("0010001", gemeente="tynaarlo"),
        client_line("0010002", gemeente="tynaarlo"),
        client_line("0020001", gemeente="tynaarlo"),
    )
    office.benefits("U-9;0020001;2026-11;regulier;900,00;")
    said = office("bram", "close", "2026-11")
    assert (said.code, "tynaarlo: there are benefit records of 2026-11" in said.err) == (5, True)
