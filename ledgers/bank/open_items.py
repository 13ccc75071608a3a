"""Exceptions: what the bank said and nothing explains, waiting for a named person to settle it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Subquery, and_, func, or_, select

from ledgers.errors import Refused
from ledgers.journal import audit
from ledgers.journal.bookings import BENEFIT_CLEARING, client_account
from ledgers.registers.staff import SYSTEM
from ledgers.schema.bank import exception_resolutions, exceptions, given_back
from ledgers.schema.core import contributions, creditor_ibans, same_withholding, transfers, withholdings
from payments.matching.model import ExceptionKind
from payments.month import Month

PARKED = "suspense"  # the one settlement that another may follow
OWNERS = {ExceptionKind.RETURNED: "consulent", ExceptionKind.CREDITOR_REFUND: "consulent"}  # all others: finance


REASONS: Mapping[ExceptionKind, str] = {
    ExceptionKind.PARTIAL_RETURN: "een deel van deze betaling kwam terug",
    ExceptionKind.RETURNED_TWICE: "deze betaling was al teruggeboekt",
    ExceptionKind.RETURN_BEFORE_BOOKING: "teruggeboekt, maar de bank heeft de betaling nog niet afgeschreven",
    ExceptionKind.UNKNOWN_RETURN: "een terugboeking die bij geen betaling past",
    ExceptionKind.AMBIGUOUS_RETURN: "een terugboeking die bij meer dan een betaling past",
    ExceptionKind.AMOUNT_DIFFERS: "het bedrag is anders dan dat van onze betaling",
    ExceptionKind.BOOKED_TWICE: "deze betaling was al afgeschreven",
    ExceptionKind.BOOKED_UNRELEASED: "afgeschreven zonder dat wij het bestand hebben aangeboden",
    ExceptionKind.BATCH_DIFFERS: "aantal of totaal is anders dan dat van ons bestand",
    ExceptionKind.AMBIGUOUS_DEBIT: (
        "een afschrijving die bij meer dan een betaling past, of met een andere omschrijving"
    ),
    ExceptionKind.UNKNOWN_DEBIT: "een afschrijving die niet van ons is",
    ExceptionKind.CREDITOR_REFUND: "geld terug van een schuldeiser",
    ExceptionKind.UNKNOWN_CREDIT: "geld van een onbekende",
    ExceptionKind.REJECTED_AFTER_BOOKING: "geweigerd, terwijl de betaling al was afgeschreven",
    ExceptionKind.REJECTED_DEBITED: "geweigerd, maar toch afgeschreven en nog niet teruggegeven",
    ExceptionKind.BOOKED_BEFORE_RELEASE: (
        "afgeschreven voordat deze boeken het hebben aangeboden: is de database teruggezet? Er gaat niets meer naar de "
        "bank tot iemand heeft gekeken"
    ),
    ExceptionKind.NOT_BOOKED: "aangeboden, maar door de bank niet afgeschreven",
    ExceptionKind.PAYEE_NAME: "Kijk na of dit de rekening van deze schuldeiser is",
    ExceptionKind.DUPLICATE: "de bank weigert dit als dubbel: de eerste keer kan gewoon zijn uitgevoerd",
}


def exception_row(
    exception_id: str,
    kind: ExceptionKind,
    gemeente: str,
    since: date,
    *,
    month: Month,
    cents: int,
    direction: str,
    reason: str,
    line_id: str | None = None,
    payment_id: str | None = None,
    client: str | None = None,
    candidates: Sequence[str] = (),
) -> dict[str, object]:
    """One row of the exceptions; `direction` is that of a line that waits in suspense, empty where none does."""
    return {
        "exception_id": exception_id,
        "kind": kind.value,
        "gemeente": gemeente,
        "month": month,
        "line_id": line_id,
        "payment_id": payment_id,
        "client": client,
        "amount_cents": cents,
        "direction": direction,
        "reason": reason,
        "candidates": json.dumps(candidates),
        "since": since,
        "owner": OWNERS.get(kind, "finance"),
    }


def block_iban(connection: Connection, creditor: str, iban: str, actor: str, now: datetime) -> None:
    """Enter the IBAN anew: it is not paid until a second person has confirmed it again."""
    e = creditor_ibans.c
    query = select(e.sequence, e.entered_by).where(e.creditor == creditor, e.iban == iban)
    last = connection.execute(query.order_by(e.sequence.desc()).limit(1)).first()
    sequence = last.sequence + 1 if last else 1
    # Who brought this IBAN in stays the one who may not confirm it.
    row = {
        "creditor": creditor,
        "iban": iban,
        "sequence": sequence,
        "entered_by": last.entered_by if last else SYSTEM,
        "entered_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(creditor_ibans.insert(), row)
    audit.append(connection, now, actor, "iban_blocked", {"creditor": creditor, "sequence": sequence})


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
    sequence: int  # how often it was settled: parked first, then for good

    @property
    def is_final(self) -> bool:
        """Settled by somebody, or by a later answer of the bank, as anything but parked."""
        return self.as_what not in (None, PARKED)

    @property
    def state(self) -> str:
        """Open until it is settled; parked waits in suspense with a name and a reason."""
        if self.as_what is None:
            return "open"
        return "resolved" if self.is_final else "parked"

    @property
    def suspended(self) -> str:
        """The direction of the money that stands in suspense; empty where none does."""
        return "DBIT" if self.kind == ExceptionKind.REJECTED_DEBITED else self.direction

    def age_days(self, today: date) -> int:
        """Whole days since it was told; a bank's day that is still to come counts as today."""
        return max(0, (today - self.since).days)


