"""The list of what the benefits office must pay to each client: numbered, kept as it was, and never taken back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection

from config.settings import GemeenteSettings
from flows.actions.act import act
from flows.actions.every_gemeente import every_gemeente
from flows.delivery import outbox
from flows.office import Office
from ledgers.errors import Refused
from ledgers.month import remainders
from ledgers.registers.staff import Role
from ledgers.views.remainder_facts import benefits_before, standings
from payments.money import about_hundredfold, format_amount
from payments.month import Month
from payments.plan.remainder_lines import RemainderLine, line_of

MAY_TELL = (Role.FINANCE, Role.ADMINISTRATION)


@dataclass(frozen=True, slots=True)
class RemaindersTold:
    """The list that was handed over; no `number` where nothing was new, so that no list was made."""

    path: Path
    number: int | None
    lines: tuple[RemainderLine, ...]

    @property
    def due_cents(self) -> int:
        """What the benefits office must pay by this list."""
        return sum(line.due_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class ListWritten:
    """A list of before, written again as it was."""

    path: Path
    number: int
    lines: int
    due_cents: int
    sha256: str


AsTable = Callable[[int | None, Sequence[RemainderLine]], bytes]


def tell_remainders(
    office: Office, month: Month, path: Path, form: str, as_table: AsTable, accepted: Collection[str] = ()
) -> RemaindersTold:
    """Write what is new for the benefits office as the table that its reader wants, and record that it was told.

    `accepted` are clients whose amount is right, however large.
    """
    with act(office, *MAY_TELL) as books:
        every_gemeente(office, books)
        lines = _news(books, office, month)
        _refuse_too_much(books, office, lines, accepted)
        # Written before the books say so: a list that could not be written is not counted as handed over.
        number = remainders.next_number(books, month) if lines else None
        content = as_table(number, lines)
        if lines:
            remainders.keep_list(books, month, form, content, lines, office.actor, office.now)
        outbox.set_aside(path, content)
        outbox.replace(path, content)
    return RemaindersTold(path, number, tuple(lines))


def write_list(office: Office, month: Month, number: int, path_of: Callable[[str], Path]) -> ListWritten:
    """Write a list of before again: the same bytes, whatever became of the month since."""
    with act(office, *MAY_TELL) as books:
        kept = remainders.kept_list(books, month, number)
    path = path_of(kept.form)
    outbox.set_aside(path, kept.content)
    outbox.replace(path, kept.content)
    return ListWritten(path, number, kept.lines, kept.due_cents, kept.sha256)


def _news(books: Connection, office: Office, month: Month) -> list[RemainderLine]:
    told = remainders.told_of_month(books, month)
    whole = remainders.whole_of_month(told)
    found = []
    gemeenten = office.settings.gemeenten
    gross = {code for code, settings in gemeenten.items() if settings.regulier_is == "bruto"}
    for standing in standings(books, [*gemeenten], month, gross):
        before = told.get((standing.gemeente, standing.client), remainders.NOTHING_TOLD)
        if standing.has_benefit:  # told by another gemeente before the client moved: the same benefit
            before = replace(before, whole_cents=whole[standing.client])
        line = line_of(standing, before)
        if line.is_news:
            found.append(line)
    return found


def _refuse_too_much(
    books: Connection, office: Office, lines: Sequence[RemainderLine], accepted: Collection[str]
) -> None:
    """Cents read as euros once paid people a hundred times what was theirs: what is out of proportion is asked."""
    before = benefits_before(books, lines[0].month) if lines else {}
    too_much = []
    for gemeente, group in groupby(lines, key=lambda line: line.gemeente):
        found, limits = [*group], office.settings.gemeenten.get(gemeente)
        for line in found:
            why = _out_of_proportion(line, before.get(line.client, 0), limits)
            if why and line.client not in accepted:
                due = format_amount(line.due_cents)
                way_out = f"look at the benefit; if it is right, add --accept {line.client}"
                too_much.append(f"  {line.client}: EUR {due}, {why}: {way_out}")
        total = sum(line.due_cents for line in found)
        if limits is not None and total > limits.max_remainders_cents:
            limit = format_amount(limits.max_remainders_cents)
            too_much.append(f"  {gemeente}: EUR {format_amount(total)} in all, above max_remainders ({limit})")
    if too_much:
        raise Refused("\n".join(["This list may not go out; nothing was told:", *too_much]))


def _out_of_proportion(line: RemainderLine, before_cents: int, limits: GemeenteSettings | None) -> str | None:
    if limits is not None and line.due_cents > limits.max_remainder_cents:
        return f"above max_remainder ({format_amount(limits.max_remainder_cents)})"
    if line.due_cents and before_cents and about_hundredfold(line.benefit_cents, before_cents):
        return f"of a benefit about 100 times that of the month before ({format_amount(before_cents)})"
    return None
