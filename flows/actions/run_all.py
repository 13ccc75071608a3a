"""The month's run over every gemeente: prove the books, take in the benefits, and plan one after the other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.parameters import Version
from flows.actions.books import prove_books
from flows.actions.every_gemeente import every_gemeente
from flows.actions.import_files import FileImported, import_file
from flows.actions.run_month import RunResult, run_gemeente
from flows.office import Office, UsageError
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.registers.register import InputKind
from payments.month import Month


@dataclass(frozen=True, slots=True)
class RunRefused:
    """Why one gemeente was not run; nothing of it is stored."""

    gemeente: str
    why: str


@dataclass(frozen=True, slots=True)
class AllRuns:
    """What a month's run did: the benefits it took in, what each gemeente got or why not, and which values are old."""

    month: Month
    imported: FileImported | None
    outdated: tuple[Version, ...]
    done: tuple[RunResult, ...]
    refused: tuple[RunRefused, ...]

    @property
    def refusals(self) -> str:
        """Why, each reason once: one person without the role is refused once and not per gemeente."""
        return "\n".join(dict.fromkeys(each.why for each in self.refused))


def run_all(
    office: Office,
    month: Month,
    gemeente: str | None = None,
    benefits: Path | None = None,
    execution_date: date | None = None,
    accepted: Collection[str] = (),
) -> AllRuns:
    """Run a month for one gemeente or all of the settings, after importing its benefit records where a file is given.

    A gemeente that is refused does not keep the others back: one wrong line must not leave their rents unpaid.
    """
    gemeenten = office.settings.gemeenten
    if gemeente is not None and gemeente not in gemeenten:
        raise UsageError(f"There is no gemeente {gemeente}; the settings have {', '.join(gemeenten)}.")
    prove_books(office)
    if gemeente is None:
        with reading(office.engine) as books:
            every_gemeente(office, books)
    imported = None
    if benefits is not None:
        imported = import_file(office, InputKind.BENEFITS, benefits, month=month, accepted=accepted)
    done: list[RunResult] = []
    refused: list[RunRefused] = []
    for code in [gemeente] if gemeente else gemeenten:
        try:
            done.append(run_gemeente(office, code, month, execution_date))
        except Refused as refusal:
            refused.append(RunRefused(code, str(refusal)))
    return AllRuns(month, imported, tuple(office.parameters.outdated(office.today)), tuple(done), tuple(refused))
