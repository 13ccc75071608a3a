"""Who read the bank's answer does not decide alone where a large amount of it goes."""

import json

from sqlalchemy import Connection, select

from ledgers.bank.resolution_model import AsWhat
from ledgers.errors import Refused
from ledgers.registers.staff import same_person
from ledgers.schema.bank import bank_files, bank_lines, bank_statements, exceptions, rejections
from ledgers.schema.core import file_releases, payments
from payments.money import format_amount

MOVES_MONEY = (AsWhat.REFUND_TO_CLIENT, AsWhat.FORWARD, AsWhat.SUSPENSE, AsWhat.FUNDING, AsWhat.NOT_PAID)


def refuse_own_reading(
    connection: Connection, exception_id: str, as_what: AsWhat, limit_cents: int, actor: str
) -> None:
    """Refused when the actor read the file behind an exception above the limit and now moves its money."""
    if as_what not in MOVES_MONEY:
        return
    e, n, s, f, r = exceptions.c, bank_lines.c, bank_statements.c, bank_files.c, rejections.c
    here = e.exception_id == exception_id
    by_line = (
        select(f.read_by)
        .join(bank_statements, s.file_sha256 == f.sha256)
        .join(bank_lines, n.statement == s.statement)
        .join(exceptions, e.line_id == n.line_id)
        .where(here)
    )
    by_report = (
        select(f.read_by)
        .join(rejections, r.file_sha256 == f.sha256)
        .join(exceptions, e.payment_id == r.payment_id)
        .where(here, e.line_id.is_(None))
    )
    cents = connection.execute(select(e.amount_cents).where(here)).scalar_one()
    did = [(reader, "read the bank's file") for reader in connection.execute(by_line.union(by_report)).scalars()]
    if as_what is AsWhat.NOT_PAID:
        cents, releasers = _of_files(connection, exception_id)
        did += [(releaser, "released the file") for releaser in releasers]
    if cents <= limit_cents:
        return
    for person, what in did:
        if same_person(connection, person, actor):
            raise Refused(
                f"{exception_id} is {format_amount(cents)}, above the resolve_limit of {format_amount(limit_cents)}: "
                f"{person} {what}, so another person has to settle it as {as_what}."
            )


def _of_files(connection: Connection, exception_id: str) -> tuple[int, list[str]]:
    """What the payments of an exception come to, of one payment or of a whole file, and who released them."""
    e, p, r = exceptions.c, payments.c, file_releases.c
    item = connection.execute(select(e.payment_id, e.candidates).where(e.exception_id == exception_id)).one()
    mine = p.payment_id == item.payment_id if item.payment_id else p.file_id.in_(json.loads(item.candidates))
    query = select(p.amount_cents, r.released_by).join(file_releases, r.file_id == p.file_id).where(mine)
    rows = connection.execute(query).all()
    return sum(int(row.amount_cents) for row in rows), sorted({row.released_by for row in rows})
