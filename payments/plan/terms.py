"""Covered months in a row: how far one payment reaches, and which months a client pays alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from payments.month import Month, add_months, index
from payments.parties import Frequency, Obligation


@dataclass(frozen=True, slots=True)
class OwnStretch:
    """Months that a client pays alone: from `first` on, up to the month before `back_from` if we took it back."""

    first: Month
    back_from: Month | None = None

    def holds(self, month: Month) -> bool:
        """Whether the month is the client's own by this stretch."""
        return self.first <= month and (self.back_from is None or month < self.back_from)


def claims(obligation: Obligation, month: Month) -> bool:
    """Whether the register has this cost in a month, whether or not a term begins in it."""
    last = obligation.last_covered
    return obligation.first_covered <= month and (last is None or month <= last)


def starts_term(obligation: Obligation, month: Month) -> bool:
    """Whether a term begins in that month, counted from the first covered one."""
    months = index(month) - index(obligation.first_covered)
    if obligation.frequency is Frequency.ONCE:
        return months == 0
    return months >= 0 and months % obligation.frequency.months == 0


def start_of_term(obligation: Obligation, month: Month) -> Month | None:
    """The first month of the term that holds a month; None before the first one, and of a one-off outside its month."""
    months = index(month) - index(obligation.first_covered)
    if months < 0 or (obligation.frequency is Frequency.ONCE and months):
        return None
    return add_months(month, -(months % obligation.frequency.months))


def end_of_term(obligation: Obligation, covers: Month) -> Month:
    """The last month that a payment for this covered month reaches: of a quarter the third."""
    return add_months(covers, obligation.frequency.months - 1)


def through(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from the first to the last, both included."""
    return tuple(add_months(first, ahead) for ahead in range(index(last) - index(first) + 1))


class PaidMonths:
    """Every month that payments reach, by obligation: a term of another length may hold some of them, or be paid."""

    def __init__(self, paid: Iterable[tuple[str, Month, Month]]) -> None:
        """Take each payment's obligation, covered month and the last month that it reaches."""
        self._months: dict[str, set[Month]] = defaultdict(set)
        for code, covers, reaches in paid:
            self._months[code].update(through(covers, reaches))

    def all_of(self, obligation: Obligation, covers: Month) -> bool:
        """Whether nothing of the term is left to pay."""
        return self._months.get(obligation.obligation, set()).issuperset(_term(obligation, covers))

    def any_of(self, obligation: Obligation, covers: Month) -> bool:
        """Whether paying the term would pay some month twice."""
        return not self._months.get(obligation.obligation, set()).isdisjoint(_term(obligation, covers))

    def meets(self, code: str, obligation: Obligation, covers: Month) -> bool:
        """Whether payments of another obligation reach some month of the term."""
        return not self._months.get(code, set()).isdisjoint(_term(obligation, covers))


def _term(obligation: Obligation, covers: Month) -> tuple[Month, ...]:
    return through(covers, end_of_term(obligation, covers))
