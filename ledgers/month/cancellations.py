"""Take a payment file back before it goes to the bank."""

from datetime import datetime

from sqlalchemy import Connection, update

from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.month.payment_files import find, finish_run
from ledgers.schema.core import file_cancellations, payment_files, payments
from payments.states import WAITING_FILES, FileState, PaymentState


def cancel(connection: Connection, file_id: str, why: str, actor: str, now: datetime) -> bool:
    """Take a file back that was not released; its payments are made anew by the next run. False when it was before."""
    if not why.strip():
        raise Refused("Say with --why for what reason this file is taken back.")
    file = find(connection, file_id)
    if file.state == FileState.CANCELLED:
        return False
    if file.state not in WAITING_FILES:
        raise Refused(f"{file_id} is {file.state}: what was handed to the bank can only be recalled there.")
    row = {"file_id": file_id, "why": why, "cancelled_by": actor, "cancelled_at": now.isoformat(timespec="seconds")}
    connection.execute(file_cancellations.insert(), row)
    connection.execute(
        update(payment_files).where(payment_files.c.file_id == file_id).values(state=FileState.CANCELLED)
    )
    connection.execute(update(payments).where(payments.c.file_id == file_id).values(state=PaymentState.CANCELLED))
    finish_run(connection, file.run_id)
    subject = {"file": file_id, "sha256": file.sha256, "control_sum_cents": file.control_sum_cents}
    audit.append(connection, now, actor, "file_cancelled", subject)
    return True
