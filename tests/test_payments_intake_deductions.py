"""Deductions that a gross benefit cannot bear are refused with their line; what a run counted stays counted."""

from typing import Any

import pytest
from support.factories import a_benefit

from payments.intake.deductions import beyond_benefit
from payments.parties import BenefitRecord, Component, DeductionKind

LINES = {"U-10001": 2, "T": 3, "D-1": 4, "D-2": 5}


def deduction(cents: int, reference: str = "D-1", **changes: Any) -> BenefitRecord:
    kind = {"component": Component.DEDUCTION, "deduction": DeductionKind.REPAYMENT}
    return a_benefit(cents=cents, reference=reference, **kind | changes)


def problems(
    new: list[BenefitRecord], known: list[BenefitRecord] | None = None, **counted: str
) -> list[tuple[int, str]]:
    found = beyond_benefit(new, known or [], set(counted.items()), LINES, "benefits.csv")
    return [(problem.line or 0, problem.what) for problem in found]


def test_deductions_may_take_all_and_not_a_cent_more() -> None:
    benefit = a_benefit(cents=900_00)
    assert problems([benefit, deduction(400_00), deduction(500_00, "D-2")]) == []
    ((line, what),) = problems([benefit, deduction(400_00), deduction(500_01, "D-2")])
    assert (line, "leave -0,01" in what) == (5, True)


def test_a_later_file_is_held_against_the_lines_of_the_books() -> None:
    known = [a_benefit(cents=900_00), deduction(400_00)]
    assert problems([deduction(500_00, "D-2")], known) == []
    assert len(problems([deduction(500_01, "D-2")], known)) == 1
    assert problems(known, known) == []  # the same file again


def test_a_deduction_without_any_benefit_is_refused() -> None:
    assert len(problems([deduction(1)])) == 1


@pytest.mark.parametrize(("suspended", "refused"), [(False, False), (True, True)])
def test_a_suspended_top_up_bears_nothing(suspended: bool, refused: bool) -> None:
    top_up = a_benefit(cents=100_00, reference="T", component=Component.TOP_UP, suspended=suspended)
    assert bool(problems([a_benefit(cents=900_00), top_up, deduction(950_00)])) is refused


def test_of_a_suspended_benefit_nothing_is_asked_and_a_suspended_deduction_asks_nothing() -> None:
    assert problems([a_benefit(cents=900_00, suspended=True), deduction(950_00)]) == []
    assert problems([a_benefit(cents=900_00), deduction(950_00, suspended=True)]) == []


def test_after_the_run_that_counted_the_benefit_no_deduction_comes_in() -> None:
    counted = {"10001": "2026-11"}
    known = [a_benefit(cents=900_00)]
    ((line, what),) = problems([deduction(1_00)], known, **counted)
    assert (line, "after the run" in what) == (4, True)
    assert problems([deduction(1_00, month="2026-12"), a_benefit(month="2026-12")], known, **counted) == []
