"""Proofs of what the benefits office was told: the bytes of each list, its lines, and that nothing was taken back."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from sqlalchemy import Connection, and_, func, or_, select

from ledgers.schema.core import remainder_files, remainder_lists, run_clients, runs


def _lists_hold_their_lines(connection: Connection) -> Iterator[str]:
    f, r = remainder_files.c, remainder_lists.c
    new = func.coalesce(func.sum(r.amount_cents + r.whole_cents), 0)
    query = (
        select(f.month, f.number)
        .outerjoin(remainder_lists, and_(r.month == f.month, r.number == f.number))
        .group_by(f.month, f.number, f.lines, f.due_cents)
        .having(or_(func.count(r.client) != f.lines, new != f.due_cents))
    )
    for month, number in connection.execute(query):
        yield f"remainder list {number} of {month}: its lines are not those that it was made of"


def _lists_are_unaltered(connection: Connection) -> Iterator[str]:
    f = remainder_files.c
    for month, number in connection.execute(select(f.month, f.number)).all():
        here = and_(f.month == month, f.number == number)
        row = connection.execute(select(f.content, f.sha256).where(here)).one()
        if sha256(bytes(row.content)).hexdigest() != row.sha256:
            yield f"remainder list {number} of {month}: its bytes were altered"


def _what_was_told_is_not_withheld(connection: Connection) -> Iterator[str]:
    """Lists of before they had numbers do not say which money was remainder: they are left out."""
    r, u, c = remainder_lists.c, runs.c, run_clients.c
    told = (
        select(r.gemeente, r.month, r.client, func.sum(r.amount_cents - r.refund_cents).label("cents"))
        .where(r.number.is_not(None))
        .group_by(r.gemeente, r.month, r.client)
        .subquery()
    )
    last = select(u.gemeente, u.month, func.max(u.sequence).label("sequence")).group_by(u.gemeente, u.month).subquery()
    query = (
        select(told.c.client, told.c.month, told.c.cents, func.coalesce(c.remainder_cents, 0))
        .join(last, and_(last.c.gemeente == told.c.gemeente, last.c.month == told.c.month))
        .join(runs, and_(*(u[name] == last.c[name] for name in ("gemeente", "month", "sequence"))))
        .outerjoin(run_clients, and_(c.run_id == u.run_id, c.client == told.c.client))
        .where(told.c.cents > func.coalesce(c.remainder_cents, 0))
    )
    for client, month, cents, remains in connection.execute(query):
        yield f"klant {client} {month}: {cents} cents were told to be paid out, and {remains} remain"


REMAINDER_CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    _lists_hold_their_lines,
    _lists_are_unaltered,
    _what_was_told_is_not_withheld,
)
