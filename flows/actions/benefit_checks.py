"""What is wrong with a file of benefits in the light of the books: wrong years, deductions that nothing can bear."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from config.settings import Settings
from flows.office import Office
from ledgers.registers import benefit_history
from ledgers.registers.benefit_history import last_regular, unknown_lines
from ledgers.registers.register import clients_in_force
from payments.intake.benefits import BenefitFile
from payments.intake.deductions import beyond_benefit
from payments.intake.likely_mistakes import hundredfold_benefits, wrong_years
from payments.month import Month, month_of
from payments.parties import BenefitRecord, Component
from payments.problems import Problem


def benefit_problems(
    books: Connection, office: Office, read: BenefitFile, file: str, accepted: Collection[str] = ()
) -> Iterator[Problem]:
    """Every reason to refuse a file of which each line is right by itself; `accepted` clients may get a hundredfold."""
    yield from wrong_years(read.records, month_of(office.today), file)
    yield from _hundredfold(books, read, file, accepted)
    yield from _too_much_deducted(books, office.settings, read, file)


def _hundredfold(books: Connection, read: BenefitFile, file: str, accepted: Collection[str]) -> Iterator[Problem]:
    """Benefits that cannot be right beside what the client had before, by the books or by this very file."""
    granted = [r for r in read.records if r.client not in accepted and r.component is not Component.DEDUCTION]
    before: dict[tuple[str, Month], BenefitRecord] = {}
    for month in sorted({record.month for record in granted}):
        last = last_regular(books, month, {record.client for record in granted if record.month == month})
        before |= {(client, month): record for client, record in last.items()}
    months: dict[str, set[Month]] = defaultdict(set)
    for record in granted:
        months[record.client].add(record.month)
    for record in sorted((r for r in granted if r.component is Component.REGULAR), key=lambda r: r.month):
        for other in (month for month in months[record.client] if month > record.month):
            known = before.get((record.client, other))
            if known is None or known.month < record.month:
                before[record.client, other] = record
    suspect = [*hundredfold_benefits(granted, before, read.line_numbers, file)]
    if suspect:  # what the books have already was accepted then
        new = unknown_lines(books, granted)
        yield from hundredfold_benefits(new, before, read.line_numbers, file)


def _too_much_deducted(books: Connection, settings: Settings, read: BenefitFile, file: str) -> Iterator[Problem]:
    """Deductions that the benefit cannot bear, of clients whose gemeente has a gross benefit."""
    gross = {code for code, gemeente in settings.gemeenten.items() if gemeente.regulier_is == "bruto"}
    deducted = [record for record in read.records if record.component is Component.DEDUCTION]
    for month in sorted({record.month for record in deducted}) if gross else ():
        homes = clients_in_force(books, month)
        clients = {r.client for r in deducted if r.month == month and homes[r.client].gemeente in gross}
        ours = [record for record in read.records if record.month == month and record.client in clients]
        known = benefit_history.granted(books, month, clients)
        counted = benefit_history.counted(books, month, clients)
        yield from beyond_benefit(ours, known, counted, read.line_numbers, file)
