"""The list of what the benefits office must pay to each client: once told, it can no longer be withheld."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from flows.actions.act import act
from flows.delivery import outbox
from flows.office import Office
from ledgers.bank import open_items
from ledgers.month import remainders, runs
from ledgers.registers.staff import Role
from payments.month import Month
from payments.plan.withholding import Included


@dataclass(frozen=True, slots=True)
class RemainderLine:
    """What one client gets of a month, with what the benefits office was told of it before."""

    gemeente: str
    client: str
    month: Month
    benefit_cents: int
    withheld_cents: int
    remainder_cents: int
    refund_cents: int  # given back in this month, from wherever it came
    told_cents: int

    @property
    def total_cents(self) -> int:
        """All that the benefits office pays out for this month."""
        return self.remainder_cents + self.refund_cents

    @property
    def due_cents(self) -> int:
        """What it must pay now, beside what it was told before."""
        return self.total_cents - self.told_cents


@dataclass(frozen=True, slots=True)
class RemaindersTold:
    """The list that was handed over, and the cents on it that no earlier list had."""

    path: Path
    lines: tuple[RemainderLine, ...]
    new_cents: int


AsTable = Callable[[Sequence[RemainderLine]], bytes]


def tell_remainders(office: Office, month: Month, path: Path, as_table: AsTable) -> RemaindersTold:
    """Write the list of a month, as the table that its reader wants, and record that it was told."""
    with act(office, Role.FINANCE, Role.ADMINISTRATION) as books:
        lines: list[RemainderLine] = []
        new_cents = 0
        for gemeente in office.settings.gemeenten:
            found = _lines(books, gemeente, month)
            due = [(line.client, line.total_cents) for line in found]
            new_cents += remainders.list_remainders(books, gemeente, month, due, office.actor, office.now)
            lines += found
        # Written before the books say so: a list that could not be written is not counted as handed over.
        content = as_table(lines)
        if not new_cents:
            # A list that says what to pay is not lost under one that says nothing is new.
            outbox.set_aside(path, content)
        outbox.replace(path, content)
    return RemaindersTold(path, tuple(lines), new_cents)


def _lines(books: Connection, gemeente: str, month: Month) -> list[RemainderLine]:
    latest = runs.latest_run(books, gemeente, month)
    told = remainders.listed_remainders(books, gemeente, month)
    refunds = open_items.refunds(books, gemeente, month)
    # A refund can be booked in a month that was not run (yet).
    included = {item.client: item for item in latest.included} if latest else {}
    lines = []
    for client in sorted({*included, *refunds}):
        item = included.get(client, Included(client, 0, 0))
        amounts = item.benefit_cents, item.withheld_cents, item.remainder_cents
        lines.append(RemainderLine(gemeente, client, month, *amounts, refunds.get(client, 0), told.get(client, 0)))
    return lines
