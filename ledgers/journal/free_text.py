"""No BSN in what people type: the one rule, for every door to the books."""

from sqlalchemy import Connection, select

from ledgers.errors import Refused
from ledgers.schema.core import clients
from payments.references import BSN_WRITTEN, written_bsns


def bsns_in(connection: Connection, text: str) -> frozenset[str]:
    """Every number in a text that may be a BSN and is no klantnummer of these books."""
    found = frozenset(written_bsns(text))
    if not found:
        return found
    known = connection.execute(select(clients.c.client).where(clients.c.client.in_(sorted(found)))).scalars()
    return found - frozenset(known)


def refuse_bsn(connection: Connection, field: str, text: str | None) -> None:
    """Refused, with the name of the field, when its text contains a BSN."""
    if text and bsns_in(connection, text):
        raise Refused(f"'{field}' {BSN_WRITTEN}")
