"""The command line `ontzorgen`: global options, exit codes, and one place where every refusal is said."""

import gc
import json
import sys
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from typer.exceptions import TyperException
from typer.main import get_command

from desk.cli import (
    bank,
    books,
    clients,
    dossier,
    forecast,
    free_text,
    household,
    month,
    registers,
    reports,
    tools,
    worklist,
)
from desk.cli.console import Call, on_screen
from flows.office import DEFAULT_DATABASE, UsageError
from ledgers.errors import DatabaseOutOfOrder
from payments.problems import ExitCode, Refusal

# A month is some hundred thousand small records without one cycle: searching them for cycles took a sixth of its time.
OBJECTS_BETWEEN_COLLECTIONS = 50_000

app = typer.Typer(
    name="ontzorgen",
    help="Pay the fixed costs of clients out of their benefit, and prove every cent.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
PARTS = (
    registers,
    month,
    bank,
    clients,
    dossier,
    household,
    worklist,
    forecast,
    books,
    reports,
    tools,
)
for part in PARTS:
    part.add_to(app)


@app.callback()
def surroundings(
    context: typer.Context,
    database: Annotated[
        str, typer.Option(envvar="ONTZORGEN_DATABASE", help="sqlite:///FILE or postgresql://...")
    ] = DEFAULT_DATABASE,
    config: Annotated[
        Path | None, typer.Option(envvar="ONTZORGEN_CONFIG", help="Settings in TOML; default: the shipped example.")
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option("--as", envvar="ONTZORGEN_USER", help="Who acts; only where trusted_actors = true."),
    ] = None,
    today: Annotated[
        str | None, typer.Option(help="The day to act as, YYYY-MM-DD; only where trusted_actors = true.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Keep the global options for the command that follows."""
    context.obj = Call(database, config, actor or None, today or None, as_json, run)


def main() -> NoReturn:
    """Run one command and exit with the code of the contract; a traceback only for an internal error."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    as_json = "--json" in arguments
    try:
        _refuse_broken_text(arguments)
        code = _command(for_people=not as_json)(arguments, standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except TyperException as wrong:
        return _misused(wrong, as_json=as_json)
    except BrokenPipeError:  # the reader of our output went away: `ontzorgen status | head`
        return ExitCode.DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost place: whatever is left is said here
        return _refuse(error, as_json=as_json)
    return code if isinstance(code, int) else ExitCode.DONE


def _refuse_broken_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 reach a program as half characters, which no database takes."""
    for place, word in enumerate(arguments, 1):
        if not word.isascii() and any("\ud800" <= sign <= "\udfff" for sign in word):
            raise UsageError(f"Word {place} of the command is not UTF-8 text: type it again.")


@cache
def _command(*, for_people: bool) -> Callable[..., object]:
    """Typer builds a hundred options anew at every call: a process with many commands (a demo, a test) does it once."""
    command = get_command(app)
    free_text.guard(command)
    if not for_people:
        _without_help(command)
    return command


def _without_help(command: Any) -> None:
    """A group that is named without its command shows its help on standard output: no answer for a program."""
    command.no_args_is_help = False
    for below in getattr(command, "commands", {}).values():
        _without_help(below)


def _misused(wrong: TyperException, *, as_json: bool) -> int:
    show = getattr(wrong, "show", None)
    if show is not None:
        show()
    if as_json:
        document = {"error": "usage", "exit_code": ExitCode.USAGE, "message": str(wrong)}
        print(on_screen(json.dumps(document, ensure_ascii=False)))  # noqa: T201 - the answer of --json
    return ExitCode.USAGE


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


def _refuse(error: BaseException, *, as_json: bool) -> int:
    if isinstance(error, OperationalError) and _out_of_order(error):
        said = f"The database cannot go on: {_said_by_database(error)}."
        error = DatabaseOutOfOrder(f"{said} Nothing half is stored; mend it and give the command again.")
    kind, code = _kind_and_code(error)
    text = _sentence(error)
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
