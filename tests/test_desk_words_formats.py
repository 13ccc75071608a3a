"""Days, months, amounts, accounts and columns, as Dutch readers know them."""

from datetime import date

import pytest

from desk.words.formats import day_in_words, euros, euros_with_sign, grouped, in_columns, month_in_words


def test_every_month_has_its_own_dutch_name() -> None:
    names = [month_in_words(f"2027-{month:02}").removesuffix(" 2027") for month in range(1, 13)]
    assert names[:3] == ["januari", "februari", "maart"]
    assert names[-1] == "december"
    assert len(set(names)) == 12
    assert day_in_words(date(2027, 5, 9)) == "9 mei 2027"


def test_an_amount_has_points_between_thousands_and_a_comma_before_cents() -> None:
    assert (euros(123_456_78), euros(5), euros(-650_00)) == ("EUR 123.456,78", "EUR 0,05", "EUR -650,00")
    assert euros_with_sign(1_234_56) == "€ 1.234,56"


def test_an_account_is_read_aloud_in_fours() -> None:
    assert grouped("NL20INGB0001234567") == "NL20 INGB 0001 2345 67"


def test_amounts_stand_under_each_other_and_a_wide_cell_is_never_cut() -> None:
    widths = (8, -10)
    assert in_columns(("huur", "650,00"), widths) == "huur        650,00"
    assert in_columns(("energie", "1.120,50"), widths) == "energie   1.120,50"
    assert in_columns(("zorgverzekering", "1"), widths, " ") == "zorgverzekering          1"
    with pytest.raises(ValueError, match="longer"):
        in_columns(("huur",), widths)
