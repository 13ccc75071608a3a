"""Take a payment file back before it goes to the bank, and free the money and the months of its payments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from ledgers.errors import Refused
from ledgers.journal import audit, closed_months
from ledgers.month.giving_back import GivingBack, give_back_all
from ledgers.month.payment_files import FileRow, find, finish_run
from ledgers.schema.core import file_cancellations, payment_files, payments, same_withholding, withholdings
from payments.states import WAITING_FILES, FileState, PaymentState


def cancel(connection: Connection, file_id: str, why: str, actor: str, now: datetime) -> bool:
    """Take a file back that was not released, and give back what was withheld for it; False when it was before.

    The next run of its month plans anew from today's registers. What an earlier or a closed month had reserved stays
    reserved: that month is planned no more, and the next run makes the same payment again.
    """
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
    if file.month not in closed_months.closed_months(connection):
        how = GivingBack(why, actor, now, plan_anew=True, file_id=file_id)
        give_back_all(connection, _withheld_for(connection, file), file.month, how)
    subject = {"file": file_id, "sha256": file.sha256, "control_sum_cents": file.control_sum_cents}
    audit.append(connection, now, actor, "file_cancelled", subject)
    return True


def _withheld_for(connection: Connection, file: FileRow) -> Sequence[Row[tuple[object, ...]]]:
    """What the file's own month set apart for its payments."""
    w, p = withholdings.c, payments.c
    query = select(withholdings).join(payments, same_withholding(p, w))
    return connection.execute(query.where(p.file_id == file.file_id, w.month == file.month)).all()
