"""The data model: every table, key and named constraint that the books rest on, the same on both databases.

Conventions: `*_cents` are whole cents; days are DATE; moments are ISO 8601 text with offset; months are `YYYY-MM`;
`sequence` columns count from 1. A table listed in `APPEND_ONLY` is never updated or deleted from; in `STATEFUL` only
the state column may change, along the transitions given there (see ledgers/schema/triggers.py for both).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    column,
    text,
)

from payments.states import DEAD, FILE_STEPS, PAYMENT_STEPS, RUN_STEPS, Steps

SCHEMA_VERSION = 4

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def code(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """A code or a user name."""
    return Column(name, String(40), primary_key=primary_key, nullable=nullable)


def month(name: str, *, nullable: bool = False) -> Column[str]:
    """A month as `YYYY-MM`."""
    return Column(name, String(7), nullable=nullable)


def moment(name: str) -> Column[str]:
    """A moment as ISO 8601 text with offset."""
    return Column(name, String(32), nullable=False)


def cents(name: str, *, nullable: bool = False) -> Column[int]:
    """An amount in whole cents."""
    return Column(name, BigInteger, nullable=nullable)


books = Table("books", metadata, Column("schema_version", Integer, primary_key=True), moment("created_at"))

staff = Table(
    "staff",
    metadata,
    code("user_name"),
    code("role"),
    code("added_by"),
    moment("added_at"),
    PrimaryKeyConstraint("user_name", "role"),
    CheckConstraint(
        "role IN ('administratie','finance','fiatteur','regievoerder','consulent','beheer','inzage')", name="known_role"
    ),
)

# Two accounts of one human being are one pair of eyes: `person` is what they share.
staff_persons = Table(
    "staff_persons",
    metadata,
    code("user_name", primary_key=True),
    code("person"),
    code("added_by"),
    moment("added_at"),
)

# --- registers -------------------------------------------------------------------------------------------------------

imports = Table(
    "imports",
    metadata,
    Column("import_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("sha256", String(64), nullable=False),
    month("from_month"),  # as it was said, or the month of that day; empty: benefits
    Column("dated", Boolean(name="dated", create_constraint=True), nullable=False),  # somebody said from which month
    Column("lines", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    code("imported_by"),
    moment("imported_at"),
    UniqueConstraint("kind", "sha256", "from_month", name="uq_imports_same_file"),
    CheckConstraint("kind IN ('creditors','clients','obligations','benefits')", name="known_kind"),
)

creditors = Table("creditors", metadata, code("creditor", primary_key=True))
clients = Table("clients", metadata, code("client", primary_key=True))
obligations = Table(
    "obligations",
    metadata,
    code("obligation", primary_key=True),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    UniqueConstraint("obligation", "client", name="uq_obligations_owner"),
)

# An IBAN stands for a creditor each time somebody enters it anew; only a second person makes it payable.
creditor_ibans = Table(
    "creditor_ibans",
    metadata,
    Column("creditor", String(40), ForeignKey("creditors.creditor"), nullable=False),
    Column("iban", String(34), nullable=False),
    Column("sequence", Integer, nullable=False),
    code("entered_by"),
    moment("entered_at"),
    PrimaryKeyConstraint("creditor", "iban", "sequence"),
    UniqueConstraint("creditor", "iban", "sequence", "entered_by", name="uq_creditor_ibans_enterer"),
)
iban_confirmations = Table(
    "iban_confirmations",
    metadata,
    Column("creditor", String(40), nullable=False),
    Column("iban", String(34), nullable=False),
    Column("sequence", Integer, nullable=False),
    code("entered_by"),
    code("confirmed_by"),
    Column("how", Text, nullable=False),
    moment("confirmed_at"),
    PrimaryKeyConstraint("creditor", "iban", "sequence"),
    ForeignKeyConstraint(
        ["creditor", "iban", "sequence", "entered_by"],
        [f"creditor_ibans.{c}" for c in ("creditor", "iban", "sequence", "entered_by")],
        name="fk_iban_confirmations_entered",
    ),
    CheckConstraint("confirmed_by <> entered_by", name="second_person"),
    CheckConstraint("length(how) > 0", name="how_said"),
)

creditor_versions = Table(
    "creditor_versions",
    metadata,
    Column("creditor", String(40), ForeignKey("creditors.creditor"), nullable=False),
    Column("sequence", Integer, nullable=False),
    month("from_month"),
    Column("import_id", Integer, ForeignKey("imports.import_id"), nullable=False),
    Column("name", String(70), nullable=False),
    Column("iban", String(34), nullable=False),
    Column("category", String(20), nullable=False),
    Column("reference_type", String(20), nullable=False),
    PrimaryKeyConstraint("creditor", "sequence"),
)

client_versions = Table(
    "client_versions",
    metadata,
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("sequence", Integer, nullable=False),
    month("from_month"),
    Column("import_id", Integer, ForeignKey("imports.import_id"), nullable=False),
    code("gemeente"),
    Column("name", String(70), nullable=False),
    code("household"),
    Column("birth_date", Date, nullable=False),
    Column("right_from", Date, nullable=False),
    Column("right_until", Date),
    Column("residence_ground", String(24), nullable=False),
    Column("must_integrate", Boolean(name="must_integrate", create_constraint=True), nullable=False),
    Column("decision", String(140)),
    Column("decision_date", Date),
    Column("mandate_date", Date),
    Column("iban", String(34)),
    Column("language", String(2)),
    PrimaryKeyConstraint("client", "sequence"),
)

obligation_versions = Table(
    "obligation_versions",
    metadata,
    Column("obligation", String(40), nullable=False),
    Column("sequence", Integer, nullable=False),
    month("from_month"),
    Column("import_id", Integer, ForeignKey("imports.import_id"), nullable=False),
    code("client"),
    Column("creditor", String(40), ForeignKey("creditors.creditor"), nullable=False),
    Column("category", String(20), nullable=False),
    cents("amount_cents"),
    Column("reference", String(140), nullable=False),
    month("first_covered"),
    month("last_covered", nullable=True),
    Column("frequency", String(10), nullable=False),
    PrimaryKeyConstraint("obligation", "sequence"),
    ForeignKeyConstraint(
        ["obligation", "client"], ["obligations.obligation", "obligations.client"], name="fk_obligation_versions_owner"
    ),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)

benefit_records = Table(
    "benefit_records",
    metadata,
    code("reference", primary_key=True),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    month("month"),
    Column("component", String(12), nullable=False),
    cents("amount_cents"),
    Column("suspended", Boolean(name="suspended", create_constraint=True), nullable=False),
    Column("import_id", Integer, ForeignKey("imports.import_id"), nullable=False),
    Column("deduction", String(12)),
    CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    CheckConstraint("(component = 'inhouding') = (deduction IS NOT NULL)", name="deduction_has_kind"),
    Index("ix_benefit_records_month", "month"),
)
Index(
    "uq_benefit_records_one_regular",
    benefit_records.c.client,
    benefit_records.c.month,
    unique=True,
    sqlite_where=text("component = 'regulier'"),
    postgresql_where=text("component = 'regulier'"),
)

grounds = Table(
    "grounds",
    metadata,
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("ground", String(12), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    Column("decision", String(140), nullable=False),
    Column("reassess_on", Date, nullable=False),
    code("added_by"),
    moment("added_at"),
    PrimaryKeyConstraint("client", "sequence"),
    CheckConstraint("until_day >= from_day", name="days_in_order"),
    CheckConstraint("reassess_on > from_day", name="reassessed_later"),
    CheckConstraint("ground IN ('ART_57','VRIJWILLIG','MAATWERK')", name="added_ground"),
)

holds = Table(
    "holds",
    metadata,
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("on_hold", Boolean(name="on_hold", create_constraint=True), nullable=False),
    Column("why", Text, nullable=False),
    code("decided_by"),
    moment("decided_at"),
    PrimaryKeyConstraint("client", "sequence"),
)

# --- the month -------------------------------------------------------------------------------------------------------

runs = Table(
    "runs",
    metadata,
    code("run_id", primary_key=True),
    code("gemeente"),
    month("month"),
    Column("sequence", Integer, nullable=False),
    Column("execution_date", Date, nullable=False),
    Column("state", String(24), nullable=False),
    code("made_by"),
    moment("made_at"),
    cents("benefit_cents"),  # the month so far, this run included
    cents("withheld_cents"),
    cents("remainder_cents"),
    Column(
        "ended_before", Integer, nullable=False, server_default="0"
    ),  # clients who ended before the month before: not held any more
    UniqueConstraint("gemeente", "month", "sequence", name="uq_runs_month_sequence"),
    CheckConstraint("benefit_cents = withheld_cents + remainder_cents", name="nothing_lost"),
    CheckConstraint("withheld_cents >= 0 AND remainder_cents >= 0", name="never_more_than_granted"),
)

# The outcome of a run for every client and obligation it looked at: the month as it stood after that run.
run_clients = Table(
    "run_clients",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    cents("benefit_cents"),
    cents("withheld_cents"),
    cents("remainder_cents"),
    PrimaryKeyConstraint("run_id", "client"),
    CheckConstraint("benefit_cents = withheld_cents + remainder_cents", name="nothing_lost"),
    CheckConstraint("withheld_cents >= 0 AND remainder_cents >= 0", name="never_more_than_granted"),
)
# What of a client's one-off money was counted as benefit by decision, the month so far: `catch_ups` says for what.
run_components = Table(
    "run_components",
    metadata,
    Column("run_id", String(40), nullable=False),
    Column("client", String(40), nullable=False),
    Column("component", String(12), nullable=False),
    cents("amount_cents"),
    PrimaryKeyConstraint("run_id", "client", "component"),
    ForeignKeyConstraint(
        ["run_id", "client"], ["run_clients.run_id", "run_clients.client"], name="fk_run_components_counted"
    ),
    CheckConstraint("component IN ('voorschot','nabetaling')", name="one_off"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)
run_held = Table(
    "run_held",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("obligation", String(40), nullable=False),  # empty: the client as a whole
    Column("reason", String(24), nullable=False),
    PrimaryKeyConstraint("run_id", "client", "obligation"),
)
run_shortfalls = Table(
    "run_shortfalls",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    Column("category", String(20), nullable=False),
    month("covers"),
    cents("needed_cents"),
    cents("available_cents"),
    cents("told_cents", nullable=True),  # told to be paid out, where the cost would have fitted but for that
    PrimaryKeyConstraint("run_id", "obligation", "covers"),
    CheckConstraint("needed_cents > 0 AND available_cents >= 0", name="amounts"),
)

# One covered month of one fixed cost is set apart once; again only after the time before was given back, which a
# trigger looks after (ledgers/schema/triggers.py): the two tables would point at each other.
withholdings = Table(
    "withholdings",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    month("covers"),
    Column("sequence", Integer, nullable=False),
    month("reaches"),  # the last month of the term, as frequent as it was then: a later version moves nothing
    cents("amount_cents"),
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    code("gemeente"),
    month("month"),
    code("client"),
    Column("creditor", String(40), ForeignKey("creditors.creditor"), nullable=False),
    Column("category", String(20), nullable=False),
    Column("component", String(12), nullable=False),  # of the benefit: regulier, or one-off money by decision
    PrimaryKeyConstraint("obligation", "covers", "sequence"),
    UniqueConstraint("obligation", "covers", "sequence", "amount_cents", name="uq_withholdings_amount"),
    CheckConstraint("component IN ('regulier','voorschot','nabetaling')", name="known_component"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
    CheckConstraint("reaches >= covers", name="months_in_order"),
    Index("ix_withholdings_month", "gemeente", "month"),
)
contributions = Table(
    "contributions",
    metadata,
    Column("obligation", String(40), nullable=False),
    month("covers"),
    Column("withholding", Integer, nullable=False),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    cents("amount_cents"),
    PrimaryKeyConstraint("obligation", "covers", "withholding", "client"),
    ForeignKeyConstraint(
        ["obligation", "covers", "withholding"],
        [f"withholdings.{name}" for name in ("obligation", "covers", "sequence")],
        name="fk_contributions_withholdings",
    ),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
)

payment_files = Table(
    "payment_files",
    metadata,
    code("file_id", primary_key=True),
    Column("run_id", String(40), ForeignKey("runs.run_id"), nullable=False),
    code("gemeente"),
    month("month"),
    Column("message_id", String(35), nullable=False, unique=True),
    Column("payment_information_id", String(35), nullable=False, unique=True),
    moment("created_at"),
    Column("execution_date", Date, nullable=False),
    Column("debtor_iban", String(34), nullable=False),
    Column("transactions", Integer, nullable=False),
    cents("control_sum_cents"),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("sha1", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    code("made_by"),
    UniqueConstraint("file_id", "made_by", "sha256", "control_sum_cents", name="uq_payment_files_approvable"),
    CheckConstraint("transactions > 0 AND control_sum_cents > 0", name="not_empty"),
)
file_findings = Table(
    "file_findings",
    metadata,
    Column("file_id", String(40), ForeignKey("payment_files.file_id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("payment_id", String(35)),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("file_id", "sequence"),
)
file_approvals = Table(
    "file_approvals",
    metadata,
    code("file_id", primary_key=True),
    code("made_by"),
    Column("sha256", String(64), nullable=False),
    cents("control_sum_cents"),
    code("approved_by"),
    moment("approved_at"),
    ForeignKeyConstraint(
        ["file_id", "made_by", "sha256", "control_sum_cents"],
        [f"payment_files.{c}" for c in ("file_id", "made_by", "sha256", "control_sum_cents")],
        name="fk_file_approvals_these_bytes",
    ),
    UniqueConstraint("file_id", "approved_by", name="uq_file_approvals_approver"),
    CheckConstraint("approved_by <> made_by", name="second_person"),
)
file_releases = Table(
    "file_releases",
    metadata,
    code("file_id", primary_key=True),
    code("approved_by"),
    code("released_by"),
    moment("released_at"),
    ForeignKeyConstraint(
        ["file_id", "approved_by"],
        ["file_approvals.file_id", "file_approvals.approved_by"],
        name="fk_file_releases_approved",
    ),
    CheckConstraint("released_by <> approved_by", name="second_person"),
)

# Taken back before it went to the bank: its payments are made anew, as new attempts.
file_cancellations = Table(
    "file_cancellations",
    metadata,
    Column("file_id", String(40), ForeignKey("payment_files.file_id"), primary_key=True),
    Column("why", Text, nullable=False),
    code("cancelled_by"),
    moment("cancelled_at"),
    CheckConstraint("length(why) > 0", name="why_said"),
)

payments = Table(
    "payments",
    metadata,
    Column("payment_id", String(35), primary_key=True),  # = EndToEndId
    Column("file_id", String(40), ForeignKey("payment_files.file_id"), nullable=False),
    Column("obligation", String(40), nullable=False),
    month("covers"),
    Column("withholding", Integer, nullable=False),
    cents("amount_cents"),
    code("client"),
    code("creditor"),
    Column("creditor_name", String(70), nullable=False),
    Column("creditor_iban", String(34), nullable=False),
    Column("remittance", String(140), nullable=False),
    Column("state", String(12), nullable=False),
    ForeignKeyConstraint(
        ["obligation", "covers", "withholding", "amount_cents"],
        [f"withholdings.{c}" for c in ("obligation", "covers", "sequence", "amount_cents")],
        name="fk_payments_amount_withheld",
    ),
    Index("ix_payments_file_id", "file_id"),
    Index("ix_payments_obligation_covers", "obligation", "covers"),
)
Index(
    "uq_payments_one_live",
    payments.c.obligation,
    payments.c.covers,
    unique=True,
    sqlite_where=column("state").not_in([state.value for state in DEAD]),
    postgresql_where=column("state").not_in([state.value for state in DEAD]),
)

# A list for the benefits office as it was handed over, to the byte.
remainder_files = Table(
    "remainder_files",
    metadata,
    month("month"),
    Column("number", Integer, nullable=False),
    Column("format", String(4), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("lines", Integer, nullable=False),
    cents("due_cents"),
    code("made_by"),
    moment("made_at"),
    PrimaryKeyConstraint("month", "number"),
    CheckConstraint("number > 0 AND lines > 0 AND due_cents >= 0", name="not_empty"),
    CheckConstraint("format IN ('csv','xlsx')", name="known_format"),
)

# What a list says of one client: first what it adds to what was told before, then how the month stood.
remainder_lists = Table(
    "remainder_lists",
    metadata,
    code("gemeente"),
    month("month"),
    Column("client", String(40), ForeignKey("clients.client"), nullable=False),
    Column("sequence", Integer, nullable=False),
    cents("amount_cents"),  # booked: remainder and money given back
    cents("refund_cents"),  # the part of it that was given back
    cents("whole_cents"),  # benefit that no run has counted; less than nothing where one has since: then it is booked
    Column("number", Integer),  # empty: told before lists had numbers
    cents("benefit_cents"),
    cents("withheld_cents"),
    cents("waiting_cents"),
    Column("advice", String(10), nullable=False),
    Column("reason", String(24), nullable=False),
    code("listed_by"),
    moment("listed_at"),
    PrimaryKeyConstraint("gemeente", "month", "client", "sequence"),
    ForeignKeyConstraint(
        ["month", "number"], ["remainder_files.month", "remainder_files.number"], name="fk_remainder_lists_file"
    ),
    CheckConstraint("amount_cents >= refund_cents AND refund_cents >= 0", name="amounts"),
    CheckConstraint("amount_cents + whole_cents >= 0", name="never_taken_back"),
    CheckConstraint("advice IN ('uitbetalen','wachten')", name="known_advice"),
    Index("ix_remainder_lists_month", "month"),
)

# --- the books -------------------------------------------------------------------------------------------------------

transfers = Table(
    "transfers",
    metadata,
    Column("event_key", String(100), nullable=False),
    Column("line", Integer, nullable=False),
    code("gemeente"),
    month("month"),
    Column("booked_on", Date, nullable=False),
    Column("debit", String(60), nullable=False),
    Column("credit", String(60), nullable=False),
    cents("amount_cents"),
    PrimaryKeyConstraint("event_key", "line"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
    CheckConstraint("debit <> credit", name="two_accounts"),
    Index("ix_transfers_gemeente_month", "gemeente", "month"),
)

audit_trail = Table(
    "audit_trail",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    moment("at"),
    code("actor"),
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),  # keys and figures as canonical JSON; never personal data
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

APPEND_ONLY: tuple[Table, ...] = (
    books,
    staff,
    staff_persons,
    imports,
    creditors,
    clients,
    obligations,
    creditor_ibans,
    iban_confirmations,
    creditor_versions,
    client_versions,
    obligation_versions,
    benefit_records,
    grounds,
    holds,
    run_clients,
    run_held,
    run_components,
    run_shortfalls,
    withholdings,
    contributions,
    file_findings,
    file_approvals,
    file_releases,
    file_cancellations,
    remainder_files,
    remainder_lists,
    transfers,
    audit_trail,
)


def same_withholding(other: Any, withheld: Any) -> ColumnElement[bool]:
    """Whether a row that names a withholding (a share, a payment, a giving back) stands for this one."""
    return and_(
        other.obligation == withheld.obligation,
        other.covers == withheld.covers,
        other.withholding == withheld.sequence,
    )


def of_one_withholding(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether two rows that each name a withholding name the same one."""
    return and_(one.obligation == other.obligation, one.covers == other.covers, one.withholding == other.withholding)


# state column: allowed steps
STATEFUL: dict[Table, Steps] = {runs: RUN_STEPS, payment_files: FILE_STEPS, payments: PAYMENT_STEPS}
