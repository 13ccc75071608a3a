"""Look ahead with the run's own engine: a household's coming months, and what a change does to the next run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection

from config.settings import GemeenteSettings
from flows.actions.rules import policy_of, rules_of
from flows.actions.stale_files import stale_in_files
from flows.office import Office
from ledgers.cases.case_reader import load_case
from ledgers.cases.ends import EndRules, months_run
from ledgers.cases.forecast_reader import Wanted, last_known, own_months, wanted
from ledgers.database import reading, writing
from ledgers.dossier.budgets import lines_in
from ledgers.month.month_facts import load_facts
from ledgers.registers.register import obligations_in_force
from payments.calendar import payday
from payments.dossier.days_ahead import AheadKind, DayAhead, Outlook, days_ahead
from payments.dossier.ending import judge
from payments.dossier.reassessment import asked_again
from payments.month import Month, add_months, first_day, last_day, month_of
from payments.plan.forecast import ForecastMonth, LastKnown, MonthAhead, household_month, look_ahead, only
from payments.plan.plan_changes import RunEffect, compare
from payments.plan.stale_payments import StalePayment
from payments.plan.withholding import MonthFacts, Plan

Change = Callable[[Office], object]


def next_run_month(connection: Connection, gemeente: GemeenteSettings, today: date) -> Month:
    """The first benefit month of a gemeente that has no run yet and whose payday is still to come, or today."""
    ran = months_run(connection, gemeente.code)
    month = month_of(today)
    while month in ran or payday(month, gemeente.payday) < today:
        month = add_months(month, 1)
    return month


def forecast(office: Office, code: str, months: int) -> Outlook:
    """The next benefit months of the household of a client, or of a household; Refused for a stranger."""
    with reading(office.engine) as connection:
        who = wanted(connection, code, month_of(office.today))
        gemeente = office.settings.gemeenten[who.gemeente]
        first = next_run_month(connection, gemeente, office.today)
        coming_months = [add_months(first, ahead) for ahead in range(months)]
        facts = [_facts(connection, office, gemeente, month) for month in coming_months]
        lived = {each.month: home for each in facts if (home := _household(each, who)) is not None}
        here = [only(each, frozenset(lived.values())) for each in facts if each.month in lived]
        known = last_known(connection)
        found = [
            _month(connection, who.gemeente, ahead, lived[ahead.facts.month], known)
            for ahead in look_ahead(here, known)
        ]
        members = sorted({member.client for month in found for member in month.members})
        until = last_day(coming_months[-1])
        rules = rules_of(office)
        on_the_way = [item for client in members for item in _coming(connection, rules, client, office.today, until)]
    left = next((month for month in coming_months if month not in lived), None)
    if left is not None and who.client is not None:
        on_the_way.append(DayAhead(first_day(left), AheadKind.MOVES_AWAY, who.client))
    on_the_way.sort(key=lambda item: (item.on, item.client))
    return Outlook(who.gemeente, who.household, who.client, tuple(found), tuple(on_the_way))


def _facts(connection: Connection, office: Office, gemeente: GemeenteSettings, month: Month) -> MonthFacts:
    on = payday(month, gemeente.payday)
    policy = policy_of(gemeente, office.settings.own_ibans)
    return load_facts(connection, gemeente.code, month, on, policy, office.art_56a_months)


def _household(facts: MonthFacts, who: Wanted) -> str | None:
    """The household to look at in a month; None where the client named lives in another gemeente by then."""
    if who.client is None:
        return who.household
    return next((client.household for client in facts.clients if client.client == who.client), None)


def _month(
    connection: Connection, gemeente: str, ahead: MonthAhead, household: str, known: dict[str, LastKnown]
) -> ForecastMonth:
    clients = {client.client for client in ahead.facts.clients if client.household == household}
    registered = obligations_in_force(connection, ahead.facts.month, gemeente)
    ours = [obligation for obligation in registered.values() if obligation.client in clients]
    own = own_months(connection, [obligation.obligation for obligation in ours])
    lines = [line for client in sorted(clients) for line in lines_in(connection, client, ahead.facts.month)]
    return household_month(ahead, household, ours, own, known, lines)


def _coming(connection: Connection, rules: EndRules, client: str, today: date, until: date) -> list[DayAhead]:
    case = load_case(connection, client, rules.months)
    if case is None:
        return []
    verdict = judge(case, rules.checklists, rules.current).verdict
    return days_ahead(case, today, until, asked_again(case, verdict, rules.reassessment_months, today))


def effect_of(
    office: Office, change: Change, ended: Mapping[str, date] = MappingProxyType({})
) -> tuple[RunEffect, ...]:
    """What an act would do to the next run of every gemeente; nothing of it is stored.

    `change` is given an office whose acts take place within the preview's transaction. Whatever the act itself
    refuses is refused here too. `ended` are ends that still need a second person, with their last paying day: the
    plans after the change are made as if that person had agreed, which nobody has to play for it.
    """
    with writing(office.engine) as connection:
        coming = NextRuns(connection, office, office.settings.gemeenten)
        change(replace(office, within=connection))
        effects = coming.effects(ended)
        connection.rollback()
    return effects


class NextRuns:
    """The next run of some gemeenten as it would be planned before a change, to hold against what it is after."""

    def __init__(self, connection: Connection, office: Office, gemeenten: Iterable[str]) -> None:
        """Plan them as the books stand now."""
        self._connection, self._office = connection, office
        self._months = {
            code: next_run_month(connection, office.settings.gemeenten[code], office.today) for code in gemeenten
        }
        self._known = last_known(connection)  # no act that is looked at brings a benefit
        self._before = _next_plans(connection, office, self._months, self._known)
        self._stale_before = {code: self._stale(code) for code in self._months}

    def effects(self, ended: Mapping[str, date] = MappingProxyType({})) -> tuple[RunEffect, ...]:
        """Plan them again, and tell what differs per gemeente."""
        after = _next_plans(self._connection, self._office, self._months, self._known, ended)
        return tuple(
            RunEffect(
                code,
                month,
                payday(month, self._office.settings.gemeenten[code].payday),
                compare(self._before[code], after[code]),
                tuple(item for item in self._stale(code, ended) if item not in self._stale_before[code]),
            )
            for code, month in self._months.items()
        )

    def _stale(self, gemeente: str, ended: Mapping[str, date] = MappingProxyType({})) -> tuple[StalePayment, ...]:
        """What waits in a file of one gemeente and would be another payment as the books stand now."""
        found = stale_in_files(self._connection, self._office, gemeente, ended=ended)
        return tuple(payment for file_id in sorted(found) for payment in found[file_id])


def _next_plans(
    connection: Connection,
    office: Office,
    months: Mapping[str, Month],
    known: Mapping[str, LastKnown],
    ended: Mapping[str, date] = MappingProxyType({}),
) -> dict[str, Plan]:
    plans = {}
    for code, month in months.items():
        facts = _facts(connection, office, office.settings.gemeenten[code], month)
        plans[code] = look_ahead([replace(facts, ended={**facts.ended, **ended})], known)[0].plan
    return plans
