"""Who needs attention, since or until when: one client at a time, on chosen days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import EVERYTHING_OUT_OF_NEXT_MONTH, a_bare_case, a_client, a_creditor, an_obligation

from desk.documents import worklist as worklists
from payments.dossier.case import (
    AddedGround,
    AssessmentMade,
    Case,
    EarlyReason,
    EndProposal,
    Event,
    EventKind,
    FixedCost,
    Waiting,
    grounds_of,
)
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Fit, Junction
from payments.dossier.letters_due import (
    NextPayer,
    NoticeKind,
    Occasion,
    PayerChanges,
    PaymentsStop,
    letter_due,
    occasions,
)
from payments.dossier.paydays import GroundGap, ground_gaps, missed_paydays, paid_until
from payments.dossier.worklist import worklist
from payments.dossier.worklist_items import Cause, ItemKind, Look, Measures, Outdated, WorklistItem
from payments.intake.dated_versions import Version
from payments.month import Month, add_months
from payments.parties import Category, Frequency, Obligation, ResidenceGround
from payments.plan.grounds import Ground, Segment

MEASURES = Measures((8, 4, 2), 3)
# The right began on 1 September 2026: ART_56A holds until 28 February 2027.
LAST = date(2027, 2, 28)
NEXT = AddedGround(Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 8, 31), "B-57"), date(2027, 6, 1))
EARLY = date(2026, 11, 18)
PARTNERS = {"household": "H-1"}


def a_cost(code: str = "VL-1", **changes: Any) -> FixedCost:
    """Rent of which we paid from its first month on, until the end of the mandatory months."""
    months = ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03")
    fields: dict[str, Any] = {
        "obligation": an_obligation(code),
        "paid": months,
        "first_own": None,
        "method": None,
        "proofs": {},
    }
    return FixedCost(**fields | changes)


def a_case(**changes: Any) -> Case:
    """A client for whom everything is in order."""
    client = changes.pop("client", a_client())
    added: tuple[AddedGround, ...] = changes.pop("added", ())
    start = changes.pop("period_from", client.right_from)
    fields = {
        "period_from": start,
        "segments": grounds_of(client, [ground.segment for ground in added], 6, start),
        "added": added,
        "costs": (a_cost(),),
    }
    return a_bare_case(client, **fields | changes)


def a_look(case: Case, verdict: Verdict = Verdict.NONE, *junctions: Junction) -> Look:
    stays = tuple(Junction(c.obligation.obligation, Fit.NO_FIRST_MONTH, "2027-03", "2027-04", None) for c in case.costs)
    return Look(case, verdict, junctions or stays, 25, EVERYTHING_OUT_OF_NEXT_MONTH, frozenset({"2026-01"}))


def found(case: Case, on: date = EARLY, verdict: Verdict = Verdict.NONE, *junctions: Junction) -> list[WorklistItem]:
    return worklist([a_look(case, verdict, *junctions)], MEASURES, [], on)


def seen(items: list[WorklistItem], *kinds: ItemKind) -> list[tuple[Cause, date, Mapping[str, str]]]:
    return [(item.cause, item.day, item.facts) for item in items if item.kind in kinds]


def assessed(*days: date) -> tuple[AssessmentMade, ...]:
    return tuple(AssessmentMade(n, day, "2026-01", None, {}, "rosa") for n, day in enumerate(days, 1))


def proposed(end: date, reason: EarlyReason | None = None, why: str | None = None) -> EndProposal:
    return EndProposal(1, end, LAST, reason, why, (), "rosa", EARLY)


def happened(*kinds: EventKind, on: date = date(2026, 11, 10)) -> tuple[Event, ...]:
    return tuple(Event(n, kind, on, "verteld", None, "dirk", "-") for n, kind in enumerate(kinds, 1))


def test_a_client_in_order_needs_nothing() -> None:
    assert found(a_case(assessments=assessed(date(2026, 11, 15)))) == []


def test_somebody_who_never_was_in_scope_is_not_listed() -> None:
    stranger = a_client(decision=None, residence_ground=ResidenceGround.REGULAR)
    assert found(a_case(client=stranger, trajectory=None, open_items=(Waiting("E-1", "returned", EARLY, 1),))) == []


@pytest.mark.parametrize(("days", "weeks"), [(57, None), (56, "8"), (29, "8"), (28, "4"), (14, "2"), (0, "2")])
def test_the_regievoerder_is_warned_eight_four_and_two_weeks_before_a_ground_ends(days: int, weeks: str | None) -> None:
    told = seen(found(a_case(), LAST - timedelta(days)), ItemKind.GROUND_ENDS)
    assert told == ([] if weeks is None else [(Cause.GROUND_ENDS, LAST, {"weeks": weeks})])


def test_a_follow_up_or_an_end_on_that_day_takes_the_warning_away() -> None:
    on = LAST - timedelta(10)
    assert seen(found(a_case(added=(NEXT,)), on), ItemKind.GROUND_ENDS) == []
    for end, warned in ((LAST, False), (LAST + timedelta(1), True)):
        case = a_case(stored_state="end_proposed", proposal=proposed(end))
        assert bool(seen(found(case, on), ItemKind.GROUND_ENDS)) == warned
    later = replace(NEXT, segment=replace(NEXT.segment, start=date(2027, 3, 2)))  # one day without a ground
    assert seen(found(a_case(added=(later,)), on), ItemKind.GROUND_ENDS)


def test_after_its_last_day_the_ground_has_lapsed() -> None:
    assert seen(found(a_case(), LAST), ItemKind.LAPSED) == []
    assert seen(found(a_case(), LAST + timedelta(1)), ItemKind.LAPSED) == [(Cause.NO_GROUND, LAST, {})]
    waiting = a_case(stored_state="end_proposed", proposal=proposed(LAST))
    assert seen(found(waiting, LAST + timedelta(9)), ItemKind.LAPSED) == []  # its end waits for a second person


def test_where_the_right_itself_ends_the_way_out_is_an_early_end() -> None:
    last = date(2026, 12, 31)
    case = a_case(client=a_client(right_until=last))
    told = found(case, date(2026, 12, 1))
    assert seen(told, ItemKind.GROUND_ENDS) == [(Cause.RIGHT_ENDS, last, {"weeks": "8"})]
    assert "--date 2026-12-31 --reason right_ended" in worklists.text(told[-1])
    assert [item.cause for item in found(case, date(2027, 1, 20))] == [Cause.RIGHT_ENDED]  # nobody is assessed any more


def test_a_right_that_arose_again_waits_for_a_person_also_after_an_end() -> None:
    again = a_client(right_from=date(2026, 11, 1))
    for state, ended in (("open", None), ("ended", date(2026, 6, 30))):
        case = a_case(client=again, period_from=None, stored_state=state, ended_on=ended, costs=())
        (item,) = found(case)
        assert (item.kind, item.cause, item.day) == (ItemKind.LAPSED, Cause.PERIOD_UNDECIDED, date(2026, 11, 1))
        assert "ontzorgen period 10001 --continue" in worklists.text(item)
        assert found(case, date(2026, 10, 3)) == []
        assert found(case, date(2026, 10, 4)) == [item]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"decision": None}, Cause.NO_DECISION),
        ({"decision_date": None}, Cause.NO_DECISION_DATE),
        ({"mandate_date": None}, Cause.NO_MANDATE),
    ],
)
def test_papers_are_asked_for_from_four_weeks_before_the_right_begins(changes: dict[str, Any], cause: Cause) -> None:
    case = a_case(client=a_client(right_from=date(2026, 12, 1), **changes), costs=())
    assert found(case, date(2026, 11, 2)) == []
    assert [(item.cause, item.day) for item in found(case, date(2026, 11, 3))] == [(cause, date(2026, 12, 1))]
    out = a_case(client=replace(case.client, must_integrate=False), costs=())
    assert found(out, date(2026, 11, 3)) == []


def test_a_revoked_mandate_says_so_since_when() -> None:
    events = happened(EventKind.MANDATE_GIVEN, EventKind.MANDATE_REVOKED)
    without = a_case(client=a_client(mandate_date=None), events=events)
    assert seen(found(without), ItemKind.NO_MANDATE) == [(Cause.MANDATE_REVOKED, date(2026, 11, 10), {})]
    assert seen(found(a_case(events=events)), ItemKind.NO_MANDATE) == []  # given again since, by the register


def test_shortages_of_this_month_and_the_last_are_one_item() -> None:
    case = a_case(shortages=(("2026-09", "VL-0"), ("2026-10", "VL-1"), ("2026-11", "VL-2")))
    told = seen(found(case), ItemKind.SHORTAGE)
    assert told == [(Cause.SHORTAGE, date(2026, 10, 23), {"obligations": "VL-1 (2026-10), VL-2 (2026-11)"})]


def test_an_unconfirmed_iban_counts_while_we_have_to_pay() -> None:
    handed = a_cost("VL-2", first_own="2026-11")
    over = a_cost("VL-3", obligation=an_obligation("VL-3", last_covered="2026-10"))
    case = a_case(costs=(a_cost(), handed, over), unconfirmed=("VL-1", "VL-2", "VL-3"))
    blocked = {"obligations": "VL-1"}
    assert seen(found(case), ItemKind.IBAN_UNCONFIRMED) == [(Cause.IBAN_UNCONFIRMED, date(2026, 11, 25), blocked)]
    told = seen(found(case, date(2026, 11, 26)), ItemKind.IBAN_UNCONFIRMED)
    assert told == [(Cause.IBAN_UNCONFIRMED, date(2026, 12, 24), blocked)]  # the 25th is no bank day


def test_every_open_exception_is_an_item_since_the_day_it_was_told() -> None:
    waiting = (Waiting("E-1", "returned", date(2026, 11, 3), 650_00), Waiting("E-2", "unknown_credit", EARLY, 1))
    told = seen(found(a_case(open_items=waiting)), ItemKind.RETURNED)
    assert [(day, facts["exception"], facts["code"]) for _, day, facts in told] == [
        (date(2026, 11, 3), "E-1", "returned"),
        (EARLY, "E-2", "unknown_credit"),
    ]


MONTH_3, MONTH_5 = date(2026, 12, 1), date(2027, 2, 1)


@pytest.mark.parametrize(
    ("on", "made", "due"),
    [
        (date(2026, 11, 16), (), []),
        (date(2026, 11, 17), (), [MONTH_3]),
        (date(2026, 11, 17), (date(2026, 11, 3),), []),
        (date(2026, 11, 17), (date(2026, 11, 2),), [MONTH_3]),  # longer than four weeks before
        (date(2027, 1, 18), (date(2026, 11, 20),), [MONTH_5]),
        (date(2027, 2, 14), (date(2027, 1, 20),), [LAST]),
        (date(2027, 2, 14), (date(2027, 2, 10),), []),
        (date(2027, 3, 20), (), [MONTH_3]),  # lapsed, and never assessed: one line, since the first of them
        (date(2027, 3, 20), (date(2027, 3, 15),), []),  # one visit makes up for them
    ],
)
def test_assessments_are_planned_after_three_and_five_months_and_at_the_end(
    on: date, made: tuple[date, ...], due: list[date]
) -> None:
    told = seen(found(a_case(assessments=assessed(*made)), on), ItemKind.ASSESSMENT_DUE)
    assert [day for _, day, _ in told] == due


def test_what_was_never_assessed_is_one_line_that_names_every_moment_that_passed() -> None:
    (fifth,) = [item for item in found(a_case(), date(2027, 1, 20)) if item.kind is ItemKind.ASSESSMENT_DUE]
    assert fifth.day == MONTH_3
    assert worklists.text(fifth).startswith(
        "Beoordeling na 5 maanden, uiterlijk 01-02-2027; ook die na 3 maanden, uiterlijk 01-12-2026, is niet gemaakt."
    )
    (last,) = [item for item in found(a_case(), date(2027, 2, 20)) if item.kind is ItemKind.ASSESSMENT_DUE]
    assert "aan het einde van de verplichte maanden, uiterlijk 28-02-2027; ook die na 3 en 5 maanden" in (
        worklists.text(last)
    )


def test_without_a_ground_nobody_is_assessed() -> None:
    assert seen(found(a_case(client=a_client(decision=None))), ItemKind.ASSESSMENT_DUE) == []
    ended = a_case(stored_state="ended", ended_on=date(2026, 11, 30))
    assert seen(found(ended), ItemKind.ASSESSMENT_DUE) == []


@pytest.mark.parametrize(
    ("on", "made", "verdict", "due"),
    [
        (date(2027, 5, 3), date(2027, 2, 20), Verdict.NOT_PASSED, None),
        (date(2027, 5, 4), date(2027, 2, 20), Verdict.NOT_PASSED, date(2027, 6, 1)),
        (date(2027, 6, 20), date(2027, 5, 3), Verdict.NOT_PASSED, date(2027, 6, 1)),  # too early to be the planned one
        (date(2027, 6, 1), date(2027, 5, 4), Verdict.NOT_PASSED, None),
        (date(2027, 8, 1), date(2027, 5, 4), Verdict.NOT_PASSED, date(2027, 8, 4)),  # three months after it
        (date(2027, 8, 1), date(2027, 5, 4), Verdict.PASSED, None),
        (date(2027, 9, 5), date(2027, 5, 4), Verdict.NOT_PASSED, date(2027, 8, 4)),  # the ground lapsed meanwhile
        (date(2027, 11, 20), date(2027, 9, 2), Verdict.NOT_PASSED, None),  # made after the ground
    ],
)
def test_on_a_follow_up_ground_the_client_is_assessed_again(
    on: date, made: date, verdict: Verdict, due: date | None
) -> None:
    told = seen(found(a_case(added=(NEXT,), assessments=assessed(made)), on, verdict), ItemKind.REASSESSMENT_DUE)
    assert told == ([(Cause.REASSESSMENT, due, {"ground": "ART_57", "decision": "B-57"})] if due else [])


def test_a_custom_ground_has_no_assessment_of_its_own() -> None:
    custom = replace(NEXT, segment=replace(NEXT.segment, ground=Ground.CUSTOM))
    assert seen(found(a_case(added=(custom,)), date(2027, 6, 1)), ItemKind.REASSESSMENT_DUE) == []


def a_junction(fit: Fit, last: Month | None, expected: Month, first_own: Month | None) -> Junction:
    return Junction("VL-1", fit, last, expected, first_own)


GAP = a_junction(Fit.GAP, "2027-01", "2027-02", "2027-03")
OVERLAP = a_junction(Fit.OVERLAP, "2027-03", "2027-04", "2027-03")
LEFT = a_junction(Fit.NO_FIRST_MONTH, "2027-02", "2027-03", None)


def test_a_gap_dates_from_the_first_month_that_nobody_pays() -> None:
    told = found(a_case(), EARLY, Verdict.NONE, GAP)
    facts = {"obligation": "VL-1", "last": "2027-01", "expected": "2027-02", "first_own": "2027-03"}
    assert seen(told, ItemKind.GAP_OR_OVERLAP) == [(Cause.GAP, date(2027, 2, 1), facts)]
    assert "Over 2027-02 betaalt niemand" in worklists.text(told[-1])
    assert "ontzorgen handover VL-1 --first-own-month 2027-02" in worklists.text(told[-1])


def test_an_overlap_dates_from_the_first_month_that_is_paid_twice() -> None:
    told = seen(found(a_case(), EARLY, Verdict.NONE, OVERLAP), ItemKind.GAP_OR_OVERLAP)
    assert [(cause, day) for cause, day, _ in told] == [(Cause.OVERLAP, date(2027, 3, 1))]
    assert seen(found(a_case(), EARLY, Verdict.NONE, LEFT), ItemKind.GAP_OR_OVERLAP) == []  # still ours


def test_after_an_end_only_what_does_not_meet_is_left_to_do() -> None:
    ended = a_case(
        client=a_client(decision=None),
        stored_state="ended",
        ended_on=LAST,
        shortages=(("2027-02", "VL-1"),),
        open_items=(Waiting("E-1", "returned", LAST, 1),),
        unconfirmed=("VL-1",),
        proposal=proposed(LAST),
    )
    for junction, cause in ((GAP, Cause.GAP), (OVERLAP, Cause.OVERLAP), (LEFT, Cause.LEFT_BEHIND)):
        assert [item.cause for item in found(ended, date(2027, 3, 5), Verdict.NONE, junction)] == [cause]
    for reason in (EarlyReason.DEATH, EarlyReason.MOVED):  # then somebody else's register says who pays
        gone = replace(ended, proposal=proposed(LAST, reason))
        assert found(gone, date(2027, 3, 5), Verdict.NONE, LEFT) == []


def test_until_the_day_of_a_confirmed_end_its_money_is_still_looked_after() -> None:
    ending = a_case(stored_state="ended", ended_on=LAST, open_items=(Waiting("E-1", "returned", EARLY, 1),))
    fits = a_junction(Fit.FITS, "2027-03", "2027-04", "2027-04")
    assert [item.kind for item in found(ending, LAST, Verdict.NONE, fits)] == [ItemKind.RETURNED]
    assert found(ending, LAST + timedelta(1), Verdict.NONE, fits) == []


def test_months_that_nobody_pays_stand_on_the_list_until_somebody_says_who_did() -> None:
    case = a_case(costs=(a_cost(paid=("2026-12",)),))
    first = {"obligations": "VL-1 (2026-10 t/m 2026-11)"}
    assert seen(found(case), ItemKind.GAP_OR_OVERLAP) == [(Cause.NOBODY, date(2026, 10, 1), first)]
    later = {"obligations": "VL-1 (2026-10 t/m 2026-11, 2027-01 t/m 2027-02)"}
    assert seen(found(case, date(2027, 2, 10)), ItemKind.GAP_OR_OVERLAP) == [(Cause.NOBODY, date(2026, 10, 1), later)]
    said = replace(case.costs[0], otherwise=("2026-10", "2026-11"))
    assert seen(found(a_case(costs=(said,))), ItemKind.GAP_OR_OVERLAP) == []


def test_months_from_before_this_gemeente_ran_its_first_month_are_not_asked_about() -> None:
    """Else everybody would stand on the list in the service's first months."""
    late = replace(a_look(a_case(costs=(a_cost(paid=("2026-12",)),))), ran=frozenset({"2026-10"}))
    items = seen(worklist([late], MEASURES, [], EARLY), ItemKind.GAP_OR_OVERLAP)
    assert [facts["obligations"] for _, _, facts in items] == ["VL-1 (2026-11)"]
    none = worklist([replace(late, ran=frozenset())], MEASURES, [], EARLY)
    assert seen(none, ItemKind.GAP_OR_OVERLAP) == []


