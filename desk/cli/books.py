"""Commands that prove the books and hand figures to others."""

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from desk.exports import tables
from desk.words.labels import PAYMENT_STATES
from flows.delivery import outbox
from flows.office import UsageError
from ledgers.bank import open_items
from ledgers.checks import self_check
from ledgers.database import reading, writing
from ledgers.errors import ProofFailed
from ledgers.journal import audit
from ledgers.month import remainders, runs
from ledgers.registers.staff import Role, require
from ledgers.views import month_status
from payments.money import format_plain
from payments.plan.withholding import Included

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
    office = call.office()
    with reading(office.engine) as connection:
        violations = self_check.full_check(connection)
        digest = self_check.digest(connection)
    if violations:
        raise ProofFailed("\n".join([f"{len(violations)} violation(s):", *(f"  {text}" for text in violations)]))
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
    heads = [_a_head(text) for text in noted or ()]
    with reading(office.engine) as connection:
        broken = audit.first_broken_link(connection)
        rows, head = audit.head(connection)
        lost = [number for number, start in heads if not (audit.hash_of(connection, number) or "").startswith(start)]
    if broken:
        raise ProofFailed(f"The audit trail is broken: {broken}.")
    if lost:
        raise ProofFailed(
            f"The audit trail is not the one that was noted: row {lost[0]} is gone or another (the trail has {rows} "
            "rows). It was cut off or made anew since: stop, and keep the paper."
        )
    call.answer({"rows": rows, "head": head}, f"The audit trail holds: {rows} rows, head {head}.")


def _a_head(text: str) -> tuple[int, str]:
    """Read a head as the sheet prints it."""
    number, _, start = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 19 and re.fullmatch("[0-9a-f]{16,64}", start)):
        raise UsageError(f"--head: '{text}' is not a number, a colon and at least 16 characters of the hash.")
    return int(number), start


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
)


@export_app.command("remainders")
def export_remainders(
    context: typer.Context,
    month: str,
    form: Annotated[Literal["csv", "xlsx"], typer.Option("--format")] = "csv",
    out: Annotated[Path | None, typer.Option(help="Default: remainders-MONTH in this folder.")] = None,
) -> None:
    """List what the benefits office must pay to each client; from then on it can no longer be withheld."""
    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    rows: list[list[str]] = []
    new_cents = 0
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE, Role.ADMINISTRATION)
        for code in office.settings.gemeenten:
            latest = runs.latest_run(connection, code, month)
            before = remainders.listed_remainders(connection, code, month)
            refunds = open_items.refunds(connection, code, month)
            # A refund can be booked in a month that was not run (yet).
            included = {item.client: item for item in latest.included} if latest else {}
            due = []
            for client in sorted({*included, *refunds}):
                item = included.get(client, Included(client, 0, 0))
                refund, listed = refunds.get(client, 0), before.get(client, 0)
                total = item.remainder_cents + refund
                due.append((client, total))
                cents = (item.benefit_cents, item.withheld_cents, item.remainder_cents, refund, listed, total - listed)
                rows.append([code, client, month, *(format_plain(amount) for amount in cents)])
            new_cents += remainders.list_remainders(connection, code, month, due, office.actor, office.now)
        # Written before the books say so: a list that could not be written is not counted as handed over.
        path = out or Path(f"remainders-{month}.{form}")
        content = tables.table(REMAINDER_COLUMNS, rows, form)
        if not new_cents:
            # A list that says what to pay is not lost under one that says nothing is new.
            outbox.set_aside(path, content)
        outbox.replace(path, content)
    call.answer({"path": str(path), "clients": len(rows)}, f"{len(rows)} clients written to {path}.")


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
    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    with reading(office.engine) as connection:
        rows = [[*row[:7], format_plain(row[7])] for row in month_status.journal_of_month(connection, month)]
    path = out or Path(f"journal-{month}.{form}")
    outbox.replace(path, tables.table(JOURNAL_COLUMNS, rows, form))
    call.answer({"path": str(path), "transfers": len(rows)}, f"{len(rows)} transfers written to {path}.")
