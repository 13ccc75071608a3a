"""Whose each month is, by hand: months of one cost on chosen days."""

from datetime import date
from typing import Any

from support.factories import a_bare_case, a_client, an_obligation

from payments.dossier.coverage import Covering, Ours, Span, Who, calendar, span_of, term_at
from payments.intake.dated_versions import Version
from payments.month import Month
from payments.parties import Frequency, Obligation
from payments.plan.terms import OwnStretch

PAID = Ours(Who.PAID, "P-1")
TODAY = date(2026, 12, 10)
# The right began on 1 September; November was run, and December's payday is still to come.
SPAN = span_of(a_bare_case(a_client()), {"2026-09", "2026-10", "2026-11"}, 25, 1, TODAY)


def covering(obligation: Obligation, paid: tuple[Month, ...] = (), **more: Any) -> Covering:
    return Covering(obligation, more.pop("dated", ()), dict.fromkeys(paid, PAID), **more)


def shown(cost: Covering, span: Span = SPAN) -> dict[Month, str]:
    return {covered.month: covered.who.value for covered in calendar(cost, span)}


def test_a_span_begins_with_the_first_run_that_could_pay_and_ends_with_the_trajectory() -> None:
    assert (SPAN.first, SPAN.due, SPAN.last) == ("2026-10", "2026-12", "2027-06")
    late = a_bare_case(a_client(right_from=date(2026, 9, 28)))  # after the payday of September
    assert span_of(late, {"2026-09"}, 25, 1, TODAY).first == "2026-11"
    ended = a_bare_case(a_client(), ended_on=date(2027, 1, 24))  # the payday of January is the 25th
    assert span_of(ended, {"2026-09"}, 25, 1, TODAY).last == "2027-01"
    assert span_of(a_bare_case(a_client()), set(), 25, 1, TODAY).first == "2027-01"  # nothing was ever run


def test_a_month_is_nobodys_once_its_run_is_over_and_to_come_before() -> None:
    found = shown(covering(an_obligation("VL-1", last_covered="2027-02"), ("2026-11",)))
    assert found == {
        "2026-10": "nobody",
        "2026-11": "paid",
        "2026-12": "nobody",
        "2027-01": "future",
        "2027-02": "future",
    }


def test_a_term_has_all_its_months_also_a_missed_one() -> None:
    quarter = an_obligation("VL-1", frequency=Frequency.QUARTERLY, last_covered="2027-03")
    found = shown(covering(quarter))
    assert [month for month, who in found.items() if who == "nobody"] == ["2026-10", "2026-11", "2026-12"]
    assert [month for month, who in found.items() if who == "future"] == ["2027-01", "2027-02", "2027-03"]
    assert term_at(covering(quarter), 1, "2026-11") == ("2026-10", "2026-12")
    assert term_at(covering(quarter), 1, "2027-04") is None


def test_a_term_that_began_before_the_first_run_is_due_with_it() -> None:
    """Of the quarter of September to November the first run could pay October and November."""
    quarter = an_obligation("VL-1", frequency=Frequency.QUARTERLY, first_covered="2026-09", last_covered="2026-11")
    before = span_of(a_bare_case(a_client()), {"2026-08"}, 25, 1, date(2026, 9, 10))
    assert shown(covering(quarter), before) == {"2026-10": "future", "2026-11": "future"}
    assert shown(covering(quarter)) == {"2026-10": "nobody", "2026-11": "nobody"}


def test_the_clients_own_months_and_those_of_others_are_nobody_elses() -> None:
    rent = an_obligation("VL-1", last_covered="2027-01")
    cost = covering(rent, ("2026-10", "2026-11"), own=(OwnStretch("2026-11", "2026-12"),), otherwise={"2026-12"})
    assert shown(cost) == {"2026-10": "paid", "2026-11": "both", "2026-12": "otherwise", "2027-01": "future"}


def test_a_month_that_no_run_can_pay_is_shown_where_it_is_all_there_is() -> None:
    """Part of the first month: rent of September alone, for which the first run came too late."""
    first = covering(an_obligation("VL-0", first_covered="2026-09", last_covered="2026-09"))
    assert shown(first) == {"2026-09": "nobody"}
    assert shown(covering(an_obligation("VL-1", first_covered="2026-09", last_covered="2026-10"))) == {
        "2026-10": "nobody"
    }


def test_months_that_a_later_line_left_behind_are_nobodys_at_once() -> None:
    old, new = an_obligation("VL-1"), an_obligation("VL-1", first_covered="2027-03")
    dated = (Version("", 1, old, dated=False), Version("2026-12", 2, new, dated=False))
    found = shown(covering(new, ("2026-10", "2026-11", "2026-12"), dated=dated))
    assert (found["2027-01"], found["2027-02"], found["2027-03"]) == ("nobody", "nobody", "future")
    overruled = (*dated, Version("2026-12", 3, old, dated=False))
    found = shown(covering(old, ("2026-10", "2026-11", "2026-12"), dated=overruled))
    assert (found["2027-01"], found["2027-02"]) == ("future", "future")


def test_a_one_off_waits_for_a_run_of_up_to_three_months_later() -> None:
    """November was run, December's payday is to come: it pays 2027-01, and one-offs of 2026-10 and later."""
    first = {"frequency": Frequency.ONCE}
    for month, who in (("2026-09", "nobody"), ("2026-10", "future"), ("2026-12", "future"), ("2027-01", "future")):
        once = an_obligation("VL-1", first_covered=month, last_covered=month, **first)
        assert shown(covering(once)) == {month: who}
