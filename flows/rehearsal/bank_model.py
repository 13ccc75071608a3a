"""What a simulated bank is told, does and says: its habits, the events asked for, its entries and its own record."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.rehearsal.bank_reader import Instruction, ReadTransfer

NOT_PROVIDED = "NOTPROVIDED"
Version = Literal["camt.053.001.02", "camt.053.001.08"]
Opening = Literal["both", "PRCD", "OPBD"]  # ING gives both, ABN AMRO the first, SNS the second
Fault = Literal[
    "repeated",
    "overlap",
    "gap",
    "closing_off_by_a_cent",  # in how statements are delivered
    "amount_off_by_a_cent",
    "batch_count_wrong",  # in how a payment or a batch is booked
]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a bank behaves; the defaults are gross batches with details and all references handed on.

    `references` says what a debit hands back of ours. full: EndToEndId, PmtInfId and MsgId. batch_only: PmtInfId, in a
    batch with count and total. none: nothing; a batch with details then has a MsgId of the bank's own (ABN AMRO), one
    without is only a date and a total. `details` says whether a batch entry lists its payments; a single entry always
    has its own. A payment whose EndToEndId is not handed on says NOTPROVIDED.
    """

    booking: Literal["batch", "single"] = "batch"
    details: bool = True
    references: Literal["full", "batch_only", "none"] = "full"
    net: bool = False  # a batch is debited less its rejects; else the whole of it, and each reject credited apart
    return_references: bool = True  # else, as ING: reason, the creditor's account, amount and text
    verification: bool = False  # tells of accepted payments whose payee's name does not quite fit the account
    version: Version = "camt.053.001.02"
    opening: Opening = "both"

    @property
    def counts(self) -> bool:
        """Whether a debit says how many payments are in it."""
        return self.booking == "batch" and (self.details or self.references != "none")


@dataclass(frozen=True, slots=True)
class BankPlan:
    """What is to happen to the payments of one file, each at most once, and around them."""

    returns: int = 0
    rejects: int = 0
    refunds: int = 0
    stray_credits: int = 0
    stray_debits: int = 0
    fault: Fault | None = None

    @property
    def payments(self) -> int:
        """How many payments of the file it needs."""
        return self.returns + self.rejects + self.refunds


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing the bank really did, for a test to hold the books against; only `booked` to `stray_debit` move money.

    A rejected payment costs nothing in the end: it is not debited, or debited and credited on one day.
    """

    kind: Literal["booked", "rejected", "returned", "refund", "stray_credit", "stray_debit", "duplicate", "fault"]
    end_to_end_id: str | None
    amount_cents: int
    day: date
    reason: str | None = None  # the bank's code, or the name of the fault

    @property
    def signed_cents(self) -> int:
        """What it does to the balance."""
        if self.kind in {"booked", "stray_debit"}:
            return -self.amount_cents
        return self.amount_cents if self.kind in {"returned", "refund", "stray_credit"} else 0


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transaction under an entry: the other party, and whichever of our references the bank hands on."""

    amount_cents: int
    role: Literal["Dbtr", "Cdtr"]  # as what the bank names the other party
    name: str
    iban: str
    text: str
    issuer: str | None = None
    references: tuple[tuple[str, str], ...] = ()  # element and value, in the order of the schema
    reason: str | None = None  # why money came back


@dataclass(frozen=True, slots=True)
class BankBatch:
    """The summary over a batch."""

    message_id: str | None
    payment_information_id: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry on the account; negative when money leaves it."""

    day: date
    signed_cents: int
    code: tuple[str, str, str]  # domain, family, subfamily
    bank_reference: str
    batch: BankBatch | None = None
    lines: tuple[StatementLine, ...] = ()
    information: str | None = None
    happened: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class BankStatement:
    """The entries of one account over one day, or over more when the bank overlaps."""

    account_iban: str
    number: int
    previous_day: date
    first_day: date
    last_day: date
    opening_cents: int
    closing_cents: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class BankVerdict:
    """What the bank says of one payment before booking it: RJCT, or what the check of the payee's name found."""

    transfer: ReadTransfer
    status: Literal["RJCT", "RVMC", "RVNM"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BankReport:
    """A pain.002 about one file: the verdicts on its payments, or the reason why the whole of it is refused."""

    message_id: str
    day: date
    instruction: Instruction
    verdicts: tuple[BankVerdict, ...]
    refused_because: str | None = None
