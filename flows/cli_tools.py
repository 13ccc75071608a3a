"""Commands to try the program: invented input and the demo month."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_registers import a_month
from flows.console import Call


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("generate")(generate)
    app.command("demo")(demo)
    app.command("serve")(serve)


def generate(
    context: typer.Context,
    clients: Annotated[int, typer.Option(min=1, max=1_000_000)],
    month: Annotated[str, typer.Option()],
    seed: Annotated[int, typer.Option()],
    out: Annotated[Path, typer.Option(file_okay=False)],
) -> None:
    """Write invented input files of any size, valid by the contract."""
    from config.settings import load_settings
    from flows.invent import invent

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
    from flows.demo import run_demo

    call: Call = context.obj
    run_demo(out, call)


def serve(context: typer.Context) -> None:
    """Serve the schedules with Prefect until stopped."""
    from flows.deployments import serve_schedules

    context.obj.office()
    serve_schedules()
