"""What is kept for somebody else: money that came in to be sent on, less what was sent on since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ToForward:
    """One amount that was settled as belonging elsewhere; negative where more was sent on than came in."""

    exception_id: str
    gemeente: str
    amount_cents: int
    since: date
    why: str


def still_to_forward(settled: Iterable[ToForward]) -> list[ToForward]:
    """What is left of it, oldest first: what went out takes the same amount that came in, else the oldest.

    Money in is positive, money out negative; what is left adds up to all of it.
    """
    waiting: list[ToForward] = []
    sent: list[ToForward] = []
    for item in settled:
        (waiting if item.amount_cents > 0 else sent).append(item)
    rest = []
    for out in sent:
        same = next((item for item in waiting if item.amount_cents == -out.amount_cents), None)
        if same is None:
            rest.append(out)
        else:
            waiting.remove(same)
    for out in rest:
        left = -out.amount_cents
        while left and waiting:
            oldest = waiting.pop(0)
            taken = min(left, oldest.amount_cents)
            left -= taken
            if oldest.amount_cents > taken:
                waiting.insert(0, _of(oldest, oldest.amount_cents - taken))
        if left:
            waiting.append(_of(out, -left))
    return waiting


def _of(item: ToForward, cents: int) -> ToForward:
    return ToForward(item.exception_id, item.gemeente, cents, item.since, item.why)
