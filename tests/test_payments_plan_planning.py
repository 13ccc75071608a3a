"""The month's plan: whole obligations in order, never more than was granted, nothing lost to the cent."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import ENERGY_IBAN, LANDLORD_IBAN, a_benefit, a_client, a_creditor, an_obligation

from payments.month import Month, add_months
from payments.parties import BenefitRecord, Category, Client, Component, DeductionKind, Frequency, Obligation
from payments.plan.grounds import Ground, HeldReason, Segment, segments_of
from payments.plan.planning import plan_month
from payments.plan.terms import end_of_term, through
from payments.plan.withholding import Earlier, Held, Included, MonthFacts, Plan, Policy

POLICY = Policy(dict.fromkeys(Category, 1), tuple(Category), stop_at_shortage=False, minimum_rest_cents=0)
CREDITORS = {"WONEN": a_creditor(), "STROOM": a_creditor("STROOM", iban=ENERGY_IBAN, category=Category.ENERGY)}


def facts_of(
    clients: list[Client],
    obligations: list[Obligation],
    benefits: list[BenefitRecord],
    policy: Policy = POLICY,
    **changes: Any,
) -> MonthFacts:
    grouped: dict[str, list[BenefitRecord]] = defaultdict(list)
    for record in benefits:
        grouped[record.client].append(record)
    facts = MonthFacts(
        month="2026-11",
        execution_date=date(2026, 11, 25),
        policy=policy,
        clients=clients,
        obligations=obligations,
        creditors=CREDITORS,
        confirmed={(c.creditor, c.iban) for c in CREDITORS.values()},
        benefits=grouped,
        grounds={c.client: segments_of(c, (), 6) for c in clients},
        on_hold=frozenset(),
        ended={},
        earlier={},
        included_before={},
        handed_over={},
    )
    return replace(facts, **changes)


def after(facts: MonthFacts, plan: Plan) -> MonthFacts:
    """The facts as the next run of the same month finds them."""
    paid = {(o.obligation, covers) for o, covers, _ in plan.payable}
    earlier = dict(facts.earlier) | {
        (w.obligation.obligation, w.covers): Earlier(
            w.amount_cents,
            w.contributions,
            facts.month,
            w.obligation.creditor,
            unpaid=(w.obligation.obligation, w.covers) not in paid,
            reaches=w.reaches,
        )
        for w in plan.withheld
    }
    for key in paid & set(facts.earlier):
        earlier[key] = replace(earlier[key], unpaid=False)
    return replace(facts, earlier=earlier, included_before={i.client: i for i in plan.included})


def test_rent_and_energy_are_withheld_and_the_rest_is_the_clients() -> None:
    plan = plan_month(
        facts_of(
            [a_client()],
            [
                an_obligation("VL-1", amount_cents=650_00),
                an_obligation("VL-2", category=Category.ENERGY, amount_cents=120_50, creditor="STROOM"),
            ],
            [a_benefit(cents=1_331_43)],
        )
    )
    assert [(o.obligation, covers, cents) for o, covers, cents in plan.payable] == [
        ("VL-1", "2026-12", 650_00),
        ("VL-2", "2026-12", 120_50),
    ]
    assert plan.included == (Included("10001", 1_331_43, 770_50),)
    assert plan.included[0].remainder_cents == 560_93
    assert not plan.held
    assert not plan.shortfalls


def test_what_does_not_fit_is_a_whole_shortfall_and_the_next_is_still_tried() -> None:
    plan = plan_month(
        facts_of(
            [a_client()],
            [
                an_obligation("VL-1", amount_cents=650_00),
                an_obligation("VL-2", category=Category.ENERGY, amount_cents=20_00, creditor="STROOM"),
            ],
            [a_benefit(cents=300_00)],
        )
    )
    (short,) = plan.shortfalls
    assert (short.obligation, short.needed_cents, short.available_cents) == ("VL-1", 650_00, 300_00)
    assert [o.obligation for o, _, _ in plan.payable] == ["VL-2"]
    assert plan.included == (Included("10001", 300_00, 20_00),)


def test_with_the_stop_rule_nothing_is_tried_after_a_shortage() -> None:
    plan = plan_month(
        facts_of(
            [a_client()],
            [
                an_obligation("VL-1", amount_cents=650_00),
                an_obligation("VL-2", category=Category.ENERGY, amount_cents=20_00, creditor="STROOM"),
            ],
            [a_benefit(cents=300_00)],
            replace(POLICY, stop_at_shortage=True),
        )
    )
    assert [s.obligation for s in plan.shortfalls] == ["VL-1", "VL-2"]
    assert plan.included == (Included("10001", 300_00, 0),)


def test_the_minimum_rest_stays_with_the_household() -> None:
    rent = an_obligation("VL-1", amount_cents=650_00)
    enough = facts_of([a_client()], [rent], [a_benefit(cents=700_00)], replace(POLICY, minimum_rest_cents=50_00))
    assert not plan_month(enough).shortfalls
    short = replace(enough, policy=replace(POLICY, minimum_rest_cents=50_01))
    assert plan_month(short).shortfalls[0].available_cents == 649_99


def test_a_couple_pays_the_rent_half_each_and_the_odd_cent_falls_to_the_lowest_number() -> None:
    couple = [a_client("10002", household="H1"), a_client("10001", household="H1")]
    rent = an_obligation("VL-1", "10002", amount_cents=650_01)
    plan = plan_month(facts_of(couple, [rent], [a_benefit("10001", 951_01), a_benefit("10002", 951_01)]))
    assert plan.withheld[0].contributions == (("10001", 325_01), ("10002", 325_00))


def test_a_partner_with_little_pays_as_far_as_it_reaches_and_the_other_the_rest() -> None:
    couple = [a_client("10001", household="H1"), a_client("10002", household="H1")]
    rent = an_obligation("VL-1", amount_cents=650_00)
    plan = plan_month(facts_of(couple, [rent], [a_benefit("10001", 100_00), a_benefit("10002", 951_01)]))
    assert plan.withheld[0].contributions == (("10001", 100_00), ("10002", 550_00))


def test_ones_own_insurance_comes_from_ones_own_benefit() -> None:
    couple = [a_client("10001", household="H1"), a_client("10002", household="H1")]
    insurance = an_obligation("VL-1", "10002", category=Category.HEALTH_INSURANCE, amount_cents=150_00)
    plan = plan_month(facts_of(couple, [insurance], [a_benefit("10001", 951_01), a_benefit("10002", 951_01)]))
    assert plan.withheld[0].contributions == (("10002", 150_00),)


def test_a_partner_who_is_held_neither_pays_nor_is_paid_for() -> None:
    couple = [a_client("10001", household="H1"), a_client("10002", household="H1", mandate_date=None)]
    obligations = [
        an_obligation("VL-1", "10001", amount_cents=650_00),
        an_obligation("VL-2", "10002", category=Category.HEALTH_INSURANCE, amount_cents=150_00),
    ]
    plan = plan_month(facts_of(couple, obligations, [a_benefit("10001", 951_01), a_benefit("10002", 951_01)]))
    assert [o.obligation for o, _, _ in plan.payable] == ["VL-1"]
    assert plan.held == (Held("10002", None, HeldReason.NO_MANDATE),)


def test_one_offs_are_not_swept_to_creditors_but_a_top_up_counts() -> None:
    records = [
        a_benefit(cents=300_00),
        a_benefit(cents=900_00, reference="U-2", component=Component.BACK_PAYMENT),
        a_benefit(cents=900_00, reference="U-3", component=Component.ADVANCE),
        a_benefit(cents=900_00, reference="U-4", component=Component.CORRECTION),
        a_benefit(cents=250_00, reference="U-5", component=Component.TOP_UP),
    ]
    plan = plan_month(facts_of([a_client()], [an_obligation("VL-1", amount_cents=550_01)], records))
    assert plan.included == (Included("10001", 550_00, 0),)
    assert plan.shortfalls[0].available_cents == 550_00


def test_a_suspended_line_counts_for_nothing_whatever_it_is() -> None:
    top_up = a_benefit(cents=50_00, reference="U-2", component=Component.TOP_UP, suspended=True)
    plan = plan_month(facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=600_00), top_up]))
    assert plan.included == (Included("10001", 600_00, 0),)
    assert [(s.needed_cents, s.available_cents) for s in plan.shortfalls] == [(650_00, 600_00)]


@pytest.mark.parametrize(
    ("gross", "suspended", "counted"), [(False, False, 1_000_00), (True, False, 580_00), (True, True, 1_000_00)]
)
def test_a_deduction_goes_off_a_gross_benefit_and_is_told_of_a_net_one(
    gross: bool, suspended: bool, counted: int
) -> None:
    seizure = {"component": Component.DEDUCTION, "deduction": DeductionKind.SEIZURE, "suspended": suspended}
    records = [
        a_benefit(cents=900_00),
        a_benefit(cents=100_00, reference="U-2", component=Component.TOP_UP),
        a_benefit(cents=400_00, reference="U-3", **seizure),
        a_benefit(cents=20_00, reference="U-4", **seizure),
    ]
    facts = facts_of([a_client()], [an_obligation("VL-1", amount_cents=580_00)], records, replace(POLICY, gross=gross))
    plan = plan_month(facts)
    assert plan.included == (Included("10001", counted, 580_00),)
    short = plan_month(replace(facts, obligations=[an_obligation("VL-1", amount_cents=counted + 1)]))
    assert short.shortfalls[0].available_cents == counted


def test_what_a_run_counted_is_booked_and_never_counts_for_less() -> None:
    records = [
        a_benefit(cents=900_00),
        a_benefit(cents=400_00, reference="U-3", component=Component.DEDUCTION, deduction=DeductionKind.OTHER),
    ]
    facts = facts_of([a_client()], [], records, replace(POLICY, gross=True))
    before = {"10001": Included("10001", 900_00, 650_00)}  # the setting was another one then
    plan = plan_month(replace(facts, included_before=before))
    assert plan.included[0].benefit_cents == 900_00


@pytest.mark.parametrize(
    ("frequency", "first", "due"),
    [
        (Frequency.MONTHLY, "2026-12", True),
        (Frequency.MONTHLY, "2027-01", False),
        (Frequency.QUARTERLY, "2026-09", True),
        (Frequency.QUARTERLY, "2026-10", False),
        (Frequency.HALF_YEARLY, "2026-06", True),
        (Frequency.HALF_YEARLY, "2026-09", False),
        (Frequency.YEARLY, "2025-12", True),
        (Frequency.YEARLY, "2026-11", False),
    ],
)
def test_an_obligation_falls_due_as_often_as_it_says(frequency: Frequency, first: str, due: bool) -> None:
    bill = an_obligation("VL-1", first_covered=first, frequency=frequency, amount_cents=30_00)
    began = Earlier(30_00, (("10001", 30_00),), "2026-09", "WONEN", unpaid=False, reaches=end_of_term(bill, first))
    paid = {("VL-1", first): began} if first < "2026-12" and not due else {}
    plan = plan_month(facts_of([a_client()], [bill], [a_benefit()], earlier=paid))
    assert bool(plan.payable) is due


def term(frequency: Frequency, first: Month, last: Month | None = None) -> Obligation:
    return an_obligation("VL-1", frequency=frequency, first_covered=first, last_covered=last, amount_cents=54_00)


@pytest.mark.parametrize(
    ("bill", "right_from", "covers", "reaches"),
    [
        # November pays December; the right began on 10 September, and no run paid anything yet.
        (term(Frequency.QUARTERLY, "2026-10"), date(2026, 9, 10), "2026-10", "2026-12"),
        (term(Frequency.QUARTERLY, "2026-11"), date(2026, 9, 10), "2026-11", "2027-01"),
        (term(Frequency.HALF_YEARLY, "2026-10"), date(2026, 9, 10), "2026-10", "2027-03"),
        (term(Frequency.YEARLY, "2026-10"), date(2026, 9, 10), "2026-10", "2027-09"),
        (term(Frequency.QUARTERLY, "2026-07"), date(2026, 9, 10), "2026-10", "2026-12"),  # its second quarter
        (term(Frequency.QUARTERLY, "2026-10", "2026-11"), date(2026, 9, 10), "2026-10", "2026-12"),
        (term(Frequency.QUARTERLY, "2026-10"), date(2026, 11, 3), "2026-10", "2026-12"),  # a first term, and recent
        (term(Frequency.ONCE, "2026-12", "2026-12"), date(2026, 9, 10), "2026-12", "2026-12"),
        (term(Frequency.ONCE, "2026-10", "2026-10"), date(2026, 9, 10), "2026-10", "2026-10"),
        (term(Frequency.ONCE, "2026-09", "2026-09"), date(2026, 11, 3), "2026-09", "2026-09"),  # three months later
    ],
)
def test_what_no_run_could_pay_when_it_began_is_paid_by_the_next_that_can_for_its_whole_term(
    bill: Obligation, right_from: date, covers: Month, reaches: Month
) -> None:
    facts = facts_of([a_client(right_from=right_from, mandate_date=right_from)], [bill], [a_benefit()])
    plan = plan_month(facts)
    assert [(w.covers, w.reaches, w.amount_cents) for w in plan.withheld] == [(covers, reaches, 54_00)]
    assert plan_month(after(facts, plan)).withheld == ()
    december = replace(after(facts, plan), month="2026-12", execution_date=date(2026, 12, 24), included_before={})
    goes_on = bill.frequency is Frequency.QUARTERLY and covers == "2026-10" and bill.last_covered is None
    assert [w.covers for w in plan_month(december).withheld] == (["2027-01"] if goes_on else [])


@pytest.mark.parametrize(
    ("bill", "right_from"),
    [
        (term(Frequency.QUARTERLY, "2026-07"), date(2026, 11, 3)),  # began in October, before the right
        (term(Frequency.YEARLY, "2026-01"), date(2026, 11, 3)),
        (term(Frequency.QUARTERLY, "2027-01"), date(2026, 9, 10)),  # still to come
        (term(Frequency.QUARTERLY, "2026-07", "2026-09"), date(2026, 7, 1)),  # over
        (term(Frequency.ONCE, "2026-08", "2026-08"), date(2026, 9, 10)),  # four months later
        (term(Frequency.ONCE, "2027-01", "2027-01"), date(2026, 9, 10)),
        (term(Frequency.MONTHLY, "2026-10", "2026-11"), date(2026, 9, 10)),  # a missed month asks for a decision
    ],
)
def test_what_is_not_ours_or_too_long_ago_waits_for_a_person(bill: Obligation, right_from: date) -> None:
    facts = facts_of([a_client(right_from=right_from, mandate_date=right_from)], [bill], [a_benefit()])
    plan = plan_month(facts)
    assert (plan.withheld, plan.shortfalls, plan.held) == ((), (), ())
    assert len(plan.included) == 1


def test_a_term_of_which_a_part_was_paid_or_that_went_back_to_the_client_is_not_taken_up_again() -> None:
    bill = term(Frequency.QUARTERLY, "2026-10")
    october = Earlier(18_00, (("10001", 18_00),), "2026-09", "WONEN", unpaid=False, reaches="2026-10")
    for before in (october, replace(october, reaches=None)):
        facts = facts_of([a_client()], [bill], [a_benefit()], earlier={("VL-1", "2026-10"): before})
        assert plan_month(facts).withheld == ()


def test_a_missed_term_that_does_not_fit_falls_short_and_is_tried_in_the_next_month() -> None:
    bill = term(Frequency.QUARTERLY, "2026-10")
    facts = facts_of([a_client()], [bill], [a_benefit(cents=53_99)])
    assert [(s.covers, s.needed_cents) for s in plan_month(facts).shortfalls] == [("2026-10", 54_00)]
    enough = replace(facts, benefits={"10001": [a_benefit(cents=54_00)]})
    assert [w.covers for w in plan_month(enough).withheld] == ["2026-10"]


def test_a_missed_term_reserved_for_an_iban_is_paid_once_it_is_confirmed_in_this_month_or_the_next() -> None:
    bill = term(Frequency.QUARTERLY, "2026-10")
    facts = facts_of([a_client()], [bill], [a_benefit()], confirmed=frozenset())
    then = replace(after(facts, plan_month(facts)), confirmed={("WONEN", LANDLORD_IBAN)})
    assert [(covers, cents) for _, covers, cents in plan_month(then).payable] == [("2026-10", 54_00)]
    december = replace(then, month="2026-12", execution_date=date(2026, 12, 24), included_before={})
    assert [covers for _, covers, _ in plan_month(december).payable] == ["2026-10", "2027-01"]


def test_the_last_covered_month_is_still_paid_and_the_next_is_not() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1", last_covered="2026-12")], [a_benefit()])
    assert plan_month(facts).payable
    assert not plan_month(replace(facts, obligations=[an_obligation("VL-1", last_covered="2026-11")])).payable


def test_an_unconfirmed_iban_keeps_the_money_reserved_until_it_is_confirmed() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=700_00)], confirmed=frozenset())
    plan = plan_month(facts)
    assert not plan.payable
    assert plan.held == (Held("10001", "VL-1", HeldReason.IBAN_UNCONFIRMED),)
    assert plan.included == (Included("10001", 700_00, 650_00),)
    then = replace(after(facts, plan), confirmed={("WONEN", LANDLORD_IBAN)})
    again = plan_month(then)
    assert [(o.obligation, cents) for o, _, cents in again.payable] == [("VL-1", 650_00)]
    assert not again.withheld
    assert again.included == plan.included


def test_what_waits_for_an_iban_is_not_forgotten_by_the_next_months_run() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=700_00)], confirmed=frozenset())
    december = replace(
        after(facts, plan_month(facts)),
        month="2026-12",
        execution_date=date(2026, 12, 24),
        confirmed={("WONEN", LANDLORD_IBAN)},
        included_before={},
    )
    assert [(o.obligation, covers) for o, covers, _ in plan_month(december).payable] == [
        ("VL-1", "2026-12"),
        ("VL-1", "2027-01"),
    ]


def test_money_reserved_for_one_creditor_is_not_paid_to_another() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=700_00)], confirmed=frozenset())
    then = replace(
        after(facts, plan_month(facts)),
        obligations=[an_obligation("VL-1", creditor="STROOM")],
        confirmed={("WONEN", LANDLORD_IBAN), ("STROOM", ENERGY_IBAN)},
    )
    plan = plan_month(then)
    assert not plan.payable
    assert plan.held == (Held("10001", "VL-1", HeldReason.CREDITOR_CHANGED),)


def paid_until(reaches: Month, covers: Month = "2026-10", cents: int = 60_00) -> dict[tuple[str, Month], Earlier]:
    paid = Earlier(cents, (("10001", cents),), add_months(covers, -1), "WATER", unpaid=False, reaches=reaches)
    return {("VL-1", covers): paid}


def water(frequency: Frequency, first: Month = "2026-10", cents: int = 20_00) -> Obligation:
    return an_obligation("VL-1", category=Category.WATER, amount_cents=cents, first_covered=first, frequency=frequency)


def test_a_month_that_an_earlier_quarter_reaches_is_not_due() -> None:
    """EUR 60 paid October to December; at EUR 20 a month nothing of December is left to pay, and January is."""
    facts = facts_of([a_client()], [water(Frequency.MONTHLY)], [a_benefit()], earlier=paid_until("2026-12"))
    plan = plan_month(facts)
    assert (plan.withheld, plan.held, plan.shortfalls) == ((), (), ())
    assert plan.included == (Included("10001", 1_331_43, 0),)
    shorter = plan_month(replace(facts, earlier=paid_until("2026-11")))
    assert [(w.covers, w.reaches, w.amount_cents) for w in shorter.withheld] == [("2026-12", "2026-12", 20_00)]
    given_back = {key: replace(earlier, reaches=None) for key, earlier in facts.earlier.items()}
    assert plan_month(replace(facts, earlier=given_back)).withheld == shorter.withheld


@pytest.mark.parametrize(("covers", "last"), [("2026-10", "2026-12"), ("2027-01", "2027-01"), ("2027-02", "2027-04")])
def test_a_term_that_is_paid_in_part_is_held_for_a_person(covers: Month, last: Month) -> None:
    quarter = water(Frequency.QUARTERLY, "2026-12", 60_00)  # December to February
    facts = facts_of([a_client()], [quarter], [a_benefit()], earlier=paid_until(last, covers))
    plan = plan_month(facts)
    assert plan.held == (Held("10001", "VL-1", HeldReason.TERM_OVERLAP),)
    assert plan.included == (Included("10001", 1_331_43, 0),)


@given(st.lists(st.tuples(st.sampled_from(Frequency), st.integers(0, 5)), min_size=1, max_size=14))
def test_no_month_is_paid_twice_however_often_the_frequency_changes(versions: list[tuple[Frequency, int]]) -> None:
    facts = facts_of([a_client(right_from=date(2026, 9, 1))], [], [a_benefit()])
    paid: list[Month] = []
    for ahead, (frequency, first) in enumerate(versions):
        month = add_months("2026-11", ahead)
        facts = replace(facts, month=month, obligations=[water(frequency, add_months("2026-08", first))])
        plan = plan_month(facts)
        paid += [m for w in plan.withheld for m in through(w.covers, w.reaches)]
        new = {
            ("VL-1", w.covers): Earlier(
                w.amount_cents, w.contributions, month, "WONEN", unpaid=False, reaches=w.reaches
            )
            for w in plan.withheld
        }
        facts = replace(facts, earlier={**facts.earlier, **new})
    assert len(paid) == len(set(paid))


def test_other_costs_are_paid_only_under_art_57_or_voluntarily() -> None:
    other = an_obligation("VL-1", category=Category.OTHER, amount_cents=10_00)
    facts = facts_of([a_client()], [other], [a_benefit()])
    assert plan_month(facts).held == (Held("10001", "VL-1", HeldReason.OTHER_NOT_ALLOWED),)
    assert plan_month(facts).included == (Included("10001", 1_331_43, 0),)
    voluntary = Segment(Ground.VOLUNTARY, date(2026, 11, 1), date(2027, 4, 30), "B-2")
    assert plan_month(replace(facts, grounds={"10001": (voluntary,)})).payable


def test_a_hold_after_the_run_stops_what_was_not_paid_yet() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=700_00)])
    then = replace(
        after(facts, plan_month(facts)),
        obligations=[an_obligation("VL-1"), an_obligation("VL-2", amount_cents=10_00)],
        on_hold={"10001"},
    )
    plan = plan_month(then)
    assert not plan.payable
    assert plan.held == (Held("10001", "VL-2", HeldReason.ON_HOLD),)
    assert plan.included == (Included("10001", 700_00, 650_00),)


def test_a_remainder_that_the_benefits_office_pays_out_is_not_withheld_any_more() -> None:
    facts = facts_of([a_client()], [an_obligation("VL-1")], [a_benefit(cents=700_00)])
    then = replace(
        after(facts, plan_month(facts)),
        obligations=[an_obligation("VL-1"), an_obligation("VL-2", amount_cents=10_00)],
        handed_over={"10001": 50_00},
    )
    (short,) = plan_month(then).shortfalls
    assert (short.obligation, short.available_cents) == ("VL-2", 0)


# --- for any household whatever -------------------------------------------------------------------------------------

_cents = st.integers(0, 2_000_00)


@st.composite
def households(draw: st.DrawFn) -> MonthFacts:
    count = draw(st.integers(1, 4))
    clients = [
        a_client(
            f"1000{n}",
            household=draw(st.sampled_from(["H1", "H2"])),
            mandate_date=draw(st.sampled_from([date(2026, 9, 4), None])),
        )
        for n in range(count)
    ]
    benefits = []
    for client in clients:
        if draw(st.integers(0, 9)):
            benefits.append(a_benefit(client.client, draw(_cents), suspended=draw(st.integers(0, 9)) == 0))
        for n in range(draw(st.integers(0, 2))):
            component = draw(st.sampled_from([Component.TOP_UP, Component.ADVANCE, Component.CORRECTION]))
            reference = f"X{client.client}{n}"
            benefits.append(a_benefit(client.client, draw(_cents), reference=reference, component=component))
    obligations = [
        an_obligation(
            f"VL-{n}",
            draw(st.sampled_from(clients)).client,
            category=draw(st.sampled_from(list(Category))),
            amount_cents=draw(st.integers(1, 900_00)),
            creditor=draw(st.sampled_from(["WONEN", "STROOM"])),
            frequency=draw(st.sampled_from(list(Frequency))),
            first_covered=draw(st.sampled_from(["2026-10", "2026-12", "2027-01"])),
        )
        for n in range(draw(st.integers(0, 8)))
    ]
    policy = replace(
        POLICY,
        stop_at_shortage=draw(st.booleans()),
        minimum_rest_cents=draw(st.sampled_from([0, 1, 50_00])),
        priority=tuple(draw(st.permutations(list(Category)))),
    )
    confirmed = draw(st.sets(st.sampled_from([("WONEN", LANDLORD_IBAN), ("STROOM", ENERGY_IBAN)])))
    return facts_of(clients, obligations, benefits, policy, confirmed=frozenset(confirmed))


@given(households())
def test_every_month_is_complete_and_exact(facts: MonthFacts) -> None:
    plan = plan_month(facts)
    counted = {
        client: sum(r.amount_cents for r in records if r.component in (Component.REGULAR, Component.TOP_UP))
        for client, records in facts.benefits.items()
    }
    # every client is included or held with one reason, never both
    held_clients = [h.client for h in plan.held if h.obligation is None]
    assert sorted([i.client for i in plan.included] + held_clients) == sorted(c.client for c in facts.clients)
    # counted benefit = withheld + remainder, and never more than was granted
    for item in plan.included:
        assert item.benefit_cents == counted[item.client]
        assert 0 <= item.withheld_cents <= item.benefit_cents
        assert item.benefit_cents == item.withheld_cents + item.remainder_cents
    # contributions make up exactly what is withheld
    given_by: dict[str, int] = defaultdict(int)
    for withheld in plan.withheld:
        assert sum(cents for _, cents in withheld.contributions) == withheld.amount_cents
        assert withheld.amount_cents == withheld.obligation.amount_cents
        for client, cents in withheld.contributions:
            assert cents > 0
            given_by[client] += cents
    assert {i.client: i.withheld_cents for i in plan.included if i.withheld_cents} == dict(given_by)
    # every due obligation of an included client has exactly one outcome
    included = {i.client for i in plan.included}
    paid = [o.obligation for o, _, _ in plan.payable]
    outcomes = paid + [s.obligation for s in plan.shortfalls] + [h.obligation for h in plan.held if h.obligation]
    due = [o.obligation for o in facts.obligations if o.client in included and _due_in_december(o)]
    assert sorted(outcomes) == sorted(due)
    # the household keeps its minimum
    for household in {c.household for c in facts.clients}:
        members = [i for i in plan.included if _household(facts, i.client) == household]
        if members and any(i.withheld_cents for i in members):
            assert sum(i.remainder_cents for i in members) >= facts.policy.minimum_rest_cents


@given(households())
def test_running_again_adds_nothing(facts: MonthFacts) -> None:
    plan = plan_month(facts)
    again = plan_month(after(facts, plan))
    assert not again.withheld
    assert not again.payable
    assert (again.included, again.held) == (plan.included, plan.held)
    # what was left when an obligation did not fit is told once; a smaller one after it may have used of that
    assert [(s.obligation, s.needed_cents) for s in again.shortfalls] == [
        (s.obligation, s.needed_cents) for s in plan.shortfalls
    ]


def _household(facts: MonthFacts, client: str) -> str:
    return next(c.household for c in facts.clients if c.client == client)


def _due_in_december(obligation: Obligation) -> bool:
    return obligation.first_covered <= "2026-12"  # of 2026-10 no run could pay what is not monthly: whole, now


def test_who_ended_before_the_month_before_is_counted_and_held_no_more() -> None:
    clients = [a_client("10001"), a_client("10002"), a_client("10003", household="H10001")]
    facts = facts_of(clients, [an_obligation("VL-1")], [a_benefit("10001"), a_benefit("10003", 700_00)])
    ended = {"10001": date(2026, 10, 22), "10002": date(2026, 10, 23)}
    plan = plan_month(replace(facts, ended=ended, day_before=date(2026, 10, 23)))
    assert plan.ended_before == ("10001",)
    assert plan.held == (Held("10002", None, HeldReason.ENDED),)  # on 23 October they were still paid for
    assert [item.client for item in plan.included] == ["10003"]
    counted = {"10001": Included("10001", 1_331_43, 650_00)}  # by an earlier run of this month
    earlier = {("VL-1", "2026-12"): Earlier(650_00, (("10001", 650_00),), "2026-11", "WONEN", unpaid=True)}
    again = plan_month(
        replace(facts, ended=ended, day_before=date(2026, 10, 23), included_before=counted, earlier=earlier)
    )
    assert again.ended_before == ()
    assert Held("10001", "VL-1", HeldReason.ENDED) in again.held
