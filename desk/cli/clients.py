"""Commands for one client: legal grounds and holds."""

from typing import Annotated

import typer
from sqlalchemy import Connection

from desk.cli.arguments import Preview, make
from desk.cli.console import Call
from flows.actions.rules import ground_limits
from flows.office import UsageError
from ledgers.dossier import grounds_and_holds
from ledgers.registers.staff import Role, require
from payments.month import parse_date
from payments.plan.grounds import Ground, Segment

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

    def add(books: Connection) -> bool:
        require(books, office.actor, *CASEWORK)
        return grounds_and_holds.add_ground(
            books, klant, segment, ground_limits(office), office.actor, office.now, again
        )

    added = make(call, office, add, preview=preview)
    text = f"{klant}: {ground} from {segment.start} until {segment.until}"
    call.answer({"client": klant, "added": added}, f"{text} added." if added else f"{text} was there already.")


def hold(
    context: typer.Context,
    klant: str,
    why: Annotated[str, typer.Option(help="The reason, without health data.")],
    preview: Preview = False,
) -> None:
    """Hold every payment in a client's name from the next run on."""
    _set_hold(context, klant, why, on_hold=True, preview=preview)


def unhold(
    context: typer.Context, klant: str, why: Annotated[str, typer.Option()] = "", preview: Preview = False
) -> None:
    """Lift a hold; what was missed is paid by the next run of its month."""
    _set_hold(context, klant, why, on_hold=False, preview=preview)


def _set_hold(context: typer.Context, klant: str, why: str, *, on_hold: bool, preview: bool) -> None:
    call: Call = context.obj
    office = call.office()

    def change(books: Connection) -> bool:
        require(books, office.actor, *CASEWORK, Role.ADMINISTRATION, Role.FINANCE)
        return grounds_and_holds.set_hold(books, klant, on_hold, why, office.actor, office.now)

    changed = make(call, office, change, preview=preview)
    state = "on hold" if on_hold else "not on hold"
    text = f"{klant} is now {state}." if changed else f"{klant} was {state} already; nothing changed."
    call.answer({"client": klant, "on_hold": on_hold, "changed": changed}, text)