@pytest.mark.parametrize(
    ("cost", "months"),
    [
        (a_cost(paid=()), "2026-10 t/m 2026-11"),  # not a month that is still to come
        (a_cost(paid=(), first_own="2026-11"), "2026-10"),
        (a_cost(paid=(), obligation=an_obligation("VL-1", last_covered="2026-10")), "2026-10"),
        (a_cost(paid=(), obligation=an_obligation("VL-1", first_covered="2026-12")), ""),
        (
            a_cost(paid=("2027-01",), obligation=an_obligation("VL-1", frequency=Frequency.QUARTERLY)),
            "2026-10 t/m 2026-12",
        ),
        (a_cost(paid=("2026-11",), obligation=an_obligation("VL-1", first_covered="2026-01")), "2026-09 t/m 2026-10"),
        (a_cost(paid=(), obligation=an_obligation("VL-1", category=Category.OTHER)), ""),  # not ours under art. 56a
        (a_cost(paid=("2026-11",), waiting=("2026-10",)), ""),  # it came back: a task of its own
    ],
)
def test_only_months_that_fell_due_under_the_right_are_asked_about(cost: FixedCost, months: str) -> None:
    told = seen(found(a_case(costs=(cost,))), ItemKind.GAP_OR_OVERLAP)
    assert [facts["obligations"] for _, _, facts in told] == ([f"VL-1 ({months})"] if months else [])


