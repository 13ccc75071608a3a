"""What commands share in how they are typed: months, days, and the preview of a change."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from desk.cli.console import Call
from flows.office import Office, UsageError
from payments.money import parse_amount
from payments.month import Month, parse_date, parse_month

if TYPE_CHECKING:  # the commands that show no preview do without
    from payments.plan.plan_changes import RunEffect

T = TypeVar("T")
From = Annotated[
    str | None, typer.Option("--from", help="First benefit month for changed lines; default the current month.")
]
FromCovered = Annotated[
    str | None,
    typer.Option(
        "--from", help="First covered month for changed lines, as vanaf; default the one after the last that was paid."
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="KLANT", help="This client's hundredfold benefit is meant; can be repeated."),
]
Preview = Annotated[bool, typer.Option("--preview", help="Show what it does to the next run; nothing is stored.")]


def a_month(text: str) -> Month:
    """Read a month that somebody typed."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise UsageError(f"'{text}' {error}") from None


def a_day(text: str, option: str = "") -> date:
    """Read a day that somebody typed, with the name of the option where a command has several."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(f"{option}: '{text}' {error}" if option else f"'{text}' {error}") from None


def a_share(text: str) -> tuple[str, int | None]:
    """Read a payment or a client that somebody typed, with the amount that is of it where they said one."""
    name, said, amount = text.partition("=")
    if not said:
        return name, None
    try:
        return name, parse_amount(amount)
    except ValueError as error:
        raise UsageError(f"'{amount}' {error}") from None


def make(call: Call, office: Office, change: Callable[[Office], T], *, preview: bool) -> T:
    """Make a change; as a preview, answer what it would do to the next run and end the command."""
    if preview:
        show_effects(call, office, change)
        raise typer.Exit
    return change(office)


def show_effects(call: Call, office: Office, change: Callable[[Office], object]) -> None:
    """Answer what a change would do to the next run; nothing of it is stored."""
    from flows.actions.forecasting import effect_of  # only a preview looks ahead

    tell_effects(call, effect_of(office, change))


def tell_effects(call: Call, effects: "tuple[RunEffect, ...]") -> None:
    """Answer what would become of the next runs."""
    from desk.documents import forecast as forecasts

    call.answer(forecasts.effects_document(effects), forecasts.effects_text(effects))
