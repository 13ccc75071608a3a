"""Bring one input file into the books: read strictly, compare with what is known, store all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Connection

from config.settings import Settings
from flows.actions.act import act
from flows.actions.incoming import read_incoming
from flows.office import Office
from ledgers.dossier import trajectories
from ledgers.registers import register
from ledgers.registers.register import Imported, InputKind
from ledgers.registers.staff import Role
from payments.dossier.late_awards import LateAward, late_awards
from payments.intake import likely_mistakes
from payments.intake.benefits import read_benefits
from payments.intake.registers import read_clients, read_creditors, read_obligations
from payments.month import Month, month_of
from payments.problems import InputRefused, Problem


class _Reading(TypedDict):
    encoding: str
    names: Mapping[str, str]
    max_bytes: int


@dataclass(frozen=True, slots=True)
class FileImported:
    """What an import did, the klantnummers it passed over because the settings say so, and rights awarded too late."""

    result: Imported
    ignored: tuple[str, ...] = ()
    late_awards: tuple[LateAward, ...] = ()


def import_file(
    office: Office, kind: InputKind, path: Path, *, from_month: Month | None = None, month: Month | None = None
) -> FileImported:
    """Import a register or a month's benefit records; InputRefused with every problem when the file is invalid.

    `from_month` is the first benefit month that changed register lines hold for (default: the current month);
    `month`, where given, is the only month that benefit lines may have.
    """
    most = office.settings.input.max_bytes
    what = f"has {{size}} bytes, more than the {most} that the settings allow (input.max_megabytes)"
    content = read_incoming(path, most, what)
    with act(office, Role.ADMINISTRATION, Role.FINANCE) as books:
        if kind is InputKind.BENEFITS:
            return _accept_benefits(books, office, path.name, content, month)
        return _accept_register(books, office, kind, path.name, content, from_month or month_of(office.today))


def _how(settings: Settings, kind: InputKind) -> _Reading:
    return {
        "encoding": settings.input.encoding,
        "names": settings.input.columns.get(kind.value, {}),
        "max_bytes": settings.input.max_bytes,
    }


def _accept_benefits(books: Connection, office: Office, file: str, content: bytes, month: Month | None) -> FileImported:
    known = register.clients_in_force(books)
    ignore = office.settings.unknown_clients == "ignore"
    how = _how(office.settings, InputKind.BENEFITS)
    read = read_benefits(content, file, clients=known.keys(), ignore_unknown=ignore, month=month, **how)
    _refuse([*likely_mistakes.wrong_years(read.records, month_of(office.today), file)])
    result = register.accept_benefits(books, sha256(content).hexdigest(), read.records, office.actor, office.now)
    return FileImported(result, tuple(read.ignored))


def _accept_register(
    books: Connection, office: Office, kind: InputKind, file: str, content: bytes, first: Month
) -> FileImported:
    how = _how(office.settings, kind)
    records: list[register.Record]
    late: list[LateAward] = []
    if kind is InputKind.CREDITORS:
        entered = read_creditors(content, file, **how)
        _refuse([*likely_mistakes.copied_accounts(entered, file)])
        records = [*entered]
    elif kind is InputKind.CLIENTS:
        people = read_clients(content, file, gemeenten=office.settings.gemeenten.keys(), **how)
        paydays = {code: gemeente.payday for code, gemeente in office.settings.gemeenten.items()}
        known = register.clients_in_force(books)
        late = [*late_awards(people, known, office.art_56a_months, paydays, office.today)]
        records = [*people]
    else:
        creditors = register.creditors_in_force(books)
        clients = register.clients_in_force(books)
        owed = read_obligations(content, file, creditors=creditors, clients=clients.keys(), **how)
        _refuse([*likely_mistakes.moved_commas(owed, register.obligations_in_force(books), file)])
        records = [*owed]
    digest = sha256(content).hexdigest()
    result = register.accept_register(books, kind, digest, records, first, office.actor, office.now)
    if kind is InputKind.CLIENTS:
        trajectories.open_trajectories(books, office.actor, office.now)
    return FileImported(result, late_awards=tuple(late))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)