def changed(first: Month, line: Obligation, **before: Any) -> FixedCost:
    """A cost paid through December whose line became another from a covered month on."""
    old = an_obligation("VL-1", **before)
    versions = (Version("", 1, old, dated=False), Version(add_months(first, -1), 2, line, dated=False))
    return a_cost(paid=("2026-10", "2026-11", "2026-12"), obligation=line, versions=versions)


def test_a_cost_that_vanishes_is_said_the_day_it_is_certain() -> None:
    """The rent of July was typed as one that begins in July: January to June are nobody's."""
    cost = changed("2027-01", an_obligation("VL-1", first_covered="2027-07"))
    told = seen(found(a_case(costs=(cost,)), date(2026, 12, 5)), ItemKind.GAP_OR_OVERLAP)
    assert told == [(Cause.NOBODY, date(2027, 1, 1), {"obligations": "VL-1 (2027-01 t/m 2027-06)"})]


def test_a_last_month_that_cuts_a_cost_off_is_said_once_it_is_due_and_nothing_came_instead() -> None:
    cost = changed("2027-01", an_obligation("VL-1", last_covered="2026-12"))
    case = a_case(costs=(cost,), without=frozenset())
    on = date(2027, 1, 28)  # the payday that would have paid February is over
    assert [facts["obligations"] for _, _, facts in seen(found(case, on), ItemKind.GAP_OR_OVERLAP)] == [
        "VL-1 (2027-01 t/m 2027-02)"
    ]
    house = a_cost("VL-2", obligation=an_obligation("VL-2", first_covered="2027-01"), paid=("2027-01", "2027-02"))
    moved = a_case(costs=(cost, house), without=frozenset())
    assert seen(found(moved, on), ItemKind.GAP_OR_OVERLAP) == []
    ended = a_case(costs=(cost,), without=frozenset({Category.RENT}))
    assert seen(found(ended, on), ItemKind.GAP_OR_OVERLAP) == []


