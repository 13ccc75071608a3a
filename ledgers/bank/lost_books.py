"""What betrays a restored database: the bank booked what these books did not release, or not yet.

A month that is made again after a restore has the same numbers as the one that was lost: released once more, everybody
would be paid twice. Until a person has looked, nothing more leaves for that account.
"""

from sqlalchemy import Connection, select

from ledgers.errors import Refused
from ledgers.schema.bank import exception_resolutions, exceptions
from payments.matching.model import ExceptionKind

BLOCKING = frozenset({ExceptionKind.BOOKED_BEFORE_RELEASE.value, ExceptionKind.BOOKED_UNRELEASED.value})
"""Exceptions that stop further releases of their account until a person has looked."""


def refuse_release(connection: Connection, gemeente: str) -> None:
    """Refused while the bank booked something of this account that these books did not release by then."""
    e, resolved = exceptions.c, select(exception_resolutions.c.exception_id)
    here = (e.gemeente == gemeente, e.kind.in_(BLOCKING), e.exception_id.not_in(resolved))
    found = connection.execute(select(e.exception_id).where(*here).order_by(e.exception_id)).scalars().all()
    if found:
        raise Refused(
            f"Nothing more is released for {gemeente}: the bank booked what these books had not released "
            f"({', '.join(found[:5])}{', ..' if len(found) > 5 else ''}). If this database was restored from a backup, "
            "the payments of this file may have been made already: compare with the bank first. Then settle each, at "
            "least with `ontzorgen resolve ID --as-what acknowledge --why T`."
        )
