from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.checklist import load_checklists
from desk.words.checklist import explain
from payments.dossier.checklist import (
    PAID_ALONE,
    PROOF,
    Answer,
    Assessment,
    ChecklistOutcome,
    ChecklistPart,
    Growth,
    Known,
    OwnPayment,
    Verdict,
    evaluate,
    growth,
    latest,
)
from payments.month import add_months
from payments.parties import Category

CHECKLIST = load_checklists().in_force(date(2026, 11, 23))
BASICS = [item.code for item in CHECKLIST.items if item.part is ChecklistPart.BASICS]
BEHAVIOUR = [item.code for item in CHECKLIST.items if item.part is ChecklistPart.BEHAVIOUR]
NOTHING_SPECIAL = Known(
    open_exceptions=0, handed_over=frozenset(), has_own_account=True, has_mandate=True, months_paid=5
)
MET, NOT_MET = (Answer(met=met, score=None, evidence="gezien") for met in (True, False))
SCORE = [Answer(met=None, score=score, evidence="besproken") for score in range(3)]
GOOD = dict.fromkeys(BASICS, MET) | dict.fromkeys(BEHAVIOUR, SCORE[2])
TWO_MONTHS = [OwnPayment("VL-1", month, paid=True, every=1) for month in ("2026-09", "2026-10")]


def judge(answers=GOOD, proofs=TWO_MONTHS, waived=None, **known) -> Assessment:
    return evaluate(CHECKLIST, answers, replace(NOTHING_SPECIAL, **known), proofs, waived)


def outcome(assessment: Assessment, code: str) -> ChecklistOutcome:
    return next(found for found in assessment.outcomes if found.code == code)


def without(*codes: str) -> dict[str, Answer]:
    return {code: answer for code, answer in GOOD.items() if code not in codes}


def with_points(points: int) -> dict[str, Answer]:
    """All basics, and behaviour with so many points of which the two that may not be zero come first."""
    order = ["pays_on_time", "asks_help", *(code for code in BEHAVIOUR if code not in CHECKLIST.never_zero)]
    scores = {code: SCORE[max(0, min(2, points - 2 * place))] for place, code in enumerate(order)}
    return GOOD | scores


def test_everything_in_place_passes_and_nothing_is_missing():
    assessment = judge()
    assert (assessment.verdict, assessment.missing, assessment.notes) == (Verdict.PASSED, (), ())
    assert (assessment.points, assessment.points_max) == (20, 20)
    assert (assessment.basics_met, assessment.basics_max) == (10, 10)
    assert assessment.proof_met
    assert {found.source for found in assessment.outcomes} == {"person"}


def test_without_any_assessment_there_is_no_verdict_and_everything_is_missing():
    """Also when the books know something, and the client has paid alone already: a person has to look."""
    assert judge({}, []).missing == (*BASICS, *BEHAVIOUR, PROOF)
    known = judge({}, handed_over=frozenset(Category))
    assert known.verdict is Verdict.NONE
    assert known.missing == (*(code for code in BASICS if code not in PAID_ALONE), *BEHAVIOUR)


def test_an_assessment_that_only_waives_the_proof_is_an_assessment():
    assessment = judge({}, [], waived="betaalt al jaren zelf")
    assert (assessment.verdict, assessment.proof_met) == (Verdict.NOT_PASSED, True)
    assert PROOF not in assessment.missing


@pytest.mark.parametrize("code", BASICS)
def test_every_basic_is_required(code):
    for answers in (without(code), GOOD | {code: NOT_MET}):
        assessment = judge(answers)
        assert (assessment.verdict, assessment.missing) == (Verdict.NOT_PASSED, (code,))
        assert assessment.basics_met == 9


def test_exactly_three_quarters_of_the_points_pass_and_one_point_less_does_not():
    assert judge(with_points(15)).verdict is Verdict.PASSED
    below = judge(with_points(14))
    assert (below.verdict, below.points) == (Verdict.NOT_PASSED, 14)
    assert below.missing == tuple(code for code in BEHAVIOUR if with_points(14)[code].score < 2)


@given(st.integers(1, 100), st.lists(st.integers(0, 2), min_size=10, max_size=10))
def test_the_percentage_is_kept_to_the_point_whatever_it_is(percent, scores):
    checklist = replace(CHECKLIST, pass_percent=percent, never_zero=())
    answers = GOOD | {code: SCORE[score] for code, score in zip(BEHAVIOUR, scores, strict=True)}
    assessment = evaluate(checklist, answers, NOTHING_SPECIAL, TWO_MONTHS, None)
    needed = next(points for points in range(21) if points * 5 >= percent)  # a point of twenty is five percent
    assert (assessment.verdict is Verdict.PASSED) == (sum(scores) >= needed)