def test_what_is_paid_by_us_and_by_another_is_said_too() -> None:
    case = a_case(costs=(a_cost(paid=("2026-10", "2026-11", "2026-12"), otherwise=("2026-11",)),))
    told = seen(found(case), ItemKind.GAP_OR_OVERLAP)
    assert told == [(Cause.BOTH, date(2026, 11, 1), {"obligations": "VL-1 (2026-11)"})]


def test_a_cost_that_everybody_has_is_asked_for_once_per_client_and_shared_ones_of_the_household() -> None:
    rent = a_case(client=a_client(**PARTNERS), without=frozenset({Category.ENERGY, Category.WATER}))
    insured = an_obligation("VL-Z", "10002", category=Category.HEALTH_INSURANCE)
    partner = a_case(
        client=a_client("10002", **PARTNERS), costs=(a_cost("VL-Z", obligation=insured),), without=frozenset()
    )
    items = worklist([a_look(rent), a_look(partner)], MEASURES, [], EARLY)
    asked = [(item.client, item.facts) for item in items if item.kind is ItemKind.COST_MISSING]
    assert asked == [("10001", {"category": "zorgverzekering", "expected": "2026-12"})]


@pytest.mark.parametrize(
    "changes",
    [
        {"stored_state": "ended", "ended_on": date(2026, 10, 31)},
        {"client": a_client(right_until=date(2026, 11, 1))},
        {"client": a_client(must_integrate=False), "segments": ()},
        {"client": a_client(right_from=date(2027, 3, 1))},
    ],
)
def test_nobody_asks_for_the_costs_of_who_is_not_in_ontzorgen(changes: dict[str, Any]) -> None:
    case = a_case(**{"costs": (), "without": frozenset(), **changes})
    assert seen(found(case), ItemKind.COST_MISSING) == []


