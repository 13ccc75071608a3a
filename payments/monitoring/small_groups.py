"""Nobody may be recognised in a figure: which cells are hidden so that none of them can be computed from others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a cell is published."""

    OPEN = "open"
    SMALL = "small"  # about fewer people than may be shown
    GUARDED = "guarded"  # of any size, zero too: shown, it would give a small one away


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted, per klantnummer."""

    cases: Mapping[str, int]

    @property
    def value(self) -> int:
        """The figure itself."""
        return sum(self.cases.values())

    @property
    def people(self) -> int:
        """How many people it is about."""
        return len(self.cases)


def tally(clients: Iterable[str]) -> Tally:
    """Count one for each time that a klantnummer is given."""
    cases: dict[str, int] = {}
    for client in clients:
        cases[client] = cases.get(client, 0) + 1
    return Tally(dict(sorted(cases.items())))


def alone(counted: Tally, small_group: int) -> Mark:
    """How a cell is published that adds up to nothing with others."""
    return Mark.SMALL if 0 < counted.people < small_group else Mark.OPEN


def divided(total: Mark, parts: Mapping[str, Tally], small_group: int) -> dict[str, Mark]:
    """How the parts of a total are published, zeros among them where nothing less would do.

    Of a hidden total everything is hidden: it is below the limit, so its parts are too. Of a total that is shown, at
    least two parts are hidden together, of which the sum reaches the limit and leaves each of them more than one value.
    """
    if total is not Mark.OPEN:
        return dict.fromkeys(parts, total)
    small = {group for group, part in parts.items() if alone(part, small_group) is Mark.SMALL}
    hidden, mark = set(small), Mark.SMALL
    if not small:
        return dict.fromkeys(parts, Mark.OPEN)

    def together() -> int:
        return sum(parts[group].value for group in hidden)

    for group in sorted(parts, key=lambda group: (parts[group].value, group)):
        if len(hidden) > 1 and together() >= small_group:
            break
        if parts[group].value and group not in hidden:
            hidden.add(group)
            mark = Mark.GUARDED
    lowest, highest = len(hidden), len(hidden) * (small_group - 1)
    if together() == lowest or (mark is Mark.SMALL and together() == highest):  # then each has its lowest or highest
        hidden, mark = set(parts), Mark.GUARDED
    return {group: mark if group in hidden else Mark.OPEN for group in parts}


@dataclass(frozen=True, slots=True)
class Flow:
    """A stock and what changed it: before + came - went = after, so that any three of them give the fourth."""

    before: Tally
    came: Tally
    went: Tally
    after: Tally

    def marks(self, small_group: int) -> tuple[Mark, Mark, Mark]:
        """How what came, what went and what was there afterwards are published.

        Both flows are hidden as soon as one of the four is: a stock is the next quarter's as well, and cannot give way.
        """
        before, came, went, after = (
            alone(part, small_group) for part in (self.before, self.came, self.went, self.after)
        )
        if {before, came, went, after} == {Mark.OPEN}:
            return came, went, after
        both_small = came is went is Mark.SMALL and abs(self.came.value - self.went.value) < small_group - 2
        return (came, went, after) if both_small else (Mark.GUARDED, Mark.GUARDED, after)
