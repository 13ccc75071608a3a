"""Commands for what the bank answered: reconcile, exceptions, resolve, give-back, close."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.arguments import a_month, a_share
from desk.cli.console import Call
from desk.documents import reconciliation
from ledgers.bank import not_booked, open_items
from ledgers.bank.resolution_model import AsWhat
from ledgers.database import reading


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("reconcile")(reconcile_files)
    app.command("inbox")(inbox)
    app.command("exceptions")(exceptions)
    app.command("resolve")(resolve)
    app.command("give-back")(give_back)
    app.command("close")(close)


def reconcile_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="camt.053, camt.054 or pain.002.")],
) -> None:
    """Read the bank's answers; rejections first, statements by day, each file whole or not at all."""
    from flows.actions import reconcile

    call: Call = context.obj
    result = reconcile.reconcile_files(call.office(), files)
    for warning in (warning for done in result.files for warning in done.warnings):
        call.tell(f"Warning: {warning}")
    answers = [asdict(done) for done in result.files]
    text = "\n".join(reconciliation.reconciled_line(answer) for answer in answers)
    failure = result.failure
    if failure is None:
        call.answer({"files": answers}, text)
        return
    if text:
        call.tell(text)
    raise failure


def inbox(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With one folder per gemeente.")],
) -> None:
    """Read every new file of an inbox once: moved to processed, or to refused with a note why."""
    from flows.actions.inbox import watch_once

    call: Call = context.obj
    handled = watch_once(call.office(), folder)
    for warning in (warning for item in handled for warning in item.warnings):
        call.tell(f"Warning: {warning}")
    lines = [f"{item.file}: {item.outcome}" for item in handled]
    call.answer([asdict(item) for item in handled], "\n".join(lines) or "Nothing new.")


def exceptions(
    context: typer.Context,
    settled: Annotated[bool, typer.Option("--settled", help="Also those that were settled.")] = False,
) -> None:
    """List what the bank said and nothing explains, oldest first."""
    call: Call = context.obj
    office = call.office()
    with reading(office.engine) as connection:
        items = open_items.list_items(connection, resolved=settled)
        late = not_booked.late(connection, office.today)
    document = [reconciliation.exception_document(item, office.today) for item in items]
    call.answer(document, "\n".join([reconciliation.exceptions_text(document), *reconciliation.late_lines(late)]))


def resolve(
    context: typer.Context,
    exception: Annotated[str, typer.Argument(metavar="ID", help="Or a payment file, for all of its payments.")],
    as_what: Annotated[AsWhat, typer.Option("--as-what", help="How it is settled; the README explains each.")],
    why: Annotated[str, typer.Option(help="On what ground.")],
    payment: Annotated[
        list[str] | None,
        typer.Option(help="For match: EndToEndId[=AMOUNT], once for each payment, or a file for all of its payments."),
    ] = None,
    client: Annotated[
        list[str] | None, typer.Option(help="For refund_to_client: KLANT[=AMOUNT], once for each client.")
    ] = None,
    together: Annotated[
        list[str] | None, typer.Option("--with", help="For match: another line of the same payment, once for each.")
    ] = None,
) -> None:
    """Settle an exception, with its booking and its place in the audit trail; what was parked, once more."""
    from flows.actions import exceptions

    call: Call = context.obj
    done = exceptions.resolve(
        call.office(),
        exception,
        as_what,
        why,
        payments=[a_share(text) for text in payment or ()],
        clients=[a_share(text) for text in client or ()],
        together=together or (),
    )
    several = len(done.together) > 3
    every = f"{exception}: {len(done.together)} exceptions" if several else " and ".join((exception, *done.together))
    text = f"{exception} was settled so already; nothing changed." if done.already else f"{every} settled as {as_what}."
    document = {"id": exception, "with": list(done.together), "as_what": as_what.value, "already": done.already}
    call.answer(document, text)


def give_back(
    context: typer.Context,
    vaste_last: str,
    covered_month: str,
    why: Annotated[str, typer.Option(help="On what ground it will not be paid any more.")],
) -> None:
    """Give what is reserved for a fixed cost back to who contributed it; it is never paid after that."""
    from flows.actions import exceptions

    call: Call = context.obj
    done = exceptions.give_back(call.office(), vaste_last, a_month(covered_month), why)
    document = {
        "obligation": done.obligation,
        "covers": done.covers,
        "already": done.already,
        "clients": [{"client": client, "amount_cents": cents} for client, cents in done.shares],
    }
    call.answer(document, reconciliation.given_back_text(document))


def close(context: typer.Context, month: str) -> None:
    """Close a month once bank equals books and nothing is unexplained."""
    from flows.actions import month_close

    call: Call = context.obj
    done = month_close.close(call.office(), a_month(month))
    text = f"{done.month} was closed already; nothing changed." if done.already else f"{done.month} is closed."
    proved = [reconciliation.proof_document(proof) for proof in done.proofs]
    document = {"month": done.month, "already": done.already, "proof": proved}
    call.answer(document, "\n".join([text, *(reconciliation.proof_line(item) for item in proved)]))
