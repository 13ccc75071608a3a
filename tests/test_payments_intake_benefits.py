import io

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.intake.benefits import BENEFITS, read_benefits
from payments.parties import BenefitRecord, Component
from payments.problems import InputRefused

CLIENTS = ("000123", "000124")
LINE = {
    "referentie": "U-1",
    "klantnummer": "000123",
    "maand": "2026-11",
    "component": "regulier",
    "bedrag": "1.331,43",
    "opgeschort": "",
}


def csv(*rows):
    return "\n".join(";".join(cells) for cells in [list(rows[0]), *(row.values() for row in rows)]).encode()


def read(content, *, ignore_unknown=False, month=None, **options):
    return read_benefits(
        content, "benefits.csv", clients=CLIENTS, ignore_unknown=ignore_unknown, month=month, **options
    )


def problems(*rows, **options):
    with pytest.raises(InputRefused) as caught:
        read(csv(*rows), **options)
    return caught.value.problems


def only_problem(**changes):
    (problem,) = problems(LINE | changes)
    assert problem.line == 2
    return problem


def test_a_benefit_line_is_taken_as_it_is():
    benefits = read(csv(LINE), month="2026-11")
    assert benefits.records == [BenefitRecord("U-1", "000123", "2026-11", Component.REGULAR, 133_143, suspended=False)]
    assert benefits.ignored == []


def test_suspended_says_ja_or_nee_and_empty_is_nee():
    rows = [
        LINE | {"referentie": word or "leeg", "component": "correctie", "opgeschort": word}
        for word in ("ja", "nee", "")
    ]
    assert [record.suspended for record in read(csv(*rows)).records] == [True, False, False]
    assert only_problem(opgeschort="Ja").what == "is not one of ja, nee"


def test_the_column_for_suspended_may_lack():
    content = b"referentie;klantnummer;maand;component;bedrag\nU-1;000123;2026-11;regulier;1331,43\n"
    assert read(content) == read(csv(LINE))


def test_nothing_granted_is_an_amount_but_less_than_nothing_is_not():
    assert read(csv(LINE | {"bedrag": "0,00"})).records[0].amount_cents == 0
    assert only_problem(bedrag="-5,00").what.startswith("is negative: a deduction is a line of component inhouding")


def test_every_component_of_one_client_and_month_is_kept():
    rows = [LINE | {"referentie": f"U-{word}", "component": word} for word in Component if word != "inhouding"]
    rows.append(LINE | {"referentie": "U-inhouding", "component": "inhouding", "inhouding_soort": "beslag"})
    rows = [{"inhouding_soort": ""} | row for row in rows]
    assert [record.component for record in read(csv(*rows)).records] == list(Component)


DEDUCTION = LINE | {"component": "inhouding", "inhouding_soort": "aflossing"}


def test_a_deduction_says_of_what_kind_and_nothing_else_does():
    kinds = ("verrekening", "aflossing", "beslag", "maatregel", "overig")
    rows = [DEDUCTION | {"referentie": kind, "inhouding_soort": kind} for kind in kinds]
    assert [record.deduction for record in read(csv(*rows)).records] == list(kinds)
    (problem,) = problems(DEDUCTION | {"inhouding_soort": ""})
    assert (problem.line, problem.column, problem.value) == (2, "inhouding_soort", None)
    (problem,) = problems(DEDUCTION | {"component": "correctie"})
    assert problem.what == "belongs to component inhouding"
    (problem,) = problems(DEDUCTION | {"inhouding_soort": "boete"})
    assert problem.what == "is not one of verrekening, aflossing, beslag, maatregel, overig"


def test_a_deduction_of_nothing_is_none():
    (problem,) = problems(DEDUCTION | {"bedrag": "0,00"})
    assert problem.what == "is zero: nothing is deducted"


def test_a_client_may_have_several_deductions_in_a_month():
    assert len(read(csv(DEDUCTION, DEDUCTION | {"referentie": "U-2"})).records) == 2


