"""Commands that look ahead: a household's coming months, its budget lines, and the preview of any change."""

from typing import Annotated

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from desk.documents import forecast as forecasts
from flows.actions.budgets import add_line
from flows.actions.forecasting import forecast
from ledgers.errors import Refused
from payments.money import format_amount, parse_amount
from payments.plan.forecast import BudgetKind, BudgetLine

budget_app = typer.Typer(help="Income and costs beside the benefit and the fixed costs.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("forecast")(show_forecast)
    app.add_typer(budget_app, name="budget")


def show_forecast(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="KLANT|HOUSEHOLD")],
    months: Annotated[int, typer.Option(min=1, max=24, help="How many benefit months ahead.")] = 6,
) -> None:
    """Show the coming benefit months of a household: what is paid, what is not, and what is left to live on."""
    call: Call = context.obj
    outlook = forecast(call.office(), who, months)
    call.answer(forecasts.forecast_document(outlook), forecasts.forecast_text(outlook))


@budget_app.command("add")
def budget_add(
    context: typer.Context,
    klant: str,
    kind: Annotated[BudgetKind, typer.Option(help="What comes in, or goes out.")],
    name: Annotated[str, typer.Option(help="What it is, for example huurtoeslag; no personal data.")],
    amount: Annotated[str, typer.Option(help="Euros a month: 12,50.")],
    first: Annotated[str, typer.Option("--from", help="First month.")],
    until: Annotated[str | None, typer.Option("--until", help="Last month itself; default no end.")] = None,
) -> None:
    """Add a budget line; of the same kind and name the newest counts from its own first month on."""
    call: Call = context.obj
    office = call.office()
    try:
        cents = parse_amount(amount)
    except ValueError as error:
        raise Refused(f"The amount '{amount}' {error}.") from None
    line = BudgetLine(klant, kind, name, cents, a_month(first), None if until is None else a_month(until))
    added = add_line(office, line).added
    text = f"{klant}: {kind} {format_amount(cents)} a month from {first}"
    text += f" until {until}" if until else ""
    call.answer({"client": klant, "added": added}, f"{text} added." if added else f"{text} was there already.")
