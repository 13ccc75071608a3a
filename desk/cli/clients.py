"""Commands for one client: legal grounds and holds."""

from typing import Annotated

import typer

from desk.cli.arguments import Preview, make
from desk.cli.console import Call
from flows.actions import grounds_and_holds
from flows.actions.grounds_and_holds import HoldSet, add_ground
from flows.office import UsageError
from payments.month import parse_date
from payments.plan.grounds import Ground, Segment

ground_app = typer.Typer(help="Legal grounds of a client.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.add_typer(ground_app, name="ground")
    app.command("hold")(hold)
    app.command("unhold")(unhold)


@ground_app.command("add")
def ground_add(
    context: typer.Context,
    klant: str,
    ground: Annotated[Ground, typer.Option(help="ART_57, VRIJWILLIG or MAATWERK.")],
    first: Annotated[str, typer.Option("--from", help="First day.")],
    until: Annotated[str, typer.Option("--until", help="Last day itself.")],
    decision: Annotated[str, typer.Option(help="Reference of the decision.")],
    reassess_on: Annotated[
        str | None, typer.Option(help="Day of the next assessment; default and at the latest after three months.")
    ] = None,
    preview: Preview = False,
) -> None:
    """Add a legal ground by decision; grounds may not overlap."""
    call: Call = context.obj
    office = call.office()
    try:
        segment = Segment(ground, parse_date(first), parse_date(until), decision)
        again = parse_date(reassess_on) if reassess_on else None
    except ValueError as error:
        raise UsageError(f"--from, --until or --reassess-on {error}") from None

    done = make(call, office, lambda at: add_ground(at, klant, segment, again), preview=preview)
    text = f"{klant}: {ground} from {segment.start} until {segment.until}"
    call.answer(
        {"client": klant, "added": done.added}, f"{text} added." if done.added else f"{text} was there already."
    )


def hold(
    context: typer.Context,
    klant: str,
    why: Annotated[str, typer.Option(help="The reason, without health data.")],
    preview: Preview = False,
) -> None:
    """Hold every payment in a client's name from the next run on."""
    call: Call = context.obj
    _told(call, make(call, call.office(), lambda at: grounds_and_holds.hold(at, klant, why), preview=preview))


def unhold(
    context: typer.Context, klant: str, why: Annotated[str, typer.Option()] = "", preview: Preview = False
) -> None:
    """Lift a hold; what was missed is paid by the next run of its month."""
    call: Call = context.obj
    _told(call, make(call, call.office(), lambda at: grounds_and_holds.unhold(at, klant, why), preview=preview))


def _told(call: Call, done: HoldSet) -> None:
    state = "on hold" if done.on_hold else "not on hold"
    text = f"{done.client} is now {state}." if done.changed else f"{done.client} was {state} already; nothing changed."
    call.answer({"client": done.client, "on_hold": done.on_hold, "changed": done.changed}, text)
