"""The states of a run, a payment file, a payment and a trajectory: the words, the steps between them, what they mean.

The tables, their triggers and every query are made from these lists; nothing of them is spelled a second time.
"""

from enum import StrEnum

Steps = tuple[tuple[StrEnum, StrEnum], ...]
"""From which state to which a row may go; the database refuses every other step."""


class RunState(StrEnum):
    """Where the run of one gemeente and month stands."""

    WAITING_FOR_APPROVAL = "waiting_for_approval"
    DONE = "done"


class FileState(StrEnum):
    """Where a payment file stands, from its making to the bank's answer."""

    GENERATED = "generated"
    APPROVED = "approved"
    RELEASED = "released"
    ACCEPTED = "accepted"
    PARTLY_REJECTED = "partly_rejected"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class PaymentState(StrEnum):
    """Where one payment stands."""

    PLANNED = "planned"
    INSTRUCTED = "instructed"
    BOOKED = "booked"
    SETTLED = "settled"
    REJECTED = "rejected"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class SettlementKind(StrEnum):
    """What a line of the bank did to a payment."""

    BOOKED = "booked"
    RETURNED = "returned"
    REJECTED_DEBITED = "rejected_debited"  # debited although it was refused
    REJECTED_CREDITED = "rejected_credited"  # and given back


class TrajectoryState(StrEnum):
    """Where a trajectory stands; `lapsed` is never stored: open, but without a ground nothing may be withheld."""

    OPEN = "open"
    LAPSED = "lapsed"
    END_PROPOSED = "end_proposed"
    ENDED = "ended"


WAITING_FILES = (FileState.GENERATED, FileState.APPROVED)
"""Files that the bank does not have yet."""

UNRELEASED_FILES = (*WAITING_FILES, FileState.CANCELLED)
"""Files that the bank never had."""

DEAD = (PaymentState.REJECTED, PaymentState.RETURNED, PaymentState.CANCELLED)
"""Payments that pay nothing any more: only beside these may another one stand for the same fixed cost and month."""

LIVE = tuple(state for state in PaymentState if state not in DEAD)
"""Payments that pay, or may still do so; at most one for a fixed cost and month."""

DEBITED = (PaymentState.BOOKED, PaymentState.SETTLED)
"""Payments that the bank made, and that did not come back."""

RELEASED = (PaymentState.INSTRUCTED, *DEBITED)
"""Live payments that went to the bank."""

ANSWERED = (*DEBITED, PaymentState.RETURNED)
"""Payments that the bank made, whatever happened to the money since."""

CAME_BACK = (PaymentState.RETURNED, PaymentState.REJECTED)
"""Payments that the bank did not make, or not for good."""

STORED_TRAJECTORY = tuple(state for state in TrajectoryState if state is not TrajectoryState.LAPSED)
"""What a trajectory's state can be in the books."""

RUN_STEPS: Steps = ((RunState.WAITING_FOR_APPROVAL, RunState.DONE),)

FILE_STEPS: Steps = (
    (FileState.GENERATED, FileState.APPROVED),
    (FileState.GENERATED, FileState.CANCELLED),
    (FileState.APPROVED, FileState.CANCELLED),
    (FileState.APPROVED, FileState.RELEASED),
    (FileState.RELEASED, FileState.ACCEPTED),
    (FileState.RELEASED, FileState.PARTLY_REJECTED),
    (FileState.RELEASED, FileState.REJECTED),
    (FileState.ACCEPTED, FileState.PARTLY_REJECTED),
    (FileState.PARTLY_REJECTED, FileState.REJECTED),
    (FileState.REJECTED, FileState.PARTLY_REJECTED),  # back, where a person found a refused payment paid after all
    (FileState.REJECTED, FileState.ACCEPTED),
    (FileState.PARTLY_REJECTED, FileState.ACCEPTED),
)

PAYMENT_STEPS: Steps = (
    (PaymentState.PLANNED, PaymentState.INSTRUCTED),
    (PaymentState.PLANNED, PaymentState.CANCELLED),
    (PaymentState.INSTRUCTED, PaymentState.BOOKED),
    (PaymentState.INSTRUCTED, PaymentState.REJECTED),
    (PaymentState.REJECTED, PaymentState.BOOKED),  # refused, and debited all the same: a person found that it was paid
    (PaymentState.BOOKED, PaymentState.SETTLED),
    (PaymentState.BOOKED, PaymentState.RETURNED),
    (PaymentState.SETTLED, PaymentState.RETURNED),
)

TRAJECTORY_STEPS: Steps = (
    (TrajectoryState.OPEN, TrajectoryState.END_PROPOSED),
    (TrajectoryState.END_PROPOSED, TrajectoryState.OPEN),
    (TrajectoryState.END_PROPOSED, TrajectoryState.ENDED),
)
