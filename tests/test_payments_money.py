import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.money import (
    MAX_CENTS,
    divide,
    format_amount,
    format_iso,
    format_plain,
    parse_amount,
    split_evenly,
)

CENTS = st.integers(min_value=0, max_value=MAX_CENTS)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0,00", 0),
        ("0,01", 1),
        ("650,00", 65_000),
        ("1331,43", 133_143),
        ("1.331,43", 133_143),
        ("12.345.678,90", 1_234_567_890),
        ("999.999.999,99", MAX_CENTS),
    ],
)
def test_the_dutch_grammar_is_read_to_the_cent(text, cents):
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "850.00",
        "850",
        "8.50",
        "1,331.43",
        "-5,00",
        "1e3",
        "+5,00",
        "",
        " ",
        " 5,00",
        "5,00 ",
        "5,0",
        "5,000",
        ",50",
        "5,",
        "00,50",
        "0650,00",
        "1.33,43",
        "13.31,43",
        "1331.000,00",
        "0.331,43",
        ".331,43",
        "1..331,43",
        "1.331.43",
        "1 331,43",
        "1'331,43",
        "650,00-",
        "(650,00)",
        "€650,00",
        "650,00 EUR",
        "650,-",
        "650,0o",
        "NaN",
        "inf",
        "0x10,00",
        "1_000,00",
        "６５０,００",
        "٦٥٠,٠٠",
        "650，00",
        "650,00\n",
        "\n650,00",
        "650,00\x00",
    ],
)
def test_anything_else_is_no_amount_at_all(text):
    with pytest.raises(ValueError, match="is not an amount like"):
        parse_amount(text)


def test_a_negative_amount_is_called_negative():
    with pytest.raises(ValueError, match="and it is negative"):
        parse_amount("-1.331,43")
    with pytest.raises(ValueError, match=r"exactly two decimals\)$"):
        parse_amount("-5")


def test_an_amount_that_no_sepa_payment_can_carry_is_refused():
    with pytest.raises(ValueError, match=r"above 999\.999\.999,99"):
        parse_amount("1.000.000.000,00")


@given(CENTS)
def test_what_is_written_is_read_back_as_the_same_cents(cents):
    assert parse_amount(format_amount(cents)) == cents
    assert parse_amount(format_plain(cents)) == cents


@given(CENTS)
def test_a_thousands_point_never_changes_the_digits(cents):
    assert format_amount(cents).replace(".", "") == format_plain(cents)


@given(st.text(alphabet="0123456789.,-+e ", max_size=14))
def test_whatever_is_accepted_means_exactly_one_thing(text):
    try:
        cents = parse_amount(text)
    except ValueError:
        return
    assert text in {format_amount(cents), format_plain(cents)}


def test_a_negative_amount_can_be_shown_but_not_sent():
    assert format_amount(-133_143) == "-1.331,43"
    with pytest.raises(ValueError, match="no sign"):
        format_iso(-1)


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (1, "0.01"), (65_000, "650.00"), (133_143, "1331.43")])
def test_iso_20022_has_a_decimal_point_and_no_thousands(cents, text):
    assert format_iso(cents) == text


@given(CENTS, st.integers(min_value=1, max_value=12))
def test_a_split_loses_no_cent_and_differs_by_one_at_most(cents, shares):
    parts = split_evenly(cents, shares)
    assert len(parts) == shares
    assert sum(parts) == cents
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


def test_what_came_back_in_part_is_divided_in_proportion_the_odd_cents_to_the_first() -> None:
    assert divide(645_00, [("1", 325_00), ("2", 325_00)]) == [("1", 322_50), ("2", 322_50)]
    assert divide(300_00, [("1", 325_01), ("2", 325_00)]) == [("1", 150_01), ("2", 149_99)]
    assert divide(1, [("1", 0), ("2", 5), ("3", 5)]) == [("1", 0), ("2", 1), ("3", 0)]
    assert divide(0, [("1", 5)]) == [("1", 0)]
    assert divide(0, []) == []
    with pytest.raises(ValueError, match="more cannot be divided"):
        divide(6, [("1", 5)])


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.data())
def test_parts_one_after_the_other_give_everybody_exactly_theirs(owed: list[int], data: st.DataObject) -> None:
    left = {str(n): cents for n, cents in enumerate(owed)}
    while total := sum(left.values()):
        part = data.draw(st.integers(1, total))
        given_now = dict(divide(part, list(left.items())))
        assert sum(given_now.values()) == part
        assert all(0 <= given_now[name] <= left[name] for name in left)
        left = {name: cents - given_now[name] for name, cents in left.items()}
    assert set(left.values()) == {0}