@pytest.mark.parametrize("code", CHECKLIST.never_zero)
def test_paying_on_time_and_asking_help_may_never_be_zero(code):
    for answers in (without(code), GOOD | {code: SCORE[0]}):
        assessment = judge(answers)
        assert (assessment.verdict, assessment.points, assessment.missing) == (Verdict.NOT_PASSED, 18, (code,))
    assert judge(GOOD | {code: SCORE[1]}).verdict is Verdict.PASSED


def test_another_zero_is_no_obstacle_as_long_as_the_points_suffice():
    assert judge(GOOD | {"course": SCORE[0], "reserves": SCORE[0]}).missing == ()


def test_behaviour_that_was_not_discussed_is_zero_and_missing_until_the_client_passes_all_the_same():
    assessment = judge(without("course", "digid"))
    assert (assessment.points, assessment.missing) == (18, ("digid", "course"))
    assert judge(without("course")).missing == ()


def test_what_is_missing_stands_in_the_order_of_the_checklist():
    missing = judge({"course": SCORE[0]}, []).missing
    assert missing == (*BASICS, *BEHAVIOUR, PROOF)


def paid(*months: str, obligation: str = "VL-1", every: int = 1) -> list[OwnPayment]:
    return [OwnPayment(obligation, month, paid=True, every=every) for month in months]


@pytest.mark.parametrize(
    ("proofs", "enough"),
    [
        (paid("2026-09", "2026-10"), True),
        (paid("2026-12", "2027-01"), True),
        (paid("2026-09") + paid("2026-10", obligation="VL-2"), True),
        (paid("2026-09"), False),
        (paid("2026-09", "2026-11"), False),
        (paid("2026-09") + paid("2026-09", obligation="VL-2"), False),
        (paid("2026-09", "2026-12", every=3), True),
        (paid("2026-09", "2027-03", every=3), False),
        (paid("2026-09", every=3) + paid("2026-12", obligation="VL-2", every=3), False),
        (paid("2026-09", every=3) + paid("2026-10", obligation="VL-2"), True),
        (paid("2026-09", "2027-09", every=12), True),
        ([*paid("2026-09"), OwnPayment("VL-1", "2026-10", paid=False, every=1)], False),
        ([*TWO_MONTHS, OwnPayment("VL-2", "2026-10", paid=False, every=1)], True),
        ([*TWO_MONTHS, OwnPayment("VL-1", "2026-10", paid=False, every=1)], False),
        ([OwnPayment("VL-1", "2026-10", paid=False, every=1), *TWO_MONTHS], True),
        ([], False),
    ],
)
def test_the_proof_is_two_due_months_in_a_row_and_a_later_observation_corrects_an_earlier_one(proofs, enough):
    assessment = judge(proofs=proofs)
    assert assessment.proof_met == enough
    assert assessment.missing == (() if enough else (PROOF,))
    assert judge(proofs=proofs, waived="reden").verdict is Verdict.PASSED


def test_a_checklist_can_ask_for_more_months():
    checklist = replace(CHECKLIST, proof_months=3)
    for count, enough in ((2, False), (3, True)):
        proofs = paid(*(add_months("2026-11", later) for later in range(count)))
        assert evaluate(checklist, GOOD, NOTHING_SPECIAL, proofs, None).proof_met == enough


@pytest.mark.parametrize("answer", [MET, NOT_MET, None])
def test_open_exceptions_are_arrears_whatever_a_person_answered_and_both_are_told(answer):
    answers = without("no_arrears") | ({} if answer is None else {"no_arrears": answer})
    assessment = judge(answers, open_exceptions=2)
    found = outcome(assessment, "no_arrears")
    assert (found.met, found.source, assessment.missing) == (False, "system", ("no_arrears",))
    assert "uitzoekpunten: 2" in found.note
    said = {MET: "antwoordde ja", NOT_MET: "antwoordde nee", None: ""}[answer]
    assert ("antwoordde" in found.note) == bool(said)
    assert said in found.note


