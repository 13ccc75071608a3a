"""How a refusal is said: one sentence, one exit code of the contract, and a traceback never."""

import json
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from desk.cli.console import on_screen
from ledgers.cases.ends import NotYet
from ledgers.errors import DatabaseOutOfOrder
from payments.problems import ExitCode, Refusal

# As SQLite names it, and as PostgreSQL numbers it (connection, resources, operator, system).
_SQLITE_OUT_OF_ORDER = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CANTOPEN")
_POSTGRESQL_OUT_OF_ORDER = ("08", "53", "57", "58")


def _out_of_order(error: OperationalError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE_OUT_OF_ORDER)
    state = getattr(error.orig, "sqlstate", None)  # without one there was no connection to give it
    return state is None or str(state).startswith(_POSTGRESQL_OUT_OF_ORDER)


# What others say no with; our own refusals say themselves what they are.
_OF_OTHERS: tuple[tuple[type[BaseException], str], ...] = (
    (IntegrityError, Refusal.code),
    (OSError, Refusal.code),
    (KeyboardInterrupt, "interrupted"),
    (typer.Abort, "interrupted"),
)


def refuse(error: BaseException, *, as_json: bool) -> int:
    """Say why a command did nothing, and return its exit code."""
    if isinstance(error, OperationalError) and _out_of_order(error):
        said = f"The database cannot go on: {_said_by_database(error)}."
        error = DatabaseOutOfOrder(f"{said} Nothing half is stored; mend it and give the command again.")
    kind, code = _kind_and_code(error)
    text = _still_missing(error) if isinstance(error, NotYet) else _sentence(error)
    print(on_screen(text), file=sys.stderr)  # noqa: T201 - this is the program's voice
    if as_json:
        document: dict[str, Any] = {"error": kind, "exit_code": code, "message": text}
        if isinstance(error, Refusal):
            document |= error.details
        print(on_screen(json.dumps(document, ensure_ascii=False)))  # noqa: T201 - and its answer
    return code


def _kind_and_code(error: BaseException) -> tuple[str, ExitCode]:
    if isinstance(error, Refusal):
        return error.code, error.exit_code
    known = next((word for kind, word in _OF_OTHERS if isinstance(error, kind)), None)
    return (known, ExitCode.REFUSED) if known else ("internal", ExitCode.INTERNAL)


def _still_missing(error: NotYet) -> str:
    from desk.words.ending import not_yet

    return not_yet(error.client, error.obstacles, proposed=error.proposed)


def _sentence(error: BaseException) -> str:
    if isinstance(error, Refusal):
        return error.sentence
    if isinstance(error, IntegrityError):
        return f"The database refuses this: {_said_by_database(error)}. Nothing is stored."
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} cannot be used: {error.strerror or type(error).__name__}."
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return "Stopped. What was not finished is not stored; run the command again."
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = _said_by_database(error) if isinstance(error, DBAPIError) else type(error).__name__
    return f"Internal error ({said} at {Path(where.filename).name}:{where.lineno}). Nothing half is stored."


def _said_by_database(error: DBAPIError) -> str:
    """The database's own first line, without the statement and without its values."""
    return str(error.orig).splitlines()[0].strip()
