"""The page of one household: one family, one plan. What is shown is decided once; text and HTML only set it out.

For staff: names are shown, a BSN never is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.documents.decisions_ahead import DecisionAhead, ahead, shared_stop
from desk.documents.dossier import dossier_json, waiting_json
from desk.documents.html_page import html_page
from desk.words import dossier as words
from desk.words.formats import day_in_words, euros
from flows.actions.households import Household
from ledgers.cases.ends import Standing
from payments.dossier.case import Case, FixedCost
from payments.dossier.ending import Fit, Junction
from payments.month import month_of
from payments.plan.withholding import SHARED


@dataclass(frozen=True, slots=True)
class HouseholdSection:
    """One table with its heading; the first cell of a row names it. `empty` is said where there are no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


def document(household: Household) -> dict[str, Any]:
    """The household as `household --json` gives it; each adult's dossier is the one that `dossier --json` gives."""
    costs = [_cost_json(household, *found) for found in _costs(household)]
    return {
        "household": household.code,
        "gemeente": household.gemeente,
        "adults": [
            {"name": a.case.client.name, **dossier_json(a, household.today, household.checklists)}
            for a in household.adults
        ],
        "shared_costs": [cost for cost in costs if cost["category"] in SHARED],
        "own_costs": [cost for cost in costs if cost["category"] not in SHARED],
        "ahead": [
            {"date": item.day.isoformat(), "client": item.client, "kind": item.kind, "text": item.text}
            for item in _ahead(household)
        ],
        "open_items": [
            {"client": a.case.client.client, **waiting_json(item)} for a in household.adults for item in _open(a.case)
        ],
    }


def _costs(household: Household) -> list[tuple[Case, FixedCost, Junction]]:
    """Every fixed cost that did not end before this month, with whose name it is in."""
    now = month_of(household.today)
    return [
        (adult.case, cost, junction)
        for adult in household.adults
        for cost, junction in zip(adult.case.costs, adult.junctions, strict=True)
        if words.still_active(cost, now)
    ]


def _ahead(household: Household) -> list[DecisionAhead]:
    """What must be decided, soonest first."""
    found = [item for adult in household.adults for item in ahead(adult, household.today)]
    found += [shared_stop(client, stop) for client, stop in household.stops]
    return sorted(found, key=lambda item: (item.day, item.client, item.kind, item.text))


def _cost_json(household: Household, case: Case, cost: FixedCost, junction: Junction) -> dict[str, Any]:
    obligation = cost.obligation
    return {
        "obligation": obligation.obligation,
        "client": case.client.client,
        "category": obligation.category.value,
        "creditor": obligation.creditor,
        "creditor_name": household.creditors[obligation.creditor].name,
        "amount_cents": obligation.amount_cents,
        "frequency": obligation.frequency.value,
        "last_covered": cost.last_covered,
        "last_ours": junction.last_ours,
        "first_own": cost.first_own,
        "method": cost.method,
        "fit": junction.fit.value,
    }


def sections(household: Household) -> tuple[HouseholdSection, ...]:
    """The page from top to bottom."""
    costs = _costs(household)
    shared = tuple(_cost(household, *c) for c in costs if c[1].obligation.category in SHARED)
    own = tuple(_cost(household, *c) for c in costs if c[1].obligation.category not in SHARED)
    columns = ("Vaste last", "Schuldeiser", "Bedrag", "Op naam van")
    return (
        HouseholdSection(
            "Volwassenen",
            ("Wie", "Stand", "Grondslag tot en met", "Checklist", "Maanden betaald", "Tegoed"),
            tuple(_adult(adult, household.today) for adult in household.adults),
            "",
        ),
        HouseholdSection(
            "Te beslissen", ("Wanneer", "Wie", "Wat"), tuple(_decisions(household)), "Niets te beslissen."
        ),
        HouseholdSection(
            "Gedeelde vaste lasten, eenmaal per huishouden", columns, shared, "Geen gedeelde vaste lasten."
        ),
        HouseholdSection("Verzekeringen en andere eigen lasten", columns, own, "Geen eigen vaste lasten."),
        HouseholdSection(
            "Overdracht",
            ("Vaste last", "Wij tot en met", "Klant vanaf", "Manier", "Aansluiting"),
            tuple(_handover(*found) for found in costs),
            "Er is niets over te dragen.",
        ),
        HouseholdSection(
            "Open punten", ("Wat", "Wie", "Sinds", "Bedrag"), tuple(_waiting(household.adults)), "Geen open punten."
        ),
    )


