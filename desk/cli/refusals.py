"""How a refusal is said: one sentence, one exit code of the contract, and a traceback never."""

import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from config.settings import SettingsRefused
from desk.cli.console import on_screen
from flows.office import UsageError
from ledgers.cases.ends import NotYet
from ledgers.errors import Conflict, ProofFailed, Refused
from payments.problems import InputRefused

REFUSED, USAGE, INVALID, CONFLICT, PROOF_FAILED, INTERNAL = 1, 2, 3, 4, 5, 70


class DatabaseOutOfOrder(Exception):
    """The database cannot work: its disk is full, broken or read-only, it is locked, or it does not answer."""


# As SQLite names it, and as PostgreSQL numbers it (connection, resources, operator, system).
_SQLITE_OUT_OF_ORDER = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CANTOPEN")
_POSTGRESQL_OUT_OF_ORDER = ("08", "53", "57", "58")


def _out_of_order(error: OperationalError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE_OUT_OF_ORDER)
    state = getattr(error.orig, "sqlstate", None)  # without one there was no connection to give it
    return state is None or str(state).startswith(_POSTGRESQL_OUT_OF_ORDER)


_CODES: tuple[tuple[type[BaseException], str, int], ...] = (
    (InputRefused, "invalid_input", INVALID),
    (Conflict, "conflict", CONFLICT),
    (ProofFailed, "proof_failed", PROOF_FAILED),
    (Refused, "refused", REFUSED),
    (IntegrityError, "refused", REFUSED),
    (DatabaseOutOfOrder, "refused", REFUSED),
    (OSError, "refused", REFUSED),
    (UsageError, "usage", USAGE),
    (SettingsRefused, "usage", USAGE),
    (KeyboardInterrupt, "interrupted", REFUSED),
    (typer.Abort, "interrupted", REFUSED),
)


def refuse(error: BaseException, *, as_json: bool) -> int:
    """Say why a command did nothing, and return its exit code."""
    if isinstance(error, OperationalError) and _out_of_order(error):
        said = f"The database cannot go on: {_said_by_database(error)}."
        error = DatabaseOutOfOrder(f"{said} Nothing half is stored; mend it and give the command again.")
    kind, code = next(((k, c) for kind, k, c in _CODES if isinstance(error, kind)), ("internal", INTERNAL))
    text = _still_missing(error) if isinstance(error, NotYet) else _sentence(error)
    print(on_screen(text), file=sys.stderr)  # noqa: T201 - this is the program's voice
    if as_json:
        document: dict[str, Any] = {"error": kind, "exit_code": code, "message": text}
        if isinstance(error, InputRefused):
            document["problems"] = [asdict(problem) for problem in error.problems]
        if isinstance(error, NotYet):
            document["missing"] = list(error.missing)
        print(on_screen(json.dumps(document, ensure_ascii=False)))  # noqa: T201 - and its answer
    return code


def _still_missing(error: NotYet) -> str:
    from desk.words.ending import not_yet

    return not_yet(error.client, error.obstacles, proposed=error.proposed)


def _sentence(error: BaseException) -> str:
    if isinstance(error, InputRefused):
        count = len(error.problems)
        return "\n".join([f"{count} problem(s); nothing is stored:", *(f"  {problem}" for problem in error.problems)])
    if isinstance(error, IntegrityError):
        return f"The database refuses this: {_said_by_database(error)}. Nothing is stored."
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} cannot be used: {error.strerror or type(error).__name__}."
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return "Stopped. What was not finished is not stored; run the command again."
    if any(isinstance(error, kind) for kind, _, _ in _CODES):
        return str(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = _said_by_database(error) if isinstance(error, DBAPIError) else type(error).__name__
    return f"Internal error ({said} at {Path(where.filename).name}:{where.lineno}). Nothing half is stored."


def _said_by_database(error: DBAPIError) -> str:
    """The database's own first line, without the statement and without its values."""
    return str(error.orig).splitlines()[0].strip()
