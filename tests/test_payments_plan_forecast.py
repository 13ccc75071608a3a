"""The months ahead in pure form: nothing is withheld twice, nothing is invented, and every bill is somebody's."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.factories import LANDLORD_IBAN, a_bare_case, a_benefit, a_client, a_creditor, an_obligation

from payments.calendar import payday
from payments.dossier.case import AddedGround, AssessmentMade, Case, FixedCost
from payments.dossier.days_ahead import AheadKind, DayAhead, Outlook, days_ahead
from payments.month import add_months
from payments.parties import Category, Client, Frequency, Obligation
from payments.plan.forecast import (
    BudgetKind,
    BudgetLine,
    ForecastMonth,
    LastKnown,
    MonthOutcome,
    household_month,
    look_ahead,
    only,
    with_expected,
)
from payments.plan.grounds import Ground, HeldReason, Segment, segments_of
from payments.plan.planning import plan_month
from payments.plan.terms import OwnStretch
from payments.plan.withholding import Earlier, MonthFacts, Policy

POLICY = Policy(dict.fromkeys(Category, 1), list(Category), stop_at_shortage=False, minimum_rest_cents=0)
MONTHS = [add_months("2026-11", n) for n in range(6)]


def facts_of(month: str, clients: list[Client], obligations: list[Obligation], **changes: Any) -> MonthFacts:
    known: dict[str, Any] = {
        "month": month,
        "execution_date": payday(month, 25),
        "policy": POLICY,
        "clients": clients,
        "obligations": obligations,
        "creditors": {"WONEN": a_creditor()},
        "confirmed": {("WONEN", LANDLORD_IBAN)},
        "benefits": {},
        "grounds": {c.client: segments_of(c, (), 6) for c in clients},
        "on_hold": frozenset(),
        "ended": {},
        "earlier": {},
        "included_before": {},
        "handed_over": {},
    }
    return MonthFacts(**known | changes)


def known_benefit(client: str = "10001", cents: int = 1_331_43, month: str = "2026-10") -> dict[str, LastKnown]:
    return {client: LastKnown(month, (a_benefit(client, cents, month=month),), None)}


def ahead(
    obligations: list[Obligation],
    months: int = 3,
    first_own: dict[str, str] | None = None,
    registered: list[Obligation] | None = None,
    lines: tuple[BudgetLine, ...] = (),
    cents: int = 1_331_43,
    **changes: Any,
) -> list[ForecastMonth]:
    """The months of one client with these obligations."""
    known = known_benefit(cents=cents)
    found = look_ahead([facts_of(m, [a_client()], obligations, **changes) for m in MONTHS[:months]], known)
    own = {code: (OwnStretch(month),) for code, month in (first_own or {}).items()}
    return [household_month(each, "H10001", registered or obligations, own, known, lines) for each in found]


def test_every_coming_month_pays_its_own_covered_month_once() -> None:
    months = ahead([an_obligation("VL-1")])
    assert [[(c.covers, c.outcome) for c in m.costs] for m in months] == [
        [("2026-12", MonthOutcome.PAID)],
        [("2027-01", MonthOutcome.PAID)],
        [("2027-02", MonthOutcome.PAID)],
    ]
    assert [(m.benefit_cents, m.withheld_cents, m.remainder_cents) for m in months] == [(133143, 65000, 68143)] * 3


def test_what_waits_for_an_iban_is_set_apart_once_and_stays_visible() -> None:
    months = ahead([an_obligation("VL-1")], months=2, confirmed=frozenset())
    assert [(c.covers, c.reason, c.reserved) for c in months[1].costs] == [
        ("2026-12", HeldReason.IBAN_UNCONFIRMED, True),
        ("2027-01", HeldReason.IBAN_UNCONFIRMED, True),
    ]
    assert [m.withheld_cents for m in months] == [650_00, 650_00]
    assert [m.own_costs_cents for m in months] == [0, 0]


def test_money_set_apart_before_is_paid_in_the_first_month_and_never_again() -> None:
    waiting = {("VL-1", "2026-11"): Earlier(650_00, (("10001", 650_00),), "2026-10", "WONEN", unpaid=True)}
    first, second = ahead([an_obligation("VL-1")], months=2, earlier=waiting)
    assert [(c.covers, c.outcome) for c in first.costs] == [
        ("2026-11", MonthOutcome.PAID),
        ("2026-12", MonthOutcome.PAID),
    ]
    assert first.withheld_cents == 650_00, "the rent of November came out of October"
    assert [c.covers for c in second.costs] == ["2027-01"]


def test_months_whose_benefits_are_in_the_books_are_taken_as_they_are() -> None:
    """Somebody who is missing among them gets nothing from the run either."""
    facts = facts_of("2026-11", [a_client(), a_client("10002")], [], benefits={"10002": [a_benefit("10002")]})
    assert with_expected(facts, known_benefit()) == (facts, False)
    (month,) = look_ahead([facts], known_benefit())
    assert [(h.client, h.reason) for h in month.plan.held] == [("10001", HeldReason.NO_BENEFIT)]


def test_the_expected_benefit_is_the_last_known_in_the_month_itself() -> None:
    expected, assumed = with_expected(facts_of("2026-12", [a_client()], []), known_benefit(cents=900_00))
    assert assumed
    assert [(r.month, r.amount_cents) for r in expected.benefits["10001"]] == [("2026-12", 900_00)]


def test_who_was_never_known_is_expected_nothing() -> None:
    found = look_ahead([facts_of("2026-11", [a_client("10003")], [])], known_benefit())
    month = household_month(found[0], "H10003", [], {}, known_benefit(), ())
    (member,) = month.members
    assert (member.benefit_cents, member.held, member.known_in) == (0, HeldReason.NO_BENEFIT, None)


def test_each_bill_is_paid_short_handed_over_held_or_ended() -> None:
    rent = an_obligation("VL-1", amount_cents=700_00)
    energy = an_obligation("VL-2", category=Category.ENERGY, amount_cents=800_00)
    own = an_obligation("VL-3", category=Category.WATER, amount_cents=20_00)
    other = an_obligation("VL-4", category=Category.OTHER, amount_cents=10_00)
    over = an_obligation("VL-5", last_covered="2026-11")
    quarterly = an_obligation("VL-6", frequency=Frequency.QUARTERLY)
    until_then = an_obligation("VL-3", category=Category.WATER, last_covered="2026-11")
    ours = [rent, energy, until_then, other, over, quarterly]
    registered = [rent, energy, own, other, over, quarterly]
    began = Earlier(650_00, (("10001", 650_00),), "2026-09", "WONEN", unpaid=False, reaches="2026-12")
    (month,) = ahead(ours, 1, {"VL-3": "2026-12"}, registered, earlier={("VL-6", "2026-10"): began})
    assert {c.obligation: (c.outcome, c.reason) for c in month.costs} == {
        "VL-1": (MonthOutcome.PAID, None),
        "VL-2": (MonthOutcome.SHORTAGE, None),
        "VL-3": (MonthOutcome.HANDED_OVER, None),
        "VL-4": (MonthOutcome.HELD, HeldReason.OTHER_NOT_ALLOWED),
        "VL-5": (MonthOutcome.ENDED, None),
    }
    assert month.own_costs_cents == 830_00
    assert month.balance_cents == 1_331_43 - 700_00 - 830_00


def test_a_quarter_whose_first_month_nobody_could_pay_is_paid_once_and_then_in_step() -> None:
    """The client came in after the run for October: November pays October to December, December pays January on."""
    bill = an_obligation("VL-1", category=Category.WATER, amount_cents=54_00, frequency=Frequency.QUARTERLY)
    months = ahead([bill], 4)
    assert [[(c.covers, c.outcome) for c in m.costs] for m in months] == [
        [("2026-10", MonthOutcome.PAID)],
        [("2027-01", MonthOutcome.PAID)],
        [],
        [],
    ]


def test_a_quarter_that_is_the_clients_own_is_said_in_its_first_month_alone() -> None:
    bill = an_obligation("VL-1", category=Category.WATER, amount_cents=54_00, frequency=Frequency.QUARTERLY)
    until_then = replace(bill, last_covered="2026-12")
    paid = Earlier(54_00, (("10001", 54_00),), "2026-09", "WONEN", unpaid=False, reaches="2026-12")
    months = ahead([until_then], 4, {"VL-1": "2027-01"}, [bill], earlier={("VL-1", "2026-10"): paid})
    assert [[(c.covers, c.outcome) for c in m.costs] for m in months] == [
        [],
        [("2027-01", MonthOutcome.HANDED_OVER)],
        [],
        [],
    ]


def test_a_quarter_that_begins_without_a_ground_is_the_clients_bill_once() -> None:
    """The six months end on 28 February: March, April and May pay nothing of the quarter that begins in April."""
    bill = an_obligation(
        "VL-1", category=Category.WATER, amount_cents=54_00, frequency=Frequency.QUARTERLY, first_covered="2027-04"
    )
    months = [facts_of(add_months("2027-02", n), [a_client()], [bill]) for n in range(1, 4)]
    found = look_ahead(months, known_benefit())
    shown = [household_month(each, "H10001", [bill], {}, known_benefit(), ()) for each in found]
    assert [[c.covers for c in m.costs] for m in shown] == [["2027-04"], [], []]
    assert [m.own_costs_cents for m in shown] == [54_00, 0, 0]


def test_a_one_off_is_looked_forward_to_once_and_does_not_end() -> None:
    first = an_obligation("VL-1", frequency=Frequency.ONCE, first_covered="2027-01", last_covered="2027-01")
    months = ahead([first], 4)
    assert [[(c.covers, c.outcome) for c in m.costs] for m in months] == [[], [("2027-01", MonthOutcome.PAID)], [], []]


def test_what_an_earlier_quarter_pays_is_nobodys_bill_until_it_is_over() -> None:
    """EUR 60 paid November to January; at EUR 20 a month February is the next, and no month is the client's own."""
    quarter = Earlier(60_00, (("10001", 60_00),), "2026-10", "WONEN", unpaid=False, reaches="2027-01")
    bill = an_obligation("VL-1", category=Category.WATER, amount_cents=20_00)
    months = ahead([bill], 4, earlier={("VL-1", "2026-11"): quarter})
    assert [[(c.covers, c.outcome) for c in m.costs] for m in months] == [
        [],
        [],
        [("2027-02", MonthOutcome.PAID)],
        [("2027-03", MonthOutcome.PAID)],
    ]
    assert [m.own_costs_cents for m in months] == [0, 0, 0, 0]


