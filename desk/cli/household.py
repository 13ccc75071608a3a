"""Commands across one client's own dossier: the household page, and the package for the gemeente a client moves to."""

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.console import Call
from desk.documents import household as households
from desk.documents import transfer_package
from flows.actions.households import find_household
from flows.actions.transfers import TransferFacts, hand_on
from flows.delivery import outbox
from flows.office import UsageError


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("household")(household)
    app.command("transfer")(transfer)


def household(
    context: typer.Context,
    code: str,
    gemeente: Annotated[str | None, typer.Option(help="Where two gemeenten use the same household code.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it here: .txt, or .html for a page.")] = None,
) -> None:
    """One family, one plan: every adult of a household, its costs, and what must be decided when."""
    call: Call = context.obj
    if out is not None and out.suffix not in (".txt", ".html"):
        raise UsageError("--out: give a file that ends in .txt or .html.")
    found = find_household(call.office(), code, gemeente)
    text = households.text(found)
    if out is not None:
        outbox.replace(out, (households.page(found) if out.suffix == ".html" else text).encode())
        text = f"Household {code} written to {out}."
    call.answer(households.document(found), text.rstrip("\n"))


def transfer(
    context: typer.Context,
    klant: str,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write the package to.")],
) -> None:
    """Write what the next gemeente needs of a client who moves there; a package that stands there is never replaced."""
    call: Call = context.obj
    done = hand_on(call.office(), klant, out, _package)
    said = f"Package of {klant} {'' if done.written else 'already '}written to {out}."
    answer = {
        "client": klant,
        "written": done.written,
        "files": [str(path) for path in done.files],
        "sha256": dict(done.sha256),
    }
    call.answer(answer, "\n".join([said, *(f"  {name}  SHA-256 {digest}" for name, digest in done.sha256.items())]))


def _package(facts: TransferFacts) -> dict[str, bytes]:
    package = transfer_package.package(facts.standing, facts.sender, facts.creditors, facts.checklists, facts.today)
    return package.files()
