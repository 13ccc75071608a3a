"""Exceptions: what the bank said and nothing explains, waiting for a named person to settle it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ledgers.bank_tables import exception_resolutions, exceptions
from ledgers.errors import Refused
from ledgers.staff import SYSTEM
from ledgers.tables import creditor_ibans
from payments.matching_model import Kind
from payments.month import Month

OWNERS = {Kind.RETURNED: "consulent", Kind.CREDITOR_REFUND: "consulent"}  # all others: finance


REASONS: Mapping[Kind, str] = {
    Kind.PARTIAL_RETURN: "een deel van deze betaling kwam terug",
    Kind.RETURNED_TWICE: "deze betaling was al teruggeboekt",
    Kind.RETURN_BEFORE_BOOKING: "teruggeboekt, maar de bank heeft de betaling nog niet afgeschreven",
    Kind.UNKNOWN_RETURN: "een terugboeking die bij geen betaling past",
    Kind.AMBIGUOUS_RETURN: "een terugboeking die bij meer dan een betaling past",
    Kind.AMOUNT_DIFFERS: "het bedrag is anders dan dat van onze betaling",
    Kind.BOOKED_TWICE: "deze betaling was al afgeschreven",
    Kind.BOOKED_UNRELEASED: "afgeschreven zonder dat wij het bestand hebben aangeboden",
    Kind.BATCH_DIFFERS: "aantal of totaal is anders dan dat van ons bestand",
    Kind.AMBIGUOUS_DEBIT: "een afschrijving die bij meer dan een betaling past, of met een andere omschrijving",
    Kind.UNKNOWN_DEBIT: "een afschrijving die niet van ons is",
    Kind.CREDITOR_REFUND: "geld terug van een schuldeiser",
    Kind.UNKNOWN_CREDIT: "geld van een onbekende",
    Kind.REJECTED_AFTER_BOOKING: "geweigerd, terwijl de betaling al was afgeschreven",
    Kind.REJECTED_DEBITED: "geweigerd, maar toch afgeschreven en nog niet teruggegeven",
    Kind.DUPLICATE: "de bank weigert dit als dubbel: de eerste keer kan gewoon zijn uitgevoerd",
}


def exception_row(
    exception_id: str, kind: Kind, gemeente: str, since: date, *, month: Month, cents: int, direction: str,
    reason: str, line_id: str | None = None, payment_id: str | None = None, client: str | None = None,
    candidates: Sequence[str] = (),
) -> dict[str, object]:  # fmt: skip
    """One row of the exceptions; `direction` is that of a line that waits in suspense, empty where none does."""
    return {"exception_id": exception_id, "kind": kind.value, "gemeente": gemeente, "month": month,
            "line_id": line_id, "payment_id": payment_id, "client": client, "amount_cents": cents,
            "direction": direction, "reason": reason, "candidates": json.dumps(candidates), "since": since,
            "owner": OWNERS.get(kind, "finance")}  # fmt: skip


def block_iban(connection: Connection, creditor: str, iban: str, day: date) -> None:
    """Enter the IBAN anew: it is not paid until a second person has confirmed it again."""
    e = creditor_ibans.c
    query = select(e.sequence, e.entered_by).where(e.creditor == creditor, e.iban == iban)
    last = connection.execute(query.order_by(e.sequence.desc()).limit(1)).first()
    # Who brought this IBAN in stays the one who may not confirm it.
    row = {"creditor": creditor, "iban": iban, "sequence": last.sequence + 1 if last else 1,
           "entered_by": last.entered_by if last else SYSTEM, "entered_at": day.isoformat()}  # fmt: skip
    connection.execute(creditor_ibans.insert(), row)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One exception with its resolution, if it has one."""

    exception_id: str
    kind: str
    gemeente: str
    month: Month
    line_id: str | None
    payment_id: str | None
    client: str | None
    amount_cents: int
    direction: str
    reason: str
    candidates: tuple[str, ...]
    since: date
    owner: str
    as_what: str | None
    why: str | None
    resolved_by: str | None
    settled_for: str | None

    @property
    def state(self) -> str:
        """Open until somebody, or a later answer of the bank, settled it."""
        return "open" if self.as_what is None else "resolved"


def list_items(connection: Connection, *, gemeente: str | None = None, resolved: bool = False) -> list[OpenItem]:
    """Exceptions, oldest first; with `resolved` also those that were settled."""
    e, r = exceptions.c, exception_resolutions.c
    query = (
        select(exceptions, r.as_what, r.why, r.resolved_by, r.client.label("settled_for"))
        .outerjoin(exception_resolutions, r.exception_id == e.exception_id)
        .order_by(e.since, e.exception_id)
    )
    if gemeente is not None:
        query = query.where(e.gemeente == gemeente)
    if not resolved:
        query = query.where(r.exception_id.is_(None))
    items = []
    for row in connection.execute(query).mappings():
        fields = {name: row[name] for name in OpenItem.__dataclass_fields__}
        items.append(OpenItem(**fields | {"candidates": tuple(json.loads(row["candidates"]))}))
    return items


def find_item(connection: Connection, exception_id: str) -> OpenItem:
    """One exception, or Refused when there is none of that id."""
    found = [item for item in list_items(connection, resolved=True) if item.exception_id == exception_id]
    if not found:
        raise Refused(f"There is no exception {exception_id}. `ontzorgen exceptions` lists them.")
    return found[0]


def exists(connection: Connection, exception_id: str) -> bool:
    """Whether this was told before: the same message can come twice."""
    query = select(exceptions.c.exception_id).where(exceptions.c.exception_id == exception_id)
    return connection.execute(query).first() is not None


def store_resolution(
    connection: Connection, exception_id: str, as_what: str, why: str, client: str | None, actor: str, now: datetime
) -> None:
    """Settle an exception for good; the key refuses a second settlement."""
    row = {"exception_id": exception_id, "as_what": as_what, "why": why, "client": client, "resolved_by": actor,
           "resolved_at": now.isoformat(timespec="seconds")}  # fmt: skip
    connection.execute(exception_resolutions.insert(), row)


def refunds(connection: Connection, gemeente: str, month: Month) -> dict[str, int]:
    """Per client what was given back to them in a month: it is paid out with the remainder."""
    e, r = exceptions.c, exception_resolutions.c
    query = (
        select(r.client, func.sum(e.amount_cents))
        .join(exceptions, e.exception_id == r.exception_id)
        .where(e.gemeente == gemeente, e.month == month, r.as_what == "refund_to_client")
        .group_by(r.client)
    )
    return {client: int(cents) for client, cents in connection.execute(query)}
