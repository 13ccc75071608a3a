import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.charset import to_sepa

SEPA = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "


@given(st.text(alphabet=SEPA))
def test_sepa_text_stays_as_it_is(text):
    assert to_sepa(text) == text


@pytest.mark.parametrize(
    ("written", "sepa"),
    [
        ("Zoë Müller-Großmann", "Zoe Muller-Grossmann"),
        ("Łukasz Đorđević", "Lukasz Dordevic"),
        ("Søren Æbelø", "Soren AEbelo"),
        ("Şükrü Yıldız", "Sukru Yildiz"),
        ("Nguyễn Thị Ánh", "Nguyen Thi Anh"),
        ("Ĳsbrand", "IJsbrand"),
        ("D’Angelo", "D'Angelo"),
        ("Smit & Zn", "Smit en Zn"),
        ("€ 10", "EUR 10"),
        ("Groningen–Assen", "Groningen-Assen"),
        ("e\u0301te\u0301", "ete"),  # accents as characters of their own
        ("", ""),
    ],
)
def test_names_are_written_in_letters_that_every_bank_has(written, sepa):
    assert to_sepa(written) == sepa


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("Ольга", 1, "U+041E"),
        ("Ali محمد", 5, "U+0645"),
        ("Het huis @ Assen", 10, "U+0040"),
        ("a_b", 2, "U+005F"),
        ("50%", 3, "U+0025"),
        ("a\x00b", 2, "U+0000"),
        ("regel\neinde", 6, "U+000A"),
        ("½", 1, "U+00BD"),
        ("Zoë \ufffd", 5, "U+FFFD"),
        ("\U0001f600", 1, "U+1F600"),
    ],
)
def test_what_has_no_spelling_is_named_with_its_place(text, place, code):
    with pytest.raises(ValueError, match=rf"\({re.escape(code)}\) at position {place},"):
        to_sepa(text)


@given(st.text())
def test_the_result_has_only_sepa_characters_and_no_invented_question_mark(text):
    try:
        sepa = to_sepa(text)
    except ValueError:
        return
    assert set(sepa) <= set(SEPA)
    assert sepa.count("?") == unicodedata.normalize("NFKD", text).count("?")
    assert to_sepa(sepa) == sepa


@given(st.text(alphabet=SEPA + "éüßŁ&€’", min_size=200, max_size=400))
def test_nothing_is_cut_however_long(text):
    assert len(to_sepa(text)) >= len(text)
