"""The words of dossier, household page and transfer package: office Dutch for every code and day."""

from collections.abc import Sequence
from datetime import date, datetime
from textwrap import wrap

from desk.words.formats import day_in_words, euros, month_in_words
from desk.words.labels import COST_NAMES, PAYMENT_STATES
from payments.calendar import AMSTERDAM
from payments.dossier.arrears import ArrearsReason
from payments.dossier.case import Case, EarlyReason, EventKind, FixedCost, Waiting
from payments.dossier.checklist import Verdict
from payments.dossier.coverage import Who
from payments.dossier.ending import Fit, Junction, Missing
from payments.month import Month, add_months
from payments.parties import Frequency
from payments.plan.grounds import Ground, Segment
from payments.states import TrajectoryState

_LABEL = 22
_WIDTH = 100
STATES = {
    TrajectoryState.OPEN: "loopt",
    TrajectoryState.LAPSED: "open, maar geen grondslag van kracht: er wordt niets ingehouden",
    TrajectoryState.END_PROPOSED: "einde voorgesteld, wacht op bevestiging",
    TrajectoryState.ENDED: "beëindigd",
}
GROUNDS = {
    Ground.ART_56A: "verplichte zes maanden (art. 56a)",
    Ground.ART_57: "gemotiveerd besluit (art. 57)",
    Ground.VOLUNTARY: "vrijwillig, eigen machtiging",
    Ground.CUSTOM: "maatwerk",
}
EARLY_REASONS = {
    EarlyReason.RIGHT_ENDED: "recht op bijstand geëindigd",
    EarlyReason.MOVED: "verhuisd naar een andere gemeente",
    EarlyReason.DEATH: "overleden",
    EarlyReason.MANDATE_REVOKED: "machtiging ingetrokken",
    EarlyReason.CUSTOM: "maatwerk",
}
EARLY_ENDS = EARLY_REASONS | {EarlyReason.DEATH: "overlijden", EarlyReason.CUSTOM: "maatwerk, met uitleg"}
"""The same in the worklist, which asks for the confirmation of such an end."""
EVENTS = {
    EventKind.RIGHT_ENDED: "laatste dag van het recht op bijstand",
    EventKind.SUSPENDED: "uitkering opgeschort",
    EventKind.RESUMED: "uitkering hervat",
    EventKind.MOVED_WITHIN: "verhuisd binnen de gemeente",
    EventKind.MOVED_OUT: "verhuisd naar een andere gemeente",
    EventKind.PARTNER_JOINED: "partner erbij gekomen",
    EventKind.PARTNER_LEFT: "partner vertrokken",
    EventKind.MANDATE_REVOKED: "machtiging ingetrokken",
    EventKind.MANDATE_GIVEN: "machtiging gegeven",
    EventKind.DEATH: "overleden",
    EventKind.ARREARS: "achterstand gezien",
    EventKind.NO_ARREARS: "geen achterstand gezien",
}
ARREARS = {
    ArrearsReason.SHORTFALL: "paste niet in de uitkering",
    ArrearsReason.RETURN: "betaling kwam terug of werd geweigerd",
    ArrearsReason.TARIFF: "minder betaald dan de rekening",
    ArrearsReason.GAP: "door niemand betaald",
}
COVERED_BY = {
    Who.PAID: "wij: betaald",
    Who.IN_FILE: "wij: in een betaalbestand",
    Who.RESERVED: "wij: gereserveerd",
    Who.CLIENT: "de klant zelf",
    Who.OTHERWISE: "anders betaald",
    Who.BOTH: "DUBBEL: wij en de klant",
    Who.NOBODY: "NIEMAND",
    Who.FUTURE: "wij: nog te betalen",
}
VERDICTS = {Verdict.NONE: "nog niet beoordeeld", Verdict.PASSED: "gehaald", Verdict.NOT_PASSED: "niet gehaald"}
MISSING = {
    Missing.FLOOR: "de zes maanden",
    Missing.CHECKLIST: "de checklist",
    Missing.HANDOVER: "de overdracht van vaste lasten",
    Missing.OPEN_EXCEPTIONS: "open uitzoekpunten",
    Missing.OPEN_PAYMENTS: "betalingen onderweg",
}
PERIODS = {
    Frequency.MONTHLY: "per maand",
    Frequency.QUARTERLY: "per kwartaal",
    Frequency.HALF_YEARLY: "per halfjaar",
    Frequency.YEARLY: "per jaar",
    Frequency.ONCE: "eenmalig",
}
COLUMNS = {
    "gemeente": "gemeente",
    "name": "naam",
    "household": "huishouden",
    "birth_date": "geboortedatum",
    "right_from": "recht vanaf",
    "right_until": "recht tot",
    "residence_ground": "verblijfsgrond",
    "must_integrate": "inburgeringsplichtig",
    "decision": "beschikking",
    "decision_date": "datum van de beschikking",
    "mandate_date": "machtiging",
    "iban": "eigen rekening",
    "language": "taal",
    "creditor": "schuldeiser",
    "category": "soort",
    "amount_cents": "bedrag",
    "reference": "kenmerk",
    "first_covered": "eerste maand",
    "last_covered": "laatste maand",
    "frequency": "frequentie",
}
"""The fields of the registers that can change, as a caseworker calls them."""
NO_TRAJECTORY = "valt niet onder financieel ontzorgen: er is geen traject"
UNDECIDED = "nog te beslissen: het recht was onderbroken en begon opnieuw"


