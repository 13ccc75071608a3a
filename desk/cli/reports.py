"""Reports: what one client, a creditor or the council is shown."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from desk.documents import arrears, client_overview, client_overview_html, payment_proof
from desk.documents import council_report as pages
from flows.actions.arrears import arrears_of
from flows.actions.council_figures import council_figures
from flows.delivery import outbox
from flows.office import Office, UsageError
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.views.client_month import ClientMonth, client_month, costs_covering

report_app = typer.Typer(help="Overviews for clients, creditors and the council.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.add_typer(report_app, name="report")


@report_app.command("client")
def report_client(
    context: typer.Context,
    klant: str,
    month: str,
    out: Annotated[Path | None, typer.Option(help="Write it here: .txt, or .html for a page.")] = None,
) -> None:
    """Tell a client in plain Dutch what was paid out of one month's benefit, and what remains."""
    call: Call = context.obj
    if out is not None and out.suffix not in (".txt", ".html"):
        raise UsageError("--out: give a file that ends in .txt or .html.")
    facts, sender = _read(call.office(), klant, month)
    text = client_overview.text(facts, sender)
    if out is not None:
        page = client_overview_html.page(facts, sender) if out.suffix == ".html" else text
        outbox.replace(out, page.encode())
        text = f"Overview of {klant} for {facts.month} written to {out}."
    call.answer(client_overview.document(facts), text)


@report_app.command("proof")
def report_proof(
    context: typer.Context,
    klant: str,
    month: str,
    obligation: Annotated[str | None, typer.Option(help="Only this vaste last: what its creditor may see.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the text here instead of on the screen.")] = None,
) -> None:
    """Show where every payment for a month, or out of its benefit, can be found (betaalbewijs)."""
    call: Call = context.obj
    facts, sender = _read(call.office(), klant, month, covering=True)
    if obligation is not None and facts.run_id and not payment_proof.proven(facts, obligation):
        raise Refused(f"No payment of {klant} for {obligation} was made for {facts.month}, nor out of its benefit.")
    text = payment_proof.text(facts, sender, obligation)
    if out is not None:
        outbox.replace(out, text.encode())
        text = f"Proof of {klant} for {facts.month} written to {out}."
    call.answer(payment_proof.document(facts, obligation), text)


@report_app.command("arrears")
def report_arrears(
    context: typer.Context,
    creditor: Annotated[str | None, typer.Argument(help="Code of one creditor; default all.")] = None,
) -> None:
    """List what creditors are still owed: months unpaid by a shortfall, a gap or a return, and tariff differences."""
    call: Call = context.obj
    owed = arrears_of(call.office(), creditor)
    call.answer(arrears.document(owed), arrears.text(owed))


def _read(office: Office, klant: str, month: str, *, covering: bool = False) -> tuple[ClientMonth, str]:
    """The client's month, and how the gemeente that paid is called; also what an earlier benefit paid for it."""
    with reading(office.engine) as connection:
        facts = client_month(connection, klant, a_month(month))
        if covering:
            facts = replace(facts, costs=(*costs_covering(connection, klant, facts.month), *facts.costs))
    gemeente = office.settings.gemeenten.get(facts.gemeente)
    return facts, gemeente.name if gemeente else facts.gemeente


@report_app.command("monitoring")
def report_monitoring(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", help="First month.")],
    until: Annotated[str, typer.Option("--until", help="Last month.")],
    gemeente: Annotated[str | None, typer.Option(help="Only this one.")] = None,
    form: Annotated[Literal["table", "csv"], typer.Option("--format")] = "table",
    out: Annotated[Path | None, typer.Option(help="Write it here instead of on the screen.")] = None,
    cases: Annotated[bool, typer.Option("--cases", help="With the klantnummers behind each figure; recorded.")] = False,
) -> None:
    """Count for council and CBS, per gemeente, quarter and group; groups too small to show are hidden."""
    call: Call = context.obj
    office = call.office()
    first, until = a_month(first), a_month(until)
    report = council_figures(office, first, until, gemeente, cases=cases)
    if report.unfinished:
        call.tell(f"{until} is not over yet: what happens in it is still to be added to these figures.")
    content = pages.csv(report) if form == "csv" else pages.text(report).encode()
    text = content.decode().rstrip()
    if out is not None:
        outbox.replace(out, content)
        text = f"Figures of {first} until {until} written to {out}."
    call.answer(pages.document(report), text)
