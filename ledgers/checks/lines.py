"""Every line of the bank is explained to the cent: by payments, or by an exception that waits or was settled."""

from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, and_, case, func, select

from ledgers.schema.bank import bank_lines, bank_statements, exceptions, settlement_parts, settlements


def _statements_add_up(connection: Connection) -> Iterator[str]:
    """Opening + lines = closing for every statement, and each line is settled or an exception, to the cent."""
    s, n, e = bank_statements.c, bank_lines.c, exceptions.c
    signed = case((n.direction == "CRDT", n.amount_cents), else_=-n.amount_cents)
    query = (
        select(s.statement, s.opening_cents, s.closing_cents, func.coalesce(func.sum(signed), 0))
        .outerjoin(bank_lines, n.statement == s.statement)
        .group_by(s.statement, s.opening_cents, s.closing_cents)
    )
    for statement, opening, closing, moved in connection.execute(query):
        if opening + moved != closing:
            yield f"statement {statement}: opens with {opening}, moves {moved}, closes with {closing} cents"
    settled = _settled_by_line(connection)
    is_exception = select(e.exception_id).where(e.line_id == n.line_id, e.direction != "").exists()
    for line, cents, excepted in connection.execute(select(n.line_id, n.amount_cents, is_exception)):
        if settled[line] != cents and not (excepted and settled[line] == 0):
            yield f"bank line {line}: {cents} cents, of which {settled[line]} explained"


def _settled_by_line(connection: Connection) -> Counter[str]:
    """Cents of payments that each line explains; of a payment booked in several lines each line has its own part."""
    x, part = settlements.c, settlement_parts.c
    found: Counter[str] = Counter()
    for line, cents in connection.execute(select(x.line_id, func.sum(x.amount_cents)).group_by(x.line_id)):
        found[line] += int(cents)
    same = and_(part.payment_id == x.payment_id, part.kind == x.kind)
    query = select(x.line_id, part.line_id.label("other"), part.amount_cents).select_from(settlement_parts)
    for line, other, cents in connection.execute(query.outerjoin(settlements, same)):
        if line is not None:
            found[line] -= int(cents)
        found[other] += int(cents)
    return found


LINE_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (_statements_add_up,)
