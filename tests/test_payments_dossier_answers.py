import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.checklist import load_checklists
from payments.dossier.answers import MAX_BYTES, Answer, Answers, read_answers
from payments.problems import InputRefused, Problem

TODAY = date(2026, 11, 23)
CHECKLIST = load_checklists().in_force(TODAY)
MET = {"met": True, "evidence": "zelf ingelogd"}
SCORED = {"score": 2, "evidence": "mapje met brieven gezien"}
BSN, IBAN = "111222333", "NL11BNGH0285012346"  # invented: valid in form only


def read(content: bytes) -> Answers:
    return read_answers(content, "ANSWERS.json", CHECKLIST, TODAY)


def document(**changes: object) -> bytes:
    """A good assessment with some keys changed; None leaves one out."""
    whole = {"assessed_on": "2026-11-20", "answers": {"digid": MET, "keeps_post": SCORED}, **changes}
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()


def refused(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as error:
        read(content)
    return error.value.problems


def only(content: bytes) -> tuple[str | None, str]:
    """Where the one problem is, and all it says."""
    (problem,) = refused(content)
    return problem.column, str(problem)


def test_an_assessment_holds_its_day_and_what_was_seen_per_code():
    assert read(document()) == Answers(
        date(2026, 11, 20),
        {
            "digid": Answer(met=True, score=None, evidence="zelf ingelogd"),
            "keeps_post": Answer(met=None, score=2, evidence="mapje met brieven gezien"),
        },
        None,
    )


def test_no_and_zero_are_answers_too():
    answers = read(document(answers={"digid": MET | {"met": False}, "course": SCORED | {"score": 0}})).answers
    assert answers["digid"].met is False
    assert answers["course"].score == 0


def test_every_code_of_the_checklist_can_be_answered():
    given_answers = {item.code: SCORED if item.part == "B" else MET for item in CHECKLIST.items}
    assert list(read(document(answers=given_answers)).answers) == [item.code for item in CHECKLIST.items]


def test_the_proof_can_be_waived_with_a_reason_and_no_answer():
    assert read(document(answers={}, waive_proof="betaalt al jaren zelf")).waive_proof == "betaalt al jaren zelf"


def test_an_assessment_of_today_written_by_an_editor_that_marks_its_utf_8():
    assert read(b"\xef\xbb\xbf" + document(assessed_on="2026-11-23")).assessed_on == TODAY


def test_evidence_may_have_lines_names_with_accents_and_two_thousand_characters():
    text = ("Müller-Çelik:\tbrief\r\n👍 " * 100)[:1999] + "x"
    assert read(document(answers={"digid": MET | {"evidence": text}})).answers["digid"].evidence == text


@pytest.mark.parametrize(
    ("changes", "column", "why"),
    [
        ({"assessed_on": None}, "assessed_on", "is missing"),
        ({"assessed_on": "2026-11-24"}, "assessed_on", "lies after today"),
        ({"assessed_on": "20-11-2026"}, "assessed_on", "is not a date"),
        ({"assessed_on": "2026-02-30"}, "assessed_on", "does not exist"),
        ({"assessed_on": "2026-11-20T10:00"}, "assessed_on", "is not a date"),
        ({"assessed_on": 20261120}, "assessed_on", "'20261120' is not a date"),
        ({"assessed_on": True}, "assessed_on", "'true' is not a date"),
        ({"answers": None}, "answers", "is missing"),
        ({"answers": []}, "answers", "is not an object"),
        ({"answers": {}}, "answers", "has no answer"),
        ({"answers": {"digit": MET}}, "answers.digit", "is digid meant?"),
        ({"answers": {"proof": MET}}, "answers.proof", "is not a code of checklist 2026-01"),
        ({"answers": {"digid": True}}, "answers.digid", "is not an object"),
        ({"answers": {"digid": {"met": True}}}, "answers.digid.evidence", "is missing"),
        ({"answers": {"digid": MET | {"evidence": " \n"}}}, "answers.digid.evidence", "is empty"),
        ({"answers": {"digid": MET | {"evidence": 3}}}, "answers.digid.evidence", "is not text"),
        ({"answers": {"digid": MET | {"evidence": "x" * 2001}}}, "answers.digid.evidence", "2001 characters"),
        ({"answers": {"digid": MET | {"evidence": "a\0b"}}}, "answers.digid.evidence", "control character"),
        ({"answers": {"digid": MET | {"evidence": "\ud800"}}}, "answers.digid.evidence", "half a character"),
        ({"answers": {"digid": MET | {"who": "x"}}}, "answers.digid.who", "is not known here"),
        ({"answers": {"digid": MET | {"score": 2}}}, "answers.digid.score", "does not belong here"),
        ({"answers": {"course": SCORED | {"met": True}}}, "answers.course.met", "does not belong here"),
        ({"answers": {"digid": {"evidence": "x"}}}, "answers.digid.met", "is missing"),
        ({"answers": {"course": {"evidence": "x"}}}, "answers.course.score", "is missing"),
        ({"waive_proof": " "}, "waive_proof", "is empty"),
        ({"waive_proof": False}, "waive_proof", "is not text"),
        ({"comment": "x"}, "comment", "is not known here"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(changes, column, why):
    place, said = only(document(**changes))
    assert place == column
    assert why in said


@pytest.mark.parametrize(
    "score",
    ["3", "-1", "-0", "1.0", "1e0", "true", "null", '"1"', "[1]", "NaN", "Infinity", "-Infinity", "1e999", "9" * 5000],
)
def test_a_score_is_the_digit_0_1_or_2_and_nothing_like_it(score):
    content = document(answers={"course": SCORED}).replace(b'"score": 2', b'"score": ' + score.encode())
    place, said = only(content)
    assert place == "answers.course.score"
    assert "is not 0, 1 or 2" in said


@pytest.mark.parametrize("met", ["1", "0", '"true"', "null", "NaN", "{}"])
def test_met_is_true_or_false_and_nothing_like_it(met):
    place, said = only(document(answers={"digid": MET}).replace(b"true", met.encode()))
    assert place == "answers.digid.met"
    assert "is not true or false" in said


def test_a_score_for_a_basic_is_refused_and_its_own_answer_is_asked_for():
    problems = refused(document(answers={"digid": SCORED}))
    assert {problem.column for problem in problems} == {"answers.digid.score", "answers.digid.met"}


@pytest.mark.parametrize(
    ("once", "twice", "column"),
    [
        (b'"digid": {', b'"digid": {"met": false, "evidence": "x"}, "digid": {', "answers.digid"),
        (b'"met": true', b'"met": false, "met": true', "answers.digid.met"),
        (b'"answers": {', b'"answers": {}, "answers": {', "answers"),
        (b'"met": true', b'"m\\u0065t": true, "met": true', "answers.digid.met"),
    ],
)
def test_a_key_that_stands_twice_is_refused_instead_of_one_of_the_two_winning(once, twice, column):
    place, said = next((p.column, p.what) for p in refused(document().replace(once, twice, 1)) if "twice" in p.what)
    assert place == column
    assert "keep one of the two" in said


@pytest.mark.parametrize(
    "text",
    [
        BSN,
        f"nummer {BSN}.",
        f"bsn{BSN}x",
        "111.222.333",
        "1112 22 333",
        "06 111-222-333",
        "１１１２２２３３３",
        "1112\u200b22333",
        "111\u00a0222\u00a0333",
    ],
)
def test_a_bsn_in_a_text_is_refused_and_not_repeated(text):
    for content in (document(answers={"digid": MET | {"evidence": text}}), document(waive_proof=text)):
        _, said = only(content)
        assert "contains a BSN" in said
        assert text not in said


@pytest.mark.parametrize(
    "text",
    [
        IBAN,
        "rekening NL11 BNGH 0285 0123 46 gezien",
        IBAN.lower(),
        "nl11.bngh.0285.0123.46",
        f"iban{IBAN}ok",
        "BE68 5390 0754 7034",
    ],
)
def test_an_iban_in_a_text_is_refused_and_not_repeated(text):
    for content in (document(answers={"digid": MET | {"evidence": text}}), document(waive_proof=text)):
        _, said = only(content)
        assert "contains an IBAN" in said
        assert text not in said


@pytest.mark.parametrize(
    "text",
    [
        "op 2026-11-20 gezien",
        "betaalt 650,00 en 142,50",
        "kenmerk 123456789",
        "06-12345678",
        "000000000",
        "klant 0010003",
        "NL11BNGH0285012347",
    ],
)
def test_other_numbers_are_evidence(text):
    assert read(document(answers={"digid": MET | {"evidence": text}})).answers["digid"].evidence == text


def test_a_personal_number_is_not_repeated_from_anywhere_else_either():
    problems = refused(document(**{"assessed_on": BSN, BSN: 1, "answers": {IBAN: MET, "digid": BSN}}))
    assert len(problems) == 4
    assert not any(BSN in str(problem) or IBAN in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"{} {}", "is not JSON"),
        (b"{'met': true}", "is not JSON"),
        (document().replace(b"zelf", b"zelf\n"), "is not JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (document().replace(b"zelf", b"z\xe9lf"), "UTF-8"),
        (b" " * (MAX_BYTES + 1), "larger than 1 MB"),
        (b"[" * 500_000, "objects in objects"),
        (b'{"a":' * 200_000, "objects in objects"),
        (b"null", "is not an object"),
        (b"[]", "is not an object"),
        (b"NaN", "is not an object"),
        (b'"text"', "is not an object"),
    ],
)
def test_what_is_no_assessment_at_all_is_refused_with_one_reason(content, why):
    assert why in only(content)[1]


def test_a_fault_in_the_json_is_named_with_its_line():
    assert str(refused(b'{\n"assessed_on": 2026-11-20}')[0]).startswith("ANSWERS.json, line 2: is not JSON")


def test_all_problems_come_at_once():
    wrong = {"digid": MET | {"met": 1}, "course": {"score": 3}, "x": MET}
    problems = refused(document(assessed_on="2027-01-01", answers=wrong, waive_proof=""))
    assert {problem.column for problem in problems} == {
        *("assessed_on", "answers.digid.met", "answers.course.score", "answers.course.evidence", "answers.x"),
        "waive_proof",
    }
    assert all(problem.file == "ANSWERS.json" and problem.line is None for problem in problems)


def test_a_file_of_rubbish_is_refused_soon_and_with_a_list_that_ends():
    rubbish = b"{" + b",".join(b'"%d":0' % key for key in range(90_000)) + b"}"
    problems = refused(rubbish)
    assert len(problems) == 10_001
    assert "more problems are not listed" in str(problems[-1])


SCALARS = st.none() | st.booleans() | st.integers(-1, 3) | st.floats() | st.text(max_size=5) | st.just("2026-11-20")
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
ANSWER = st.dictionaries(st.sampled_from(["met", "score", "evidence"]), JSON, max_size=3) | JSON
DOCUMENT = st.fixed_dictionaries(
    {"assessed_on": st.just("2026-11-20") | JSON},
    optional={
        "answers": st.dictionaries(st.sampled_from(["digid", "course", "x"]), ANSWER, max_size=3) | JSON,
        "waive_proof": JSON,
        "x": JSON,
    },
)


@given(DOCUMENT | JSON)
def test_whatever_json_holds_is_read_or_refused_and_nothing_else(value):
    try:
        answers = read(json.dumps(value).encode())
    except InputRefused:
        return
    assert answers.answers or answers.waive_proof


@given(st.binary(max_size=60), st.integers(0, len(document())))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(noise, place):
    content = document()
    try:
        answers = read(content[:place] + noise + content[place + len(noise) :])
    except InputRefused:
        return
    assert answers.assessed_on <= TODAY
