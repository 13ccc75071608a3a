"""Commands to try the program: invented input and the demo month."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.arguments import a_month
from desk.cli.console import Call
from flows.office import UsageError


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("generate")(generate)
    app.command("demo")(demo)
    app.command("serve")(serve)
    app.command("fake-bank")(fake_bank)


def generate(
    context: typer.Context,
    clients: Annotated[int, typer.Option(min=1, max=1_000_000)],
    month: Annotated[str, typer.Option()],
    seed: Annotated[int, typer.Option()],
    out: Annotated[Path, typer.Option(file_okay=False)],
) -> None:
    """Write invented input files of any size, valid by the contract."""
    from config.settings import load_settings
    from flows.rehearsal.invent import invent

    call: Call = context.obj
    settings = load_settings(call.config)
    made = invent(clients, a_month(month), seed, out, tuple(settings.gemeenten))
    call.answer({"files": [str(path) for path in made]}, "\n".join(str(path) for path in made))


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(file_okay=False, help="A folder of its own; emptied if a demo made it.")] = Path(
        "demo"
    ),
) -> None:
    """Run a whole invented month of three gemeenten, from registers to released payment files."""
    from flows.rehearsal.demo import run_demo

    call: Call = context.obj
    document = run_demo(out, call.config, call.run, quiet=call.as_json)
    if call.as_json:
        call.answer(document, "")


def fake_bank(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Our released payment files.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Where the bank answers and keeps its balance.")],
    seed: Annotated[int, typer.Option(help="The same seed answers the same.")],
    returns: Annotated[int, typer.Option(min=0, help="Payments that come back days later.")] = 0,
    rejects: Annotated[int, typer.Option(min=0, help="Payments refused by pain.002.")] = 0,
    refunds: Annotated[int, typer.Option(min=0, help="Creditors that give money back.")] = 0,
    stray: Annotated[int, typer.Option(min=0, help="Money that has nothing to do with us.")] = 0,
    booking: Annotated[Literal["batch", "single"], typer.Option(help="One amount per file, or apiece.")] = "batch",
    details: Annotated[bool, typer.Option(help="Whether a batch lists its payments.")] = True,
    references: Annotated[Literal["full", "batch_only", "none"], typer.Option(help="What is handed back.")] = "full",
    net: Annotated[bool, typer.Option(help="Debit a batch less its rejects.")] = False,
    return_references: Annotated[bool, typer.Option(help="Returns carry our EndToEndId.")] = True,
) -> None:
    """Play the bank: read our files with another reader, answer with camt.053 and pain.002."""
    from flows.rehearsal.bank_folder import run_fake_bank

    call: Call = context.obj
    try:
        made = run_fake_bank(
            files,
            out,
            seed=seed,
            returns=returns,
            rejects=rejects,
            refunds=refunds,
            stray=stray,
            booking=booking,
            details=details,
            references=references,
            net=net,
            return_references=return_references,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    text = "\n".join(str(path) for path in made) or "These files were answered before; nothing new."
    call.answer({"files": [str(path) for path in made]}, text)


def serve(context: typer.Context) -> None:
    """Serve the schedules with Prefect until stopped."""
    from flows.schedules.serve import serve_schedules

    call: Call = context.obj
    call.office()
    os.environ["ONTZORGEN_DATABASE"] = call.database  # the flows take their places from the environment
    if call.config is not None:
        os.environ["ONTZORGEN_CONFIG"] = str(call.config)
    serve_schedules()