def test_each_line_keeps_the_number_that_it_has_in_the_file():
    assert read(csv(LINE, LINE | {"referentie": "U-2", "component": "aanvulling"})).line_numbers == {
        "U-1": 2,
        "U-2": 3,
    }


@pytest.mark.parametrize("amount", ["1331.43", "1331", "13.31", "1,331.43", "1e3", "１３３１,４３", "1331,4"])
def test_an_amount_has_one_grammar(amount):
    problem = only_problem(bedrag=amount)
    assert (problem.column, problem.value) == ("bedrag", amount)


@pytest.mark.parametrize("column", BENEFITS.required)
def test_every_required_field_is_filled(column):
    assert only_problem(**{column: ""}).what == "is empty: this field is required"


def test_a_component_that_does_not_exist():
    assert only_problem(component="bonus").what == (
        "is not one of regulier, aanvulling, voorschot, nabetaling, correctie, inhouding"
    )


def test_a_month_that_does_not_exist():
    assert only_problem(maand="2026-13").what == "is not a month like 2026-11"


def test_a_line_of_another_month_than_the_run():
    (problem,) = problems(LINE, LINE | {"referentie": "U-2", "maand": "2026-10"}, month="2026-11")
    assert (problem.line, problem.column, problem.value) == (3, "maand", "2026-10")
    assert problem.what == "is not 2026-11, the month that this file is read for"


def test_a_reference_is_unique_and_both_lines_are_named():
    (problem,) = problems(LINE, LINE | {"klantnummer": "000124"})
    assert (problem.line, problem.column, problem.value) == (3, "referentie", "U-1")
    assert "line 2" in problem.what


def test_two_regular_lines_for_one_client_and_month():
    other_month = LINE | {"referentie": "U-2", "maand": "2026-10"}
    (problem,) = problems(LINE, other_month, LINE | {"referentie": "U-3"})
    assert (problem.line, problem.column) == (4, "component")
    assert problem.what.startswith("is a second line for this client and month: the first is on line 2")


def test_an_unknown_client_makes_the_file_invalid():
    problem = only_problem(klantnummer="999")
    assert (problem.column, problem.value) == ("klantnummer", "999")
    assert problem.what.startswith("is not a known klantnummer")


def test_an_unknown_client_is_listed_once_where_the_settings_let_it_pass():
    rows = [LINE] + [LINE | {"referentie": f"X-{n}", "klantnummer": "999"} for n in (1, 2)]
    rows.append(LINE | {"referentie": "X-3", "klantnummer": "888", "component": "voorschot"})
    benefits = read(csv(*rows), ignore_unknown=True)
    assert [record.client for record in benefits.records] == ["000123"]
    assert benefits.ignored == ["999", "888"]


def test_a_line_that_would_be_ignored_is_still_in_the_grammar():
    (problem,) = problems(LINE | {"klantnummer": "999", "bedrag": "850.00"}, ignore_unknown=True)
    assert problem.column == "bedrag"


def test_all_problems_come_at_once():
    found = problems(
        LINE | {"klantnummer": "999", "bedrag": "850"},
        LINE | {"maand": "nov", "opgeschort": "x"},
        LINE | {"component": "=1"},
    )
    assert [(problem.line, problem.column) for problem in found] == [
        (2, "klantnummer"),
        (2, "bedrag"),
        (3, "referentie"),
        (3, "maand"),
        (3, "opgeschort"),
        (4, "component"),
        (4, "referentie"),
    ]


def test_a_workbook_with_number_cells_says_the_same():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(LINE))
        sheet.write_row(1, 0, ["U-1", "000123", "2026-11", "regulier", 1331.43, ""])
    assert read(target.getvalue()) == read(csv(LINE))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    damaged = bytearray(csv(LINE, LINE | {"referentie": "U-2", "component": "correctie"}))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(damaged)))
        damaged[place : place + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    try:
        benefits = read(bytes(damaged), ignore_unknown=True)
    except InputRefused:
        return
    assert {record.client for record in benefits.records} <= set(CLIENTS)
    assert all(record.amount_cents >= 0 for record in benefits.records)