TO_MAY = AddedGround(Segment(Ground.ART_57, date(2027, 3, 1), date(2027, 5, 31), "B-57"), date(2027, 6, 1))


def of_household(
    holder: Case, on: date, *, cost: FixedCost | None = None, partner: Case | None = None
) -> list[WorklistItem]:
    """What is shared and stops with its holder, 10001, while 10002 goes on until the end of May."""
    rent = cost or a_cost(paid=("2026-10", "2026-11", "2026-12"))
    holder = replace(holder, client=replace(holder.client, **PARTNERS), costs=(rent,))
    stays = partner or a_case(client=a_client("10002", **PARTNERS), added=(TO_MAY,), costs=())
    items = worklist([a_look(holder), a_look(stays)], MEASURES, [], on)
    return [item for item in items if item.cause is Cause.SHARED_STOPS]


@pytest.mark.parametrize(
    ("changes", "held", "first"),
    [
        ({"stored_state": "ended", "ended_on": date(2027, 1, 31)}, "ended", "2027-03"),  # known long before it
        ({"stored_state": "ended", "ended_on": date(2026, 11, 18)}, "ended", "2027-01"),
        ({"client": a_client(right_until=date(2027, 1, 20))}, "right_ended", "2027-02"),
        ({"client": a_client(mandate_date=None)}, "no_mandate", "2027-01"),
        ({"on_hold": "death: bericht"}, "on_hold", "2027-01"),
    ],
)
def test_a_rent_whose_holder_stops_while_the_partner_goes_on_is_told_at_once(
    changes: dict[str, Any], held: str, first: Month
) -> None:
    on = date(2026, 12, 1)
    case = a_case(**changes)
    (item,) = of_household(case, on)
    assert (item.client, item.kind) == ("10001", ItemKind.GAP_OR_OVERLAP)
    facts = item.facts
    assert (facts["held"], facts["expected"], facts["amount"], facts["partner"]) == (held, first, "650,00", "10002")
    text = worklists.text(item)
    assert f"over {first} betaalt niemand" in text
    assert f"ontzorgen handover VL-1 --first-own-month {first}" in text


def test_an_ending_ground_of_the_holder_alone_is_told_with_the_first_warning() -> None:
    assert of_household(a_case(), date(2027, 1, 3) - timedelta(1)) == []
    (item,) = of_household(a_case(), date(2027, 1, 3))
    assert (item.day, item.facts["held"], item.facts["expected"]) == (date(2027, 3, 25), "no_ground", "2027-04")


def test_a_stopped_rent_stays_on_the_list_until_it_is_solved() -> None:
    ended = a_case(stored_state="ended", ended_on=date(2026, 11, 30), proposal=proposed(date(2026, 11, 30)))
    (item,) = of_household(ended, date(2027, 3, 10))
    assert (item.day, item.facts["expected"]) == (date(2026, 12, 24), "2027-01")  # since that payday
    paid = ("2026-10", "2026-11", "2026-12")
    closed = a_cost(paid=paid, obligation=an_obligation("VL-1", last_covered="2026-12"))
    assert of_household(ended, date(2027, 3, 10), cost=closed) == []
    assert of_household(ended, date(2027, 3, 10), cost=a_cost(paid=paid, first_own="2027-01")) == []
    insurance = an_obligation("VL-1", category=Category.HEALTH_INSURANCE)
    assert of_household(ended, date(2027, 3, 10), cost=a_cost(paid=paid, obligation=insurance)) == []


def test_where_the_whole_household_stops_nothing_is_left_to_share() -> None:
    gone = date(2026, 11, 30)
    ended = a_case(stored_state="ended", ended_on=gone)
    both = a_case(client=a_client("10002", **PARTNERS), stored_state="ended", ended_on=gone, costs=())
    assert of_household(ended, date(2026, 12, 1), partner=both) == []
    neighbour = a_case(client=a_client("10002", household="H-2"), costs=())
    assert of_household(ended, date(2026, 12, 1), partner=neighbour) == []
    never = a_case(client=a_client("10002", **PARTNERS), trajectory=None, costs=())
    assert of_household(ended, date(2026, 12, 1), partner=never) == []


def test_one_month_that_nobody_pays_is_told_once() -> None:
    ended = a_case(client=a_client(**PARTNERS), stored_state="ended", ended_on=LAST)
    partner = a_case(client=a_client("10002", **PARTNERS), added=(TO_MAY,), costs=())
    items = worklist([a_look(ended, Verdict.NONE, LEFT), a_look(partner)], MEASURES, [], date(2027, 3, 5))
    assert [i.cause for i in items if i.kind is ItemKind.GAP_OR_OVERLAP] == [Cause.SHARED_STOPS]


