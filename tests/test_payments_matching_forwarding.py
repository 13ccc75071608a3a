"""What is kept for somebody else, one by one: what went out takes what came in."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from payments.matching.forwarding import ToForward, still_to_forward


def item(name: str, cents: int) -> ToForward:
    return ToForward(name, "assen", cents, date(2026, 12, 1), "van een ander")


def left(*cents: int) -> list[tuple[str, int]]:
    found = still_to_forward(item(str(number), amount) for number, amount in enumerate(cents))
    return [(one.exception_id, one.amount_cents) for one in found]


def test_what_was_sent_on_takes_the_same_amount_else_the_oldest() -> None:
    assert left() == []
    assert left(500_00) == [("0", 500_00)]
    assert left(500_00, -500_00) == []
    assert left(500_00, 75_00, -75_00) == [("0", 500_00)]
    assert left(500_00, 75_00, -100_00) == [("0", 400_00), ("1", 75_00)]
    assert left(500_00, 75_00, -550_00) == [("1", 25_00)]
    assert left(500_00, -300_00, -200_00) == []


def test_more_sent_on_than_came_in_stands_there_too() -> None:
    assert left(-75_00) == [("0", -75_00)]
    assert left(50_00, -75_00) == [("1", -25_00)]
    assert left(-75_00, 75_00) == []


@given(st.lists(st.integers(-1000, 1000).filter(bool), max_size=8))
def test_what_is_left_adds_up_to_all_of_it(cents: list[int]) -> None:
    assert sum(amount for _, amount in left(*cents)) == sum(cents)
