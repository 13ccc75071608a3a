import ast
from datetime import date
from pathlib import Path

import pytest

from config.parameters import Parameters, load_parameters
from config.settings import SettingsRefused

SHIPPED = (Path(__file__).parents[1] / "config" / "parameters.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)


@pytest.fixture
def load(tmp_path):
    def load_changed(*changes: tuple[str, str]) -> Parameters:
        text = SHIPPED
        for old, new in changes:
            assert old in text, f"the parameters have no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return load_parameters(path)

    return load_changed


def test_the_shipped_values_are_those_of_law_policy_and_choice():
    parameters = load_parameters()
    assert parameters.number("art_56a_months", TODAY) == 6
    assert parameters.numbers("warn_weeks", TODAY) == (8, 4, 2)
    assert parameters.number("small_group", TODAY) == 5
    assert parameters.number("reassessment_months", TODAY) == 3
    assert parameters.value("holiday_allowance_percent", TODAY) == "5,00"
    norms = [parameters.number(name, TODAY) for name in ("norm_single", "norm_couple", "norm_single_18_20")]
    assert norms == [140_150, 200_213, 34_599]


def test_every_value_says_where_it_comes_from():
    for versions in load_parameters().versions.values():
        assert all(version.basis for version in versions)


def test_a_new_value_holds_from_its_day_and_the_old_one_stays_before_it(load):
    later = '[[small_group]]\nfrom = 2026-07-01\nvalue = 10\nbasis = "a later choice"\nreview_by = 2028-01-01\n'
    parameters = load((SHIPPED, SHIPPED + later))
    assert parameters.value("small_group", date(2026, 6, 30)) == 5
    assert parameters.value("small_group", date(2026, 7, 1)) == 10


def test_a_day_before_the_first_value_has_none_and_says_so():
    with pytest.raises(LookupError, match="small_group has no value on 2021-12-31"):
        load_parameters().value("small_group", date(2021, 12, 31))


def test_a_row_of_numbers_is_not_taken_for_one_number_nor_the_other_way_round():
    with pytest.raises(TypeError, match="warn_weeks"):
        load_parameters().number("warn_weeks", TODAY)
    with pytest.raises(TypeError, match="small_group"):
        load_parameters().numbers("small_group", TODAY)


def test_every_parameter_is_read_by_the_program():
    """One that nothing reads would be kept up to date for years, and change nothing."""
    house = Path(__file__).parents[1]
    sources = [path for room in ("payments", "ledgers", "flows", "desk") for path in (house / room).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources]
    words = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert set(load_parameters().versions) - words == set()


def test_a_value_whose_review_day_has_passed_is_listed_and_still_holds():
    parameters = load_parameters()
    assert parameters.outdated(date(2026, 7, 1)) == []
    passed = parameters.outdated(date(2026, 7, 2))
    assert [version.name for version in passed] == ["norm_single", "norm_couple", "norm_single_18_20"]
    assert parameters.number("norm_single", date(2026, 7, 2)) == 140_150


def test_only_the_version_in_force_can_be_outdated(load):
    newer = '[[norm_single]]\nfrom = 2026-07-01\nvalue = "1.410,00"\nbasis = "invented"\nreview_by = 2027-01-01\n'
    parameters = load((SHIPPED, SHIPPED + newer))
    assert [version.name for version in parameters.outdated(TODAY)] == ["norm_couple", "norm_single_18_20"]


@pytest.mark.parametrize(
    ("old", "new", "key", "why"),
    [
        ("value = 6", "value = 0", "art_56a_months[1].value", "above zero"),
        ("value = 6", "value = true", "art_56a_months[1].value", "whole number"),
        ("value = 6", 'value = "6"', "art_56a_months[1].value", "whole number"),
        ("value = [8, 4, 2]", "value = []", "warn_weeks[1].value", "list of whole numbers"),
        ("value = [8, 4, 2]", "value = [8, 4.5]", "warn_weeks[1].value", "list of whole numbers"),
        ('"1.401,50"', '"1401.50"', "norm_single[1].value", "is not an amount like"),
        ('"1.401,50"', "1401.50", "norm_single[1].value", "between quotes"),
        ('"5,00"', '"500,00"', "holiday_allowance_percent[1].value", "above 100,00"),
        ('"5,00"', "5", "holiday_allowance_percent[1].value", "percentage"),
        ("from = 2022-01-01", 'from = "2022-01-01"', "art_56a_months[1].from", "is not a day"),
        ("from = 2022-01-01", "from = 2022-01-01T10:00:00", "art_56a_months[1].from", "is not a day"),
        ("from = 2022-01-01", "", "art_56a_months[1].from", "is missing"),
        ("review_by = 2027-07-01", "review_by = 2022-01-01", "art_56a_months[1].review_by", "must lie after"),
        ('basis = "Participatiewet art. 56a lid 2"', 'basis = " "', "art_56a_months[1].basis", "where the value"),
        ("value = 6", "value = 6\nunit = 1", "art_56a_months[1].unit", "is not a key"),
        ("[[small_group]]", "[[tiny_group]]", "tiny_group", "is not a parameter"),
        ("[[small_group]]", "[[tiny_group]]", "small_group", "is missing"),
        ("[[small_group]]", "[small_group]", "small_group", "[[small_group]]"),
        ("[[norm_couple]]", "[[norm_single]]", "norm_single", "a day of its own"),
    ],
)
def test_a_wrong_parameter_is_refused_at_the_start_by_its_name(load, old, new, key, why):
    with pytest.raises(SettingsRefused) as refused:
        load((old, new))
    problems = refused.value.problems
    assert any(problem.startswith(f"{key}: ") and why in problem for problem in problems), problems
