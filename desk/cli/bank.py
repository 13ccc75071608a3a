"""Commands for what the bank answered: reconcile, exceptions, resolve, give-back, close."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from desk.documents import reconciliation
from flows.actions.inbox import watch_once
from flows.actions.reconcile import BankFile, read_bank_file, reconcile
from ledgers.bank import four_eyes, open_items, reserved_money, resolutions
from ledgers.bank.open_items import OpenItem
from ledgers.bank.resolution_model import AsWhat, Wish
from ledgers.checks import month_close, self_check
from ledgers.database import reading, writing
from ledgers.errors import Conflict, ProofFailed, Refused
from ledgers.registers.staff import Role, require
from payments.problems import InputRefused, Problem


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
    call: Call = context.obj
    office = call.office()
    answers: list[dict[str, Any]] = []
    failures: list[Exception] = []
    read: list[BankFile] = []
    for path in files:
        try:
            read.append(read_bank_file(path))
        except InputRefused as refused:
            failures.append(refused)
    for file in sorted(read, key=lambda item: item.order):
        try:
            done = reconcile(office.engine, office.settings, file, actor=office.actor, now=office.now)
        except (InputRefused, Conflict, Refused, ProofFailed) as failure:  # the other accounts' files go on
            failures.append(failure)
            continue
        for warning in done.warnings:
            call.tell(f"Warning: {warning}")
        answers.append(asdict(done))
    text = "\n".join(reconciliation.reconciled_line(answer) for answer in answers)
    if not failures:
        call.answer({"files": answers}, text)
        return
    if text:
        call.tell(text)
    raise _together(failures)


def _together(failures: list[Exception]) -> Exception:
    """All failures in one message, with the exit code of the first; every problem of every invalid file."""
    first = failures[0]
    if len(failures) == 1:
        return first
    if isinstance(first, InputRefused):
        others = [Problem(str(f), None, None, None, "is refused") for f in failures if not isinstance(f, InputRefused)]
        return InputRefused([*(p for f in failures if isinstance(f, InputRefused) for p in f.problems), *others])
    lines = [str(p) for f in failures if isinstance(f, InputRefused) for p in f.problems]
    return type(first)("\n".join([*(str(f) for f in failures if not isinstance(f, InputRefused)), *lines]))


def inbox(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With one folder per gemeente.")],
) -> None:
    """Read every new file of an inbox once: moved to processed, or to refused with a note why."""
    call: Call = context.obj
    office = call.office()
    handled = watch_once(office, folder)
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
    document = [_item_json(item, office.today) for item in items]
    call.answer(document, reconciliation.exceptions_text(document))


def _item_json(item: OpenItem, today: date) -> dict[str, Any]:
    age = item.age_days(today)
    return {
        "id": item.exception_id,
        "kind": item.kind,
        "client": item.client,
        "payment": item.payment_id,
        "amount_cents": item.amount_cents,
        "reason": item.reason,
        "since": item.since.isoformat(),
        "age_days": age,
        "age_group": month_close.age_group(age),
        "owner": item.owner,
        "state": item.state,
        "gemeente": item.gemeente,
        "month": item.month,
        "direction": item.direction,
        "line": item.line_id,
        "candidates": list(item.candidates),
        "as_what": item.as_what,
        "why": item.why,
        "resolved_by": item.resolved_by,
    }


def resolve(
    context: typer.Context,
    exception: Annotated[str, typer.Argument(metavar="ID")],
    as_what: Annotated[AsWhat, typer.Option("--as-what", help="How it is settled; the README explains each.")],
    why: Annotated[str, typer.Option(help="On what ground.")],
    payment: Annotated[list[str] | None, typer.Option(help="For match: the EndToEndId, once for each payment.")] = None,
    client: Annotated[str | None, typer.Option(help="For refund_to_client: the klantnummer.")] = None,
    together: Annotated[
        list[str] | None, typer.Option("--with", help="For match: another line of the same payment, once for each.")
    ] = None,
) -> None:
    """Settle an exception, with its booking and its place in the audit trail; what was parked, once more."""
    call: Call = context.obj
    office = call.office()
    others = tuple(together or ())
    wish = Wish(exception, as_what, why, tuple(payment or ()), client, office.actor, office.now, others)
    with writing(office.engine) as connection:
        for name in (exception, *others):
            item = open_items.find_item(connection, name)
            require(connection, office.actor, Role.FINANCE, Role(item.owner))
            limit = office.settings.gemeenten[item.gemeente].resolve_limit_cents
            four_eyes.refuse_own_reading(connection, name, as_what, limit, office.actor)
        new = resolutions.resolve(connection, wish)
        self_check.require_sound(connection)
    named = " and ".join((exception, *others))
    text = f"{named} settled as {as_what}." if new else f"{exception} was settled so already; nothing changed."
    call.answer({"id": exception, "with": list(others), "as_what": as_what.value, "already": not new}, text)


def give_back(
    context: typer.Context,
    vaste_last: str,
    covered_month: str,
    why: Annotated[str, typer.Option(help="On what ground it will not be paid any more.")],
) -> None:
    """Give what is reserved for a fixed cost back to who contributed it; it is never paid after that."""
    call: Call = context.obj
    office = call.office()
    covers = a_month(covered_month)
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE)
        new = reserved_money.give_back(connection, vaste_last, covers, why, office.actor, office.now)
        shares = reserved_money.contributions_to(connection, vaste_last, covers)
        self_check.require_sound(connection)
    document = {
        "obligation": vaste_last,
        "covers": covers,
        "already": not new,
        "clients": [{"client": client, "amount_cents": cents} for client, cents in shares],
    }
    call.answer(document, reconciliation.given_back_text(document))


def close(context: typer.Context, month: str) -> None:
    """Close a month once bank equals books and nothing is unexplained."""
    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE)
        new = month_close.close(connection, list(office.settings.gemeenten), month, office.actor, office.now)
        found = [month_close.prove(connection, code) for code in office.settings.gemeenten]
    text = f"{month} is closed." if new else f"{month} was closed already; nothing changed."
    proved = [_proof_json(proof) for proof in found]
    document = {"month": month, "already": not new, "proof": proved}
    call.answer(document, "\n".join([text, *(reconciliation.proof_line(item) for item in proved)]))


def _proof_json(proof: month_close.AccountProof) -> dict[str, Any]:
    return {
        "gemeente": proof.gemeente,
        "bank_cents": proof.bank_cents,
        "books_cents": proof.books_cents,
        "in_transit_cents": proof.in_transit_cents,
        "unexplained_cents": proof.unexplained_cents,
    }
