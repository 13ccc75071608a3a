"""A payment file in the hands of people: what each act on it answers, called directly."""

from hashlib import sha256

import pytest
from support.seats import seat
from support.story import Office, ordinary_month

from flows.actions import payment_files
from flows.actions.payment_files import FileApproved, FileCancelled
from ledgers.errors import Refused

ASSEN, TOTAL = "ASSEN-202611-01-001", 154179


@pytest.fixture
def planned(office: Office) -> Office:
    """An office whose month waits for approval."""
    office.begin(a_planned_month)
    return office


def a_planned_month(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")


def test_a_stranger_approves_nothing(planned: Office) -> None:
    before = planned.digest()
    with pytest.raises(Refused, match="eve may not do this: it needs the role fiatteur"):
        payment_files.approve(seat(planned, "eve"), ASSEN, TOTAL)
    assert planned.digest() == before


def test_who_approves_twice_is_told_that_it_was_so_already(planned: Office) -> None:
    carla = seat(planned, "carla")
    with pytest.raises(Refused, match=r"The total typed is 1\.541,78"):
        payment_files.approve(carla, ASSEN, TOTAL - 1)
    assert payment_files.approve(carla, ASSEN, TOTAL) == FileApproved(ASSEN, "carla", already=False)
    once = planned.digest()
    assert payment_files.approve(carla, ASSEN, TOTAL) == FileApproved(ASSEN, "carla", already=True)
    assert planned.digest() == once


def test_a_file_is_released_as_its_very_bytes_and_again_changes_nothing(planned: Office) -> None:
    payment_files.approve(seat(planned, "carla"), ASSEN, TOTAL)
    done = payment_files.release(seat(planned, "bram"), ASSEN, planned.folder / "bank")
    assert not done.already
    assert sha256(done.path.read_bytes()).hexdigest() == done.sha256
    once = planned.digest()
    planned.today = "2026-12-01"  # after the execution date: what was handed over in time stands there
    again = payment_files.release(seat(planned, "bram"), ASSEN, planned.folder / "bank")
    assert again.already
    assert planned.digest() == once


def test_a_file_is_taken_back_once(planned: Office) -> None:
    bram = seat(planned, "bram")
    assert payment_files.cancel(bram, ASSEN, "verkeerde maand") == FileCancelled(ASSEN, changed=True)
    assert payment_files.cancel(bram, ASSEN, "verkeerde maand") == FileCancelled(ASSEN, changed=False)
    with pytest.raises(Refused, match="was taken back"):
        payment_files.approve(seat(planned, "carla"), ASSEN, TOTAL)


def test_the_sheet_is_written_from_the_bytes_and_the_trail_as_they_stand(planned: Office) -> None:
    facts = payment_files.sheet_facts(seat(planned, "inge"), ASSEN)
    assert sha256(facts.content).hexdigest() == facts.file.sha256
    trail = planned.do("inge", "--json", "audit", "verify").document
    assert facts.audit_head == (trail["rows"], trail["head"])
    assert (facts.gemeente, facts.shortfalls, facts.held) == ("Gemeente Assen", 0, 0)
