"""The list for the benefits office, made directly: what is on it, and that it is written before the books say so."""

from collections.abc import Sequence

import pytest
from support.seats import seat
from support.story import Office, ordinary_month

from flows.actions.remainders import RemainderLine, tell_remainders


def plainly(lines: Sequence[RemainderLine]) -> bytes:
    return "\n".join(f"{line.client} {line.due_cents}" for line in lines).encode()


@pytest.fixture
def month(office: Office) -> Office:
    office.begin(a_planned_month)
    return office


def a_planned_month(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")


def test_what_was_told_is_due_once(month: Office) -> None:
    path = month.folder / "list.txt"
    done = tell_remainders(seat(month, "anna"), "2026-11", path, plainly)
    assert path.read_text(encoding="utf-8") == "0010001 56093\n0010002 56014\n0020001 63143"
    assert done.new_cents == sum(line.total_cents for line in done.lines) == 56093 + 56014 + 63143
    again = tell_remainders(seat(month, "anna"), "2026-11", path, plainly)
    assert (again.new_cents, {line.due_cents for line in again.lines}) == (0, {0})
    kept = path.with_name("list.1.txt")
    assert kept.read_text(encoding="utf-8").startswith("0010001 56093")  # what says to pay is not lost


def test_a_list_that_could_not_be_made_was_told_to_nobody(month: Office) -> None:
    def fail(_: Sequence[RemainderLine]) -> bytes:
        raise OSError("no table")

    before = month.digest()
    with pytest.raises(OSError, match="no table"):
        tell_remainders(seat(month, "anna"), "2026-11", month.folder / "list.txt", fail)
    assert month.digest() == before
    assert not (month.folder / "list.txt").exists()
