"""Commands across one client's own dossier: the household page, and the package for the gemeente a client moves to."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.console import Call
from desk.documents import household as households
from desk.documents import transfer_package
from flows.actions.rules import rules_of
from flows.delivery import outbox
from flows.office import Office, UsageError
from ledgers.cases import ends
from ledgers.database import reading, writing
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.registers.register import clients_in_force, creditors_in_force
from ledgers.registers.staff import Role, require
from payments.dossier.case import Case
from payments.dossier.shared_costs import SharedStop, shared_stops
from payments.month import month_of


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("household")(household)
    app.command("transfer")(transfer)


def household(
    context: typer.Context,
    code: str,
    gemeente: Annotated[str | None, typer.Option(help="Where two gemeenten use the same household code.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it here: .txt, or .html for a page.")] = None,
) -> None:
    """One family, one plan: every adult of a household, its costs, and what must be decided when."""
    call: Call = context.obj
    if out is not None and out.suffix not in (".txt", ".html"):
        raise UsageError("--out: give a file that ends in .txt or .html.")
    found = _household(call.office(), code, gemeente)
    text = households.text(found)
    if out is not None:
        outbox.replace(out, (households.page(found) if out.suffix == ".html" else text).encode())
        text = f"Household {code} written to {out}."
    call.answer(households.document(found), text.rstrip("\n"))


def _household(office: Office, code: str, gemeente: str | None) -> households.HouseholdPage:
    rules, month = rules_of(office), month_of(office.today)
    with reading(office.engine) as connection:
        members = {c.client: c.gemeente for c in clients_in_force(connection, month).values() if c.household == code}
        places = sorted(set(members.values()))
        if gemeente is None and len(places) > 1:
            raise Refused(f"Household {code} exists in {' and '.join(places)}: choose with --gemeente.")
        chosen = gemeente or next(iter(places), "")
        adults = sorted(client for client, place in members.items() if place == chosen)
        if not adults:
            where = f" in {gemeente}" if gemeente else ""
            raise Refused(f"There is no household {code}{where} in the register.")
        standings = tuple(ends.standing(connection, client, rules, office.today) for client in adults)
        creditors = creditors_in_force(connection, month)
    stops = _stops(office, [found.case for found in standings if found.case.trajectory is not None], rules)
    return households.HouseholdPage(code, chosen, standings, creditors, rules.checklists, office.today, stops)


def _stops(office: Office, cases: list[Case], rules: ends.EndRules) -> tuple[tuple[str, SharedStop], ...]:
    """What stops with one adult though another goes on, each with the klantnummer of who stops."""
    notice = timedelta(weeks=max(office.parameters.numbers("warn_weeks", office.today)))
    found = []
    for case in cases:
        others, rule = [other for other in cases if other is not case], rules.gemeenten[case.client.gemeente]
        stops = shared_stops(case, others, rule.policy, rule.payday, office.today, notice)
        found += [(case.client.client, stop) for stop in stops]
    return tuple(found)


def transfer(
    context: typer.Context,
    klant: str,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write the package to.")],
) -> None:
    """Write what the next gemeente needs of a client who moves there; a package that stands there is never replaced."""
    call: Call = context.obj
    office = call.office()
    rules = rules_of(office)
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.CASE_DIRECTOR, Role.CONSULTANT)
        found = ends.standing(connection, klant, rules, office.today)
        if found.case.trajectory is None:
            raise Refused(f"Client {klant} has no trajectory: unknown, or never in scope of ontzorgen.")
        gemeente = found.case.client.gemeente
        package = transfer_package.package(
            found,
            office.settings.gemeenten[gemeente].name,
            creditors_in_force(connection),
            rules.checklists,
            office.today,
        )
        files = package.files()
        missing = _missing(out, files)
        hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
        if missing:
            out.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The trail first: of two that can fail, a package nobody wrote does less harm than one nobody knows of.
            audit.append(connection, office.now, office.actor, "transfer_made", {"client": klant, "sha256": hashes})
    for name in missing:
        outbox.replace(out / name, files[name])
    said = f"Package of {klant} {'' if missing else 'already '}written to {out}."
    answer = {"client": klant, "written": bool(missing), "files": [str(out / name) for name in files], "sha256": hashes}
    call.answer(answer, "\n".join([said, *(f"  {name}  SHA-256 {digest}" for name, digest in hashes.items())]))


def _missing(out: Path, files: dict[str, bytes]) -> list[str]:
    """The names that do not stand there yet; Conflict when one does with another content."""
    standing = [name for name in files if (out / name).exists()]
    if any((out / name).read_bytes() != files[name] for name in standing):
        raise Conflict(
            f"{out} holds a package of this client with another content; perhaps it was sent already. Move it away, or "
            "choose another folder with --out; then send the new one with word of what changed."
        )
    return [name for name in files if name not in standing]
