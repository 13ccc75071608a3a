"""No BSN in what people type: the one rule, for every door to the books."""

from sqlalchemy import Connection, select

from ledgers.schema.core import clients
from payments.references import written_bsns


def bsns_in(connection: Connection, text: str) -> frozenset[str]:
    """Every number in a text that may be a BSN and is no klantnummer of these books."""
    found = frozenset(written_bsns(text))
    if not found:
        return found
    known = connection.execute(select(clients.c.client).where(clients.c.client.in_(sorted(found)))).scalars()
    return found - frozenset(known)
