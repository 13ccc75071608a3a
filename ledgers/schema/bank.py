"""The data model of the bank's answers: statements that follow each other, their lines, and what became of them.

What a bank writes is Text: its ids and codes are often longer than the standard allows, and none is cut here.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ledgers.schema.core import cents, code, metadata, moment, month

bank_files = Table(
    "bank_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("message_id", Text),
    code("read_by"),
    moment("read_at"),
)

# A statement carries the closing balance of its predecessor as its opening balance: the database refuses any other.
bank_statements = Table(
    "bank_statements",
    metadata,
    Column("statement", String(60), primary_key=True),
    code("gemeente"),
    Column("account", String(34), nullable=False),
    Column("format", String(10), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("previous", Integer),
    Column("bank_statement_id", Text, nullable=False),  # in a key: see statements.LONGEST_ID
    Column("day", Date, nullable=False),
    cents("opening_cents"),
    cents("closing_cents"),
    Column("content_sha256", String(64), nullable=False),
    Column("file_sha256", String(64), ForeignKey("bank_files.sha256"), nullable=False),
    UniqueConstraint("account", "sequence", name="uq_bank_statements_sequence"),
    UniqueConstraint("account", "sequence", "closing_cents", name="uq_bank_statements_closing"),
    UniqueConstraint("account", "bank_statement_id", "day", name="uq_bank_statements_identity"),
    ForeignKeyConstraint(
        ["account", "previous", "opening_cents"],
        [f"bank_statements.{name}" for name in ("account", "sequence", "closing_cents")],
        name="fk_bank_statements_follows",
    ),
    CheckConstraint(
        "(sequence = 1 AND previous IS NULL) OR (previous IS NOT NULL AND previous = sequence - 1)", name="chained"
    ),
)

bank_lines = Table(
    "bank_lines",
    metadata,
    Column("line_id", String(80), primary_key=True),
    Column("statement", String(60), ForeignKey("bank_statements.statement"), nullable=False),
    cents("amount_cents"),
    Column("direction", String(4), nullable=False),
    Column("booking_date", Date, nullable=False),
    Column("end_to_end_id", Text),
    Column("mentioned", Text, nullable=False),  # JSON list of EndToEndIds
    Column("payment_information_id", Text),
    Column("message_id", Text),
    Column("transactions", Integer),
    Column("counterparty_iban", Text),
    Column("counterparty_name", Text),
    Column("text", Text, nullable=False),
    Column("is_return", Integer, nullable=False),
    Column("reason", Text),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
    CheckConstraint("direction IN ('CRDT','DBIT')", name="known_direction"),
    Index("ix_bank_lines_statement", "statement"),
)

# What a line was for one of our payments; the key refuses a second booking or a second return of one payment.
settlements = Table(
    "settlements",
    metadata,
    Column("payment_id", String(35), ForeignKey("payments.payment_id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("line_id", String(80), ForeignKey("bank_lines.line_id"), nullable=False),
    Column("booked_on", Date, nullable=False),
    cents("amount_cents"),
    Column("reason", Text),
    PrimaryKeyConstraint("payment_id", "kind"),
    CheckConstraint("kind IN ('booked','returned','rejected_debited','rejected_credited')", name="known_kind"),
    Index("ix_settlements_line_id", "line_id"),
)

# A payment in several lines: what each line beside the settlement's own one is of it. What came back in part has no
# settlement until the rest is back too.
settlement_parts = Table(
    "settlement_parts",
    metadata,
    Column("line_id", String(80), ForeignKey("bank_lines.line_id"), nullable=False),
    Column("payment_id", String(35), ForeignKey("payments.payment_id"), nullable=False),
    Column("kind", String(20), nullable=False),
    cents("amount_cents"),
    PrimaryKeyConstraint("line_id", "payment_id"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
    CheckConstraint("kind IN ('booked','returned')", name="known_kind"),
    Index("ix_settlement_parts_payment_id", "payment_id", "kind"),
)

rejections = Table(
    "rejections",
    metadata,
    Column("payment_id", String(35), ForeignKey("payments.payment_id"), primary_key=True),
    Column("file_sha256", String(64), ForeignKey("bank_files.sha256")),  # empty: a person said so
    Column("level", String(24), nullable=False),
    Column("reason", Text),
    Column("rejected_on", Date, nullable=False),
)

# What the bank found about name and account of a payee (Verification of Payee): it rejects nothing.
payee_verifications = Table(
    "payee_verifications",
    metadata,
    Column("file_sha256", String(64), ForeignKey("bank_files.sha256"), nullable=False),
    Column("payment_id", String(35), ForeignKey("payments.payment_id"), nullable=False),
    code("creditor"),
    Column("iban", String(34), nullable=False),
    Column("result", String(4), nullable=False),
    Column("told_on", Date, nullable=False),
    PrimaryKeyConstraint("file_sha256", "payment_id"),
    CheckConstraint("result IN ('RCVC','RVMC','RVNM','RVNA')", name="known_result"),
    Index("ix_payee_verifications_creditor", "creditor", "iban"),
)

exceptions = Table(
    "exceptions",
    metadata,
    Column("exception_id", String(100), primary_key=True),
    Column("kind", String(30), nullable=False),
    code("gemeente"),
    month("month"),
    Column("line_id", String(80), ForeignKey("bank_lines.line_id")),
    Column("payment_id", String(35), ForeignKey("payments.payment_id")),
    Column("client", String(40), ForeignKey("clients.client")),
    cents("amount_cents"),
    Column("direction", String(4), nullable=False),  # of the line that waits in suspense; empty where none does
    Column("reason", Text, nullable=False),
    Column("candidates", Text, nullable=False),  # JSON list of payments or clients
    Column("since", Date, nullable=False),
    code("owner"),  # the role that has to act
    CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    Index("ix_exceptions_line_id", "line_id"),
)
# Each settlement of an exception by a person or a later answer of the bank. The newest counts, and only what was
# parked in suspense can be settled once more: the database refuses a successor of anything else.
exception_resolutions = Table(
    "exception_resolutions",
    metadata,
    Column("exception_id", String(100), ForeignKey("exceptions.exception_id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("previous", Integer),
    Column("after_what", String(30)),
    Column("as_what", String(30), nullable=False),
    Column("why", Text, nullable=False),
    Column("client", String(40), ForeignKey("clients.client")),
    code("resolved_by"),
    moment("resolved_at"),
    PrimaryKeyConstraint("exception_id", "sequence"),
    UniqueConstraint("exception_id", "sequence", "as_what", name="uq_exception_resolutions_what"),
    ForeignKeyConstraint(
        ["exception_id", "previous", "after_what"],
        [f"exception_resolutions.{name}" for name in ("exception_id", "sequence", "as_what")],
        name="fk_exception_resolutions_follows",
    ),
    CheckConstraint(
        "(sequence = 1 AND previous IS NULL AND after_what IS NULL) OR (previous IS NOT NULL AND after_what IS NOT NULL"
        " AND previous = sequence - 1 AND after_what = 'suspense' AND as_what <> 'suspense')",
        name="only_parked_again",
    ),
    CheckConstraint("length(why) > 0", name="why_said"),
)

# Who gets how much of what was settled as refund_to_client.
refund_shares = Table(
    "refund_shares",
    metadata,
    Column("exception_id", String(100), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    cents("amount_cents"),
    PrimaryKeyConstraint("exception_id", "sequence", "client"),
    ForeignKeyConstraint(
        ["exception_id", "sequence"],
        ["exception_resolutions.exception_id", "exception_resolutions.sequence"],
        name="fk_refund_shares_exception_resolutions",
    ),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)

# A new attempt at a payment that came back, made by the next run of its month.
resubmissions = Table(
    "resubmissions",
    metadata,
    Column("obligation", String(40), nullable=False),
    month("covers"),
    Column("withholding", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("exception_id", String(100), ForeignKey("exceptions.exception_id"), nullable=False, unique=True),
    PrimaryKeyConstraint("obligation", "covers", "attempt"),
    ForeignKeyConstraint(
        ["obligation", "covers", "withholding"],
        [f"withholdings.{name}" for name in ("obligation", "covers", "sequence")],
        name="fk_resubmissions_withholdings",
    ),
    CheckConstraint("attempt > 1", name="later_attempt"),
)

# Money that was set apart for a creditor and is not paid by that: the clients who contributed have it again. Where
# `plan_anew`, a run may set it apart once more; where not, the benefits office was told before, and it is the clients'.
given_back = Table(
    "given_back",
    metadata,
    Column("obligation", String(40), nullable=False),
    month("covers"),
    Column("withholding", Integer, nullable=False),
    cents("amount_cents"),
    Column("plan_anew", Boolean(name="plan_anew", create_constraint=True), nullable=False),
    Column("after_run", Integer, nullable=False),  # sequence of the newest run of its benefit month by then
    Column("file_id", String(40), ForeignKey("file_cancellations.file_id")),  # the file that was taken back, if any
    Column("why", Text, nullable=False),
    code("given_back_by"),
    moment("given_back_at"),
    PrimaryKeyConstraint("obligation", "covers", "withholding"),
    ForeignKeyConstraint(
        ["obligation", "covers", "withholding", "amount_cents"],
        [f"withholdings.{name}" for name in ("obligation", "covers", "sequence", "amount_cents")],
        name="fk_given_back_amount_withheld",
    ),
    CheckConstraint("length(why) > 0", name="why_said"),
)

month_closings = Table(
    "month_closings",
    metadata,
    Column("month", String(7), primary_key=True),
    code("closed_by"),
    moment("closed_at"),
    cents("bank_cents"),
    cents("books_cents"),
    CheckConstraint("bank_cents = books_cents", name="bank_equals_books"),
)

BANK_APPEND_ONLY: tuple[Table, ...] = (
    bank_files,
    bank_statements,
    bank_lines,
    settlements,
    settlement_parts,
    rejections,
    payee_verifications,
    exceptions,
    exception_resolutions,
    refund_shares,
    resubmissions,
    given_back,
    month_closings,
)
"""Tables that only ever grow, like those in ledgers.schema.core.APPEND_ONLY."""

LOCKED_BY_CLOSING = ("transfers", "runs")
"""Tables of which no row may be added any more for a closed month."""
