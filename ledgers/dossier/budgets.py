"""Budget lines: what a household receives and spends beside the benefit and its fixed costs; only ever added to.

Of the lines of one client with the same kind and name the one recorded last counts from its own first month on.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Row, func, select

from ledgers.dossier.trajectories import registered
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.schema.dossier import budget_lines
from payments.month import Month
from payments.plan.forecast import BudgetKind, BudgetLine

LONGEST_NAME = 70


def add_line(connection: Connection, line: BudgetLine, actor: str, now: datetime) -> bool:
    """Add a line; False when the same one is there and counts."""
    registered(connection, line.client)
    _refuse_unusable(line)
    before = list(_lines(connection, line.client))
    if line in before and not any(_overrules(later, line) for later in before[before.index(line) + 1 :]):
        return False
    sequence = _last(connection, line.client) + 1
    row = {
        "client": line.client,
        "sequence": sequence,
        "kind": line.kind.value,
        "name": line.name,
        "amount_cents": line.amount_cents,
        "first_month": line.first_month,
        "last_month": line.last_month,
        "recorded_by": actor,
        "recorded_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(budget_lines.insert(), row)
    subject = {"client": line.client, "sequence": sequence, "kind": line.kind.value}
    audit.append(connection, now, actor, "budget_line_added", subject)
    return True


def lines_in(connection: Connection, client: str, month: Month) -> list[BudgetLine]:
    """The lines that count for a client in one month."""
    counting: dict[tuple[BudgetKind, str], BudgetLine] = {}
    for line in _lines(connection, client):
        if line.first_month <= month:
            counting[line.kind, line.name] = line
    return [line for line in counting.values() if line.holds(month)]


def _overrules(later: BudgetLine, line: BudgetLine) -> bool:
    """Whether a later line of the same name leaves nothing of this one."""
    return (later.kind, later.name) == (line.kind, line.name) and later.first_month <= line.first_month


def _refuse_unusable(line: BudgetLine) -> None:
    if not line.name.strip() or len(line.name) > LONGEST_NAME or not line.name.isprintable():
        raise Refused(f"Say with --name in 1 to {LONGEST_NAME} plain characters what this is, for example huurtoeslag.")
    if line.amount_cents <= 0:
        raise Refused("The amount of a budget line is above zero; --kind says whether it comes in or goes out.")
    if line.last_month is not None and line.last_month < line.first_month:
        raise Refused(f"The last month {line.last_month} lies before the first month {line.first_month}.")


def _last(connection: Connection, client: str) -> int:
    query = select(func.max(budget_lines.c.sequence)).where(budget_lines.c.client == client)
    return connection.execute(query).scalar() or 0


def _lines(connection: Connection, client: str) -> Iterator[BudgetLine]:
    query = select(budget_lines).where(budget_lines.c.client == client).order_by(budget_lines.c.sequence)
    return map(_line, connection.execute(query).all())


def _line(row: Row[tuple[object, ...]]) -> BudgetLine:
    return BudgetLine(
        client=row.client,
        kind=BudgetKind(row.kind),
        name=row.name,
        amount_cents=row.amount_cents,
        first_month=row.first_month,
        last_month=row.last_month,
    )
