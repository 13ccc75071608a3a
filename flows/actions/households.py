"""Look at one household: every adult against the rules of an end, and what stops with one of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.actions.rules import rules_of
from flows.office import Office
from ledgers.cases.ends import EndRules, Standing, standing
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.registers.register import clients_in_force, creditors_in_force
from payments.dossier.case import Case
from payments.dossier.checklist import Checklist
from payments.dossier.shared_costs import SharedStop, shared_stops
from payments.month import month_of
from payments.parties import Client, Creditor


@dataclass(frozen=True, slots=True)
class Household:
    """The adults of one household on a day, with what is needed to show them."""

    code: str
    gemeente: str
    adults: tuple[Standing, ...]
    creditors: Mapping[str, Creditor]
    checklists: Mapping[str, Checklist]
    today: date
    stops: tuple[tuple[str, SharedStop], ...] = ()  # of whom, and what of the household stops with them


def find_household(office: Office, code: str, gemeente: str | None = None) -> Household:
    """A household by its code; Refused for a stranger, and for a code of two gemeenten while none is named."""
    rules, month = rules_of(office), month_of(office.today)
    with reading(office.engine) as connection:
        chosen, adults = _adults(clients_in_force(connection, month).values(), code, gemeente)
        standings = tuple(standing(connection, client, rules, office.today) for client in adults)
        creditors = creditors_in_force(connection, month)
    cases = [found.case for found in standings if found.case.trajectory is not None]
    stops = tuple(_stops(office, cases, rules))
    return Household(code, chosen, standings, creditors, rules.checklists, office.today, stops)


def _adults(clients: Iterable[Client], code: str, gemeente: str | None) -> tuple[str, list[str]]:
    """The gemeente of the household, and the klantnummers of who lives there."""
    members = {client.client: client.gemeente for client in clients if client.household == code}
    places = sorted(set(members.values()))
    if gemeente is None and len(places) > 1:
        raise Refused(f"Household {code} exists in {' and '.join(places)}: choose with --gemeente.")
    chosen = gemeente or next(iter(places), "")
    adults = sorted(client for client, place in members.items() if place == chosen)
    if not adults:
        where = f" in {gemeente}" if gemeente else ""
        raise Refused(f"There is no household {code}{where} in the register.")
    return chosen, adults


def _stops(office: Office, cases: Sequence[Case], rules: EndRules) -> Iterator[tuple[str, SharedStop]]:
    """What stops with one adult though another goes on, each with the klantnummer of who stops."""
    notice = timedelta(weeks=max(office.parameters.numbers("warn_weeks", office.today)))
    for case in cases:
        others, rule = [other for other in cases if other is not case], rules.gemeenten[case.client.gemeente]
        for stop in shared_stops(case, others, rule.policy, rule.payday, office.today, notice):
            yield case.client.client, stop
