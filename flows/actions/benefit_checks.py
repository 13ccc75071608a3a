"""What is wrong with a file of benefits in the light of the books: wrong years, deductions that nothing can bear."""

from collections.abc import Iterator

from sqlalchemy import Connection

from config.settings import Settings
from flows.office import Office
from ledgers.registers import benefit_history
from ledgers.registers.register import clients_in_force
from payments.intake.benefits import BenefitFile
from payments.intake.deductions import beyond_benefit
from payments.intake.likely_mistakes import wrong_years
from payments.month import month_of
from payments.parties import Component
from payments.problems import Problem


def benefit_problems(books: Connection, office: Office, read: BenefitFile, file: str) -> Iterator[Problem]:
    """Every reason to refuse a file of which each line is right by itself."""
    yield from wrong_years(read.records, month_of(office.today), file)
    yield from _too_much_deducted(books, office.settings, read, file)


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
