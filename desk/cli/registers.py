"""Commands for the books themselves, the staff, the registers and the creditors' IBANs."""

from collections.abc import Collection
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.arguments import Accept, From, FromCovered, Preview, a_month, make
from desk.cli.console import Call
from flows.actions.books import create_books
from flows.actions.iban_confirmations import confirm
from flows.actions.staff import add_staff
from ledgers.registers.register import InputKind
from ledgers.registers.staff import Role
from payments.dossier.late_awards import LateAward

staff_app = typer.Typer(help="Who works here, in which role.", no_args_is_help=True)
import_app = typer.Typer(help="Bring a file into the books: all of it or nothing.", no_args_is_help=True)
creditor_app = typer.Typer(help="Creditors and their IBANs.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX.")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("init")(init)
    app.add_typer(staff_app, name="staff")
    app.add_typer(import_app, name="import")
    app.add_typer(creditor_app, name="creditor")


def init(context: typer.Context) -> None:
    """Create the books; again: nothing changes."""
    call: Call = context.obj
    office = call.office(ready=False)
    done = create_books(office)
    where = done.database
    text = f"Books created at {where}." if done.created else f"The books at {where} exist already; nothing changed."
    call.answer({"created": done.created, "database": where}, text)


@staff_app.command("add")
def staff_add(
    context: typer.Context,
    user: str,
    role: Annotated[list[Role], typer.Option("--role", help="Can be given more than once.")],
    person: Annotated[
        str | None, typer.Option(help="Personnel key: accounts with the same one are one person. Default: the name.")
    ] = None,
) -> None:
    """Give a person one or more roles."""
    call: Call = context.obj
    new = add_staff(call.office(), user, role, person).added
    text = f"{user} now has: {', '.join(new)}." if new else f"{user} had these roles already; nothing changed."
    call.answer({"user": user, "added": list(new)}, text)


def _import(
    context: typer.Context,
    kind: InputKind,
    file: Path,
    from_month: str | None = None,
    *,
    preview: bool = False,
    accepted: Collection[str] = (),
) -> None:
    from desk.documents import import_effects
    from flows.actions.import_files import import_file

    call: Call = context.obj
    office = call.office()
    first = None if from_month is None else a_month(from_month)
    change = partial(import_file, kind=kind, path=file, from_month=first, accepted=accepted)
    done = make(call, office, change, preview=preview)
    result = done.result
    if result.already:
        text = f"{file.name}: already imported; nothing changed."
    else:
        counts = f"{result.new} new, {result.changed} changed, {result.unchanged} known"
        text = f"{file.name}: {result.lines} lines: {counts}."
    if done.ignored:
        text += f"\n{len(done.ignored)} line(s) of unknown clients passed over: {', '.join(done.ignored[:20])}"
    if result.left:
        text += f"\n{len(result.left)} line(s) entered for a later month say otherwise and stay as they are; to change "
        text += "one, give its month with --from: "
        text += ", ".join(f"{old.code} from {old.from_month} ({', '.join(old.fields)})" for old in result.left[:20])
    if result.gone:
        text += f"\n{len(result.gone)} code(s) of the books are not in this file (kept as they are): "
        text += ", ".join(result.gone[:20])
    if done.late_awards:
        text += f"\n{len(done.late_awards)} right(s) began so long ago that no payday lies within the mandatory months:"
        text += "".join(map(_late_award, done.late_awards[:20]))
    for doubt in done.doubts[:20]:
        call.tell(f"Warning: {doubt}.")
    late = [
        {"client": a.client, "right_from": a.right_from.isoformat(), "last_day": a.last_day.isoformat()}
        for a in done.late_awards
    ]
    left = [{"code": old.code, "from": old.from_month, "fields": old.fields} for old in result.left]
    document = asdict(result) | {
        "left": left,
        "ignored": list(done.ignored),
        "late_awards": late,
        "warnings": list(done.doubts),
    }
    if kind is not InputKind.BENEFITS:
        document["effects"] = import_effects.document(done.effects)
        text = "\n".join([text, *import_effects.lines(done.effects)])
    call.answer(document, text)


def _late_award(award: LateAward) -> str:
    return (
        f"\n  {award.client}: the right began on {award.right_from}, ART_56A ended on {award.last_day}: nothing is "
        "withheld (no_ground), the whole benefit is the client's and so is every bill, until there is another ground: "
        f"`ontzorgen ground add {award.client} --ground ART_57 --from {award.next_payday} --until D --decision REF`"
    )


@import_app.command("creditors")
def import_creditors(context: typer.Context, file: File, from_month: From = None, preview: Preview = False) -> None:
    """Import creditors.csv; every new or changed IBAN waits for a second person."""
    _import(context, InputKind.CREDITORS, file, from_month, preview=preview)


@import_app.command("clients")
def import_clients(context: typer.Context, file: File, from_month: From = None, preview: Preview = False) -> None:
    """Import clients.csv."""
    _import(context, InputKind.CLIENTS, file, from_month, preview=preview)


@import_app.command("obligations")
def import_obligations(
    context: typer.Context, file: File, from_month: FromCovered = None, preview: Preview = False
) -> None:
    """Import obligations.csv."""
    _import(context, InputKind.OBLIGATIONS, file, from_month, preview=preview)


@import_app.command("benefits")
def import_benefits(context: typer.Context, file: File, accept: Accept = None) -> None:
    """Import the benefit records of a month."""
    _import(context, InputKind.BENEFITS, file, accepted=accept or ())


@creditor_app.command("show")
def creditor_show(context: typer.Context, code: str) -> None:
    """Everything of one creditor: its lines, its accounts and who confirmed them, what the bank found of its name."""
    from desk.documents import creditor
    from ledgers.database import reading
    from ledgers.views.creditor_facts import creditor_facts

    call: Call = context.obj
    with reading(call.office().engine) as connection:
        document = creditor.document(creditor_facts(connection, code))
    call.answer(document, creditor.text(document))


@creditor_app.command("confirm")
def creditor_confirm(
    context: typer.Context,
    codes: Annotated[list[str], typer.Argument(help="Codes of creditors.")],
    how: Annotated[str, typer.Option(help="How the IBAN was checked, for example the call-back.")],
    iban: Annotated[str | None, typer.Option(help="Which IBAN, where an older one still waits.")] = None,
) -> None:
    """Confirm a new or changed IBAN as the second person."""
    call: Call = context.obj
    office = call.office()
    done = confirm(office, codes, how, iban)
    lines = [
        f"{each.creditor}: {each.iban} {'was confirmed already' if each.already else 'confirmed'}" for each in done
    ]
    call.answer([asdict(each) for each in done], "\n".join(lines))
