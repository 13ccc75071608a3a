"""The figures for council and CBS: per gemeente, quarter and group, by the parameters of each quarter."""

from dataclasses import dataclass
from datetime import date

from config.checklist import load_checklists
from flows.actions.act import act
from flows.actions.every_gemeente import every_gemeente
from flows.office import Office, UsageError
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.registers.staff import Role
from ledgers.views import council_facts
from payments.dossier.checklist import Checklist
from payments.monitoring.figures import Facts, FigureRow, FigureRules, Quarter, figures, quarters
from payments.month import Month, last_day, month_of

TRACES = (Role.CASE_DIRECTOR, Role.CONSULTANT, Role.FINANCE)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One gemeente and quarter, with the parameters that its figures were made with."""

    gemeente: str
    name: str
    quarter: Quarter
    small_group: int
    art_56a_months: int
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class CouncilReport:
    """Everything that was asked for; `cases` only for who may see klantnummers, `unfinished` while its time runs."""

    first: Month
    last: Month
    figures_until: date
    sections: tuple[ReportSection, ...]
    cases: bool
    unfinished: bool


def council_figures(
    office: Office, first: Month, until: Month, gemeente: str | None = None, *, cases: bool = False
) -> CouncilReport:
    """Count every quarter of some months; whoever asks for klantnummers must be allowed to, and is recorded."""
    known = sorted(office.settings.gemeenten)
    if until < first:
        raise UsageError(f"--until {until} lies before --from {first}.")
    if gemeente is not None and gemeente not in known:
        raise UsageError(f"--gemeente: there are {', '.join(known)}; no {gemeente!r}.")
    facts = _facts(office, first, until, gemeente, cases=cases)
    checklists = _checklists(facts)
    sections = [
        _section(office, facts, code, quarter, until, checklists)
        for code in (known if gemeente is None else [gemeente])
        for quarter in quarters(first, until)
    ]
    unfinished = until >= month_of(office.today)
    return CouncilReport(first, until, last_day(until), tuple(sections), cases, unfinished)


def _facts(office: Office, first: Month, until: Month, gemeente: str | None, *, cases: bool) -> Facts:
    if not cases:
        with reading(office.engine) as books:
            every_gemeente(office, books)
            return council_facts.read(books)
    with act(office, *TRACES) as books:
        every_gemeente(office, books)
        subject = {"from": first, "until": until, "gemeente": gemeente}
        audit.append(books, office.now, office.actor, "monitoring_traced", subject)
        return council_facts.read(books)


def _checklists(facts: Facts) -> dict[str, Checklist]:
    """The versions of the checklist by name; refused where one is lost that assessments were made with."""
    known = load_checklists()
    try:
        for made in (made for history in facts.histories for made in history.assessments):
            known.version(made.checklist)
    except LookupError as lost:
        raise Refused(f"The figures cannot be made: {lost}.") from None
    return {checklist.version: checklist for checklist in known.versions}


def _section(
    office: Office, facts: Facts, code: str, quarter: Quarter, until: Month, checklists: dict[str, Checklist]
) -> ReportSection:
    """One gemeente and quarter, by the parameters of its last day."""
    try:
        small, months = (office.parameters.number(name, quarter.end) for name in ("small_group", "art_56a_months"))
    except LookupError as unknown:
        raise UsageError(f"--from: {unknown}.") from None
    rows = figures(facts, code, quarter, FigureRules(small, months, checklists, last_day(until)))
    name = office.settings.gemeenten[code].name
    return ReportSection(code, name, quarter, small, months, tuple(rows))
