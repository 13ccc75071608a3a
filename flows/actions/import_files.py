"""Bring one input file into the books: read strictly, compare with what is known, store all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Connection, Engine

from config.settings import Settings
from ledgers.database import writing
from ledgers.dossier import trajectories
from ledgers.registers import register
from ledgers.registers.register import Imported, InputKind
from ledgers.registers.staff import Role, require
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
    """What an import did, and the klantnummers it passed over because the settings say so."""

    result: Imported
    ignored: tuple[str, ...] = ()


def import_file(
    engine: Engine,
    settings: Settings,
    kind: InputKind,
    path: Path,
    *,
    actor: str,
    now: datetime,
    from_month: Month | None = None,
    month: Month | None = None,
) -> FileImported:
    """Import a register or a month's benefit records; InputRefused with every problem when the file is invalid.

    `from_month` is the first benefit month that changed register lines hold for (default: the current month);
    `month`, where given, is the only month that benefit lines may have.
    """
    content = read_input(path, settings)
    with writing(engine) as connection:
        return accept(
            connection, settings, kind, path.name, content, actor=actor, now=now, from_month=from_month, month=month
        )


def accept(
    connection: Connection,
    settings: Settings,
    kind: InputKind,
    file: str,
    content: bytes,
    *,
    actor: str,
    now: datetime,
    from_month: Month | None = None,
    month: Month | None = None,
) -> FileImported:
    """The same inside a transaction, with the bytes of the file."""
    digest = sha256(content).hexdigest()
    how: _Reading = {
        "encoding": settings.input.encoding,
        "names": settings.input.columns.get(kind.value, {}),
        "max_bytes": settings.input.max_bytes,
    }
    require(connection, actor, Role.ADMINISTRATION, Role.FINANCE)
    if kind is InputKind.BENEFITS:
        known = register.clients_in_force(connection)
        ignore = settings.unknown_clients == "ignore"
        read = read_benefits(content, file, clients=known.keys(), ignore_unknown=ignore, month=month, **how)
        _refuse([*likely_mistakes.wrong_years(read.records, month_of(now.date()), file)])
        result = register.accept_benefits(connection, digest, read.records, actor, now)
        return FileImported(result, tuple(read.ignored))
    records: list[register.Record]
    if kind is InputKind.CREDITORS:
        entered = read_creditors(content, file, **how)
        _refuse([*likely_mistakes.copied_accounts(entered, file)])
        records = [*entered]
    elif kind is InputKind.CLIENTS:
        records = [*read_clients(content, file, gemeenten=settings.gemeenten.keys(), **how)]
    else:
        creditors = register.creditors_in_force(connection)
        clients = register.clients_in_force(connection)
        owed = read_obligations(content, file, creditors=creditors, clients=clients.keys(), **how)
        _refuse([*likely_mistakes.moved_commas(owed, register.obligations_in_force(connection), file)])
        records = [*owed]
    first = from_month or month_of(now.date())
    result = register.accept_register(connection, kind, digest, records, first, actor, now)
    if kind is InputKind.CLIENTS:
        trajectories.open_trajectories(connection, actor, now)
    return FileImported(result)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)


def read_input(path: Path, settings: Settings) -> bytes:
    """The bytes of a file; InputRefused when it cannot be read or is larger than the settings allow."""
    max_bytes = settings.input.max_bytes
    try:
        size = path.stat().st_size
        if size > max_bytes:
            what = f"has {size} bytes, more than the {max_bytes} that the settings allow (input.max_megabytes)"
            raise InputRefused([Problem(path.name, None, None, None, what)])
        with path.open("rb") as stream:
            return stream.read(max_bytes + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror or type(error).__name__}"
        raise InputRefused([Problem(path.name, None, None, None, what)]) from None