def _adult(adult: Standing, today: date) -> tuple[str, ...]:
    case, judged = adult.case, adult.assessment
    last = case.last_ground_day(today)
    score = f", gedrag {judged.points} van {judged.points_max}" if case.assessments else ""
    held = f"; AANGEHOUDEN: {words.plain(case.on_hold)}" if case.on_hold else ""
    return (
        _who(case),
        words.state(case, today) + held,
        day_in_words(last) if last else "geen grondslag",
        words.VERDICTS[judged.verdict] + score,
        str(len(case.months_paid)),
        euros(case.ledger_cents),
    )


def _who(case: Case) -> str:
    return f"{words.plain(case.client.name)} ({case.client.client})"


def _cost(household: Household, case: Case, cost: FixedCost, _junction: Junction) -> tuple[str, ...]:
    obligation = cost.obligation
    amount = f"{euros(obligation.amount_cents)} {words.PERIODS[obligation.frequency]}"
    creditor = words.plain(household.creditors[obligation.creditor].name)
    if obligation.obligation in case.unconfirmed:
        creditor += " (rekening niet bevestigd)"
    return words.cost_name(cost), creditor, amount, _who(case)


def _handover(_case: Case, cost: FixedCost, junction: Junction) -> tuple[str, ...]:
    needed = junction.fit is not Fit.NOT_NEEDED
    return (
        words.cost_name(cost),
        words.month_or_nothing(junction.last_ours),
        words.month_or_nothing(cost.first_own),
        cost.method or ("nog af te spreken" if needed else "-"),
        words.fit(junction),
    )


def _decisions(household: Household) -> Iterator[tuple[str, ...]]:
    names = {adult.case.client.client: _who(adult.case) for adult in household.adults}
    for item in _ahead(household):
        yield ("nu" if item.day <= household.today else day_in_words(item.day)), names[item.client], item.text


def _open(case: Case) -> Iterator[Any]:
    yield from case.open_items
    yield from case.open_payments


def _waiting(adults: Sequence[Standing]) -> Iterator[tuple[str, ...]]:
    for adult in adults:
        for item in _open(adult.case):
            what = f"{item.key} ({words.waiting(item.kind)})"
            yield what, _who(adult.case), day_in_words(item.since), euros(item.amount_cents)


def text(household: Household) -> str:
    """The page as plain text: each row as a short list, so that no line grows wider than a screen."""
    lines = [*words.heading(f"Huishouden {household.code}", "=")]
    lines += words.fact("Gemeente", household.gemeente) + words.fact("Peildatum", day_in_words(household.today))
    for section in sections(household):
        lines += ["", *words.heading(section.title)]
        for row in section.rows:
            lines += words.entry(row[0])
            lines += [
                line
                for column, cell in zip(section.columns[1:], row[1:], strict=True)
                for line in words.entry(f"{column.lower()}: {cell}", "  ")
            ]
        if not section.rows:
            lines.append(section.empty)
    return "\n".join(lines) + "\n"


def page(household: Household) -> str:
    """The page as HTML that needs nothing else; every value is escaped."""
    return html_page(
        "household.html",
        title=f"Huishouden {household.code}",
        gemeente=household.gemeente,
        day=day_in_words(household.today),
        sections=sections(household),
    )
