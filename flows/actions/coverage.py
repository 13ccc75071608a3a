"""Whose every month of every fixed cost is, and what people say of months that no run paid."""

from dataclasses import dataclass

from sqlalchemy import Connection

from flows.actions.act import CASEWORK, act
from flows.actions.rules import policy_of
from flows.office import Office
from ledgers.cases.case_reader import load_case
from ledgers.cases.coverage_reader import ours_of
from ledgers.cases.ends import months_run
from ledgers.cases.forecast_reader import wanted
from ledgers.database import reading
from ledgers.dossier import absent_costs, paid_otherwise
from ledgers.errors import Refused
from ledgers.registers.register import clients_in_force
from ledgers.registers.staff import Role
from payments.dossier.case import Case, FixedCost, Payer
from payments.dossier.coverage import Covered, calendar, span_of
from payments.dossier.uncovered import covering_of
from payments.month import Month, month_of
from payments.parties import Category


@dataclass(frozen=True, slots=True)
class CostCovered:
    """The calendar of one fixed cost."""

    client: str
    obligation: str
    category: Category
    months: tuple[Covered, ...]


@dataclass(frozen=True, slots=True)
class PaidOtherwise:
    """The term that somebody else paid, or no longer is said to have paid; not `changed` when it was said before."""

    obligation: str
    covers: Month
    reaches: Month
    changed: bool


@dataclass(frozen=True, slots=True)
class CostAbsent:
    """A cost that a client does not have; not `changed` when it was said before."""

    client: str
    category: Category
    changed: bool


def coverage(office: Office, code: str, first: Month | None = None, until: Month | None = None) -> list[CostCovered]:
    """The calendar of every fixed cost of a client or a household, from and until a month; Refused for a stranger."""
    now = month_of(office.today)
    with reading(office.engine) as connection:
        who = wanted(connection, code, now)
        clients = [who.client] if who.client is not None else _members(connection, who.gemeente, who.household, now)
        found = [cost for client in clients for cost in _of_client(connection, office, client)]
    return [
        CostCovered(
            cost.client,
            cost.obligation,
            cost.category,
            tuple(m for m in cost.months if (first or "") <= m.month and (until is None or m.month <= until)),
        )
        for cost in found
    ]


def _members(connection: Connection, gemeente: str, household: str, now: Month) -> list[str]:
    registered = clients_in_force(connection, now, gemeente).values()
    return sorted(client.client for client in registered if client.household == household)


def _of_client(connection: Connection, office: Office, client: str) -> list[CostCovered]:
    case = load_case(connection, client, office.art_56a_months, month_of(office.today))
    if case is None:
        return []
    gemeente = office.settings.gemeenten[case.client.gemeente]
    ran, ours = months_run(connection, gemeente.code), ours_of(connection, client)
    found = []
    for cost in case.costs:
        owed = cost.obligation
        span = span_of(case, ran, gemeente.payday, gemeente.offsets[owed.category], office.today)
        months = calendar(covering_of(cost, ours.get(owed.obligation, {})), span)
        found.append(CostCovered(client, owed.obligation, owed.category, months))
    return found


def say_paid_otherwise(office: Office, code: str, month: Month, payer: Payer | None, why: str) -> PaidOtherwise:
    """Record who paid a month of a cost beside us, so that no run pays it; with no payer take that back."""
    with act(office, *CASEWORK, Role.FINANCE, said={"why": why}) as books:
        case, cost = cost_of(books, office, code)
        offset = policy_of(office.settings.gemeenten[case.client.gemeente]).offsets[cost.obligation.category]
        term, new = paid_otherwise.record(books, cost, month, payer, why, offset, office.actor, office.now)
    return PaidOtherwise(code, term.covers, term.reaches, new)


def cost_of(books: Connection, office: Office, code: str) -> tuple[Case, FixedCost]:
    """A fixed cost and the case of who owes it; Refused where the register or the settings do not have it."""
    client = paid_otherwise.owner_of(books, code)
    case = load_case(books, client, office.art_56a_months, month_of(office.today))
    if case is None or case.client.gemeente not in office.settings.gemeenten:
        raise Refused(f"{code} is of client {client}, who lives in no gemeente of the settings this month.")
    return case, next(cost for cost in case.costs if cost.obligation.obligation == code)


def say_cost_absent(office: Office, client: str, category: Category, why: str) -> CostAbsent:
    """Record that a client has no cost of a category that everybody has, so that the worklist stops asking."""
    with act(office, *CASEWORK, Role.FINANCE, Role.ADMINISTRATION, said={"why": why}) as books:
        new = absent_costs.record(books, client, category, why, office.actor, office.now)
    return CostAbsent(client, category, new)
