"""Commands about the months of fixed costs: whose they are, and what people say of those that no run paid."""

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli.arguments import Preview, a_month, make
from desk.cli.console import Call
from desk.documents import coverage as documents
from flows.actions import coverage as acts
from flows.actions.obligations import accept_double
from flows.office import UsageError
from payments.dossier.case import Payer
from payments.parties import Category, Component

obligation_app = typer.Typer(help="What people decide about fixed costs.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("coverage")(coverage)
    app.command("paid-otherwise")(paid_otherwise)
    app.command("catch-up")(catch_up)
    app.add_typer(obligation_app, name="obligation")


def coverage(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="KLANT|HOUSEHOLD")],
    first: Annotated[str | None, typer.Option("--from", help="First covered month to show.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Last covered month to show.")] = None,
) -> None:
    """Show whose every month of every fixed cost is: ours, in a file, reserved, the client's, or nobody's."""
    call: Call = context.obj
    months = (None if month is None else a_month(month) for month in (first, until))
    found = acts.coverage(call.office(), who, *months)
    call.answer(documents.document(found), documents.text(found))


def paid_otherwise(
    context: typer.Context,
    vaste_last: str,
    month: Annotated[str, typer.Argument(help="The covered month.")],
    why: Annotated[str, typer.Option(help="What happened; no personal data.")],
    by: Annotated[Payer | None, typer.Option("--by", help="Who paid it.")] = None,
    preview: Preview = False,
    *,
    take_back: Annotated[bool, typer.Option("--take-back", help="It was not so: a run may pay it again.")] = False,
) -> None:
    """Record who paid a month beside us: no run pays it any more."""
    call: Call = context.obj
    office = call.office()
    if (by is None) != take_back:
        raise UsageError("Give --by with who paid it, or --take-back.")
    month = a_month(month)
    done = make(call, office, lambda at: acts.say_paid_otherwise(at, vaste_last, month, by, why), preview=preview)
    until = "" if done.covers == done.reaches else f" until {done.reaches}"
    said = f"{vaste_last} {done.covers}{until}: " + ("taken back" if by is None else f"paid by {by}")
    call.answer(asdict(done) | {"by": by}, f"{said}." if done.changed else f"{said}: recorded before, nothing changed.")


def catch_up(
    context: typer.Context,
    vaste_last: str,
    month: Annotated[str, typer.Argument(help="The covered month that nobody paid.")],
    from_benefit: Annotated[str, typer.Option("--from-benefit", help="The benefit month whose run pays it.")],
    why: Annotated[str, typer.Option(help="On what ground; no personal data.")],
    component: Annotated[
        Component, typer.Option(help="Out of regulier, nabetaling or voorschot alone.")
    ] = Component.REGULAR,
    preview: Preview = False,
) -> None:
    """Have the next run of a benefit month pay a covered month that no run paid, after what is due itself."""
    from flows.actions import catch_ups  # it plans a month: slow to load

    call: Call = context.obj
    office = call.office()
    covers, benefit = a_month(month), a_month(from_benefit)
    done = make(
        call,
        office,
        lambda at: catch_ups.catch_up(at, vaste_last, covers, benefit, component, why),
        preview=preview,
    )
    said = f"{vaste_last} {done.covers}: paid out of {component} of {benefit}"
    run = f"by the next `ontzorgen run {benefit} --gemeente {done.gemeente}`"
    call.answer(asdict(done), f"{said} {run}." if done.changed else f"{said}: decided before, nothing changed.")


@obligation_app.command("none")
def obligation_none(
    context: typer.Context,
    klant: str,
    category: Annotated[Category, typer.Argument(help="huur, energie, water or zorgverzekering.")],
    why: Annotated[str, typer.Option(help="Why there is none; no personal data.")],
) -> None:
    """Record that a client has no cost of a category, so that the worklist stops asking for it."""
    call: Call = context.obj
    done = acts.say_cost_absent(call.office(), klant, category, why)
    text = f"{klant}: no {category}" + (" recorded." if done.changed else " was recorded before.")
    call.answer(asdict(done), text)


@obligation_app.command("accept-double")
def obligation_accept_double(
    context: typer.Context,
    vaste_last: str,
    why: Annotated[str, typer.Option(help="How you know that these are two bills; no personal data.")],
    preview: Preview = False,
) -> None:
    """Say that a fixed cost held as double_cost is a bill of its own; the next run pays it."""
    call: Call = context.obj
    done = make(call, call.office(), lambda at: accept_double(at, vaste_last, why), preview=preview)
    text = f"{vaste_last} is a bill of its own" + ("." if done.changed else ", as said before; nothing changed.")
    call.answer({"obligation": vaste_last, "changed": done.changed}, text)
