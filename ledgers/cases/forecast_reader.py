"""What a forecast reads beside the facts of a month: the benefits as last known, and the household that is meant."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select

from ledgers.dossier.handovers import agreements, own_stretches
from ledgers.errors import Refused
from ledgers.registers.register import benefit_from, clients_in_force
from ledgers.schema.core import benefit_records
from payments.month import Month
from payments.parties import BenefitRecord, Component
from payments.plan.forecast import LastKnown
from payments.plan.terms import OwnStretch

COUNTED = (Component.REGULAR.value, Component.TOP_UP.value, Component.DEDUCTION.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose months are asked for; `client` where one person was named, who may change household on the way."""

    gemeente: str
    household: str
    client: str | None


def wanted(connection: Connection, code: str, month: Month) -> Wanted:
    """Find a klantnummer or household code in the register as it stands for a month."""
    clients = clients_in_force(connection, month)
    if code in clients:
        return Wanted(clients[code].gemeente, clients[code].household, code)
    gemeenten = sorted({client.gemeente for client in clients.values() if client.household == code})
    if not gemeenten:
        raise Refused(f"There is no client and no household {code} in the register.")
    if len(gemeenten) > 1:
        raise Refused(f"Household {code} exists in {' and '.join(gemeenten)}: name one of its clients instead.")
    return Wanted(gemeenten[0], code, None)


def last_known(connection: Connection) -> dict[str, LastKnown]:
    """Each client's counted benefit in the newest month with a regular line that was not suspended."""
    b = benefit_records.c
    regular = b.component == Component.REGULAR.value
    newest = select(b.client, func.max(b.month).label("month")).where(regular, b.suspended.is_(False))
    last = newest.group_by(b.client).subquery()
    # The word itself, not a parameter: else SQLite does not see that the index of regular lines serves.
    of_regular = b.component == literal(Component.REGULAR.value, literal_execute=True)
    query = select(benefit_records).join(last, (last.c.client == b.client) & (last.c.month == b.month))
    lines = [benefit_from(row) for row in connection.execute(query.where(of_regular))]
    month_of = {line.client: line.month for line in lines}
    more = select(benefit_records).where(b.component.in_(COUNTED), b.component != Component.REGULAR.value)
    lines += [line for line in map(benefit_from, connection.execute(more)) if month_of.get(line.client) == line.month]
    records: dict[str, list[BenefitRecord]] = {}
    for line in sorted(lines, key=lambda line: line.reference):
        records.setdefault(line.client, []).append(line)
    stopped = select(b.client, func.max(b.month)).where(regular, b.suspended.is_(True)).group_by(b.client)
    suspended: dict[str, Month] = dict(connection.execute(stopped).all())
    return {
        client: LastKnown(lines[0].month, tuple(lines), _if_newer(suspended.get(client), lines[0].month))
        for client, lines in records.items()
    }


def _if_newer(suspended: Month | None, known: Month) -> Month | None:
    return suspended if suspended is not None and suspended > known else None


def own_months(connection: Connection, obligations: Iterable[str]) -> dict[str, tuple[OwnStretch, ...]]:
    """Which covered months the client pays alone, of the obligations that were ever handed over."""
    agreed = agreements(connection)
    return {code: own_stretches(agreed[code]) for code in obligations if code in agreed}
