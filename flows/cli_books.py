"""Commands that prove the books and hand figures to others."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from desk import exports
from flows import outbox
from flows.cli_registers import a_month
from flows.console import Call
from ledgers import audit, checks, remainders, runs
from ledgers.database import reading, writing
from ledgers.errors import ProofFailed
from ledgers.staff import Role, require
from payments.money import format_plain

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
        violations = checks.full_check(connection)
        digest = checks.digest(connection)
    if violations:
        raise ProofFailed("\n".join([f"{len(violations)} violation(s):", *(f"  {text}" for text in violations)]))
    call.answer({"violations": [], "digest": digest}, f"The books hold together. Digest {digest[:16]}.")


@audit_app.command("verify")
def audit_verify(context: typer.Context) -> None:
    """Walk the hash chain of the audit trail from its start."""
    call: Call = context.obj
    office = call.office()
    with reading(office.engine) as connection:
        broken = audit.first_broken_link(connection)
        rows, head = audit.head(connection)
    if broken:
        raise ProofFailed(f"The audit trail is broken: {broken}.")
    call.answer({"rows": rows, "head": head}, f"The audit trail holds: {rows} rows, head {head}.")


REMAINDER_COLUMNS = (
    "gemeente",
    "klantnummer",
    "maand",
    "uitkering",
    "ingehouden",
    "restant",
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
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE, Role.ADMINISTRATION)
        for code in office.settings.gemeenten:
            latest = runs.latest_run(connection, code, month)
            if latest is None:
                continue
            before = remainders.listed_remainders(connection, code, month)
            amounts = [(item.client, item.remainder_cents) for item in latest.included]
            remainders.list_remainders(connection, code, month, amounts, office.actor, office.now)
            for item in latest.included:
                listed = before.get(item.client, 0)
                cents = (item.benefit_cents, item.withheld_cents, item.remainder_cents, listed,
                         item.remainder_cents - listed)  # fmt: skip
                rows.append([code, item.client, month, *(format_plain(amount) for amount in cents)])
    content = exports.table(REMAINDER_COLUMNS, rows, form)
    path = out or Path(f"remainders-{month}.{form}")
    outbox.replace(path, content)
    call.answer({"path": str(path), "clients": len(rows)}, f"{len(rows)} clients written to {path}.")