@pytest.mark.parametrize(
    ("reason", "why", "cause"),
    [
        (None, None, Cause.END),
        (EarlyReason.MOVED, None, Cause.EARLY_END),
        (EarlyReason.CUSTOM, "woont in bij familie", Cause.EARLY_END),
        (EarlyReason.CUSTOM, None, Cause.UNEXPLAINED_END),
    ],
)
def test_a_proposed_end_waits_for_somebody_else(reason: EarlyReason | None, why: str | None, cause: Cause) -> None:
    case = a_case(stored_state="end_proposed", proposal=proposed(LAST, reason, why))
    told = [item for item in found(case) if item.kind is ItemKind.END_TO_CONFIRM]
    assert [(item.cause, item.day) for item in told] == [(cause, LAST)]
    text = worklists.text(told[0])
    assert "Een consulent, niet rosa, kijkt het na: `ontzorgen end confirm 10001`." in text
    assert ("LET OP: maatwerk zonder uitleg" in text) == (cause is Cause.UNEXPLAINED_END)
    assert "woont in" not in text  # what was written about a person stays in the dossier


def test_an_outdated_value_belongs_to_nobody_in_particular() -> None:
    old = Outdated("norm_single", "Participatiewet art. 21", date(2026, 7, 1))
    (item,) = worklist([], MEASURES, [old], EARLY)
    assert worklists.document([item]) == [
        {
            "client": "",
            "kind": "parameter_review",
            "date": "2026-07-01",
            "text": "norm_single had uiterlijk 01-07-2026 nagekeken moeten zijn. Grond: Participatiewet art. 21. "
            "Kijk na of de waarde nog klopt en zet een nieuwe in de configuratie.",
        }
    ]


def test_every_kind_of_the_contract_exists() -> None:
    assert {kind.value for kind in ItemKind} == {
        "ground_ends",
        "lapsed",
        "no_decision",
        "no_mandate",
        "shortage",
        "iban_unconfirmed",
        "double_cost",
        "returned",
        "assessment_due",
        "reassessment_due",
        "gap_or_overlap",
        "parameter_review",
        "end_to_confirm",
        "cost_missing",
        "stale_file",
        "payee_name",
        "aftercare",
    }
    assert {cause.kind for cause in Cause} == set(ItemKind)


FACTS = {
    "creditor": "WONEN",
    "said": "RVNM: naam hoort niet bij deze rekening",
    "file": "ASSEN-202611-01-001",
    "whys": "amount_changed,on_hold",
    "missed": "3",
    "due": "2027-02-01",
    "amount": "650,00",
    "held": "ended",
    "partner": "10002",
    "weeks": "8",
    "days": "2",
    "again": "2027-03-03",
    "paydays": "2027-03-01,2027-03-02",
    "unpaid": "VL-1 (2027-04)",
    "ended": "2026-11-30",
    "decision": "B-1",
    "obligations": "VL-1",
    "exception": "E-1",
    "code": "returned",
    "months": "3",
    "obligation": "VL-1",
    "first": "VL-0",
    "last": "2026-12",
    "expected": "2027-01",
    "first_own": "2027-02",
    "ground": "ART_57",
    "by": "rosa",
    "reason": "moved",
    "name": "norm_single",
    "basis": "art. 21",
    "category": "huur",
}


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_says_in_dutch_what_to_do(cause: Cause) -> None:
    text = worklists.text(WorklistItem("10001", cause, LAST, FACTS))
    assert "28-02-2027" in text or cause.kind in (ItemKind.GAP_OR_OVERLAP, ItemKind.COST_MISSING)
    assert "`ontzorgen " in text or cause is Cause.PARAMETER
    assert "{" not in text
    assert text.endswith(".")


a_day = st.dates(date(2026, 10, 1), date(2027, 3, 31))
an_item_client = st.builds(
    lambda n, since: (f"1000{n}", since), st.integers(1, 4), st.lists(a_day, min_size=1, max_size=3, unique=True)
)


@given(st.lists(an_item_client, min_size=1, max_size=4, unique_by=lambda pair: pair[0]), st.randoms())
def test_the_longest_overdue_stands_first_whatever_order_the_clients_come_in(
    people: list[tuple[str, list[date]]], random: Any
) -> None:
    looks = [
        a_look(
            a_case(
                client=a_client(code),
                open_items=tuple(Waiting(f"E-{code}-{n}", "returned", day, 1) for n, day in enumerate(days)),
                shortages=(("2026-10", "VL-9"),),
            )
        )
        for code, days in people
    ]
    once = worklist(looks, MEASURES, [], EARLY)
    random.shuffle(looks)
    assert worklist(looks, MEASURES, [], EARLY) == once
    assert [item.day for item in once] == sorted(item.day for item in once)
    assert len(once) == sum(len(days) + 2 for _, days in people)  # and a shortage and an assessment each


def test_on_one_day_the_heavier_kind_and_the_lower_client_go_first() -> None:
    due = Waiting("E-1", "returned", MONTH_3, 1)
    looks = [a_look(a_case(client=a_client(code), open_items=(due,))) for code in ("10002", "10001")]
    told = worklist(looks, MEASURES, [], date(2026, 11, 20))
    assert [(item.kind.value, item.client) for item in told] == [
        ("returned", "10001"),
        ("returned", "10002"),
        ("assessment_due", "10001"),
        ("assessment_due", "10002"),
    ]


def told(case: Case, on: date) -> list[tuple[str, str, date]]:
    return [(o.kind.value, o.obligation, o.about) for o in occasions(a_look(case), (8, 4, 2), on)]


