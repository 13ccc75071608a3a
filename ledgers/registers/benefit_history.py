"""What was granted before: the benefit lines that new ones are held against."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from ledgers.journal.posting import in_parts
from ledgers.registers.register import benefit_from
from ledgers.schema.core import benefit_records, run_clients, runs
from payments.month import Month
from payments.parties import BenefitRecord, Component


def granted(connection: Connection, month: Month, clients: Iterable[str]) -> list[BenefitRecord]:
    """Every benefit line of some clients in a month."""
    b = benefit_records.c
    found = []
    for part in in_parts(sorted(clients)):
        query = select(benefit_records).where(b.month == month, b.client.in_(part)).order_by(b.reference)
        found += [benefit_from(row) for row in connection.execute(query)]
    return found


def counted(connection: Connection, month: Month, clients: Iterable[str]) -> set[tuple[str, Month]]:
    """Of some clients those whose benefit of the month was counted by a run."""
    found = set()
    for part in in_parts(sorted(clients)):
        query = (
            select(run_clients.c.client)
            .join(runs, runs.c.run_id == run_clients.c.run_id)
            .where(runs.c.month == month, run_clients.c.client.in_(part))
        )
        found |= {(client, month) for client in connection.execute(query).scalars()}
    return found


def last_regular(connection: Connection, month: Month, clients: Iterable[str]) -> dict[str, BenefitRecord]:
    """The newest regular benefit of some clients before a month."""
    b = benefit_records.c
    regular = b.component == Component.REGULAR.value
    found: dict[str, BenefitRecord] = {}
    for part in in_parts(sorted(clients)):
        newest = select(b.client, func.max(b.month).label("month")).where(regular, b.month < month, b.client.in_(part))
        last = newest.group_by(b.client).subquery()
        query = select(benefit_records).join(last, (last.c.client == b.client) & (last.c.month == b.month))
        found |= {row.client: benefit_from(row) for row in connection.execute(query.where(regular))}
    return found


def unknown_lines(connection: Connection, records: Iterable[BenefitRecord]) -> list[BenefitRecord]:
    """Those lines whose reference the books do not have."""
    given = list(records)
    known: set[str] = set()
    for part in in_parts(record.reference for record in given):
        query = select(benefit_records.c.reference).where(benefit_records.c.reference.in_(part))
        known |= set(connection.execute(query).scalars())
    return [record for record in given if record.reference not in known]
