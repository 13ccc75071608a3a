"""Acts on one payment file: look at it, approve it, hand it to the bank channel, or take it back."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from flows.actions.act import act
from flows.actions.stale_files import refuse_outdated, stale_in_files
from flows.delivery import outbox, release_log
from flows.office import Office
from ledgers.bank import lost_books, payee_checks
from ledgers.database import reading
from ledgers.journal import audit
from ledgers.month import cancellations, runs
from ledgers.month import payment_files as files
from ledgers.month.payment_files import FileRow
from ledgers.registers.staff import Role
from ledgers.views import month_status
from payments.pain001.rules import Finding
from payments.plan.stale_payments import StalePayment
from payments.states import WAITING_FILES

CANCELS = (Role.FINANCE, Role.ADMINISTRATION, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """All that an approval sheet is written from: the proven bytes of the file, and what stands beside it."""

    file: FileRow
    content: bytes
    gemeente: str  # its name
    made_at: datetime
    findings: tuple[Finding, ...]
    shortfalls: int
    held: int
    audit_head: tuple[int, str]
    stale: tuple[StalePayment, ...] = ()  # what of it would be different today


@dataclass(frozen=True, slots=True)
class FileApproved:
    """A file that a second person approved; `already` when it was approved before, by whomever."""

    file_id: str
    by: str
    already: bool


@dataclass(frozen=True, slots=True)
class FileReleased:
    """Where the bank channel finds a file."""

    file_id: str
    path: Path
    sha256: str
    already: bool


@dataclass(frozen=True, slots=True)
class FileCancelled:
    """A file that was taken back; not `changed` when it was so already."""

    file_id: str
    changed: bool


def sheet_facts(office: Office, file_id: str) -> SheetFacts:
    """Read what the sheet of a file says; ProofFailed when its bytes are not those that were frozen."""
    with reading(office.engine) as books:
        file = files.find(books, file_id)
        latest = runs.latest_run(books, file.gemeente, file.month)
        return SheetFacts(
            file=file,
            content=files.proven_content(books, file_id),
            gemeente=office.settings.gemeenten[file.gemeente].name,
            made_at=month_status.made_at(books, file),
            findings=(*_payees(books, file_id), *_findings(books, file_id)),
            shortfalls=len(latest.shortfalls) if latest else 0,
            held=len(latest.held) if latest else 0,
            audit_head=audit.head(books),
            stale=stale_in_files(books, office, file.gemeente, file.month).get(file_id, ()),
        )


def _findings(books: Connection, file_id: str) -> list[Finding]:
    return [Finding("W", code, payment, text) for code, payment, text in files.findings(books, file_id)]


def _payees(books: Connection, file_id: str) -> list[Finding]:
    """What the bank said by now of the accounts of a file, also where it was told after the file was made."""
    return [
        Finding(
            "W",
            "payee_name",
            None,
            f"{check.result}: {check.meaning}, volgens de bank op {check.told_on:%d-%m-%Y}: schuldeiser "
            f"{check.creditor}, rekening {check.iban}, {count} betaling(en). Kijk dit na voordat u goedkeurt.",
        )
        for check, count in payee_checks.doubtful_in_file(books, file_id)
    ]


def approve(office: Office, file_id: str, total_cents: int) -> FileApproved:
    """Approve the very bytes of a file as the second person, who typed its control sum."""
    with act(office, Role.APPROVER) as books:
        judge = partial(refuse_outdated, books, office)
        new = files.approve(books, file_id, total_cents, office.actor, office.now, judge)
    return FileApproved(file_id, office.actor, already=not new)


def release(office: Office, file_id: str, folder: Path) -> FileReleased:
    """Hand an approved file over to the folder that the bank channel reads; again: the same bytes."""
    url = office.engine.url
    log = release_log.place(url.database if url.get_backend_name() == "sqlite" else None, folder)
    with act(office, Role.FINANCE) as books:
        judge = partial(refuse_outdated, books, office)
        file = files.find(books, file_id)
        release_log.refuse_other_books(log, file.message_id, file.sha256, partial(audit.hash_of, books))
        if file.state in WAITING_FILES:
            lost_books.refuse_release(books, file.gemeente)
        content, new = files.release(books, file_id, office.actor, office.now, judge)
        head = audit.head(books)
    # The books know of the release before the file exists: a stop in between is healed by releasing again.
    path = outbox.deliver(folder, f"{file.message_id}.xml", content)
    release_log.note_release(log, file.message_id, file.sha256, head)
    return FileReleased(file_id, path, file.sha256, already=not new)


def cancel(office: Office, file_id: str, why: str) -> FileCancelled:
    """Take a file back before it is released; the next run of its month makes its payments anew."""
    with act(office, *CANCELS, said={"why": why}) as books:
        changed = cancellations.cancel(books, file_id, why, office.actor, office.now)
    return FileCancelled(file_id, changed)
