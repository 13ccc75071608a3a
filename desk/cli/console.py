"""How a command speaks: text for people, or one JSON document for programs."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the books are opened by a command, not by the help about it
    from flows.office import Office


_KEPT = "\n\u2068\u2069"  # a new line, and the marks that keep Arabic between Dutch words in its place


def on_screen(text: str) -> str:
    """Show what has no ink by its number: a bank's text or a file's name could otherwise steer a terminal."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in _KEPT else json.dumps(sign)[1:-1] for sign in text)


@dataclass(frozen=True, slots=True)
class Call:
    """The global options of one command."""

    database: str
    config: Path | None
    actor: str | None
    today: str | None
    as_json: bool
    run: Callable[[list[str]], int]  # the program itself: the demo types its commands

    def office(self, *, ready: bool = True) -> "Office":
        """Open the surroundings; with `ready`, refuse books that were never created."""
        from flows.office import open_office
        from ledgers.database import ensure_ready

        office = open_office(self.database, self.config, self.actor, self.today)
        if ready:
            ensure_ready(office.engine)
        return office

    def answer(self, document: Any, text: str) -> None:
        """Give the result: the document with --json, else the text."""
        print(on_screen(json.dumps(document, ensure_ascii=False) if self.as_json else text))  # noqa: T201 - the answer itself

    def tell(self, text: str) -> None:
        """Say something beside the result; never on the standard output of --json."""
        print(on_screen(text), file=sys.stderr)  # noqa: T201 - messages go to stderr
