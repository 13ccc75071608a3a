"""What stands in the way of an end: the floor, the checklist, the hand-over month by month, and open money."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import EVERYTHING_OUT_OF_NEXT_MONTH, a_case, a_cost

from desk.words.ending import obstacle_text
from payments.dossier.case import FixedCost, Waiting
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Fit, Junction, Missing, MonthRule, codes, coming_months, junction, obstacles
from payments.month import Month, add_months, index
from payments.parties import Frequency
from payments.plan.terms import OwnStretch, through

POLICY = EVERYTHING_OUT_OF_NEXT_MONTH
RULE = MonthRule(POLICY, payday=25)
TODAY = date(2027, 2, 10)


def join(cost: FixedCost, coming: tuple[Month, ...] = ()) -> Junction:
    return junction(cost, coming, POLICY, TODAY, date(2026, 9, 1))


def test_the_clients_first_month_follows_our_last() -> None:
    met = join(a_cost(paid=("2027-01", "2027-02"), first_own="2027-03"))
    assert (met.fit, met.last_ours, met.expected) == (Fit.FITS, "2027-02", "2027-03")


def test_a_month_that_nobody_pays_is_a_gap_and_one_that_both_pay_an_overlap() -> None:
    assert join(a_cost(paid=("2027-02",), first_own="2027-04")).fit is Fit.GAP
    assert join(a_cost(paid=("2027-02",), first_own="2027-02")).fit is Fit.OVERLAP
    assert join(a_cost(paid=("2027-02",))).fit is Fit.NO_FIRST_MONTH


def test_the_runs_that_are_still_to_come_count_up_to_the_hand_over() -> None:
    """In February it is agreed that the client pays from May: the runs of February and March pay March and April."""
    cost = a_cost(paid=("2027-01", "2027-02"), first_own="2027-05")
    assert join(cost).fit is Fit.GAP
    assert join(cost, ("2027-02", "2027-03", "2027-04")).fit is Fit.FITS


def test_a_quarter_is_paid_to_its_end() -> None:
    paid = through("2026-10", "2027-03")
    cost = a_cost(paid=paid, frequency=Frequency.QUARTERLY, first_own="2027-04")
    assert (join(cost).fit, join(cost).last_ours) == (Fit.FITS, "2027-03")


def test_a_term_keeps_its_length_when_the_frequency_changes() -> None:
    """EUR 60 paid January to March; a monthly bill since: the client's first month is April, not February."""
    monthly = a_cost(paid=through("2027-01", "2027-03"))
    assert (join(monthly).last_ours, join(monthly).expected) == ("2027-03", "2027-04")
    assert join(monthly, ("2027-01", "2027-02")).expected == "2027-04", "February and March are paid already"
    assert join(monthly, ("2027-02", "2027-03")).expected == "2027-05"
    quarterly = a_cost(paid=("2027-01",), frequency=Frequency.QUARTERLY)
    assert join(quarterly).expected == "2027-02"
    part = replace(quarterly, obligation=replace(quarterly.obligation, first_covered="2026-12"), paid=("2027-03",))
    assert join(part, ("2027-02",)).expected == "2027-04", "a term that is paid in part is not run"


def test_what_we_took_back_is_ours_to_hand_over_again() -> None:
    """January and February were the client's own, from March on we pay: April is the next first own month."""
    ours = a_cost(paid=("2026-12",))
    back = replace(ours, taken_back=(OwnStretch("2027-01", "2027-03"),))
    assert (join(back).fit, join(back).expected) == (Fit.NO_FIRST_MONTH, "2027-03")
    assert join(back, ("2026-12", "2027-01", "2027-02")).expected == "2027-04"
    assert join(replace(back, first_own="2027-03")).fit is Fit.FITS
    assert join(replace(back, first_own="2027-04"), ("2027-02",)).fit is Fit.FITS
    assert [back.clients_own(m) for m in ("2026-12", "2027-01", "2027-02", "2027-03")] == [False, True, True, False]


def test_what_was_never_paid_is_the_clients_from_its_first_month() -> None:
    assert join(a_cost(paid=(), first_own="2026-10")).fit is Fit.FITS
    assert join(a_cost(paid=(), first_own="2027-03")).fit is Fit.GAP


def test_an_obligation_that_ended_with_our_last_month_needs_no_hand_over() -> None:
    assert join(a_cost(paid=("2027-01",), last_covered="2027-01")).fit is Fit.NOT_NEEDED
    assert join(a_cost(paid=(), last_covered="2026-12")).fit is Fit.NOT_NEEDED
    assert join(a_cost(paid=("2027-01",), last_covered="2027-06")).fit is Fit.NO_FIRST_MONTH


@given(st.integers(0, 12), st.integers(1, 24))
def test_exactly_one_first_month_fits(paid_months: int, first: int) -> None:
    paid = tuple(add_months("2026-10", n) for n in range(paid_months))
    first_own = add_months("2026-09", first)
    fit = join(a_cost(paid=paid, first_own=first_own)).fit
    difference = index(first_own) - index(add_months("2026-10", paid_months))
    assert fit is (Fit.FITS if not difference else Fit.GAP if difference > 0 else Fit.OVERLAP)


def test_months_to_come_stop_at_the_ground_the_right_the_end_and_what_was_run() -> None:
    case = a_case()  # six months, until 28 February 2027
    today = date(2026, 12, 1)
    assert coming_months(case, RULE, (), today, None) == ["2026-12", "2027-01", "2027-02"]
    assert coming_months(case, RULE, {"2026-12"}, today, date(2027, 1, 31)) == ["2027-01"]
    ended = replace(case, client=replace(case.client, right_until=date(2026, 12, 31)))
    assert coming_months(ended, RULE, (), today, None) == ["2026-12"]
    assert coming_months(case, RULE, (), date(2026, 12, 25), date(2026, 12, 31)) == []  # its payday was 24 December


WAITS = Waiting("X-1", "returned", date(2027, 1, 30), 650_00)


@pytest.mark.parametrize(
    ("change", "end", "verdict", "refund", "missing"),
    [
        ({}, date(2027, 2, 28), Verdict.PASSED, 0, ()),
        ({}, date(2027, 2, 27), Verdict.PASSED, 0, (Missing.FLOOR,)),
        ({}, date(2027, 2, 28), Verdict.NONE, 0, (Missing.CHECKLIST,)),
        ({}, date(2027, 2, 28), Verdict.NOT_PASSED, 0, (Missing.CHECKLIST,)),
        ({"open_items": (WAITS, WAITS)}, date(2027, 2, 28), Verdict.PASSED, 0, (Missing.OPEN_EXCEPTIONS,)),
        ({"open_payments": (WAITS,)}, date(2027, 2, 28), Verdict.PASSED, 0, (Missing.OPEN_PAYMENTS,)),
        ({}, date(2027, 2, 28), Verdict.PASSED, 1, (Missing.OPEN_PAYMENTS,)),
    ],
    ids=["all there", "a day too early", "never assessed", "not passed", "a return", "in transit", "a refund"],
)
def test_each_missing_thing_has_its_own_code_and_words(
    change: dict[str, object], end: date, verdict: Verdict, refund: int, missing: tuple[Missing, ...]
) -> None:
    found = obstacles(replace(a_case(), **change), verdict, [], end, refund)  # type: ignore[arg-type]
    assert codes(found) == missing
    assert all(obstacle_text(obstacle) for obstacle in found)