def test_a_month_that_we_pay_all_the_same_is_not_called_handed_over() -> None:
    """The hand-over was agreed for a month that is in the bank's hands already."""
    paid = {("VL-1", "2026-12"): Earlier(650_00, (("10001", 650_00),), "2026-10", "WONEN", unpaid=False)}
    ours = an_obligation("VL-1", last_covered="2026-11")
    first, second = ahead([ours], 2, {"VL-1": "2026-12"}, [an_obligation("VL-1")], earlier=paid)
    assert [c.outcome for c in first.costs] == [MonthOutcome.PAID]
    assert [c.outcome for c in second.costs] == [MonthOutcome.HANDED_OVER]


def test_held_without_a_ground_the_benefit_still_comes_but_without_a_right_it_does_not() -> None:
    lapsed, ended = a_client(), a_client(right_until=date(2026, 11, 1))
    for client, reason, cents in ((lapsed, HeldReason.NO_GROUND, 1_331_43), (ended, HeldReason.RIGHT_ENDED, 0)):
        facts = facts_of("2026-11", [client], [an_obligation("VL-1")], grounds={})
        (found,) = look_ahead([facts], known_benefit())
        month = household_month(found, "H10001", facts.obligations, {}, known_benefit(), ())
        assert (month.members[0].held, month.benefit_cents, month.withheld_cents) == (reason, cents, 0)
        assert month.balance_cents == cents - 650_00


