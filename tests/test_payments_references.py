import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from payments.references import betalingskenmerk_problem, contains_bsn, iban_problem, rf_problem


@pytest.mark.parametrize(
    "iban",
    [
        "NL91ABNA0417164300",
        "BE68539007547034",
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "CH9300762011623852957",
        "NO9386011117947",
        "RS35260005601001611379",  # Serbia joined SEPA in 2025
    ],
)
def test_an_iban_of_any_sepa_country_is_fine(iban):
    assert iban_problem(iban) is None


@pytest.mark.parametrize(
    ("iban", "why"),
    [
        ("NL91ABNA0417164301", "check digits are wrong"),
        ("NL19ABNA0417164300", "check digits are wrong"),
        ("NL91ABNA041716430", "too few or too many"),
        ("NL91ABNA04171643001", "too few or too many"),
        ("NL91ABN10417164300", "account part does not fit"),
        ("BE41539007547035", "account part does not fit"),  # right IBAN check digits, wrong Belgian ones
        ("XX91ABNA0417164300", "register does not have"),
        ("TR330006100519786457841326", "outside SEPA"),
        ("NL91 ABNA 0417 1643 00", "electronic form"),
        ("nl91abna0417164300", "electronic form"),
        ("NL91ABNA0417164300 ", "electronic form"),
        ("NL91ABNA0417164300\n", "electronic form"),
        ("NL９１ABNA0417164300", "electronic form"),
        ("NL91-ABNA-0417164300", "electronic form"),
        ("417164300", "electronic form"),
        ("", "electronic form"),
    ],
)
def test_a_wrong_iban_is_explained_without_being_repeated(iban, why):
    problem = iban_problem(iban)
    assert why in problem
    assert not iban or iban not in problem


@given(st.integers(0, 9_999_999_999), st.integers(4, 17), st.sampled_from("123456789"))
def test_one_wrong_digit_in_an_iban_never_passes(account, place, step):
    right = _dutch_iban(account)
    assert iban_problem(right) is None
    if right[place].isdigit():
        wrong = right[:place] + str((int(right[place]) + int(step)) % 10) + right[place + 1 :]
        assert iban_problem(wrong) is not None


def _dutch_iban(account: int) -> str:
    bban = f"ABNA{account:010d}"
    number = int("".join(str(int(sign, 36)) for sign in f"{bban}NL00"))
    return f"NL{98 - number % 97:02d}{bban}"


@pytest.mark.parametrize("kenmerk", ["5000056789012345", "12234534622567", "1234567", "0000000"])
def test_these_betalingskenmerken_hold(kenmerk):
    assert betalingskenmerk_problem(kenmerk) is None


@pytest.mark.parametrize(
    ("kenmerk", "why"),
    [
        ("4000056789012345", "first digit, the check"),
        ("5000056789012346", "first digit, the check"),
        ("22234534622567", "first digit, the check"),
        ("13234534622567", "second digit, the length"),
        ("12345678", "7, 9 to 14, or 16 digits"),
        ("123456789012345", "7, 9 to 14, or 16 digits"),
        ("500005678901234", "7, 9 to 14, or 16 digits"),
        ("50000567890123450", "7, 9 to 14, or 16 digits"),
        ("5000 0567 8901 2345", "7, 9 to 14, or 16 digits"),
        ("５000056789012345", "7, 9 to 14, or 16 digits"),
        ("5000056789012345\n", "7, 9 to 14, or 16 digits"),
        ("123456", "7, 9 to 14, or 16 digits"),
        ("", "7, 9 to 14, or 16 digits"),
    ],
)
def test_a_wrong_betalingskenmerk_is_explained(kenmerk, why):
    assert why in betalingskenmerk_problem(kenmerk)


@given(st.text(alphabet="0123456789", min_size=15, max_size=15))
def test_one_first_digit_at_most_fits_the_rest_of_a_betalingskenmerk(rest):
    fitting = [digit for digit in "0123456789" if betalingskenmerk_problem(digit + rest) is None]
    assert len(fitting) == 1


@given(st.text(alphabet="0123456789", min_size=7, max_size=12))
def test_the_length_digit_tells_the_length(rest):
    for length in range(10):
        body = f"{length}{rest}"
        fits = any(betalingskenmerk_problem(f"{check}{body}") is None for check in range(10))
        assert fits == (length == len(rest) % 10)


def test_an_rf_reference_is_checked_in_the_form_that_the_bank_wants():
    assert rf_problem("RF18539007547034") is None
    assert rf_problem("RF185390075470Y") is None
    assert "check digits" in rf_problem("RF17539007547034")
    for wrong in [
        "RF18 5390 0754 7034",
        "rf18539007547034",
        "RF18",
        "539007547034",
        "RF18539007547034\n",
        "RF18" + "1" * 22,
    ]:
        assert "not an ISO 11649" in rf_problem(wrong)


@pytest.mark.parametrize(
    "text", ["111222333", "klant 111222333", "huur 2026-11 111222333/2", "a111222333b", "1,123456782"]
)
def test_a_bsn_in_a_text_is_found(text):
    assert contains_bsn(text)


@pytest.mark.parametrize("text", ["", "111222334", "000000000", "0111222333", "1112223330", "11122233", "111 222 333"])
def test_other_digits_are_no_bsn(text):
    assert not contains_bsn(text)


@given(st.integers(0, 999_999_999))
def test_the_eleven_test_agrees_with_another_implementation(number):
    digits = f"{number:09d}"
    assert contains_bsn(f"ref {digits}.") == bsn.is_valid(digits)
