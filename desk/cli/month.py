"""Commands of the month: run, look, approve, release."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.arguments import Accept, a_day, a_month
from desk.cli.console import Call
from desk.documents import month_status as shown
from desk.words.labels import FILE_STATES
from flows.actions.every_gemeente import every_gemeente
from flows.delivery import outbox
from flows.office import UsageError
from ledgers.database import reading
from ledgers.errors import Refused
from ledgers.month.payment_files import executed_files
from ledgers.month.payment_files import list_files as files_of
from ledgers.views import month_status
from payments.money import parse_amount
from payments.month import Month, month_of
from payments.states import WAITING_FILES, FileState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from desk.paper.approval_sheet import Sheet
    from flows.office import Office


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("run")(run)
    app.command("files")(list_files)
    app.command("sheet")(sheet)
    app.command("approve")(approve)
    app.command("release")(release)
    app.command("cancel")(cancel)
    app.command("status")(status)


class NotEveryRun(Refused):
    """A month was refused for a gemeente; what the others got is done, and said."""

    def __init__(self, why: str, done: list[dict[str, Any]], refused: list[dict[str, Any]]) -> None:
        super().__init__(why)
        self.done, self.refused = done, refused

    @property
    def details(self) -> dict[str, object]:
        """The gemeenten that succeeded, as `run --json` gives them, and those that did not."""
        return {"gemeenten": self.done, "refused": self.refused}


def run(
    context: typer.Context,
    month: str,
    gemeente: Annotated[str | None, typer.Option(help="One gemeente; default all of the settings.")] = None,
    benefits: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Import these benefit records first.")
    ] = None,
    execution_date: Annotated[str | None, typer.Option(help="Instead of the payday of the settings.")] = None,
    accept: Accept = None,
) -> None:
    """Plan a month and write its payment files, up to waiting for approval; again: the same result."""
    from flows.actions.run_all import run_all

    call: Call = context.obj
    office = call.office()
    month = a_month(month)
    if accept and benefits is None:
        raise UsageError("--accept is about the file of --benefits.")
    day = None if execution_date is None else a_day(execution_date)
    result = run_all(office, month, gemeente, benefits, day, accept or ())
    if benefits is not None and result.imported is not None:
        done = result.imported
        call.tell(f"{benefits.name}: {'already imported' if done.result.already else f'{done.result.new} new lines'}")
        if done.ignored:
            call.tell(f"{len(done.ignored)} line(s) of unknown clients passed over: {', '.join(done.ignored[:20])}")
    if result.outdated:
        named = ", ".join(f"{version.name} (by {version.review_by})" for version in result.outdated)
        call.tell(f"Warning: values in parameters.toml should have been reviewed: {named}.")
    lines = [shown.run_line(each) for each in result.done]
    answers = [asdict(each) | {"execution_date": each.execution_date.isoformat()} for each in result.done]
    if result.refused:
        for line in lines:
            call.tell(line)
        raise NotEveryRun(result.refusals, answers, [asdict(each) for each in result.refused])
    call.answer({"month": month, "gemeenten": answers}, "\n".join(lines))


def list_files(context: typer.Context, month: Annotated[str | None, typer.Argument()] = None) -> None:
    """List payment files with their state."""
    call: Call = context.obj
    office = call.office()
    chosen = None if month is None else a_month(month)
    with reading(office.engine) as connection:
        found = files_of(connection, chosen)
        executed = executed_files(connection, chosen)
        stale = _stale(connection, office, chosen)
    document = [
        month_status.file_json(file, stale.get(file.file_id, 0), executed=file.file_id in executed) for file in found
    ]
    call.answer(document, shown.files_text(found, stale, executed))


def _stale(connection: "Connection", office: "Office", month: Month | None) -> dict[str, int]:
    """How many payments of each file that waits would be others today."""
    from flows.actions.stale_files import stale_in_files  # plans a month, which only a waiting file asks for

    return {file: len(found) for file, found in stale_in_files(connection, office, month=month).items()}


SHEET_FORMS = (".pdf", ".txt")


def sheet(
    context: typer.Context,
    file_id: str,
    out: Annotated[Path | None, typer.Option(help="Write the sheet here: PATH.pdf to print, or PATH.txt.")] = None,
) -> None:
    """Show the approval sheet (opdrachtbrief), computed from the bytes of the file."""
    from desk.paper import approval_sheet
    from flows.actions.payment_files import sheet_facts

    call: Call = context.obj
    if out is not None and out.suffix.lower() not in SHEET_FORMS:
        raise typer.BadParameter(f"{out} is neither PATH.pdf nor PATH.txt.", param_hint="--out")
    facts = sheet_facts(call.office(), file_id)
    sheet = approval_sheet.sheet_of(
        facts.content,
        file_id=file_id,
        gemeente=facts.gemeente,
        month=facts.file.month,
        state=FILE_STATES[facts.file.state],
        maker=facts.file.made_by,
        made_at=facts.made_at,
        findings=(*approval_sheet.stale_findings(facts.stale), *facts.findings),
        shortfalls=facts.shortfalls,
        held=facts.held,
        audit_head=facts.audit_head,
    )
    text = approval_sheet.sheet_text(sheet)
    if out is not None:
        outbox.replace(out, _printed(sheet) if out.suffix.lower() == ".pdf" else text.encode())
    rows, head = facts.audit_head
    more = {
        "warnings": [asdict(finding) for finding in (*approval_sheet.stale_findings(facts.stale), *facts.findings)],
        "text": text,
        "audit_head": f"{rows}:{head}",
    }
    told = text if out is None else f"Sheet of {file_id} written to {out}."
    call.answer(month_status.file_json(facts.file, len(facts.stale)) | more, told)


def _printed(sheet: "Sheet") -> bytes:
    from desk.paper.approval_sheet_pdf import sheet_pdf  # its library is slow to load, and no other command needs it

    return sheet_pdf(sheet)


def approve(
    context: typer.Context,
    file_id: str,
    total: Annotated[str, typer.Option(help="The control sum as on the sheet, typed: 12.345,67.")],
) -> None:
    """Approve a payment file as the second person."""
    from flows.actions import payment_files

    call: Call = context.obj
    office = call.office()
    try:
        cents = parse_amount(total)
    except ValueError as error:
        raise Refused(f"The total '{total}' {error}.") from None
    done = payment_files.approve(office, file_id, cents)
    call.answer(
        {"file_id": file_id, "approved": True, "already": done.already},
        f"{file_id} was approved already; nothing changed." if done.already else f"{file_id} approved by {done.by}.",
    )


def release(
    context: typer.Context,
    file_id: str,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder that the bank channel reads.")],
) -> None:
    """Hand an approved file over to the bank channel; again: the same bytes."""
    from flows.actions import payment_files

    call: Call = context.obj
    done = payment_files.release(call.office(), file_id, out)
    document = {"file_id": file_id, "path": str(done.path), "already": done.already, "sha256": done.sha256}
    what = "was released already; the same bytes stand there" if done.already else "written"
    call.answer(document, f"{done.path} {what}.")


def cancel(context: typer.Context, file_id: str, why: Annotated[str, typer.Option(help="The reason.")]) -> None:
    """Take a file back before it is released; the next run of its month makes its payments anew."""
    from flows.actions import payment_files

    call: Call = context.obj
    done = payment_files.cancel(call.office(), file_id, why)
    text = f"{file_id} is taken back; run its month again." if done.changed else f"{file_id} was taken back already."
    call.answer({"file_id": file_id, "state": FileState.CANCELLED.value, "changed": done.changed}, text)


def status(context: typer.Context, month: Annotated[str | None, typer.Argument()] = None) -> None:
    """One month at a glance; default the newest month that was run."""
    call: Call = context.obj
    office = call.office()
    with reading(office.engine) as connection:
        chosen: Month = a_month(month) if month else month_status.newest_month(connection) or month_of(office.today)
        known = every_gemeente(office, connection)
        gemeenten = [month_status.gemeente_month(connection, code, chosen) for code in known]
        waits = any(file.state in WAITING_FILES for each in gemeenten for file in each.files)
        stale = _stale(connection, office, chosen) if waits else {}
    document = month_status.status_json(chosen, gemeenten, office.today, stale)
    names = {code: gemeente.name for code, gemeente in office.settings.gemeenten.items()}
    call.answer(document, shown.status_text(document, names))