def test_what_comes_in_is_added_and_what_goes_out_subtracted() -> None:
    cents = {BudgetKind.ALLOWANCE: 100_00, BudgetKind.INCOME: 50_00, BudgetKind.REPAYMENT: 7_00, BudgetKind.COSTS: 3_00}
    lines = tuple(BudgetLine("10001", kind, kind, each, "2026-11", None) for kind, each in cents.items())
    stranger = BudgetLine("10002", BudgetKind.INCOME, "baan", 999_00, "2026-11", None)
    (month,) = ahead([], 1, lines=(*lines, stranger))
    assert month.lines == lines
    assert month.balance_cents == 1_331_43 + 140_00


def test_a_budget_line_holds_from_its_first_to_its_last_month() -> None:
    line = BudgetLine("10001", BudgetKind.INCOME, "baan", 1, "2026-11", "2026-12")
    assert [line.holds(m) for m in ("2026-10", "2026-11", "2026-12", "2027-01")] == [False, True, True, False]


@st.composite
def streets(draw: st.DrawFn) -> tuple[list[Client], list[Obligation], dict[str, LastKnown], frozenset[tuple[str, str]]]:
    """Some households with obligations, known benefits, and an IBAN that may wait."""
    clients = [
        a_client(
            f"{n}",
            household=f"H{draw(st.integers(0, 2))}",
            right_from=draw(st.sampled_from([date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1)])),
        )
        for n in range(1, 5)
    ]
    obligations = [
        an_obligation(
            f"VL-{n}",
            draw(st.sampled_from(clients)).client,
            category=draw(st.sampled_from(list(Category))),
            amount_cents=draw(st.integers(1, 900_00)),
            first_covered=draw(st.sampled_from(["2026-10", "2026-12", "2027-01"])),
            frequency=draw(st.sampled_from(list(Frequency))),
        )
        for n in range(draw(st.integers(0, 8)))
    ]
    known: dict[str, LastKnown] = {}
    for client in clients:
        if draw(st.booleans()):
            known |= known_benefit(client.client, draw(st.integers(0, 2000_00)))
    confirmed = frozenset({("WONEN", LANDLORD_IBAN)}) if draw(st.booleans()) else frozenset()
    return clients, obligations, known, confirmed


