"""No BSN in what people type: one look at the free texts of every command, before the command itself begins."""

from typing import Any

import typer

from desk.cli.console import Call
from ledgers.errors import Refused
from payments.references import BSN_WRITTEN, written_bsns

FREE_TEXT = frozenset({"why", "how", "decision", "name"})
"""The options whose words a person chooses; every other text is a key, a day, a month, an amount or a place."""


def guard(command: Any) -> None:
    """Let the free texts of a command, and of every command below it, pass this look."""
    for below in getattr(command, "commands", {}).values():
        guard(below)
    for parameter in command.params:
        if parameter.name in FREE_TEXT:
            parameter.callback = _without_bsn


def _without_bsn(context: typer.Context, parameter: Any, text: str | None) -> str | None:
    if text and written_bsns(text) and _not_known(context.obj, text):
        raise Refused(f"`{_typed(context)} {parameter.opts[0]}` {BSN_WRITTEN}")
    return text


def _not_known(call: Call, text: str) -> bool:
    from flows.actions.act import bsns_of  # with the books: slow to load, and hardly ever needed

    return bool(bsns_of(call.office(), text))


def _typed(context: typer.Context) -> str:
    """The words of the command, without the program and its global options."""
    names: list[str] = []
    here: Any = context
    while here.parent is not None:
        names.insert(0, str(here.info_name))
        here = here.parent
    return " ".join(names)
