"""The figures for council and CBS in Dutch: as a table to read, as CSV and as JSON, always in the same order.

Order: gemeente by code, quarter, figure as the report tells its story (started, running, ended, money, checklist),
then total before groups, and groups in a fixed order of their own. Without `cases` no klantnummer is in any of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from desk.exports.tables import table as csv_table
from desk.words.council import FIGURES, GROUPS, KINDS, UNITS
from desk.words.formats import day_in_words, in_columns
from flows.actions.council_figures import CouncilReport, ReportSection
from payments.monitoring.figures import FigureRow
from payments.monitoring.small_groups import Mark

COLUMNS = (
    "gemeente",
    "kwartaal",
    "van",
    "tot_en_met",
    "heel_kwartaal",
    "cijfer",
    "soort_groep",
    "groep",
    "eenheid",
    "waarde",
)
CASE_COLUMNS = ("klantnummers", "van_klantnummers")
NOTHING = "-"
_WIDTH = 58


def shown(row: FigureRow, small_group: int) -> str:
    """The value as it is published."""
    if row.mark is Mark.SMALL:
        return f"<{small_group}"
    if row.mark is Mark.GUARDED:
        return "x"
    if row.value is None:
        return NOTHING
    return str(row.value) if row.of is None else f"{row.value // 10},{row.value % 10}"


def document(report: CouncilReport) -> dict[str, Any]:
    """The report as `report monitoring --json` gives it.

    `{"from", "until", "figures_until", "quarters": [{"quarter", "from", "until", "whole", "small_group",
    "art_56a_months"}], "rows": [{"gemeente", "quarter", "figure", "kind", "group", "unit", "value", "hidden"}]}`.
    `value` is a whole number, or text like "98,5" where the unit is not `aantal`; null where it is hidden or where
    there is nothing to take a share of. With --cases each row has `cases` too, per klantnummer what was counted, and a
    share or average has `of`, what it is a share of.
    """
    quarters = {section.quarter.name: _quarter(section) for section in report.sections}
    rows = [_row(section, row, cases=report.cases) for section in report.sections for row in section.rows]
    return {
        "from": report.first,
        "until": report.last,
        "figures_until": report.figures_until.isoformat(),
        "quarters": list(quarters.values()),
        "rows": rows,
    }


def _quarter(section: ReportSection) -> dict[str, Any]:
    quarter = section.quarter
    return {
        "quarter": quarter.name,
        "from": quarter.start.isoformat(),
        "until": quarter.end.isoformat(),
        "whole": quarter.whole,
        "small_group": section.small_group,
        "art_56a_months": section.art_56a_months,
    }


def _row(section: ReportSection, row: FigureRow, *, cases: bool) -> dict[str, Any]:
    hidden = row.mark is not Mark.OPEN
    value: int | str | None = row.value
    if hidden or row.value is None:
        value = None
    elif row.of is not None:
        value = shown(row, section.small_group)
    found: dict[str, Any] = {
        "gemeente": section.gemeente,
        "quarter": section.quarter.name,
        "figure": row.figure,
        "kind": row.kind,
        "group": row.group,
        "unit": UNITS.get(row.figure, "aantal"),
        "value": value,
        "hidden": hidden,
    }
    if cases:
        found["cases"] = dict(row.cases)
        if row.of is not None:
            found["of"] = dict(row.of)
    return found


def csv(report: CouncilReport) -> bytes:
    """One line per figure and group, with what the figures were made with as the first lines of each part."""
    header = (*COLUMNS, *(CASE_COLUMNS if report.cases else ()))
    return csv_table(header, [line for section in report.sections for line in _lines(section, report)], "csv")


def _lines(section: ReportSection, report: CouncilReport) -> Iterator[list[str]]:
    quarter = section.quarter
    place = [
        section.gemeente,
        quarter.name,
        quarter.start.isoformat(),
        quarter.end.isoformat(),
        "ja" if quarter.whole else "nee",
    ]
    without = ["", ""] if report.cases else []
    yield [*place, "parameter", "total", "cijfers_tot_en_met", "datum", report.figures_until.isoformat(), *without]
    yield [*place, "parameter", "total", "small_group", "mensen", str(section.small_group), *without]
    yield [*place, "parameter", "total", "art_56a_months", "maanden", str(section.art_56a_months), *without]
    for row in section.rows:
        told = [_keys(row), "" if row.of is None else _keys(row, of=True)] if report.cases else []
        value = shown(row, section.small_group).replace(NOTHING, "")
        yield [*place, row.figure, row.kind, row.group, UNITS.get(row.figure, "aantal"), value, *told]


def _keys(row: FigureRow, *, of: bool = False) -> str:
    """The klantnummers behind a figure, with how often each where that is not once."""
    counted = (row.of or {}) if of else row.cases
    return ", ".join(client if count == 1 else f"{client} ({count}x)" for client, count in counted.items())


def text(report: CouncilReport) -> str:
    """The report as a table to read."""
    lines = [
        "MONITORING FINANCIEEL ONTZORGEN",
        f"Periode {report.first} t/m {report.last}; cijfers t/m {day_in_words(report.figures_until)}",
        "Een getal met < ervoor gaat over minder mensen dan getoond mag worden. x is verborgen, hoe groot het ook is:",
        "anders was een kleine groep te berekenen. Bij - valt niets te delen. Percentages en gemiddelden zijn naar",
        "beneden afgerond.",
    ]
    for section in report.sections:
        lines += ["", *_heading(section)]
        lines += _table(section.rows, section.small_group, cases=report.cases)
    return "\n".join(lines) + "\n"


def _heading(section: ReportSection) -> list[str]:
    quarter = section.quarter
    title = f"{section.name}, {quarter.name[-1]}e kwartaal {quarter.name[:4]}"
    days = f"{day_in_words(quarter.start)} t/m {day_in_words(quarter.end)}"
    part = "" if quarter.whole else " (een deel van het kwartaal)"
    rules = f"kleine groep: minder dan {section.small_group}; verplichte maanden: {section.art_56a_months}"
    return [title, "=" * len(title), f"{days}{part}; {rules}"]


def _table(rows: Sequence[FigureRow], small_group: int, *, cases: bool) -> Iterator[str]:
    told = ""
    for row in rows:
        if row.figure != told and row.kind != "total":  # a figure without a total of its own
            yield FIGURES[row.figure]
        told = row.figure
        value = shown(row, small_group)
        unit = "%" if UNITS.get(row.figure) == "procent" and value[0].isdigit() else ""
        keys = f"  {_keys(row)}" if cases and row.cases else ""
        yield (in_columns((_label(row), value), (_WIDTH, -7)) + unit + keys).rstrip()


def _label(row: FigureRow) -> str:
    if row.kind == "total":
        return FIGURES[row.figure]
    group = GROUPS.get(row.group, row.group)
    return f"  {KINDS[row.kind]}" if row.group == "total" else f"  {KINDS[row.kind]}: {group}"
