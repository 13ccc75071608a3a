"""One bill under two codes is paid once in a household; two bills, and a family's policy, are paid twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.factories import LANDLORD_IBAN, a_benefit, a_client, a_creditor, an_obligation

from payments.parties import Category, Frequency, Obligation
from payments.plan.double_costs import doubles, overlap_from
from payments.plan.grounds import HeldReason, segments_of
from payments.plan.planning import plan_month
from payments.plan.withholding import Earlier, Held, MonthFacts, Plan, Policy

POLICY = Policy(dict.fromkeys(Category, 1), tuple(Category), stop_at_shortage=False, minimum_rest_cents=0)
AMAL, BILAL = a_client("10001", household="H1"), a_client("10002", household="H1")


def facts_of(*obligations: Obligation, **changes: Any) -> MonthFacts:
    facts = MonthFacts(
        month="2026-11",
        execution_date=date(2026, 11, 25),
        policy=POLICY,
        clients=[AMAL, BILAL],
        obligations=obligations,
        creditors={"WONEN": a_creditor()},
        confirmed={("WONEN", LANDLORD_IBAN)},
        benefits={c.client: [a_benefit(c.client)] for c in (AMAL, BILAL)},
        grounds={c.client: segments_of(c, (), 6) for c in (AMAL, BILAL)},
        on_hold=frozenset(),
        ended={},
        earlier={},
        included_before={},
        handed_over={},
    )
    return replace(facts, **changes)


def rent(code: str, client: str = "10001", **changes: Any) -> Obligation:
    return an_obligation(code, client, **{"reference": "HK-778"} | changes)


def paid(plan: Plan) -> list[str]:
    return sorted(obligation.obligation for obligation, _, _ in plan.payable)


def held(plan: Plan) -> tuple[Held, ...]:
    return tuple(item for item in plan.held if item.reason is HeldReason.DOUBLE_COST)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"client": "10002"},
        {"amount_cents": 1_00},
        {"frequency": Frequency.QUARTERLY},
        {"frequency": Frequency.ONCE, "first_covered": "2026-12", "last_covered": "2026-12"},
        {"first_covered": "2026-12"},
        {"reference": "hk - 778"},
    ],
)
def test_the_same_bill_of_a_household_is_paid_once_the_first_by_code(changes: dict[str, Any]) -> None:
    second = rent("VL-2", **changes)
    plan = plan_month(facts_of(second, rent("VL-1")))
    assert paid(plan) == ["VL-1"]
    assert held(plan) == (Held(second.client, "VL-2", HeldReason.DOUBLE_COST),)
    both = plan_month(facts_of(second, rent("VL-1"), accepted_doubles=frozenset({"VL-2"})))
    assert (paid(both), held(both)) == (["VL-1", "VL-2"], ())


@pytest.mark.parametrize(
    "changes",
    [
        {"creditor": "ANDERS"},
        {"reference": "HK-779"},
        {"category": Category.WATER},
    ],
)
def test_another_creditor_reference_or_category_is_another_bill(changes: dict[str, Any]) -> None:
    assert doubles([rent("VL-1"), rent("VL-2", **changes)], frozenset()) == {}


def test_the_family_policy_of_an_insurer_goes_through_and_one_insured_twice_does_not() -> None:
    policy = {"category": Category.HEALTH_INSURANCE, "amount_cents": 150_00}
    family = [rent("VL-1", **policy), rent("VL-2", "10002", **policy)]
    assert paid(plan_month(facts_of(*family))) == ["VL-1", "VL-2"]
    twice = plan_month(facts_of(*family, rent("VL-3", **policy)))
    assert (paid(twice), held(twice)) == (["VL-1", "VL-2"], (Held("10001", "VL-3", HeldReason.DOUBLE_COST),))


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        (("2026-10", "2026-11"), ("2026-12", None), None),
        (("2026-10", "2026-12"), ("2026-12", None), "2026-12"),
        (("2026-10", None), ("2026-12", "2026-12"), "2026-12"),
        (("2026-10", None), ("2026-08", "2026-09"), None),
    ],
)
def test_lines_meet_where_both_cover_a_month(
    one: tuple[str, str | None], other: tuple[str, str | None], first: str | None
) -> None:
    lines = [rent(f"VL-{n}", first_covered=begin, last_covered=end) for n, (begin, end) in enumerate((one, other))]
    assert overlap_from(*lines) == overlap_from(*reversed(lines)) == first


def test_a_quarter_reaches_to_the_end_of_its_last_term() -> None:
    quarter = rent("VL-1", frequency=Frequency.QUARTERLY, last_covered="2026-10")
    assert overlap_from(quarter, rent("VL-2", first_covered="2026-12")) == "2026-12"
    assert overlap_from(quarter, rent("VL-2", first_covered="2027-01")) is None


def test_of_three_the_second_may_be_accepted_and_the_third_stays_held() -> None:
    three = [rent("VL-1"), rent("VL-2"), rent("VL-3")]
    assert doubles(three, frozenset()) == {"VL-2": "VL-1", "VL-3": "VL-1"}
    assert doubles(three, frozenset({"VL-2"})) == {"VL-3": "VL-1"}


def test_a_partner_who_takes_no_part_does_not_keep_the_rent_from_being_paid() -> None:
    plan = plan_month(facts_of(rent("VL-1"), rent("VL-2", "10002"), on_hold={"10001"}))
    assert (paid(plan), held(plan)) == (["VL-2"], ())


def test_another_household_with_the_same_reference_is_another_bill() -> None:
    apart = replace(BILAL, household="H2")
    plan = plan_month(facts_of(rent("VL-1"), rent("VL-2", "10002"), clients=[AMAL, apart]))
    assert paid(plan) == ["VL-1", "VL-2"]


def test_a_month_that_was_paid_under_a_later_code_is_not_paid_again_under_an_earlier_one() -> None:
    was = Earlier(650_00, (("10001", 650_00),), "2026-11", "WONEN", unpaid=False, reaches="2026-12")
    facts = facts_of(rent("VL-1"), rent("VL-2"), earlier={("VL-2", "2026-12"): was})
    assert (paid(plan_month(facts)), held(plan_month(facts))) == ([], (Held("10001", "VL-1", HeldReason.DOUBLE_COST),))
    over = replace(facts, obligations=[rent("VL-1"), rent("VL-2", last_covered="2026-11")])  # corrected afterwards
    assert paid(plan_month(over)) == []
    back = replace(facts, earlier={("VL-2", "2026-12"): replace(was, reaches=None)})
    assert paid(plan_month(back)) == ["VL-1"]
