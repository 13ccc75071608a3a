"""An exception in the hands of a person: what they ask for, and the transfers that it may become."""

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


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for."""

    exception_id: str
    as_what: AsWhat
    why: str
    payments: tuple[str, ...]
    client: str | None
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