def plain(text: str) -> str:
    """What a person typed on one line, so that it cannot look like a heading or a line of ours."""
    return " ".join(text.split())


def heading(title: str, rule: str = "-") -> list[str]:
    """A title with the line under it."""
    return [title, rule * len(title)]


def fact(label: str, value: str) -> list[str]:
    """A label with its value, going on under the value where it is long."""
    return wrap(f"{label:<{_LABEL}}{value}", _WIDTH, subsequent_indent=" " * _LABEL, break_on_hyphens=False)


def entry(text: str, mark: str = "- ") -> list[str]:
    """One item of a list."""
    indent = " " * len(mark)
    return wrap(text, _WIDTH, initial_indent=mark, subsequent_indent=indent, break_on_hyphens=False)


def span(first: date, last: date | None) -> str:
    """From a day to a last day, or to no end."""
    return f"vanaf {day_in_words(first)}" if last is None else f"{day_in_words(first)} tot en met {day_in_words(last)}"


def day_recorded(moment: str) -> str:
    """The day in Amsterdam of a moment in the books."""
    return day_in_words(datetime.fromisoformat(moment).astimezone(AMSTERDAM).date())


def month_or_nothing(month: Month | None) -> str:
    """A month in words, or a dash."""
    return month_in_words(month) if month else "-"


def state(case: Case, today: date) -> str:
    """Where the trajectory stands, with the day that matters."""
    if case.trajectory is None:
        return NO_TRAJECTORY
    found = case.state(today)
    if found is TrajectoryState.ENDED and case.ended_on:
        return f"{STATES[found]} op {day_in_words(case.ended_on)}"
    since = case.lapsed_since(today)
    if found is TrajectoryState.LAPSED and since:
        return f"{STATES[found]} (sinds {day_in_words(since)})"
    return STATES[found]


def ground(segment: Segment, today: date) -> str:
    """One ground with its days and decision."""
    now = " (nu van kracht)" if segment.covers(today) else ""
    days = span(segment.start, segment.until)
    return f"{segment.ground.value}, {GROUNDS[segment.ground]}: {days}{now}; besluit {plain(segment.decision)}"


def cost_name(cost: FixedCost) -> str:
    """An obligation by its code and kind."""
    return f"{cost.obligation.obligation} {COST_NAMES[cost.obligation.category].lower()}"


def taken_back(cost: FixedCost) -> str:
    """The months that the client paid alone before we took the cost back."""
    said = ""
    for stretch in cost.taken_back:
        if stretch.back_from is not None:
            last = month_in_words(add_months(stretch.back_from, -1))
            months = f"{month_in_words(stretch.first)} tot en met {last}"
            said += f"; van de klant zelf: {months}, weer door ons vanaf {month_in_words(stretch.back_from)}"
    return said


def fit(junction: Junction) -> str:
    """How our last month and the client's first one meet; what needs attention in capitals."""
    return {
        Fit.FITS: "sluit aan",
        Fit.NOT_NEEDED: "geen overdracht nodig, de vaste last stopt zelf",
        Fit.NO_FIRST_MONTH: f"nog niet overgedragen, eerste eigen maand wordt {month_in_words(junction.expected)}",
        Fit.GAP: f"GAT: {month_in_words(junction.expected)} betaalt niemand",
        Fit.OVERLAP: f"DUBBEL: wij betalen al tot en met {month_or_nothing(junction.last_ours)}",
    }[junction.fit]


def passed_over(codes: Sequence[str]) -> str:
    """What an early end does not wait for."""
    return ", ".join(MISSING[Missing(code)] for code in codes)


def waiting(kind: str) -> str:
    """What a payment under way waits for; the kind of an exception stays its code, as everywhere."""
    return {"reserved": "gereserveerd", **PAYMENT_STATES}.get(kind, kind)


def still_active(cost: FixedCost, month: Month) -> bool:
    """Whether an obligation did not end before a month."""
    last = cost.obligation.last_covered
    return last is None or last >= month


def waiting_words(item: Waiting) -> str:
    """One open item or payment under way."""
    return f"{item.key} ({waiting(item.kind)}), {euros(item.amount_cents)}, sinds {day_in_words(item.since)}"
