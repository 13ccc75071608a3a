"""Commands for one client: legal grounds and holds."""

from typing import Annotated

import typer

from flows.console import Call
from flows.office import UsageError
from ledgers import dossiers
from ledgers.database import writing
from ledgers.staff import Role, require
from payments.grounds import Ground, Segment
from payments.month import parse_date

ground_app = typer.Typer(help="Legal grounds of a client.", no_args_is_help=True)
CASEWORK = (Role.CASE_DIRECTOR, Role.CONSULTANT)


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
) -> None:
    """Add a legal ground by decision; grounds may not overlap."""
    call: Call = context.obj
    office = call.office()
    try:
        segment = Segment(ground, parse_date(first), parse_date(until), decision)
    except ValueError as error:
        raise UsageError(f"--from or --until {error}") from None
    with writing(office.engine) as connection:
        require(connection, office.actor, *CASEWORK)
        added = dossiers.add_ground(connection, klant, segment, office.art_56a_months, office.actor, office.now)
    text = f"{klant}: {ground} from {segment.start} until {segment.until}"
    call.answer({"client": klant, "added": added}, f"{text} added." if added else f"{text} was there already.")


def hold(
    context: typer.Context, klant: str, why: Annotated[str, typer.Option(help="The reason, without health data.")]
) -> None:
    """Hold every payment in a client's name from the next run on."""
    _set_hold(context, klant, why, on_hold=True)


def unhold(context: typer.Context, klant: str, why: Annotated[str, typer.Option()] = "") -> None:
    """Lift a hold; what was missed is paid by the next run of its month."""
    _set_hold(context, klant, why, on_hold=False)


def _set_hold(context: typer.Context, klant: str, why: str, *, on_hold: bool) -> None:
    call: Call = context.obj
    office = call.office()
    with writing(office.engine) as connection:
        require(connection, office.actor, *CASEWORK, Role.ADMINISTRATION, Role.FINANCE)
        changed = dossiers.set_hold(connection, klant, on_hold, why, office.actor, office.now)
    state = "on hold" if on_hold else "not on hold"
    text = f"{klant} is now {state}." if changed else f"{klant} was {state} already; nothing changed."
    call.answer({"client": klant, "on_hold": on_hold, "changed": changed}, text)
