"""Commands that prove the books and hand figures to others."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from desk.words.formats import month_in_words
from desk.words.labels import PAYMENT_STATES
from desk.words.remainders import deductions_named, remainder_reason, told_text
from flows.actions.books import NotedHead, check_books, verify_trail
from flows.actions.remainders import tell_remainders, write_list
from flows.delivery import outbox
from flows.office import UsageError
from ledgers.database import reading
from ledgers.views import month_status
from payments.money import format_plain
from payments.plan.remainder_lines import Advice, RemainderLine

audit_app = typer.Typer(help="The audit trail.", no_args_is_help=True)
export_app = typer.Typer(help="Tables for others.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("check")(check)
    app.add_typer(audit_app, name="audit")
    app.add_typer(export_app, name="export")


def check(context: typer.Context) -> None:
    """Prove all books: transfers, contributions, files, clearing, audit trail."""
    call: Call = context.obj
    digest = check_books(call.office()).digest
    call.answer({"violations": [], "digest": digest}, f"The books hold together. Digest {digest[:16]}.")


@audit_app.command("verify")
def audit_verify(
    context: typer.Context,
    noted: Annotated[
        list[str] | None, typer.Option("--head", help="A head from paper, NUMBER:HASH (16 characters or more).")
    ] = None,
) -> None:
    """Walk the hash chain of the audit trail from its start; with a head from paper, prove that it is still in it."""
    call: Call = context.obj
    office = call.office()
    found = verify_trail(office, [_a_head(text) for text in noted or ()])
    document = {"rows": found.rows, "head": found.head}
    call.answer(document, f"The audit trail holds: {found.rows} rows, head {found.head}.")


def _a_head(text: str) -> NotedHead:
    """Read a head as the sheet prints it."""
    number, _, start = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 19 and re.fullmatch("[0-9a-f]{16,64}", start)):
        raise UsageError(f"--head: '{text}' is not a number, a colon and at least 16 characters of the hash.")
    return NotedHead(int(number), start)


REMAINDER_COLUMNS = (
    "gemeente",
    "klantnummer",
    "maand",
    "uitkering",
    "ingehouden",
    "restant",
    "teruggave",
    "eerder_opgegeven",
    "nu_uit_te_betalen",
    "advies",
    "reden",
    "wachten_met",
    "inhouding",
    "inhouding_soort",
    "lijst",
    "toelichting",
)


@export_app.command("remainders")
def export_remainders(
    context: typer.Context,
    month: str,
    form: Annotated[Literal["csv", "xlsx"] | None, typer.Option("--format", help="Default: csv.")] = None,
    out: Annotated[Path | None, typer.Option(help="Default: remainders-MONTH in this folder.")] = None,
    number: Annotated[
        int | None, typer.Option("--list", metavar="N", help="Write list N of this month again, as it was.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="KLANT", help="The amount of this client is right.")
    ] = None,
) -> None:
    """Tell the benefits office what to pay to each client: what is new since the last list, and never taken back."""
    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    if number is not None:
        _write_again(call, month, number, form, out)
        return
    form = form or "csv"
    path = out or Path(f"remainders-{month}.{form}")
    done = tell_remainders(office, month, path, form, partial(_remainder_table, form), accept or ())
    waiting = sum(line.advice is Advice.WAIT for line in done.lines)
    document = {
        "path": str(done.path),
        "list": done.number,
        "clients": len(done.lines),
        "due_cents": done.due_cents,
        "waiting": waiting,
    }
    call.answer(document, told_text(month, done.number, len(done.lines), waiting, done.due_cents, done.path))


def _write_again(call: Call, month: str, number: int, form: str | None, out: Path | None) -> None:
    def path_of(kept: str) -> Path:
        if form not in (None, kept):
            raise UsageError(f"--format: list {number} of {month} was made as {kept}.")
        return out or Path(f"remainders-{month}.{number}.{kept}")

    done = write_list(call.office(), month, number, path_of)
    document = {
        "path": str(done.path),
        "list": number,
        "clients": done.lines,
        "due_cents": done.due_cents,
        "sha256": done.sha256,
    }
    call.answer(document, f"Lijst {number} van {month_in_words(month)}: {done.path} (dezelfde als toen).")


def _remainder_table(form: Literal["csv", "xlsx"], number: int | None, lines: Sequence[RemainderLine]) -> bytes:
    from desk.exports import tables

    return tables.table(REMAINDER_COLUMNS, [_remainder_row(number, line) for line in lines], form)


def _remainder_row(number: int | None, line: RemainderLine) -> list[str]:
    paid = line.benefit_cents, line.withheld_cents, line.remainder_cents
    told = line.refund_cents, line.told_cents, line.due_cents
    amounts = [format_plain(cents) for cents in (*paid, *told)]
    deducted = [format_plain(sum(cents for _, cents in line.deductions)), deductions_named(line.deductions)]
    advice = [line.advice.value, line.reason, format_plain(line.waiting_cents), *deducted]
    return [line.gemeente, line.client, line.month, *amounts, *advice, str(number or ""), remainder_reason(line)]


PAYMENT_COLUMNS = (
    "gemeente",
    "maand",
    "bestand",
    "endtoendid",
    "klantnummer",
    "vaste_last",
    "soort",
    "dekt_maand",
    "schuldeiser",
    "iban",
    "bedrag",
    "stand",
    "uitvoeringsdatum",
    "geboekt_op",
    "reden",
)


@export_app.command("payments")
def export_payments(
    context: typer.Context,
    month: str,
    form: Annotated[Literal["csv", "xlsx"], typer.Option("--format")] = "csv",
    out: Annotated[Path | None, typer.Option(help="Default: payments-MONTH in this folder.")] = None,
) -> None:
    """List every payment of a month with what became of it, without names of clients."""
    from desk.exports import tables

    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    with reading(office.engine) as connection:
        rows = [
            [*row[:10], format_plain(row[10]), PAYMENT_STATES[row[11]], *row[12:]]
            for row in month_status.payments_of_month(connection, month)
        ]
    path = out or Path(f"payments-{month}.{form}")
    outbox.replace(path, tables.table(PAYMENT_COLUMNS, rows, form))
    call.answer({"path": str(path), "payments": len(rows)}, f"{len(rows)} payments written to {path}.")


JOURNAL_COLUMNS = ("gemeente", "maand", "boekdatum", "gebeurtenis", "regel", "debet", "credit", "bedrag")


@export_app.command("journal")
def export_journal(
    context: typer.Context,
    month: str,
    form: Annotated[Literal["csv", "xlsx"], typer.Option("--format")] = "csv",
    out: Annotated[Path | None, typer.Option(help="Default: journal-MONTH in this folder.")] = None,
) -> None:
    """List every transfer of a month, for the financial system."""
    from desk.exports import tables

    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    with reading(office.engine) as connection:
        rows = [[*row[:7], format_plain(row[7])] for row in month_status.journal_of_month(connection, month)]
    path = out or Path(f"journal-{month}.{form}")
    outbox.replace(path, tables.table(JOURNAL_COLUMNS, rows, form))
    call.answer({"path": str(path), "transfers": len(rows)}, f"{len(rows)} transfers written to {path}.")
