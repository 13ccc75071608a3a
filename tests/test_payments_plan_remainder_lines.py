"""One line for the benefits office: what to pay now, what to wait with, why; and nothing told is ever taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.plan.grounds import HeldReason
from payments.plan.remainder_lines import Advice, RemainderLine, Standing, Told, line_of
from payments.plan.withholding import Included


def standing(**facts: object) -> Standing:
    return Standing("assen", "0010001", "2026-11", **facts)  # type: ignore[arg-type] - each test names its own


def said(line: RemainderLine) -> tuple[int, str, str, int]:
    return line.due_cents, line.advice.value, line.reason, line.waiting_cents


COUNTED = Included("0010001", 1000_00, 600_00)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"included": COUNTED}, (400_00, "uitbetalen", "", 0)),
        ({"included": COUNTED, "short": True}, (400_00, "uitbetalen", "tekort", 0)),
        ({"included": COUNTED, "reserved_cents": 600_00}, (400_00, "wachten", "iban_unconfirmed", 600_00)),
        ({"included": COUNTED, "on_hold": True}, (0, "wachten", "on_hold", 400_00)),
        # one of two partners: her addition is suspended, the rest was counted
        ({"included": COUNTED, "suspended_cents": 50_00}, (400_00, "wachten", "suspended", 50_00)),
        ({"included": COUNTED, "held_costs": (HeldReason.TERM_OVERLAP,)}, (400_00, "uitbetalen", "term_overlap", 0)),
        ({"granted_cents": 1000_00, "held": HeldReason.ENDED}, (1000_00, "uitbetalen", "ended", 0)),
        ({"granted_cents": 1000_00, "held": HeldReason.ON_HOLD}, (0, "wachten", "on_hold", 1000_00)),
        ({"suspended_cents": 1000_00, "held": HeldReason.SUSPENDED}, (0, "wachten", "suspended", 1000_00)),
        ({"granted_cents": 0, "held": HeldReason.NO_BENEFIT}, (0, "uitbetalen", "no_benefit", 0)),
        ({"granted_cents": 1000_00, "planned": False}, (0, "wachten", "", 1000_00)),
        # no run can look at it any more: the whole benefit is the client's
        ({"granted_cents": 1000_00, "planned": False, "final": True}, (1000_00, "uitbetalen", "", 0)),
        ({"granted_cents": 1000_00, "held": HeldReason.ON_HOLD, "final": True}, (1000_00, "uitbetalen", "on_hold", 0)),
        ({"granted_cents": 7_00, "refund_cents": 65_00, "has_benefit": False}, (65_00, "uitbetalen", "", 0)),
        ({"included": COUNTED, "on_hold": True, "refund_cents": 65_00}, (65_00, "wachten", "on_hold", 400_00)),
    ],
)
def test_what_one_line_says(facts: dict[str, object], expected: tuple[int, str, str, int]) -> None:
    assert said(line_of(standing(**facts), Told())) == expected


def test_what_was_told_of_a_whole_benefit_becomes_remainder_once_it_is_counted() -> None:
    first = line_of(standing(granted_cents=1000_00, held=HeldReason.NO_MANDATE), Told())
    assert (first.new_remainder_cents, first.new_whole_cents) == (0, 1000_00)
    counted = line_of(standing(included=Included("0010001", 1000_00, 0), short=True), Told(0, 0, 1000_00, first.shown))
    assert (counted.new_remainder_cents, counted.new_whole_cents, counted.due_cents) == (1000_00, -1000_00, 0)
    assert counted.is_news  # it says `tekort` now


def test_a_hold_takes_nothing_back_of_what_was_told() -> None:
    told = Told(400_00, 0, 0)
    line = line_of(standing(included=COUNTED, on_hold=True), told)
    assert (said(line), line.new_remainder_cents) == ((0, "uitbetalen", "", 0), 0)


CENTS = st.integers(0, 2000_00)


@given(CENTS, CENTS, CENTS, CENTS, st.sampled_from([None, *HeldReason]), st.booleans(), st.booleans(), st.booleans())
def test_the_money_of_a_client_is_paid_told_or_waits(
    granted: int,
    suspended: int,
    remainder: int,
    whole: int,
    held: HeldReason | None,
    counted: bool,
    hold: bool,
    end: bool,
) -> None:
    """Whatever the facts: nothing told is taken back, and due + told + waiting make up the benefit that is left."""
    included = Included("0010001", granted, 0) if counted else None
    facts = standing(
        granted_cents=granted, suspended_cents=suspended, included=included, held=held, on_hold=hold, final=end
    )
    told = Told(min(remainder, granted) if counted else 0, 0, 0 if counted else min(whole, granted))
    line = line_of(facts, told)
    assert line.due_cents >= 0
    assert line.due_cents == line.new_remainder_cents + line.new_whole_cents + line.new_refund_cents
    assert line.told_cents + line.due_cents + line.waiting_cents == granted + suspended
    assert (line.advice is Advice.WAIT) == (line.waiting_cents > 0)