def test_client_and_creditors_hear_of_a_ending_ground_from_four_weeks_before() -> None:
    letters = [("ground_ends", "", LAST), ("ground_ends", "VL-1", LAST)]
    assert told(a_case(), LAST - timedelta(29)) == []
    assert told(a_case(), LAST - timedelta(28)) == letters
    assert told(a_case(added=(NEXT,)), LAST - timedelta(20)) == []
    assert told(a_case(proposal=proposed(LAST)), LAST - timedelta(20)) == []
    assert told(a_case(proposal=proposed(LAST + timedelta(1))), LAST - timedelta(20)) == letters


def test_a_hand_over_is_told_to_the_client_and_to_the_creditor() -> None:
    handed = a_case(costs=(a_cost(first_own="2027-04", method="incasso"),))
    both = [("handover", "VL-1", date(2027, 4, 1)), ("handover_creditor", "VL-1", date(2027, 4, 1))]
    assert told(handed, EARLY) == both
    assert told(handed, LAST) == [("ground_ends", "", LAST), *both]  # its creditor reads of the hand-over only


def test_a_confirmed_end_is_told_and_a_death_is_not() -> None:
    ended = a_case(stored_state="ended", ended_on=LAST, proposal=proposed(LAST))
    both = [("ended", "", LAST), ("ended", "VL-1", LAST)]
    assert told(ended, LAST - timedelta(3)) == both
    early = replace(ended, proposal=proposed(LAST, EarlyReason.MOVED))
    assert told(early, LAST) == told(early, LAST + timedelta(weeks=52)) == both
    assert told(early, LAST + timedelta(days=365)) == both[:1]  # that is old news to a creditor
    handed = replace(ended, costs=(a_cost(first_own="2027-04", method="incasso"),))
    assert [kind for kind, _, _ in told(handed, LAST)] == ["ended", "handover", "handover_creditor"]
    # of a death only the creditors are told, that we no longer pay
    assert told(replace(ended, events=happened(EventKind.DEATH)), LAST) == both[1:]
    assert told(replace(ended, proposal=proposed(LAST, EarlyReason.DEATH)), LAST) == both[1:]
    assert {kind.value for kind in NoticeKind} == {"ground_ends", "handover", "handover_creditor", "ended"}


@pytest.mark.parametrize(
    ("reason", "payer"),
    [
        (EarlyReason.RIGHT_ENDED, NextPayer.CUSTOMER),
        (EarlyReason.MANDATE_REVOKED, NextPayer.CUSTOMER),
        (EarlyReason.CUSTOM, NextPayer.CUSTOMER),
        (EarlyReason.MOVED, NextPayer.OTHER),
        (EarlyReason.DEATH, NextPayer.NOBODY_KNOWN),
    ],
)
def test_a_creditor_reads_of_an_early_end_who_pays_and_never_why(reason: EarlyReason, payer: NextPayer) -> None:
    look = a_look(a_case(stored_state="ended", ended_on=LAST, proposal=proposed(LAST, reason)))
    letter = letter_due(
        Occasion("10001", "VL-1", NoticeKind.ENDED, LAST), look, {"WONEN": a_creditor("WONEN")}, "Gemeente Assen", LAST
    )
    assert letter is not None
    assert isinstance(letter.content, PayerChanges)
    assert (letter.content.first_own, letter.content.payer) == ("2027-04", payer)


# --- after the end --------------------------------------------------------------------------------------------------

CARE = Measures((8, 4, 2), 3, (3, 6))
ENDED = a_case(stored_state="ended", ended_on=date(2026, 12, 20), proposal=proposed(date(2026, 12, 20)), costs=())
THREE, SIX = date(2027, 3, 20), date(2027, 6, 20)


def care(case: Case, on: date) -> list[tuple[Cause, date]]:
    items = worklist([a_look(case)], CARE, [], on)
    return [(item.cause, item.day) for item in items if item.kind is ItemKind.AFTERCARE]


def an_answer(kind: EventKind, on: date) -> Event:
    return Event(1, kind, on, "gebeld", None, "dirk", "-")


def test_three_and_six_months_after_an_ordinary_end_somebody_asks() -> None:
    assert care(ENDED, THREE - timedelta(1)) == []
    assert care(ENDED, THREE) == care(ENDED, SIX - timedelta(1)) == [(Cause.AFTERCARE, THREE)]
    (item,) = [i for i in worklist([a_look(ENDED)], CARE, [], SIX) if i.kind is ItemKind.AFTERCARE]
    assert (item.day, item.facts["months"]) == (THREE, "6")  # one conversation makes up for both
    early = replace(ENDED, proposal=proposed(date(2026, 12, 20), EarlyReason.MOVED))
    assert care(early, SIX) == []


def test_an_answer_takes_it_off_the_list_until_the_next_time() -> None:
    asked = replace(ENDED, events=(an_answer(EventKind.NO_ARREARS, THREE - timedelta(weeks=2)),))
    assert care(asked, SIX - timedelta(1)) == []
    assert care(asked, SIX) == [(Cause.AFTERCARE, SIX)]
    too_early = replace(ENDED, events=(an_answer(EventKind.NO_ARREARS, THREE - timedelta(days=15)),))
    assert care(too_early, THREE) == [(Cause.AFTERCARE, THREE)]
    assert care(replace(asked, events=(*asked.events, an_answer(EventKind.NO_ARREARS, SIX))), date(2028, 1, 1)) == []
    assert care(replace(ENDED, events=happened(EventKind.DEATH)), SIX) == []


@pytest.mark.parametrize("case", [ENDED, a_case(), replace(ENDED, proposal=proposed(LAST, EarlyReason.MOVED))])
def test_arrears_stand_on_top_until_there_are_none(case: Case) -> None:
    day = date(2027, 4, 8)
    told_of = replace(case, events=(an_answer(EventKind.ARREARS, day),))
    late = a_case(client=a_client("10000"), open_items=(Waiting("E-1", "returned", date(2026, 1, 1), 1),))
    first, *_ = worklist([a_look(late), a_look(told_of)], CARE, [Outdated("x", "y", date(2020, 1, 1))], day)
    assert (first.client, first.cause, first.kind.value) == ("10001", Cause.ARREARS, "aftercare")
    solved = replace(told_of, events=(*told_of.events, an_answer(EventKind.NO_ARREARS, day)))
    assert care(solved, day) == []