@cache  # the same question each time, and slow to word
def newest_resolutions() -> Subquery:
    """The last settlement of each exception: the one that counts."""
    r = exception_resolutions.c
    last = select(r.exception_id, func.max(r.sequence).label("sequence")).group_by(r.exception_id).subquery()
    same = and_(last.c.exception_id == r.exception_id, last.c.sequence == r.sequence)
    return select(exception_resolutions).join(last, same).subquery("newest_resolutions")


def list_items(
    connection: Connection,
    *,
    gemeente: str | None = None,
    resolved: bool = False,
    parked: bool = False,
    exception_id: str | None = None,
) -> list[OpenItem]:
    """Exceptions, oldest first; with `parked` also those left in suspense, with `resolved` all of them."""
    e, newest = exceptions.c, newest_resolutions()
    r = newest.c
    query = (
        select(
            exceptions,
            r.as_what,
            r.why,
            r.resolved_by,
            r.client.label("settled_for"),
            func.coalesce(r.sequence, 0).label("sequence"),
        )
        .outerjoin(newest, r.exception_id == e.exception_id)
        .order_by(e.since, e.exception_id)
    )
    if gemeente is not None:
        query = query.where(e.gemeente == gemeente)
    if exception_id is not None:
        query = query.where(e.exception_id == exception_id)
    if not resolved:
        query = query.where(or_(r.as_what.is_(None), r.as_what == PARKED) if parked else r.as_what.is_(None))
    items = []
    for row in connection.execute(query).mappings():
        fields = {name: row[name] for name in OpenItem.__dataclass_fields__}
        items.append(OpenItem(**fields | {"candidates": tuple(json.loads(row["candidates"]))}))
    return items


def find_item(connection: Connection, exception_id: str) -> OpenItem:
    """One exception, or Refused when there is none of that id."""
    found = list_items(connection, resolved=True, exception_id=exception_id)
    if not found:
        raise Refused(f"There is no exception {exception_id}. `ontzorgen exceptions` lists them.")
    return found[0]


def exists(connection: Connection, exception_id: str) -> bool:
    """Whether this was told before: the same message can come twice."""
    query = select(exceptions.c.exception_id).where(exceptions.c.exception_id == exception_id)
    return connection.execute(query).first() is not None


def resolution_row(
    item: OpenItem, as_what: str, why: str, client: str | None, actor: str, now: datetime
) -> dict[str, object]:
    """The next settlement of an exception; the keys refuse one after anything but parked."""
    again = item.sequence > 0
    return {
        "exception_id": item.exception_id,
        "sequence": item.sequence + 1,
        "previous": item.sequence if again else None,
        "after_what": PARKED if again else None,
        "as_what": as_what,
        "why": why,
        "client": client,
        "resolved_by": actor,
        "resolved_at": now.isoformat(timespec="seconds"),
    }


def refunds(connection: Connection, gemeente: str, month: Month) -> dict[str, int]:
    """Per client what was given back to them in a month, from wherever it came: paid out with the remainder."""
    t = transfers.c
    query = (
        select(t.credit, func.sum(t.amount_cents))
        .where(t.gemeente == gemeente, t.month == month, t.credit.like(client_account("%")))
        .where(t.debit != BENEFIT_CLEARING)  # the benefit itself
        .group_by(t.credit)
    )
    free = _free_again(connection, gemeente, month)
    found = {account.removeprefix(client_account("")): int(cents) for account, cents in connection.execute(query)}
    return {client: left for client, cents in found.items() if (left := cents - free.get(client, 0))}


def _free_again(connection: Connection, gemeente: str, month: Month) -> dict[str, int]:
    """Per client what was given back to be planned anew: it is no refund, but benefit of the month as before."""
    g, w, c = given_back.c, withholdings.c, contributions.c
    query = (
        select(c.client, func.sum(c.amount_cents))
        .join(withholdings, same_withholding(c, w))
        .join(given_back, same_withholding(g, w))
        .where(w.gemeente == gemeente, w.month == month, g.plan_anew)
        .group_by(c.client)
    )
    return {client: int(cents) for client, cents in connection.execute(query)}
