"""What lies ahead of one client: each decision with the day by which somebody must take it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desk.words import dossier as words
from desk.words.formats import euros, month_in_words
from desk.words.labels import HELD_REASONS
from ledgers.cases.ends import Standing
from payments.dossier.case import Case
from payments.dossier.ending import Fit
from payments.dossier.reassessment import reassessments_due
from payments.dossier.shared_costs import SharedStop
from payments.month import first_day
from payments.states import TrajectoryState


@dataclass(frozen=True, slots=True)
class DecisionAhead:
    """One thing to decide; a day that has passed means: now."""

    day: date
    client: str
    kind: str
    text: str


def ahead(standing: Standing, today: date) -> Iterator[DecisionAhead]:
    """Everything to decide about one client whose trajectory has not ended."""
    case = standing.case
    if case.trajectory is None or case.state(today) is TrajectoryState.ENDED:
        return
    code = case.client.client
    for day, kind, text in (*_road(case, today), *_reassessments(standing), *_junctions(standing)):
        yield DecisionAhead(day, code, kind, text)


def shared_stop(client: str, stop: SharedStop) -> DecisionAhead:
    """A shared cost in the name of somebody for whom nothing is paid any more, while the household goes on."""
    obligation = stop.obligation
    text = (
        f"{obligation.obligation} ({euros(obligation.amount_cents)}): over {month_in_words(stop.covers)} "
        f"betaalt niemand ({HELD_REASONS[stop.reason]}); zet op naam van klant {stop.partner}, of draag over"
    )
    return DecisionAhead(stop.on, client, "shared_stops", text)


def _road(case: Case, today: date) -> Iterator[tuple[date, str, str]]:
    client, last, lapsed = case.client, case.last_ground_day(today), case.lapsed_since(today)
    if client.decision is None or client.decision_date is None:
        yield client.right_from, "no_decision", "beschikking ontbreekt: zonder beschikking wordt niets betaald"
    if client.mandate_date is None:
        yield client.right_from, "no_mandate", "machtiging ontbreekt: zonder machtiging wordt niets betaald"
    if case.period_from is None:
        yield client.right_from, "period", "beslis of de zes maanden doorlopen of opnieuw beginnen"
    elif case.floor >= today and case.floor != last:
        yield case.floor, "floor", "laatste dag van de zes maanden: einde of verlenging bespreken"
    if last is not None:
        yield last, "ground_ends", "grondslag eindigt: daarna mag zonder nieuw besluit niets worden ingehouden"
    elif lapsed is not None:
        yield lapsed, "lapsed", "geen grondslag van kracht: besluit nemen of het ontzorgen beëindigen"
    if case.proposal is not None:
        yield case.proposal.end_date, "end_to_confirm", "voorgesteld einde bevestigen of intrekken"


def _reassessments(standing: Standing) -> Iterator[tuple[date, str, str]]:
    """A re-assessment that an added ground asks for, until it was made."""
    for ground in reassessments_due(standing.case):
        yield ground.reassess_on, "reassessment_due", f"opnieuw beoordelen, hoort bij {ground.segment.ground.value}"
    if standing.again is not None:
        yield standing.again, "reassessment_due", "opnieuw beoordelen, want de vorige keer was niet alles in orde"


def _junctions(standing: Standing) -> Iterator[tuple[date, str, str]]:
    for cost, junction in zip(standing.case.costs, standing.junctions, strict=True):
        if junction.fit in (Fit.NO_FIRST_MONTH, Fit.GAP):
            yield first_day(junction.expected), "handover", f"{words.cost_name(cost)}: {words.fit(junction)}"
        elif junction.fit is Fit.OVERLAP and junction.first_own:
            yield first_day(junction.first_own), "handover", f"{words.cost_name(cost)}: {words.fit(junction)}"
