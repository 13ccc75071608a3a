"""The command line `ontzorgen`: global options, the module of each command, and the exit code of whatever happens."""

import gc
import json
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from config.defaults import DEFAULT_DATABASE
from desk.cli import free_text
from desk.cli.commands import MODULE_OF, MODULES
from desk.cli.console import Call, on_screen
from payments.problems import ExitCode

# A month is some hundred thousand small records without one cycle: searching them for cycles took a sixth of its time.
OBJECTS_BETWEEN_COLLECTIONS = 50_000

_WITH_A_VALUE = ("--database", "--config", "--as", "--today")  # the global options that take the next word


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
    """Run one command and return its exit code, a plain number."""
    return int(_run(arguments))


def _run(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    try:
        _refuse_broken_text(arguments)
        code = _command(_named(arguments), for_people=not as_json)(arguments, standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except TyperException as wrong:
        return _misused(wrong, as_json=as_json)
    except BrokenPipeError:  # the reader of our output went away: `ontzorgen status | head`
        return ExitCode.DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost place: whatever is left is said here
        from desk.cli.refusals import refuse  # with the database's own exceptions: slow to load

        return refuse(error, as_json=as_json)
    return code if isinstance(code, int) else ExitCode.DONE


def _refuse_broken_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 reach a program as half characters, which no database takes."""
    for place, word in enumerate(arguments, 1):
        if not word.isascii() and any("\ud800" <= sign <= "\udfff" for sign in word):
            from flows.office import UsageError

            raise UsageError(f"Word {place} of the command is not UTF-8 text: type it again.")


def _named(arguments: list[str]) -> str | None:
    """The command that somebody typed: the first word that is no global option, nor the value of one."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            return word
        if word in _WITH_A_VALUE:
            next(words, None)
    return None


def program(command: str | None = None) -> typer.Typer:
    """The program with all its commands; with one that is named, only its own module is loaded."""
    app = _empty()
    for module in MODULES if command is None else [MODULE_OF[command]]:
        import_module(f"desk.cli.{module}").add_to(app)
    return app


def _contents() -> typer.Typer:
    """What help shows, and what a word that is no command is held against: every name, and no module loaded."""
    app = _empty()
    for commands in MODULES.values():
        for name, sentence in commands.items():
            app.command(name, help=sentence)(_nothing)
    return app


def _nothing() -> None:
    """Stands for a command in the list of all; it never runs, for its name loads the command itself."""


def _empty() -> typer.Typer:
    app = typer.Typer(
        name="ontzorgen",
        help="Pay the fixed costs of clients out of their benefit, and prove every cent.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(surroundings)
    return app


@cache
def _command(named: str | None, *, for_people: bool) -> Callable[..., object]:
    """Typer builds a hundred options anew at every call: a process with many commands (a demo, a test) does it once."""
    command = get_command(program(named) if named in MODULE_OF else _contents())
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
