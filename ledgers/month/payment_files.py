"""Payment files: frozen as bytes, approved on their hash by a second person, released as they were approved."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha1, sha256

from sqlalchemy import Connection, case, exists, func, insert, literal, select, update

from ledgers.errors import ProofFailed, Refused
from ledgers.journal import audit
from ledgers.journal.bookings import IN_TRANSIT
from ledgers.journal.posting import insert_rows
from ledgers.registers.staff import same_person
from ledgers.schema.core import (
    file_approvals,
    file_findings,
    file_releases,
    payment_files,
    payments,
    runs,
    same_withholding,
    transfers,
    withholdings,
)
from payments.money import format_amount
from payments.month import Month
from payments.pain001.orders import PaymentFile
from payments.states import ANSWERED, UNRELEASED_FILES, WAITING_FILES, FileState, PaymentState, RunState


@dataclass(frozen=True, slots=True)
class FileRow:
    """A payment file without its bytes."""

    file_id: str
    run_id: str
    gemeente: str
    month: Month
    message_id: str
    execution_date: date
    transactions: int
    control_sum_cents: int
    sha256: str
    sha1: str
    state: str
    made_by: str
    created_at: str


Judge = Callable[[FileRow], None]

_COLUMNS = [payment_files.c[name] for name in FileRow.__dataclass_fields__]


def freeze(
    connection: Connection,
    run_id: str,
    month: Month,
    file: PaymentFile,
    content: bytes,
    warnings: Iterable[tuple[str, str | None, str]],
    actor: str,
) -> None:
    """Store a rendered file and its payments; from here on the bytes and the amounts cannot change."""
    connection.execute(
        payment_files.insert(),
        {
            "file_id": file.message_id,
            "run_id": run_id,
            "gemeente": file.gemeente,
            "month": month,
            "message_id": file.message_id,
            "payment_information_id": file.payment_information_id,
            "created_at": file.created_at.isoformat(timespec="seconds"),
            "execution_date": file.execution_date,
            "debtor_iban": file.debtor_iban,
            "transactions": len(file.payments),
            "control_sum_cents": file.control_sum_cents,
            "content": content,
            "sha256": sha256(content).hexdigest(),
            "sha1": sha1(content, usedforsecurity=False).hexdigest(),  # BNG shows its last positions for comparison
            "state": FileState.GENERATED,
            "made_by": actor,
        },
    )
    insert_rows(connection, payments, _payment_rows(file))
    insert_rows(
        connection,
        file_findings,
        (
            {"file_id": file.message_id, "sequence": n, "code": code, "payment_id": payment, "text": text}
            for n, (code, payment, text) in enumerate(warnings, start=1)
        ),
    )
    subject = {
        "file": file.message_id,
        "run": run_id,
        "sha256": sha256(content).hexdigest(),
        "control_sum_cents": file.control_sum_cents,
    }
    audit.append(connection, file.created_at, actor, "file_made", subject)


def _payment_rows(file: PaymentFile) -> Iterator[dict[str, object]]:
    for p in file.payments:
        yield {
            "payment_id": p.payment_id,
            "file_id": file.message_id,
            "obligation": p.obligation,
            "covers": p.covers,
            "withholding": p.withholding,
            "amount_cents": p.amount_cents,
            "client": p.client,
            "creditor": p.creditor,
            "creditor_name": p.creditor_name,
            "creditor_iban": p.creditor_iban,
            "remittance": p.remittance,
            "state": PaymentState.PLANNED,
        }


def list_files(connection: Connection, month: Month | None = None, gemeente: str | None = None) -> list[FileRow]:
    """All payment files, of one month or gemeente where given, oldest first."""
    query = select(*_COLUMNS).order_by(payment_files.c.month, payment_files.c.file_id)
    if month is not None:
        query = query.where(payment_files.c.month == month)
    if gemeente is not None:
        query = query.where(payment_files.c.gemeente == gemeente)
    return [FileRow(*row) for row in connection.execute(query)]


def executed_files(connection: Connection, month: Month | None = None) -> frozenset[str]:
    """The accepted files of which the bank has booked or answered every payment: nothing of them is under way."""
    f, p = payment_files.c, payments.c
    waits = exists().where(p.file_id == f.file_id, p.state.in_((PaymentState.PLANNED, PaymentState.INSTRUCTED)))
    query = select(f.file_id).where(f.state == FileState.ACCEPTED, ~waits)
    return frozenset(connection.execute(query if month is None else query.where(f.month == month)).scalars())


def find(connection: Connection, file_id: str) -> FileRow:
    """One payment file, or Refused when there is none of that id."""
    row = connection.execute(select(*_COLUMNS).where(payment_files.c.file_id == file_id)).first()
    if row is None:
        raise Refused(f"There is no payment file {file_id}. `ontzorgen files` lists them.")
    return FileRow(*row)


def proven_content(connection: Connection, file_id: str) -> bytes:
    """The bytes of a file, proven to be those that were frozen; ProofFailed when they are not."""
    row = connection.execute(
        select(payment_files.c.content, payment_files.c.sha256).where(payment_files.c.file_id == file_id)
    ).one()
    content = bytes(row.content)
    if sha256(content).hexdigest() != row.sha256:
        raise ProofFailed(f"Payment file {file_id} was altered in the database: its SHA-256 no longer fits. Stop here.")
    return content


def findings(connection: Connection, file_id: str) -> list[tuple[str, str | None, str]]:
    """The warnings that stand on the sheet of a file: (code, payment_id, text)."""
    query = select(file_findings.c.code, file_findings.c.payment_id, file_findings.c.text)
    rows = connection.execute(query.where(file_findings.c.file_id == file_id).order_by(file_findings.c.sequence))
    return [(row.code, row.payment_id, row.text) for row in rows]


def approve(
    connection: Connection, file_id: str, total_cents: int, actor: str, now: datetime, refuse_outdated: Judge
) -> bool:
    """Approve these very bytes with the total typed by the approver; False when they were approved before.

    `refuse_outdated` says no where a file that waits is not right any more by what the books know today.
    """
    file = find(connection, file_id)
    _refuse_cancelled(file)
    if same_person(connection, actor, file.made_by):
        raise Refused(f"{file.made_by} made {file_id}; a second person has to approve it.")
    if total_cents != file.control_sum_cents:
        raise Refused(
            f"The total typed is {format_amount(total_cents)}, the file pays {format_amount(file.control_sum_cents)}. "
            "Compare with the sheet (`ontzorgen sheet`) before anything else."
        )
    proven_content(connection, file_id)
    if connection.execute(select(file_approvals.c.file_id).where(file_approvals.c.file_id == file_id)).first():
        return False
    refuse_outdated(file)
    connection.execute(
        file_approvals.insert(),
        {
            "file_id": file_id,
            "made_by": file.made_by,
            "sha256": file.sha256,
            "control_sum_cents": total_cents,
            "approved_by": actor,
            "approved_at": now.isoformat(timespec="seconds"),
        },
    )
    connection.execute(update(payment_files).where(payment_files.c.file_id == file_id).values(state=FileState.APPROVED))
    subject = {"file": file_id, "sha256": file.sha256, "control_sum_cents": total_cents}
    audit.append(connection, now, actor, "approved", subject)
    return True


def _refuse_cancelled(file: FileRow) -> None:
    if file.state == FileState.CANCELLED:
        raise Refused(f"{file.file_id} was taken back: `ontzorgen files {file.month}` shows what came in its place.")


def release(
    connection: Connection, file_id: str, actor: str, now: datetime, refuse_outdated: Judge
) -> tuple[bytes, bool]:
    """Hand an approved file over; the bytes, and False when they were released before. As `approve` on what waits."""
    file = find(connection, file_id)
    _refuse_cancelled(file)
    approval = connection.execute(select(file_approvals).where(file_approvals.c.file_id == file_id)).first()
    if approval is None:
        way_out = f"`ontzorgen approve {file_id} --total AMOUNT` by a second person"
        raise Refused(f"{file_id} is not approved yet: {way_out}.")
    content = proven_content(connection, file_id)
    if approval.sha256 != file.sha256:
        raise ProofFailed(f"{file_id} is not the file that was approved: the hashes differ. Stop here.")
    if connection.execute(select(file_releases.c.file_id).where(file_releases.c.file_id == file_id)).first():
        return content, False
    if same_person(connection, actor, approval.approved_by):
        raise Refused(f"{approval.approved_by} approved {file_id}; somebody else has to release it.")
    refuse_outdated(file)
    row = {
        "file_id": file_id,
        "approved_by": approval.approved_by,
        "released_by": actor,
        "released_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(file_releases.insert(), row)
    connection.execute(update(payment_files).where(payment_files.c.file_id == file_id).values(state=FileState.RELEASED))
    connection.execute(update(payments).where(payments.c.file_id == file_id).values(state=PaymentState.INSTRUCTED))
    _book_release(connection, file, now.date())
    finish_run(connection, file.run_id)
    subject = {"file": file_id, "sha256": file.sha256, "control_sum_cents": file.control_sum_cents}
    audit.append(connection, now, actor, "released", subject)
    return content, True


def _book_release(connection: Connection, file: FileRow, today: date) -> None:
    """Book every payment of the file in one statement: creditor to in_transit (see ledgers/journal/bookings.py)."""
    same = same_withholding(payments.c, withholdings.c)
    lines = (
        select(
            literal("released:") + payments.c.payment_id,
            literal(1),
            withholdings.c.gemeente,
            payment_files.c.month,  # an earlier benefit month may be closed by now
            literal(today, transfers.c.booked_on.type),
            literal(IN_TRANSIT),
            literal("creditor:") + withholdings.c.creditor,
            payments.c.amount_cents,
        )
        .join(withholdings, same)
        .join(payment_files, payment_files.c.file_id == payments.c.file_id)
        .where(payments.c.file_id == file.file_id)
    )
    columns = ["event_key", "line", "gemeente", "month", "booked_on", "credit", "debit", "amount_cents"]
    connection.execute(insert(transfers).from_select(columns, lines))


def finish_run(connection: Connection, run_id: str) -> None:
    """A run is done once none of its files waits for a person."""
    waiting = select(payment_files.c.file_id).where(
        payment_files.c.run_id == run_id, payment_files.c.state.in_(WAITING_FILES)
    )
    connection.execute(update(runs).where(runs.c.run_id == run_id, ~exists(waiting)).values(state=RunState.DONE))


def update_states(connection: Connection, gemeente: str) -> None:
    """Let the files that the bank has answered say so: accepted, partly rejected or rejected."""
    count = func.count
    rejected = func.sum(case((payments.c.state == PaymentState.REJECTED, 1), else_=0))
    answered = func.sum(case((payments.c.state.in_(ANSWERED), 1), else_=0))
    query = (
        select(payment_files.c.file_id, payment_files.c.state, count(), rejected, answered)
        .join(payments, payments.c.file_id == payment_files.c.file_id)
        .where(
            payment_files.c.gemeente == gemeente,
            payment_files.c.state.not_in(UNRELEASED_FILES),
        )
        .group_by(payment_files.c.file_id, payment_files.c.state)
    )
    for file_id, state, total, refused, booked in connection.execute(query).all():
        new = state
        if refused:
            new = FileState.REJECTED if refused == total else FileState.PARTLY_REJECTED
        elif booked:
            new = FileState.ACCEPTED
        if new != state:
            connection.execute(update(payment_files).where(payment_files.c.file_id == file_id).values(state=new))


def payment_counts(connection: Connection, gemeente: str, month: Month) -> dict[str, int]:
    """Number of payments per state in a gemeente's month."""
    query = (
        select(payments.c.state, func.count())
        .join(payment_files, payment_files.c.file_id == payments.c.file_id)
        .where(payment_files.c.gemeente == gemeente, payment_files.c.month == month)
        .group_by(payments.c.state)
    )
    return {state: int(count) for state, count in connection.execute(query)}