@given(streets())
def test_over_all_months_nothing_is_withheld_twice_and_each_benefit_is_accounted_for(street: Any) -> None:
    clients, obligations, known, confirmed = street
    found = look_ahead([facts_of(m, clients, obligations, confirmed=confirmed) for m in MONTHS], known)
    withheld = [(w.obligation.obligation, w.covers) for month in found for w in month.plan.withheld]
    paid = [(o.obligation, covers) for month in found for o, covers, _ in month.plan.payable]
    assert len(set(withheld)) == len(withheld)
    assert len(set(paid)) == len(paid)
    for each in found:
        for household in {c.household for c in clients}:
            month = household_month(each, household, obligations, {}, known, ())
            assert month.benefit_cents == month.withheld_cents + month.remainder_cents
            assert 0 <= month.withheld_cents <= month.benefit_cents
            ours = sum(c.amount_cents for c in month.costs if not c.clients_own and c.outcome is not MonthOutcome.ENDED)
            assert ours >= month.withheld_cents, "every cent withheld is for a cost that is shown"


@given(streets())
def test_the_first_month_is_the_plan_of_a_run_and_a_household_alone_is_planned_as_among_others(street: Any) -> None:
    clients, obligations, known, confirmed = street
    coming_months = [facts_of(m, clients, obligations, confirmed=confirmed) for m in MONTHS[:3]]
    together = look_ahead(coming_months, known)
    assert together[0].plan == plan_month(with_expected(coming_months[0], known)[0])
    for household in {c.household for c in clients}:
        alone = look_ahead([only(facts, frozenset({household})) for facts in coming_months], known)
        assert [household_month(a, household, obligations, {}, known, ()) for a in alone] == [
            household_month(t, household, obligations, {}, known, ()) for t in together
        ]


def a_case(**changes: Any) -> Case:
    client = changes.pop("client", a_client())
    return a_bare_case(client, **{"segments": segments_of(client, (), 6)} | changes)


TODAY, UNTIL = date(2026, 11, 18), date(2027, 4, 30)


def test_only_what_lies_in_the_window_is_on_its_way_in_order_of_time() -> None:
    costs = (
        FixedCost(an_obligation("VL-1", last_covered="2026-12"), (), None, None, {}),
        FixedCost(an_obligation("VL-2"), (), "2027-01", "incasso", {}),
        FixedCost(an_obligation("VL-3"), (), "2026-11", "incasso", {}),
        FixedCost(an_obligation("VL-4", last_covered="2027-05"), (), None, None, {}),
    )
    case = a_case(client=a_client(right_until=date(2026, 12, 1)), costs=costs)
    assert days_ahead(case, TODAY, UNTIL) == [
        DayAhead(date(2026, 12, 1), AheadKind.RIGHT_ENDS, "10001"),
        DayAhead(date(2026, 12, 31), AheadKind.OBLIGATION_ENDS, "10001", "VL-1"),
        DayAhead(date(2027, 1, 1), AheadKind.HANDED_OVER, "10001", "VL-2"),
        DayAhead(date(2027, 2, 28), AheadKind.GROUND_ENDS, "10001"),
    ]


def test_a_reassessment_is_due_until_an_assessment_was_made_on_the_new_ground() -> None:
    added = AddedGround(Segment(Ground.ART_57, date(2026, 10, 1), date(2027, 3, 31), "B-57"), date(2026, 12, 20))
    due = DayAhead(date(2026, 12, 20), AheadKind.REASSESSMENT_DUE, "10001")
    before, after = (AssessmentMade(1, day, "2026", None, {}, "rosa") for day in (date(2026, 10, 1), date(2026, 12, 1)))
    assert due in days_ahead(a_case(added=(added,), assessments=(before,)), TODAY, UNTIL)
    assert due not in days_ahead(a_case(added=(added,), assessments=(before, after)), TODAY, UNTIL)


def test_a_benefit_that_is_older_than_the_newest_possible_is_called_outdated() -> None:
    def outlook(month: str) -> Outlook:
        known = known_benefit(month=month)
        found = look_ahead([facts_of("2026-11", [a_client()], [])], known)
        return Outlook("assen", "H10001", None, (household_month(found[0], "H10001", [], {}, known, ()),), ())

    assert outlook("2026-10").outdated == {}
    assert outlook("2026-09").outdated == {"10001": "2026-09"}
    assert Outlook("assen", "H10001", None, (), ()).outdated == {}
