from datetime import date
from pathlib import Path

import pytest

from config.checklist import Checklists, load_checklists
from config.settings import SettingsRefused
from payments.dossier.checklist import Chapter, ChecklistPart

SHIPPED = (Path(__file__).parents[1] / "config" / "checklist.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)
BASICS = [
    "own_account",
    "digid",
    "pay_rent",
    "pay_energy",
    "pay_water",
    "pay_insurance",
    "toeslagen",
    "no_arrears",
    "budget",
    "help_point",
]
BEHAVIOUR = [
    "pays_on_time",
    "recognises_income",
    "reports_changes",
    "keeps_post",
    "knows_due_dates",
    "checks_account",
    "must_before_may",
    "reserves",
    "asks_help",
    "course",
]
LATER = SHIPPED.replace('"2026-01"', '"2026-07"').replace("from = 2022-01-01", "from = 2026-07-01")


@pytest.fixture
def load(tmp_path):
    def load_text(text: str) -> Checklists:
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return load_checklists(path)

    return load_text


def test_the_shipped_checklist_asks_ten_basics_and_scores_ten_kinds_of_behaviour():
    checklist = load_checklists().in_force(TODAY)
    assert [item.code for item in checklist.items if item.part is ChecklistPart.BASICS] == BASICS
    assert [item.code for item in checklist.items if item.part is ChecklistPart.BEHAVIOUR] == BEHAVIOUR
    assert (checklist.version, checklist.pass_percent, checklist.proof_months) == ("2026-01", 75, 2)
    assert checklist.never_zero == ("pays_on_time", "asks_help")


def test_only_the_course_is_left_to_each_gemeente_and_every_result_of_the_policy_has_items():
    items = load_checklists().in_force(TODAY).items
    assert [item.code for item in items if item.free] == ["course"]
    assert {item.chapter for item in items} == set(Chapter)


def test_behaviour_says_what_each_score_means_and_a_basic_has_no_scores():
    for item in load_checklists().in_force(TODAY).items:
        assert len({*item.scores}) == (3 if item.part is ChecklistPart.BEHAVIOUR else 0)


def test_a_new_version_holds_from_its_day_and_the_old_one_can_still_be_shown(load):
    checklists = load(SHIPPED + LATER.replace("pass_percent = 75", "pass_percent = 80"))
    assert checklists.in_force(date(2026, 6, 30)).pass_percent == 75
    assert checklists.in_force(date(2026, 7, 1)).pass_percent == 80
    assert checklists.version("2026-01").pass_percent == 75
    assert checklists.version("2026-07").start == date(2026, 7, 1)


def test_a_day_before_the_first_version_and_a_name_that_is_gone_say_so():
    with pytest.raises(LookupError, match="no checklist on 2021-12-31"):
        load_checklists().in_force(date(2021, 12, 31))
    with pytest.raises(LookupError, match="'2019-01'"):
        load_checklists().version("2019-01")


def test_a_version_whose_review_day_has_passed_is_listed_only_while_it_is_in_force(load):
    checklists = load_checklists()
    assert checklists.outdated(date(2021, 1, 1)) == checklists.outdated(date(2027, 7, 1)) == []
    assert [late.version for late in checklists.outdated(date(2027, 7, 2))] == ["2026-01"]
    renewed = load(SHIPPED + LATER.replace("review_by = 2027-07-01", "review_by = 2029-07-01"))
    assert renewed.outdated(date(2027, 7, 2)) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "why"),
    [
        ('version = "2026-01"', 'version = "a b"', "checklist[1].version", "name like"),
        ('version = "2026-01"', "", "checklist[1].version", "is missing"),
        ("from = 2022-01-01", 'from = "2022-01-01"', "checklist[1].from", "is not a day"),
        ("from = 2022-01-01", "from = 2022-01-01T10:00:00", "checklist[1].from", "is not a day"),
        ("review_by = 2027-07-01", "review_by = 2022-01-01", "checklist[1].review_by", "must lie after"),
        ("basis = ", 'basis = " " # ', "checklist[1].basis", "not empty"),
        ("pass_percent = 75", "pass_percent = 0", "checklist[1].pass_percent", "from 1 to 100"),
        ("pass_percent = 75", "pass_percent = 101", "checklist[1].pass_percent", "from 1 to 100"),
        ("pass_percent = 75", "pass_percent = 75.0", "checklist[1].pass_percent", "whole number"),
        ("pass_percent = 75", "pass_percent = true", "checklist[1].pass_percent", "whole number"),
        ("proof_months = 2", "proof_months = 0", "checklist[1].proof_months", "whole number"),
        ('["pays_on_time", "asks_help"]', '["digid"]', "checklist[1].never_zero", "part B"),
        ('["pays_on_time", "asks_help"]', '["course", "course"]', "checklist[1].never_zero", "each once"),
        ('["pays_on_time", "asks_help"]', "[[1]]", "checklist[1].never_zero", "part B"),
        ('["pays_on_time", "asks_help"]', '"asks_help"', "checklist[1].never_zero", "list"),
        ("pass_percent = 75", "pass_percent = 75\nunit = 1", "checklist[1].unit", "is not a key"),
        ('code = "digid"', 'code = "Digid"', "checklist[1].item[2].code", "is not a code"),
        ('code = "digid"', 'code = "proof"', "checklist[1].item[2].code", "part C"),
        ('code = "digid"', 'code = "budget"', "checklist[1].item", "budget stands twice"),
        ('code = "no_arrears"', 'code = "no_arrear"', "checklist[1].item", "no_arrears must stand in part A"),
        ('part = "A"', 'part = "C"', "checklist[1].item[1].part", '"A" or "B"'),
        ('part = "A"', 'part = ["A"]', "checklist[1].item[1].part", '"A" or "B"'),
        ('part = "B"', 'part = "A"', "checklist[1].item[11].scores", "part A"),
        ('part = "A"', 'part = "B"', "checklist[1].item[1].scores", "three texts"),
        ('chapter = "geen schulden"', 'chapter = "rijk"', "checklist[1].item[8].chapter", "is not one of"),
        ("free = true", "free = 1", "checklist[1].item[20].free", "true or false"),
        ('    "Niet begonnen.",\n', "", "checklist[1].item[20].scores", "three texts"),
        ('"Niet begonnen."', '" "', "checklist[1].item[20].scores", "three texts"),
        ('code = "digid"', 'code = "digid"\nkleur = 1', "checklist[1].item[2].kleur", "is not a key"),
        ("[[checklist]]\nversion", "[[list]]\nversion", "list", "does not belong"),
        ("[[checklist]]\nversion", "[checklist]\nversion", "checklist", "[[checklist]]"),
    ],
)
def test_a_wrong_checklist_is_refused_at_the_start_with_its_place(load, old, new, key, why):
    assert old in SHIPPED
    text = SHIPPED.replace(old, new, 1)
    if "[[checklist]]\nversion" not in text:
        text = text.partition("[[checklist.item]]")[0]
    with pytest.raises(SettingsRefused) as refused:
        load(text)
    problems = refused.value.problems
    assert any(problem.startswith(f"{key}: ") and why in problem for problem in problems), problems


def test_all_that_is_wrong_comes_at_once(load):
    wrong = SHIPPED.replace("pass_percent = 75", "pass_percent = 0").replace('code = "course"', 'code = ""')
    with pytest.raises(SettingsRefused) as refused:
        load(wrong.replace('chapter = "geen schulden"', 'chapter = ""'))
    assert len(refused.value.problems) == 6  # the percentage, the code and four chapters


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LATER + SHIPPED, "in order of `from`"),
        (SHIPPED + LATER.replace('"2026-07"', '"2026-01"'), "`version` of its own"),
        ("", "is missing"),
        ("checklist = []", "is missing"),
        (SHIPPED.partition("[[checklist.item]]")[0], "item: is missing"),
        (SHIPPED.partition("[[checklist.item]]")[0] + "item = 3", "[[checklist.item]]"),
        (SHIPPED.partition('[[checklist.item]]\ncode = "pays_on_time"')[0], "nothing in part B"),
    ],
)
def test_the_versions_together_must_make_sense(load, text, why):
    with pytest.raises(SettingsRefused) as refused:
        load(text)
    assert any(why in problem for problem in refused.value.problems), refused.value.problems