def test_no_open_exceptions_do_not_prove_that_there_are_no_arrears():
    assert judge(without("no_arrears"), open_exceptions=0).missing == ("no_arrears",)
    assert judge(GOOD | {"no_arrears": NOT_MET}, open_exceptions=0).missing == ("no_arrears",)


@pytest.mark.parametrize(("code", "category"), PAID_ALONE.items())
def test_a_fixed_cost_that_was_handed_over_is_met_unless_a_person_says_otherwise(code, category):
    handed_over = frozenset({category})
    by_system = outcome(judge(without(code), handed_over=handed_over), code)
    assert (by_system.met, by_system.source) == (True, "system")
    assert by_system.note
    assert judge(without(code), handed_over=frozenset(Category) - handed_over).missing == (code,)
    by_person = outcome(judge(GOOD | {code: NOT_MET}, handed_over=handed_over), code)
    assert (by_person.met, by_person.source) == (False, "person")
    assert "al overgedragen" in by_person.note


def test_a_person_may_say_ready_before_the_hand_over_and_the_difference_is_told():
    found = outcome(judge(), "pay_rent")
    assert (found.met, found.source) == (True, "person")
    assert "nog niet overgedragen" in found.note
    assert outcome(judge(handed_over=frozenset({Category.RENT})), "pay_rent").note == ""


def test_an_account_that_the_register_does_not_know_stays_the_persons_answer_with_a_note():
    found = outcome(judge(has_own_account=False), "own_account")
    assert (found.met, found.source) == (True, "person")
    assert "geen IBAN" in found.note
    assert "nog geen restbedrag" in outcome(judge(months_paid=0), "own_account").note
    assert outcome(judge(GOOD | {"own_account": NOT_MET}, has_own_account=False), "own_account").note == ""


def test_an_account_in_the_register_is_not_yet_an_answer():
    assert judge(without("own_account"), has_own_account=True).missing == ("own_account",)


def test_a_missing_mandate_is_told():
    assert "geen machtiging" in judge(has_mandate=False).notes[0]


def test_an_answer_to_another_version_of_the_checklist_counts_no_more_and_is_told():
    moved = judge(GOOD | {"digid": SCORE[2], "fietsles": MET})
    assert moved.missing == ("digid",)
    assert [note.split()[3] for note in moved.notes] == ["digid", "fietsles"]


def test_of_several_assessments_the_latest_answer_per_code_counts():
    first = {"digid": NOT_MET, "course": SCORE[2]}
    assert latest([first, {"digid": MET}, {}]) == {"digid": MET, "course": SCORE[2]}
    assert latest([first, {"course": SCORE[0]}])["course"] == SCORE[0]
    assert latest([]) == {}


def test_growth_tells_what_was_gained_and_what_was_lost():
    before = judge(GOOD | {"digid": NOT_MET, "course": SCORE[0], "reserves": SCORE[2]}, [])
    now = judge(GOOD | {"budget": NOT_MET, "course": SCORE[2], "reserves": SCORE[1]})
    assert growth(before, now) == Growth(1, 0, ("digid", "course", PROOF), ("budget", "reserves"))
    assert growth(now, before) == Growth(-1, 0, ("budget", "reserves"), ("digid", "course", PROOF))
    assert growth(now, now) == Growth(0, 0, (), ())


def test_growth_over_two_versions_counts_an_item_that_one_of_them_lacks_as_nothing_there():
    shorter = replace(CHECKLIST, items=tuple(item for item in CHECKLIST.items if item.code != "course"))
    old = evaluate(shorter, without("course"), NOTHING_SPECIAL, TWO_MONTHS, None)
    assert growth(old, judge()).gained == ("course",)
    assert growth(judge(), old).lost == ("course",)


def test_staff_read_the_score_what_is_missing_with_its_text_and_every_note():
    answers = GOOD | {"digid": NOT_MET, "asks_help": SCORE[0]}
    lines = explain(CHECKLIST, judge(answers, [], open_exceptions=1, has_mandate=False))
    assert lines[0].startswith("Nog niet geslaagd voor de checklist (checklist 2026-01). Basis: 8 van 10 in orde.")
    assert lines[0].endswith("Gedrag: 18 van 20 punten, nodig is 75%.")
    assert "Nog nodig: De klant heeft een DigiD die werkt en logt daar zelf mee in. (digid) Nu: nee." in lines
    text = "\n".join(lines)
    assert "(asks_help) Nu 0: Vraagt geen hulp, ook niet als er een probleem is." in text
    assert "Let op bij no_arrears: In de boeken staan nog open uitzoekpunten: 1." in text
    assert "Nog nodig: 2 maanden na elkaar zelf een vaste last betaald. (proof)" in text
    assert lines[-1].startswith("Er is geen machtiging")


