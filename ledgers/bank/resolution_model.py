"""An exception in the hands of a person: what they ask for, and the transfers that it may become."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledgers.bank.open_items import OpenItem
from ledgers.errors import Refused
from ledgers.journal.bookings import Booking, Transfer
from payments.matching.model import ExceptionKind
from payments.month import Month


class AsWhat(StrEnum):
    """The ways to settle an exception."""

    MATCH = "match"
    REFUND_TO_CLIENT = "refund_to_client"
    FORWARD = "forward"
    SUSPENSE = "suspense"
    RESUBMIT = "resubmit"
    FUNDING = "funding"
    ACKNOWLEDGE = "acknowledge"
    PAID = "paid"
    NOT_PAID = "not_paid"


CAME_BACK = frozenset({ExceptionKind.RETURNED.value, ExceptionKind.REJECTED.value})
Named = tuple[str, int | None]
"""A payment or a client that a person named, with the amount in cents where they said it."""

_A = AsWhat
_ELSEWHERE = frozenset({_A.SUSPENSE, _A.FORWARD, _A.FUNDING})
_TASK = frozenset({_A.REFUND_TO_CLIENT, _A.RESUBMIT})
_DEBIT = _ELSEWHERE | {_A.MATCH}
ALLOWED: Mapping[ExceptionKind, frozenset[AsWhat]] = {
    ExceptionKind.RETURNED: _TASK,
    ExceptionKind.REJECTED: _TASK,
    ExceptionKind.PARTIAL_RETURN: frozenset({_A.MATCH, _A.REFUND_TO_CLIENT, _A.SUSPENSE}),
    ExceptionKind.RETURNED_TWICE: frozenset({_A.SUSPENSE, _A.FORWARD}),  # the second is the bank's, never a client's
    ExceptionKind.RETURN_BEFORE_BOOKING: _DEBIT,
    ExceptionKind.UNKNOWN_RETURN: _DEBIT | {_A.REFUND_TO_CLIENT},
    ExceptionKind.AMBIGUOUS_RETURN: frozenset({_A.MATCH, _A.REFUND_TO_CLIENT, _A.SUSPENSE, _A.FORWARD}),
    ExceptionKind.AMOUNT_DIFFERS: _DEBIT,
    ExceptionKind.BOOKED_TWICE: _ELSEWHERE,
    ExceptionKind.BOOKED_UNRELEASED: _ELSEWHERE | {_A.ACKNOWLEDGE},
    ExceptionKind.BOOKED_BEFORE_RELEASE: _DEBIT | {_A.ACKNOWLEDGE},
    ExceptionKind.BATCH_DIFFERS: _DEBIT,
    ExceptionKind.AMBIGUOUS_DEBIT: _DEBIT,
    ExceptionKind.UNKNOWN_DEBIT: _DEBIT,
    ExceptionKind.CREDITOR_REFUND: _DEBIT | {_A.REFUND_TO_CLIENT},
    ExceptionKind.UNKNOWN_CREDIT: _DEBIT | {_A.REFUND_TO_CLIENT},
    ExceptionKind.REJECTED_AFTER_BOOKING: frozenset({_A.ACKNOWLEDGE}),
    ExceptionKind.REJECTED_DEBITED: _ELSEWHERE | {_A.PAID},
    ExceptionKind.DUPLICATE: frozenset({_A.ACKNOWLEDGE, _A.NOT_PAID}),
    ExceptionKind.PAYEE_NAME: frozenset({_A.ACKNOWLEDGE}),
    ExceptionKind.NOT_BOOKED: frozenset({_A.NOT_PAID}),
}
"""The settlements that each kind of exception takes; any other is refused."""


def refuse_unfit(item: OpenItem, as_what: AsWhat) -> None:
    """Refused unless an exception of this kind is ever settled so."""
    allowed = ALLOWED[ExceptionKind(item.kind)]
    if as_what not in allowed:
        ways = " or ".join(way.value for way in AsWhat if way in allowed)
        raise Refused(f"{item.exception_id} ({item.kind}) is settled as {ways}, not as {as_what.value}.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for."""

    exception_id: str
    as_what: AsWhat
    why: str
    payments: tuple[Named, ...]
    clients: tuple[Named, ...]
    actor: str
    now: datetime
    together: tuple[str, ...] = ()  # exceptions that are matched with this one as a whole


@dataclass(frozen=True, slots=True)
class ItemAtHand:
    """An exception with what is wished for it, and the open month in which that is booked."""

    item: OpenItem
    wish: Wish
    month: Month
    others: tuple[OpenItem, ...] = ()
    shares: tuple[tuple[str, int], ...] = ()  # (client, cents) of a refund

    @property
    def items(self) -> tuple[OpenItem, ...]:
        """Everything that is settled at once."""
        return self.item, *self.others

    def needs_suspense(self) -> None:
        """Refused unless the money of this exception stands in suspense."""
        if not self.item.suspended:
            why = f"{self.item.exception_id} ({self.item.kind}) has no money in suspense"
            raise Refused(f"{why}: it cannot be settled as {self.wish.as_what}.")

    def move(self, debit: str, credit: str) -> list[Transfer]:
        """Move the money of this exception."""
        return [self.line(self.item, 1, debit, credit, self.item.amount_cents)]

    def line(self, item: OpenItem, number: int, debit: str, credit: str, cents: int) -> Transfer:
        """One transfer of the settlement of one of the exceptions."""
        booking = Booking(item.gemeente, self.month, self.wish.now.date())
        return booking.move(f"resolved:{item.exception_id}", number, debit, credit, cents)