def test_what_is_for_the_office_stands_below_every_person() -> None:
    items = worklist([a_look(a_case())], MEASURES, [Outdated("norm_single", "art. 21", date(2020, 1, 1))], LAST)
    assert [item.client for item in items[-2:]] == ["10001", ""]


# --- until when we pay, by paydays ----------------------------------------------------------------------------------

# ART_56A until 28 February 2027; payday is the 25th: 25 February and 25 March 2027 are T2 days.
A_DAY_LATER = AddedGround(Segment(Ground.ART_57, date(2027, 3, 2), date(2027, 8, 31), "B-57"), date(2027, 6, 1))
OVER_PAYDAY = AddedGround(Segment(Ground.ART_57, date(2027, 3, 26), date(2027, 8, 31), "B-57"), date(2027, 6, 1))


def test_a_gap_without_a_payday_breaks_nothing() -> None:
    case = a_case(added=(A_DAY_LATER,))
    assert list(ground_gaps(case.segments, 25)) == [GroundGap(date(2027, 3, 1), date(2027, 3, 1), ())]
    for day in (LAST - timedelta(50), LAST, date(2027, 3, 1), date(2027, 5, 1)):
        assert paid_until(case.segments, 25, day) == date(2027, 8, 31)
    assert paid_until(case.segments, 25, date(2027, 9, 1)) is None
    assert paid_until(case.segments, 25, date(2026, 8, 31)) is None
    assert paid_until((), 25, LAST) is None


def test_a_gap_with_a_payday_ends_what_we_pay() -> None:
    case = a_case(added=(OVER_PAYDAY,))
    (gap,) = ground_gaps(case.segments, 25)
    assert (gap.days, gap.missed) == (25, ("2027-03",))
    assert paid_until(case.segments, 25, LAST - timedelta(50)) == LAST
    assert paid_until(case.segments, 25, date(2027, 3, 10)) is None
    assert paid_until(case.segments, 25, date(2027, 3, 26)) == date(2027, 8, 31)


def test_a_payday_that_moves_back_into_the_month_before_is_seen() -> None:
    """The 1st of August 2027 is a Sunday: it stays within its month, as the last T2 day before it lies in July."""
    assert missed_paydays(date(2027, 7, 30), date(2027, 7, 30), 1) == ("2027-08",)


def test_a_gap_ahead_is_named_with_what_nobody_pays_and_is_no_stop() -> None:
    on = LAST - timedelta(10)
    (told_of,) = seen(found(a_case(added=(A_DAY_LATER,)), on), ItemKind.GROUND_ENDS)
    assert told_of == (Cause.GROUND_GAP, date(2027, 3, 1), {"days": "1", "again": "2027-03-02"})
    (unpaid,) = seen(found(a_case(added=(OVER_PAYDAY,)), on), ItemKind.GROUND_ENDS)
    assert (unpaid[0], unpaid[2]["unpaid"], unpaid[2]["paydays"]) == (Cause.UNPAID_GAP, "VL-1 (2027-04)", "2027-03-25")
    within = found(a_case(added=(A_DAY_LATER,)), date(2027, 3, 1))
    assert [item.cause for item in within if item.kind is ItemKind.LAPSED] == []
    assert seen(found(a_case(added=(A_DAY_LATER,)), EARLY), ItemKind.GROUND_ENDS) == []  # not yet


def test_letters_follow_the_paydays() -> None:
    """No letter where every month is paid; where one is not, that month and no other is the client's."""
    on = LAST - timedelta(10)
    assert told(a_case(added=(A_DAY_LATER,)), on) == []
    case = a_case(added=(OVER_PAYDAY,), costs=(a_cost(paid=("2027-01", "2027-02", "2027-03")),))
    months = ("2027-04", "2027-05", "2027-06", "2027-07", "2027-08")
    look = replace(a_look(case), coming=months)
    assert [(o.kind.value, o.obligation, o.about) for o in occasions(look, MEASURES.warn_weeks, on)] == [
        ("ground_ends", "", LAST),
        ("ground_ends", "VL-1", LAST),
    ]
    creditors = {"WONEN": a_creditor("WONEN")}
    to_client = letter_due(Occasion("10001", "", NoticeKind.GROUND_ENDS, LAST), look, creditors, "Assen", on)
    assert to_client is not None
    assert isinstance(to_client.content, PaymentsStop)
    assert [(bill.first_own, bill.resumes) for bill in to_client.content.bills] == [("2027-04", "2027-05")]
    to_creditor = letter_due(Occasion("10001", "VL-1", NoticeKind.GROUND_ENDS, LAST), look, creditors, "Assen", on)
    assert to_creditor is not None
    assert isinstance(to_creditor.content, PayerChanges)
    assert (to_creditor.content.first_own, to_creditor.content.resumes) == ("2027-04", "2027-05")


def test_a_quarter_that_falls_due_outside_the_gap_is_no_letter() -> None:
    quarter = a_cost("VL-9", obligation=an_obligation("VL-9", frequency=Frequency.QUARTERLY, first_covered="2026-11"))
    paid = replace(quarter, paid=("2027-02", "2027-03", "2027-04"))
    look = replace(a_look(a_case(added=(OVER_PAYDAY,), costs=(paid,))), coming=("2027-04", "2027-05"))
    assert list(occasions(look, MEASURES.warn_weeks, LAST - timedelta(10))) == []
