"""Who may not be paid for any more, though a payment file that waits still does."""

from datetime import date

from sqlalchemy import Connection, select

from ledgers.dossier.grounds_and_holds import clients_on_hold
from ledgers.dossier.trajectories import ended_clients, events_of
from ledgers.errors import Refused
from ledgers.registers.register import clients_in_force
from ledgers.schema.core import payments
from payments.dossier.case import EventKind, as_events_left
from payments.plan.grounds import HeldReason


def refuse_stopped(connection: Connection, file_id: str, execution_date: date) -> None:
    """Refused while a waiting file pays for somebody who was held, or whose ontzorgen ended, after it was made."""
    found = stopped_clients(connection, file_id, execution_date)
    if found:
        named = ", ".join(f"{client} ({reason})" for client, reason in found)
        raise Refused(
            f"{file_id} pays on {execution_date} for {named}. Take it back with `ontzorgen cancel {file_id} --why "
            "TEXT` and run the month again: the new file leaves them out."
        )


def stopped_clients(connection: Connection, file_id: str, execution_date: date) -> list[tuple[str, HeldReason]]:
    """The clients of a file for whom nothing may be paid on its execution date any more, each with the reason."""
    paid = sorted(set(connection.execute(select(payments.c.client).where(payments.c.file_id == file_id)).scalars()))
    happened = events_of(connection)
    held, ended = clients_on_hold(connection), ended_clients(connection)
    register = clients_in_force(connection)
    known = as_events_left({code: register[code] for code in paid if code in register}, happened)
    found = []
    for code in paid:
        client, told = known.get(code), {event.kind for event in happened.get(code, ())}
        if client is not None and client.right_until is not None and client.right_until < execution_date:
            found.append((code, HeldReason.RIGHT_ENDED))
        elif client is not None and EventKind.MANDATE_REVOKED in told and client.mandate_date is None:
            found.append((code, HeldReason.NO_MANDATE))
        elif code in held:
            found.append((code, HeldReason.ON_HOLD))
        elif code in ended and ended[code] < execution_date:
            found.append((code, HeldReason.ENDED))
    return found
