"""What a line of the bank turns out to be: certain, or an exception with candidates; never a guess."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bank.fields import Direction
from payments.matching.matcher import match
from payments.matching.model import ExceptionKind, Line, MatchOutcome, Reference, Sent
from payments.states import PaymentState

DAY = date(2026, 11, 25)
LANDLORD, ENERGY, STRANGER = "NL91ABNA0417164300", "NL20INGB0001234567", "NL02RABO0123456789"
OUT, IN = Direction.DEBIT, Direction.CREDIT


def a_payment(name: str = "P1", cents: int = 650_00, **changes: Any) -> Sent:
    fields: dict[str, Any] = {
        "payment_id": name,
        "file_id": "FILE-1",
        "payment_information_id": "FILE-1-B1",
        "execution_date": DAY,
        "creditor_iban": LANDLORD,
        "amount_cents": cents,
        "text": f"huur 2026-12 C-{name}",
        "client": f"K-{name}",
        "state": PaymentState.INSTRUCTED,
    }
    return Sent(**fields | changes)


def a_line(name: str, cents: int, direction: Direction = OUT, **changes: Any) -> Line:
    return Line(name, cents, direction, **{"booking_date": DAY} | changes)


def kinds(outcome: MatchOutcome) -> list[ExceptionKind]:
    return [item.kind for item in outcome.unexplained]


def booked(outcome: MatchOutcome) -> list[tuple[str, str]]:
    return [(line.line_id, payment) for line, payment in outcome.booked]


def returned(outcome: MatchOutcome) -> list[tuple[str, str]]:
    return [(line.line_id, payment) for line, payment in outcome.returned]


PAIR = [a_payment("P1"), a_payment("P2", 120_00, creditor_iban=ENERGY)]


def test_a_single_booking_with_our_number_is_that_payment() -> None:
    outcome = match([a_line("L1", 650_00, end_to_end_id="P1")], PAIR)
    assert booked(outcome) == [("L1", "P1")]
    assert not outcome.unexplained


def test_a_batch_with_details_books_each_of_them() -> None:
    outcome = match([a_line("L1.1", 650_00, end_to_end_id="P1"), a_line("L1.2", 120_00, end_to_end_id="P2")], PAIR)
    assert booked(outcome) == [("L1.1", "P1"), ("L1.2", "P2")]


@pytest.mark.parametrize(
    "told",
    [
        {"payment_information_id": "FILE-1-B1", "transactions": 2},
        {"payment_information_id": "FILE-1-B1"},
        {"message_id": "FILE-1", "transactions": 2},
        {"mentioned": ("P2", "P1")},
        {},
        {"booking_date": date(2026, 11, 30)},
    ],
)
def test_a_batch_without_details_books_the_file_when_all_agrees(told: dict[str, Any]) -> None:
    assert booked(match([a_line("L1", 770_00, **told)], PAIR)) in (
        [("L1", "P1"), ("L1", "P2")],
        [("L1", "P2"), ("L1", "P1")],
    )


def test_a_list_that_the_bank_cut_short_books_the_file_that_it_names_by_total_and_count() -> None:
    named = {"mentioned": ("P1",), "payment_information_id": "FILE-1-B1", "transactions": 2}
    assert booked(match([a_line("L1", 770_00, **named)], PAIR)) == [("L1", "P1"), ("L1", "P2")]
    for other in ({"cents": 770_60}, {"transactions": 1}, {"payment_information_id": None}):
        changed = {"cents": 770_00, **named} | other
        outcome = match([a_line("L1", changed.pop("cents"), **changed)], PAIR)
        assert (booked(outcome), kinds(outcome)) == ([], [ExceptionKind.BATCH_DIFFERS])


def test_a_list_that_names_a_payment_of_another_file_is_for_a_person() -> None:
    other = a_payment("P9", 1_00, file_id="FILE-2", payment_information_id="FILE-2-B1")
    line = a_line("L1", 770_00, mentioned=("P1", "P9"), payment_information_id="FILE-1-B1", transactions=2)
    assert kinds(match([line], [*PAIR, other])) == [ExceptionKind.BATCH_DIFFERS]


def test_a_batch_less_what_was_rejected_before_is_the_rest_of_the_file() -> None:
    sent = [PAIR[0], replace(PAIR[1], state=PaymentState.REJECTED)]
    outcome = match([a_line("L1", 650_00, payment_information_id="FILE-1-B1", transactions=1)], sent)
    assert booked(outcome) == [("L1", "P1")]
    assert not outcome.rejected_debited


def test_a_bank_that_books_gross_debits_all_and_credits_the_rejects() -> None:
    sent = [PAIR[0], replace(PAIR[1], state=PaymentState.REJECTED)]
    lines = [
        a_line("L1", 770_00, payment_information_id="FILE-1-B1", transactions=2),
        a_line("L2", 120_00, IN, end_to_end_id="P2"),
    ]
    outcome = match(lines, sent)
    assert booked(outcome) == [("L1", "P1")]
    assert [p for _, p in outcome.rejected_debited] == ["P2"]
    assert [p for _, p in outcome.rejected_credited] == ["P2"]
    assert not outcome.unexplained
    later = match([lines[1]], [sent[0], replace(sent[1], debited_though_rejected=True)])
    assert [p for _, p in later.rejected_credited] == ["P2"]


def test_two_tenants_of_one_landlord_with_the_same_rent_are_told_apart_by_the_text() -> None:
    sent = [a_payment("P1"), a_payment("P2")]
    lines = [
        a_line("L1", 650_00, counterparty_iban=LANDLORD, text="huur  2026-12 C-P2"),
        a_line("L2", 650_00, counterparty_iban=LANDLORD, text="HUUR 2026-12 C-P1"),
    ]
    assert booked(match(lines, sent)) == [("L1", "P2"), ("L2", "P1")]
    unsaid = match([a_line("L1", 650_00, counterparty_iban=LANDLORD)], sent)
    assert kinds(unsaid) == [ExceptionKind.AMBIGUOUS_DEBIT]
    assert unsaid.unexplained[0].candidates == ("P1", "P2")


def test_a_booking_to_our_landlord_with_another_text_is_not_taken_for_our_payment() -> None:
    outcome = match([a_line("L1", 650_00, counterparty_iban=LANDLORD, text="borg kantoor")], [a_payment("P1")])
    assert kinds(outcome) == [ExceptionKind.AMBIGUOUS_DEBIT]


def test_two_files_of_the_same_total_on_one_day_are_for_a_person() -> None:
    sent = [a_payment("P1"), a_payment("P2", file_id="FILE-2", payment_information_id="FILE-2-B1")]
    assert kinds(match([a_line("L1", 650_00)], sent)) == [ExceptionKind.AMBIGUOUS_DEBIT]


def test_one_cent_off_is_an_exception_and_not_a_match() -> None:
    outcome = match([a_line("L1", 649_99, end_to_end_id="P1")], PAIR)
    assert kinds(outcome) == [ExceptionKind.AMOUNT_DIFFERS]
    batch = match([a_line("L1", 769_99, payment_information_id="FILE-1-B1", transactions=2)], PAIR)
    assert kinds(batch) == [ExceptionKind.BATCH_DIFFERS]


def test_a_batch_of_another_number_of_payments_is_an_exception_even_when_the_total_agrees() -> None:
    outcome = match([a_line("L1", 770_00, payment_information_id="FILE-1-B1", transactions=3)], PAIR)
    assert kinds(outcome) == [ExceptionKind.BATCH_DIFFERS]


def test_a_payment_is_booked_once_and_returned_once() -> None:
    out = [a_line("L1", 650_00, end_to_end_id="P1"), a_line("L2", 650_00, end_to_end_id="P1")]
    assert kinds(match(out, PAIR)) == [ExceptionKind.BOOKED_TWICE]
    back = [a_line(f"L{n}", 650_00, IN, end_to_end_id="P1", is_return=True) for n in (3, 4)]
    outcome = match([*out[:1], *back], PAIR)
    assert returned(outcome) == [("L3", "P1")]
    assert kinds(outcome) == [ExceptionKind.RETURNED_TWICE]


def test_a_return_with_our_number_finds_its_payment_also_after_a_silent_batch() -> None:
    lines = [a_line("L1", 770_00), a_line("L2", 650_00, IN, end_to_end_id="P1", is_return=True, reason="AC04")]
    outcome = match(lines, PAIR)
    assert len(outcome.booked) == 2
    assert returned(outcome) == [("L2", "P1")]


def test_a_return_without_our_number_is_known_by_account_amount_and_text() -> None:
    sent = [
        a_payment("P1", state=PaymentState.BOOKED),
        a_payment("P2", state=PaymentState.SETTLED),
        a_payment("P3", 120_00, state=PaymentState.BOOKED),
    ]
    back = a_line("L1", 650_00, IN, counterparty_iban=LANDLORD, is_return=True, text="RETOUR huur 2026-12 C-P2")
    assert returned(match([back], sent)) == [("L1", "P2")]
    assert kinds(match([replace(back, text="")], sent)) == [ExceptionKind.AMBIGUOUS_RETURN]
    assert returned(match([replace(back, text="", amount_cents=120_00)], sent)) == [("L1", "P3")]
    assert kinds(match([replace(back, amount_cents=1_00)], sent)) == [ExceptionKind.UNKNOWN_RETURN]


def test_a_return_before_its_booking_waits_for_it() -> None:
    back = a_line("L1", 650_00, IN, end_to_end_id="P1", is_return=True)
    assert kinds(match([back], PAIR)) == [ExceptionKind.RETURN_BEFORE_BOOKING]
    both = match([back, a_line("L2", 770_00)], PAIR)
    assert returned(both) == [("L1", "P1")]


def test_a_part_that_comes_back_is_for_a_person() -> None:
    sent = [a_payment("P1", state=PaymentState.BOOKED)]
    outcome = match([a_line("L1", 100_00, IN, end_to_end_id="P1", is_return=True)], sent)
    assert kinds(outcome) == [ExceptionKind.PARTIAL_RETURN]
    assert outcome.unexplained[0].client == "K-P1"


def test_a_payment_that_was_never_released_cannot_be_booked() -> None:
    sent = [a_payment("P1", state=PaymentState.PLANNED)]
    assert kinds(match([a_line("L1", 650_00, end_to_end_id="P1")], sent)) == [ExceptionKind.BOOKED_UNRELEASED]


def test_what_is_not_ours_says_so() -> None:
    lines = [
        a_line("L1", 12_34, counterparty_iban=STRANGER, text="bankkosten"),
        a_line("L2", 99_00, IN, counterparty_iban=STRANGER, text="geld"),
    ]
    assert kinds(match(lines, PAIR)) == [ExceptionKind.UNKNOWN_DEBIT, ExceptionKind.UNKNOWN_CREDIT]


def test_a_creditors_refund_names_the_client_whose_number_it_carries() -> None:
    references = [Reference(ENERGY, "KN-1", "10001"), Reference(ENERGY, "KN-22", "10002")]
    settled = a_line("L1", 75_50, IN, counterparty_iban=ENERGY, text="Jaarafrekening KN-22")
    outcome = match([settled], PAIR, references)
    assert kinds(outcome) == [ExceptionKind.CREDITOR_REFUND]
    assert outcome.unexplained[0].client == "10002"
    unclear = match([replace(settled, text="Jaarafrekening")], PAIR, references)
    assert unclear.unexplained[0].client is None


def test_long_after_the_execution_date_date_and_total_prove_nothing() -> None:
    late = a_line("L1", 770_00, booking_date=date(2027, 1, 4))
    assert kinds(match([late], PAIR)) == [ExceptionKind.UNKNOWN_DEBIT]


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_order_of_the_lines_does_not_matter(rng: random.Random, count: int) -> None:
    sent = [
        a_payment(f"P{n}", rng.choice([650_00, 120_00]), creditor_iban=rng.choice([LANDLORD, ENERGY]))
        for n in range(count)
    ]
    lines = [a_line(f"D{p.payment_id}", p.amount_cents, end_to_end_id=p.payment_id) for p in sent]
    lines += [
        a_line(f"C{p.payment_id}", p.amount_cents, IN, is_return=True, counterparty_iban=p.creditor_iban, text=p.text)
        for p in sent
        if rng.random() < 0.4
    ]
    lines.append(a_line("X1", 5_00, IN, counterparty_iban=STRANGER))
    first = match(lines, sent)
    shuffled = lines[:]
    rng.shuffle(shuffled)
    second = match(shuffled, sent)
    assert (booked(first), returned(first), kinds(first)) == (booked(second), returned(second), kinds(second))
    # every line has exactly one fate
    fates = [line.line_id for line, _ in [*first.booked, *first.returned]]
    fates += [item.line.line_id for item in first.unexplained]
    assert sorted(fates) == sorted(line.line_id for line in lines)


def test_a_return_that_names_another_payment_is_not_given_to_the_neighbour() -> None:
    sent = [a_payment("P1"), a_payment("P2", state=PaymentState.BOOKED)]
    back = a_line("L1", 650_00, IN, counterparty_iban=LANDLORD, is_return=True, text="retour huur 2026-12 C-P1")
    assert kinds(match([back], sent)) == [ExceptionKind.RETURN_BEFORE_BOOKING]
    assert kinds(match([replace(back, text="borg")], sent)) == [ExceptionKind.AMBIGUOUS_RETURN]


def test_of_two_numbers_the_longer_that_fits_is_meant() -> None:
    sent = [a_payment("P1", state=PaymentState.BOOKED), a_payment("P12", state=PaymentState.BOOKED)]
    back = a_line("L1", 650_00, IN, counterparty_iban=LANDLORD, is_return=True, text="huur 2026-12 C-P12")
    assert returned(match([back], sent)) == [("L1", "P12")]


def test_a_booking_under_another_number_is_not_ours() -> None:
    foreign = a_line("L1", 650_00, counterparty_iban=LANDLORD, end_to_end_id="LOON-7")
    assert kinds(match([foreign], [a_payment("P1")])) == [ExceptionKind.AMBIGUOUS_DEBIT]
    payroll = a_line("L2", 770_00, payment_information_id="LOON-B1", transactions=2)
    assert kinds(match([payroll], PAIR)) == [ExceptionKind.UNKNOWN_DEBIT]


def test_a_refund_under_kn_22_is_not_of_client_kn_2() -> None:
    references = [Reference(ENERGY, "KN-2", "10002"), Reference(ENERGY, "KN-22", "10022")]
    line = a_line("L1", 75_50, IN, counterparty_iban=ENERGY, text="jaarnota KN-22.")
    assert match([line], PAIR, references).unexplained[0].client == "10022"


def test_certain_returns_are_taken_first_whatever_their_place_on_the_statement() -> None:
    sent = [a_payment("P1", state=PaymentState.BOOKED), a_payment("P2", state=PaymentState.BOOKED)]
    vague = {"counterparty_iban": LANDLORD, "is_return": True}
    for first, second in (("L1", "L2"), ("L2", "L1")):
        lines = [a_line(first, 650_00, IN, **vague), a_line(second, 650_00, IN, end_to_end_id="P1", is_return=True)]
        assert sorted(p for _, p in returned(match(lines, sent))) == ["P1", "P2"]