def test_staff_read_why_the_proof_was_waived_and_what_was_never_discussed():
    lines = explain(CHECKLIST, judge(without("course"), [], waived="betaalt al jaren zelf"))
    assert lines[0].startswith("Geslaagd")
    assert "Van het bewijs is afgezien: betaalt al jaren zelf" in lines
    assert any(line.startswith("Niet besproken, telt als nul:") and "(course)" in line for line in lines)
    assert not any("Nog nodig" in line for line in lines)
    assert explain(CHECKLIST, judge({}))[0].startswith("Nog niet beoordeeld")


ANSWERS = st.fixed_dictionaries(
    {},
    optional={code: st.sampled_from([MET, MET, MET, NOT_MET]) for code in BASICS}
    | {code: st.sampled_from([*SCORE, SCORE[2]]) for code in BEHAVIOUR},
)
NEARLY = st.builds(
    lambda dropped, changed: without(*dropped) | changed,
    st.sets(st.sampled_from([*GOOD]), max_size=2),
    st.dictionaries(st.sampled_from(BEHAVIOUR), st.sampled_from(SCORE), max_size=5),
)
KNOWN = st.builds(
    Known,
    open_exceptions=st.integers(0, 1),
    handed_over=st.frozensets(st.sampled_from(Category)),
    has_own_account=st.booleans(),
    has_mandate=st.booleans(),
    months_paid=st.integers(0, 7),
)
PROOFS = st.lists(
    st.builds(
        OwnPayment,
        st.sampled_from(["VL-1", "VL-2"]),
        st.integers(0, 8).map(lambda later: add_months("2026-08", later)),
        paid=st.booleans(),
        every=st.just(1),
    ),
    unique_by=lambda proof: (proof.obligation, proof.covers),
    max_size=8,
)
WAIVED = st.none() | st.just("reden")
LEVEL = [Verdict.NONE, Verdict.NOT_PASSED, Verdict.PASSED]


@given(ANSWERS | NEARLY, KNOWN, PROOFS, WAIVED, st.randoms())
def test_the_order_in_which_things_were_found_never_matters(answers, known, proofs, waived, random):
    shuffled = dict(random.sample([*answers.items()], len(answers)))
    other = evaluate(CHECKLIST, shuffled, known, random.sample(proofs, len(proofs)), waived)
    assert other == evaluate(CHECKLIST, answers, known, proofs, waived)


@given(ANSWERS | NEARLY, KNOWN, PROOFS, WAIVED)
def test_passed_is_nothing_missing_and_every_item_has_one_outcome(answers, known, proofs, waived):
    assessment = evaluate(CHECKLIST, answers, known, proofs, waived)
    assert (assessment.verdict is Verdict.PASSED) == (assessment.missing == ())
    assert (assessment.verdict is Verdict.NONE) == (not answers and waived is None)
    order = [item.code for item in CHECKLIST.items]
    assert [found.code for found in assessment.outcomes] == order
    assert [*assessment.missing] == [code for code in [*order, PROOF] if code in assessment.missing]
    explained = explain(CHECKLIST, assessment)
    assert all(any(f"({code})" in line for line in explained) for code in assessment.missing)


@given(ANSWERS | NEARLY, KNOWN, PROOFS, WAIVED, st.sampled_from([*GOOD]))
def test_a_better_answer_never_makes_anything_worse(answers, known, proofs, waived, code):
    before = evaluate(CHECKLIST, answers, known, proofs, waived)
    after = evaluate(CHECKLIST, answers | {code: GOOD[code]}, known, proofs, waived)
    assert LEVEL.index(after.verdict) >= LEVEL.index(before.verdict)
    assert {*after.missing} <= {*before.missing}
    assert growth(before, after).lost == ()


@given(ANSWERS | NEARLY, KNOWN, PROOFS, st.integers(0, 8))
def test_one_more_month_paid_alone_never_makes_anything_worse(answers, known, proofs, later):
    more = [*proofs, *paid(add_months("2026-08", later), obligation="VL-3")]
    before, after = (evaluate(CHECKLIST, answers, known, some, None) for some in (proofs, more))
    assert growth(before, after).lost == ()
    assert {*after.missing} <= {*before.missing}
