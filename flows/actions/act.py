"""One act of one person: its transaction, who may do it, and no BSN in what is typed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection

from flows.office import Office
from ledgers.database import reading, writing
from ledgers.journal import free_text
from ledgers.journal.actions import CASEWORK
from ledgers.registers.staff import Role, require

__all__ = ["CASEWORK", "act", "bsns_of", "refuse_bsn", "transaction"]

_NOTHING: Mapping[str, str | None] = {}


@contextmanager
def act(office: Office, *roles: Role, said: Mapping[str, str | None] = _NOTHING) -> Iterator[Connection]:
    """One transaction by somebody with one of these roles; stored whole, or not at all.

    `said` are the free texts of the act by the name of their field: one with a BSN in it is refused. Within a preview
    (`Office.within`) the transaction is the preview's, which stores nothing.
    """
    with transaction(office) as connection:
        require(connection, office.actor, *roles)
        refuse_bsn(connection, said)
        yield connection


@contextmanager
def transaction(office: Office) -> Iterator[Connection]:
    """The transaction of an act that asks itself who may do it, because that depends on what stands in the books."""
    if office.within is not None:
        yield office.within
        return
    with writing(office.engine) as connection:
        yield connection


def refuse_bsn(connection: Connection, said: Mapping[str, str | None]) -> None:
    """Refused when one of these free texts, by the name of its field, contains a BSN."""
    for field, text in said.items():
        free_text.refuse_bsn(connection, field, text)


def bsns_of(office: Office, text: str) -> frozenset[str]:
    """The numbers in a text that these books would refuse as a BSN, for a door that wants to say it at once."""
    with reading(office.engine) as connection:
        return free_text.bsns_in(connection, text)
