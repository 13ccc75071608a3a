"""Commands about everybody at once: the worklist, its review, and the letters."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.console import Call
from desk.documents import worklist
from desk.paper.letter_files import write_letters
from flows.actions.review import current_worklist, letters_made, review
from flows.office import Office, UsageError

Gemeente = Annotated[str | None, typer.Option(help="One gemeente; default all of the settings.")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("worklist")(show_worklist)
    app.command("review")(review_clients)
    app.command("letters")(letters)


def show_worklist(context: typer.Context, gemeente: Gemeente = None) -> None:
    """Who needs attention and why, most urgent first."""
    call: Call = context.obj
    office = call.office()
    _known(office, gemeente)
    document = worklist.document(current_worklist(office, gemeente))
    call.answer(document, worklist.worklist_text(document))


def review_clients(context: typer.Context, gemeente: Gemeente = None) -> None:
    """Keep the worklist of today and make the letters that are due; again: nothing new."""
    call: Call = context.obj
    office = call.office()
    done = [review(office, code) for code in _known(office, gemeente)]
    lines = [
        f"{item.gemeente}: {sum(item.items.values())} on the worklist, {sum(item.notices.values())} new letters"
        + (" (already done today, nothing changed)." if item.already else ".")
        for item in done
    ]
    call.answer([asdict(item) | {"day": item.day.isoformat()} for item in done], "\n".join(lines))


def _known(office: Office, gemeente: str | None) -> list[str]:
    codes = list(office.settings.gemeenten)
    if gemeente is not None and gemeente not in codes:
        raise UsageError(f"There is no gemeente {gemeente}; the settings have {', '.join(codes)}.")
    return codes if gemeente is None else [gemeente]


def letters(
    context: typer.Context,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder of the letters, for your eyes only.")],
) -> None:
    """Write the letters that reviews made as text files; those that stand there already stay."""
    call: Call = context.obj
    done = write_letters(letters_made(call.office()), out)
    for name in done.changed:
        call.tell(f"Warning: {name}: the facts changed since it was made; compare it with what was sent.")
    for name in done.void:
        call.tell(f"Warning: {name}: what it tells does not hold any more; it is not written.")
    text = f"{len(done.written)} letters written to {out}, {len(done.standing)} stood there already."
    call.answer({"out": str(out)} | asdict(done), text)
