"""Commands of the month: run, look, approve, release."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.arguments import a_day, a_month
from desk.cli.console import Call
from desk.documents import month_status as shown
from desk.paper import approval_sheet
from desk.words.labels import FILE_STATES
from flows.actions.import_files import import_file
from flows.actions.run_month import RunResult, prove_books, run_gemeente
from flows.delivery import outbox
from flows.office import Office, UsageError
from ledgers.database import reading, writing
from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.month import cancellations, payment_files, runs
from ledgers.registers.register import InputKind
from ledgers.registers.staff import Role, require
from ledgers.views import month_status
from payments.money import parse_amount
from payments.month import Month, month_of
from payments.pain001.rules import Finding


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("run")(run)
    app.command("files")(list_files)
    app.command("sheet")(sheet)
    app.command("approve")(approve)
    app.command("release")(release)
    app.command("cancel")(cancel)
    app.command("status")(status)


def run(
    context: typer.Context,
    month: str,
    gemeente: Annotated[str | None, typer.Option(help="One gemeente; default all of the settings.")] = None,
    benefits: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Import these benefit records first.")
    ] = None,
    execution_date: Annotated[str | None, typer.Option(help="Instead of the payday of the settings.")] = None,
) -> None:
    """Plan a month and write its payment files, up to waiting for approval; again: the same result."""
    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    on = None if execution_date is None else a_day(execution_date)
    if gemeente is not None and gemeente not in office.settings.gemeenten:
        raise UsageError(f"There is no gemeente {gemeente}; the settings have {', '.join(office.settings.gemeenten)}.")
    prove_books(office.engine)
    if benefits is not None:
        done = import_file(
            office.engine,
            office.settings,
            InputKind.BENEFITS,
            benefits,
            actor=office.actor,
            now=office.now,
            month=month,
        )
        call.tell(f"{benefits.name}: {'already imported' if done.result.already else f'{done.result.new} new lines'}")
        if done.ignored:
            call.tell(f"{len(done.ignored)} line(s) of unknown clients passed over: {', '.join(done.ignored[:20])}")
    _warn_outdated(call, office)
    codes = [gemeente] if gemeente else list(office.settings.gemeenten)
    answers: list[dict[str, Any]] = []
    lines: list[str] = []
    refusals: list[str] = []
    for code in codes:
        try:
            result = run_gemeente(
                office.engine,
                office.settings,
                code,
                month,
                art_56a_months=office.art_56a_months,
                actor=office.actor,
                now=office.now,
                execution_date=on,
            )
        except Refused as refused:  # the other gemeenten go on: one wrong line must not keep their rents unpaid
            refusals.append(str(refused))
            answers.append({"gemeente": code, "refused": str(refused)})
        else:
            answers.append(_run_json(result))
            lines.append(shown.run_line(result))
    if refusals:
        for line in lines:
            call.tell(line)
        raise Refused("\n".join(refusals))
    call.answer({"month": month, "gemeenten": answers}, "\n".join(lines))


def _run_json(result: RunResult) -> dict[str, Any]:
    return asdict(result) | {"execution_date": result.execution_date.isoformat()}


def _warn_outdated(call: Call, office: Office) -> None:
    outdated = office.parameters.outdated(office.today)
    if outdated:
        named = ", ".join(f"{version.name} (by {version.review_by})" for version in outdated)
        call.tell(f"Warning: values in parameters.toml should have been reviewed: {named}.")


def list_files(context: typer.Context, month: Annotated[str | None, typer.Argument()] = None) -> None:
    """List payment files with their state."""
    call: Call = context.obj
    office = call.office()
    with reading(office.engine) as connection:
        found = payment_files.list_files(connection, None if month is None else a_month(month))
    call.answer([month_status.file_json(file) for file in found], shown.files_text(found))


SHEET_FORMS = (".pdf", ".txt")


def _printed(sheet: approval_sheet.Sheet) -> bytes:
    from desk.paper.approval_sheet_pdf import sheet_pdf  # its library is slow to load, and no other command needs it

    return sheet_pdf(sheet)


def sheet(
    context: typer.Context,
    file_id: str,
    out: Annotated[Path | None, typer.Option(help="Write the sheet here: PATH.pdf to print, or PATH.txt.")] = None,
) -> None:
    """Show the approval sheet (opdrachtbrief), computed from the bytes of the file."""
    call: Call = context.obj
    if out is not None and out.suffix.lower() not in SHEET_FORMS:
        raise typer.BadParameter(f"{out} is neither PATH.pdf nor PATH.txt.", param_hint="--out")
    office = call.office()
    with reading(office.engine) as connection:
        file = payment_files.find(connection, file_id)
        content = payment_files.proven_content(connection, file_id)
        found = [
            Finding("W", code, payment, text) for code, payment, text in payment_files.findings(connection, file_id)
        ]
        latest = runs.latest_run(connection, file.gemeente, file.month)
        made_at = month_status.made_at(connection, file)
        head = audit.head(connection)
    sheet = approval_sheet.sheet_of(
        content,
        file_id=file_id,
        gemeente=office.settings.gemeenten[file.gemeente].name,
        month=file.month,
        state=FILE_STATES[file.state],
        maker=file.made_by,
        made_at=made_at,
        findings=found,
        shortfalls=len(latest.shortfalls) if latest else 0,
        held=len(latest.held) if latest else 0,
        audit_head=head,
    )
    text = approval_sheet.sheet_text(sheet)
    if out is not None:
        outbox.replace(out, _printed(sheet) if out.suffix.lower() == ".pdf" else text.encode())
    warnings = [asdict(finding) for finding in found]
    document = month_status.file_json(file) | {"warnings": warnings, "text": text, "audit_head": f"{head[0]}:{head[1]}"}
    call.answer(document, text if out is None else f"Sheet of {file_id} written to {out}.")


def approve(
    context: typer.Context,
    file_id: str,
    total: Annotated[str, typer.Option(help="The control sum as on the sheet, typed: 12.345,67.")],
) -> None:
    """Approve a payment file as the second person."""
    call: Call = context.obj
    office = call.office()
    try:
        cents = parse_amount(total)
    except ValueError as error:
        raise Refused(f"The total '{total}' {error}.") from None
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.APPROVER)
        new = payment_files.approve(connection, file_id, cents, office.actor, office.now)
    call.answer(
        {"file_id": file_id, "approved": True, "already": not new},
        f"{file_id} approved by {office.actor}." if new else f"{file_id} was approved already; nothing changed.",
    )


def release(
    context: typer.Context,
    file_id: str,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder that the bank channel reads.")],
) -> None:
    """Hand an approved file over to the bank channel; again: the same bytes."""
    call: Call = context.obj
    office = call.office()
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE)
        content, new = payment_files.release(connection, file_id, office.actor, office.now)
        file = payment_files.find(connection, file_id)
    # The books know of the release before the file exists: a stop in between is healed by releasing again.
    path = outbox.deliver(out, f"{file.message_id}.xml", content)
    if new and file.execution_date < office.today:
        call.tell(f"Warning: the execution date {file.execution_date} is past; ask the bank what it will do.")
    document = {"file_id": file_id, "path": str(path), "already": not new, "sha256": file.sha256}
    call.answer(document, f"{path} {'written' if new else 'was released already; the same bytes stand there'}.")


def cancel(context: typer.Context, file_id: str, why: Annotated[str, typer.Option(help="The reason.")]) -> None:
    """Take a file back before it is released; the next run of its month makes its payments anew."""
    call: Call = context.obj
    office = call.office()
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.FINANCE, Role.ADMINISTRATION, Role.APPROVER)
        new = cancellations.cancel(connection, file_id, why, office.actor, office.now)
    text = f"{file_id} is taken back; run its month again." if new else f"{file_id} was taken back already."
    call.answer({"file_id": file_id, "state": "cancelled", "changed": new}, text)


def status(context: typer.Context, month: Annotated[str | None, typer.Argument()] = None) -> None:
    """One month at a glance; default the newest month that was run."""
    call: Call = context.obj
    office = call.office()
    with reading(office.engine) as connection:
        chosen: Month = a_month(month) if month else month_status.newest_month(connection) or month_of(office.today)
        gemeenten = [month_status.gemeente_month(connection, code, chosen) for code in office.settings.gemeenten]
    document = month_status.status_json(chosen, gemeenten, office.today)
    names = {code: gemeente.name for code, gemeente in office.settings.gemeenten.items()}
    call.answer(document, shown.status_text(document, names))
