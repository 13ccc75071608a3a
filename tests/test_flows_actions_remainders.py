"""The list for the benefits office, made directly: what is on it, and that it is written before the books say so."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.seats import seat
from support.story import Office, ordinary_month

from flows.actions.remainders import tell_remainders, write_list
from ledgers.errors import Refused
from payments.plan.remainder_lines import RemainderLine


def plainly(number: int | None, lines: Sequence[RemainderLine]) -> bytes:
    return "\n".join([f"list {number}", *(f"{line.client} {line.due_cents}" for line in lines)]).encode()


@pytest.fixture
def month(office: Office) -> Office:
    office.begin(a_planned_month)
    return office


def a_planned_month(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")


def test_what_was_told_is_due_once_and_its_bytes_are_kept(month: Office) -> None:
    path = month.folder / "list.txt"
    done = tell_remainders(seat(month, "anna"), "2026-11", path, "csv", plainly)
    first = b"list 1\n0010001 56093\n0010002 56014\n0020001 63143"
    assert (path.read_bytes(), done.number, done.due_cents) == (first, 1, 56093 + 56014 + 63143)
    again = tell_remainders(seat(month, "anna"), "2026-11", path, "csv", plainly)
    assert (again.number, again.lines) == (None, ())
    assert (path.read_bytes(), path.with_name("list.1.txt").read_bytes()) == (b"list None", first)  # nothing is lost
    other = month.folder / "again.txt"
    written = write_list(seat(month, "anna"), "2026-11", 1, lambda form: other if form == "csv" else Path("no"))
    assert (other.read_bytes(), written.lines, written.due_cents) == (first, 3, done.due_cents)
    with pytest.raises(Refused, match="no remainder list 2 of 2026-11: the last one is list 1"):
        write_list(seat(month, "anna"), "2026-11", 2, lambda _: other)
    with pytest.raises(Refused, match="none was made yet"):
        write_list(seat(month, "anna"), "2026-12", 1, lambda _: other)


def test_a_list_that_could_not_be_made_was_told_to_nobody(month: Office) -> None:
    def fail(_: int | None, __: Sequence[RemainderLine]) -> bytes:
        raise OSError("no table")

    before = month.digest()
    with pytest.raises(OSError, match="no table"):
        tell_remainders(seat(month, "anna"), "2026-11", month.folder / "list.txt", "csv", fail)
    assert month.digest() == before
    assert not (month.folder / "list.txt").exists()
