"""The benefit lines of a month: what the benefits office granted, taken as it is."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from payments.intake.columns import Columns, code, complete, known_code, one_of, yes_no
from payments.intake.text_table import MAX_BYTES, TableFormat
from payments.money import parse_amount
from payments.month import Month, parse_month
from payments.parties import BenefitRecord, Component, DeductionKind

BENEFITS = TableFormat(
    required=("referentie", "klantnummer", "maand", "component", "bedrag"),
    optional=("opgeschort", "inhouding_soort"),
    amounts=frozenset({"bedrag"}),
    dates=frozenset(),
)


@dataclass(frozen=True, slots=True)
class BenefitFile:
    """The lines of our clients, and the klantnummers of others where the settings let them pass."""

    records: list[BenefitRecord]
    ignored: list[str]  # each once, in the order of the file
    line_numbers: Mapping[str, int]  # reference -> line of the file


def read_benefits(
    table_bytes: bytes,
    file: str,
    *,
    clients: Collection[str],
    ignore_unknown: bool,
    month: Month | None = None,
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
) -> BenefitFile:
    """Read `benefits-YYYY-MM.csv`; with `month` a line of any other month is a problem."""
    columns = Columns(table_bytes, file, BENEFITS, encoding=encoding, names=names, max_bytes=max_bytes)
    ours = frozenset(clients)
    references = columns.required("referentie", code)
    columns.unique("referentie", references)
    client_codes = columns.required("klantnummer", code if ignore_unknown else known_code(ours, "klantnummer"))
    months = columns.required("maand", _month_of_file(month))
    components = columns.required("component", one_of(Component))
    amounts = columns.required("bedrag", _amount)
    suspended = columns.optional("opgeschort", yes_no, default=False)
    columns.unique(
        "component",
        [
            (client, paid_in) if component is Component.REGULAR and client in ours and paid_in else None
            for client, paid_in, component in zip(client_codes, months, components, strict=True)
        ],
        "is a second line for this client and month: the first is",
    )
    deductions = columns.optional("inhouding_soort", one_of(DeductionKind))
    columns.check("inhouding_soort", map(_deduction_problem, components, deductions))
    columns.check("bedrag", map(_nothing_deducted, components, amounts))
    columns.accept()
    rows = zip(
        complete(references),
        complete(client_codes),
        complete(months),
        complete(components),
        complete(amounts),
        complete(suspended),
        deductions,
        strict=True,
    )
    lines = [BenefitRecord(*row) for row in rows]
    ignored = dict.fromkeys(line.client for line in lines if line.client not in ours)
    numbers = dict(zip(complete(references), columns.line_numbers, strict=True))
    return BenefitFile([line for line in lines if line.client in ours], list(ignored), numbers)


def _amount(text: str) -> int:
    if text.startswith("-"):
        raise ValueError("is negative: a deduction is a line of component inhouding with a positive amount")
    return parse_amount(text)


def _deduction_problem(component: Component | None, kind: DeductionKind | None) -> str | None:
    if component is None or (component is Component.DEDUCTION) == (kind is not None):
        return None
    kinds = ", ".join(DeductionKind)
    return f"is empty: of component inhouding say which, {kinds}" if kind is None else "belongs to component inhouding"


def _nothing_deducted(component: Component | None, cents: int | None) -> str | None:
    return "is zero: nothing is deducted" if component is Component.DEDUCTION and cents == 0 else None


def _month_of_file(expected: Month | None) -> Callable[[str], Month]:
    def parse(text: str) -> Month:
        if parse_month(text) != expected and expected is not None:
            raise ValueError(f"is not {expected}, the month that this file is read for")
        return text

    return parse
