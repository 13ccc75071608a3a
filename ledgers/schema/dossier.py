"""The data model of the road to self-reliance: trajectories, what was observed, handed over, decided and told."""

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
    column,
)

from ledgers.schema.core import cents, code, metadata, moment, month
from payments.states import STORED_TRAJECTORY, TRAJECTORY_STEPS, Steps, TrajectoryState

_STORED = ",".join(f"'{state}'" for state in STORED_TRAJECTORY)


def _client() -> Column[str]:
    return Column("client", String(40), ForeignKey("clients.client"), nullable=False)


# One stretch of ontzorgen of one adult. `lapsed` is no state here: it follows from the grounds and the day.
trajectories = Table(
    "trajectories",
    metadata,
    _client(),
    Column("number", Integer, nullable=False),
    Column("opened_on", Date, nullable=False),  # the day the right to bijstand arose, as it was known then
    Column("why", Text, nullable=False),
    code("opened_by"),
    moment("opened_at"),
    Column("state", String(12), nullable=False),
    PrimaryKeyConstraint("client", "number"),
    CheckConstraint("number > 0", name="counted"),
    CheckConstraint(f"state IN ({_STORED})", name="known_state"),
    CheckConstraint("length(why) > 0", name="why_said"),
)
Index(
    "uq_trajectories_one_open",
    trajectories.c.client,
    unique=True,
    sqlite_where=column("state") != TrajectoryState.ENDED.value,
    postgresql_where=column("state") != TrajectoryState.ENDED.value,
)

# A person said that an obligation is a bill of its own, though another of the household looks the same.
accepted_doubles = Table(
    "accepted_doubles",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), primary_key=True),
    Column("why", Text, nullable=False),
    code("accepted_by"),
    moment("accepted_at"),
    CheckConstraint("length(why) > 0", name="why_said"),
)

# What happened in a life, told by a person; `on_day` is the first day (right_ended: the last day of the right).
events = Table(
    "events",
    metadata,
    _client(),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("why", Text, nullable=False),
    Column("decision", String(140)),
    code("recorded_by"),
    moment("recorded_at"),
    PrimaryKeyConstraint("client", "sequence"),
    CheckConstraint(
        "kind IN ('right_ended','suspended','resumed','moved_within','moved_out','partner_joined','partner_left',"
        "'mandate_revoked','mandate_given','death','arrears','no_arrears')",
        name="known_kind",
    ),
    CheckConstraint("length(why) > 0", name="why_said"),
)

# A right that arose again after an interruption: a person decides whether the old six months run on or new ones start.
period_decisions = Table(
    "period_decisions",
    metadata,
    _client(),
    Column("right_from", Date, nullable=False),
    Column("decided", String(8), nullable=False),
    Column("period_from", Date, nullable=False),
    Column("why", Text, nullable=False),
    code("decided_by"),
    moment("decided_at"),
    PrimaryKeyConstraint("client", "right_from"),
    CheckConstraint("decided IN ('continue','new')", name="known_decision"),
    CheckConstraint(
        "(decided = 'new' AND period_from = right_from) OR (decided = 'continue' AND period_from < right_from)",
        name="period_fits",
    ),
    CheckConstraint("length(why) > 0", name="why_said"),
)

assessments = Table(
    "assessments",
    metadata,
    _client(),
    Column("trajectory", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("assessed_on", Date, nullable=False),
    Column("checklist", String(20), nullable=False),  # the version it was made with
    Column("waive_proof", Text),
    Column("content_sha256", String(64), nullable=False),
    code("assessed_by"),
    moment("assessed_at"),
    PrimaryKeyConstraint("client", "trajectory", "sequence"),
    ForeignKeyConstraint(
        ["client", "trajectory"], ["trajectories.client", "trajectories.number"], name="fk_assessments_trajectory"
    ),
    UniqueConstraint("client", "trajectory", "content_sha256", name="uq_assessments_same_file"),
    CheckConstraint("waive_proof IS NULL OR length(waive_proof) > 0", name="waiver_said"),
)
answers = Table(
    "answers",
    metadata,
    _client(),
    Column("trajectory", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("met", Boolean(name="met", create_constraint=True)),
    Column("score", Integer),
    Column("evidence", Text, nullable=False),
    PrimaryKeyConstraint("client", "trajectory", "sequence", "code"),
    ForeignKeyConstraint(
        ["client", "trajectory", "sequence"],
        [f"assessments.{name}" for name in ("client", "trajectory", "sequence")],
        name="fk_answers_assessment",
    ),
    CheckConstraint("(met IS NULL) <> (score IS NULL)", name="met_or_score"),
    CheckConstraint("score IS NULL OR score IN (0, 1, 2)", name="score_range"),
    CheckConstraint("length(evidence) > 0", name="evidence_given"),
)

# From `first_own` on the client pays this one; the newest row counts, a correction says why. With `back_from` the row
# takes its hand-over back: from that month on we pay again, and the months in between stay the client's own.
handovers = Table(
    "handovers",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    Column("sequence", Integer, nullable=False),
    month("first_own"),
    Column("method", String(12), nullable=False),
    month("back_from", nullable=True),
    Column("why", Text),
    code("recorded_by"),
    moment("recorded_at"),
    PrimaryKeyConstraint("obligation", "sequence"),
    CheckConstraint("method IN ('incasso','overboeking')", name="known_method"),
    CheckConstraint("back_from IS NULL OR (back_from >= first_own AND sequence > 1)", name="back_after_handed_over"),
    CheckConstraint("sequence = 1 OR (why IS NOT NULL AND length(why) > 0)", name="correction_said"),
)
handover_proofs = Table(
    "handover_proofs",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    month("covers"),
    Column("sequence", Integer, nullable=False),
    Column("paid", Boolean(name="paid", create_constraint=True), nullable=False),
    Column("why", Text),
    code("observed_by"),
    moment("observed_at"),
    PrimaryKeyConstraint("obligation", "covers", "sequence"),
    CheckConstraint("sequence = 1 OR (why IS NOT NULL AND length(why) > 0)", name="correction_said"),
)

# `reason` is empty for the ordinary end: then the floor is met and the checklist passed, or the row does not exist.
end_proposals = Table(
    "end_proposals",
    metadata,
    _client(),
    Column("trajectory", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("floor_date", Date, nullable=False),
    Column("reason", String(16)),
    Column("why", Text),
    Column("verdict", String(12), nullable=False),
    Column("assessment", Integer),
    Column("missing", Text, nullable=False),  # JSON list of codes: what an early end passed over
    code("proposed_by"),
    moment("proposed_at"),
    PrimaryKeyConstraint("client", "trajectory", "sequence"),
    UniqueConstraint(
        "client", "trajectory", "sequence", "proposed_by", "end_date", name="uq_end_proposals_confirmable"
    ),
    ForeignKeyConstraint(
        ["client", "trajectory"], ["trajectories.client", "trajectories.number"], name="fk_end_proposals_trajectory"
    ),
    ForeignKeyConstraint(
        ["client", "trajectory", "assessment"],
        [f"assessments.{name}" for name in ("client", "trajectory", "sequence")],
        name="fk_end_proposals_assessment",
    ),
    CheckConstraint(
        "reason IS NULL OR reason IN ('right_ended','moved','death','mandate_revoked','maatwerk')", name="early_reason"
    ),
    CheckConstraint("reason IS NOT NULL OR end_date >= floor_date", name="floor_met"),
    CheckConstraint(
        "reason IS NOT NULL OR (verdict = 'passed' AND assessment IS NOT NULL AND missing = '[]')",
        name="checklist_passed",
    ),
)
end_withdrawals = Table(
    "end_withdrawals",
    metadata,
    _client(),
    Column("trajectory", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("why", Text, nullable=False),
    code("withdrawn_by"),
    moment("withdrawn_at"),
    PrimaryKeyConstraint("client", "trajectory", "sequence"),
    ForeignKeyConstraint(
        ["client", "trajectory", "sequence"],
        [f"end_proposals.{name}" for name in ("client", "trajectory", "sequence")],
        name="fk_end_withdrawals_proposal",
    ),
    CheckConstraint("length(why) > 0", name="why_said"),
)
ends = Table(
    "ends",
    metadata,
    _client(),
    Column("trajectory", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("end_date", Date, nullable=False),
    code("proposed_by"),
    code("confirmed_by"),
    moment("confirmed_at"),
    PrimaryKeyConstraint("client", "trajectory"),
    ForeignKeyConstraint(
        ["client", "trajectory", "sequence", "proposed_by", "end_date"],
        [f"end_proposals.{name}" for name in ("client", "trajectory", "sequence", "proposed_by", "end_date")],
        name="fk_ends_as_proposed",
    ),
    CheckConstraint("confirmed_by <> proposed_by", name="second_person"),
)

# A covered month that somebody else paid, by the newest row; with no `paid_by` it is taken back. No run pays the months
# through `reaches` then.
paid_otherwise = Table(
    "paid_otherwise",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    month("covers"),
    Column("sequence", Integer, nullable=False),
    month("reaches"),
    Column("paid_by", String(24)),
    Column("why", Text, nullable=False),
    code("recorded_by"),
    moment("recorded_at"),
    PrimaryKeyConstraint("obligation", "covers", "sequence"),
    CheckConstraint("paid_by IN ('bijzondere_bijstand','client','krediet','verhuurder')", name="known_payer"),
    CheckConstraint("paid_by IS NOT NULL OR sequence > 1", name="taken_back_after_said"),
    CheckConstraint("reaches >= covers", name="months_in_order"),
    CheckConstraint("length(why) > 0", name="why_said"),
)
# A covered month that no run paid, to be paid by the run of a benefit month out of one component, by the newest row.
catch_ups = Table(
    "catch_ups",
    metadata,
    Column("obligation", String(40), ForeignKey("obligations.obligation"), nullable=False),
    month("covers"),
    Column("sequence", Integer, nullable=False),
    month("from_benefit"),
    Column("component", String(12), nullable=False),
    Column("why", Text, nullable=False),
    code("decided_by"),
    moment("decided_at"),
    PrimaryKeyConstraint("obligation", "covers", "sequence"),
    CheckConstraint("component IN ('regulier','voorschot','nabetaling')", name="known_component"),
    CheckConstraint("length(why) > 0", name="why_said"),
    Index("ix_catch_ups_from_benefit", "from_benefit"),
)
# A cost that everybody has and this client does not.
absent_costs = Table(
    "absent_costs",
    metadata,
    _client(),
    Column("category", String(20), nullable=False),
    Column("why", Text, nullable=False),
    code("recorded_by"),
    moment("recorded_at"),
    PrimaryKeyConstraint("client", "category"),
    CheckConstraint("category IN ('huur','energie','water','zorgverzekering')", name="expected_cost"),
    CheckConstraint("length(why) > 0", name="why_said"),
)

# Income and costs beside the benefit and the fixed costs, so that a forecast sees a deficit before it happens.
budget_lines = Table(
    "budget_lines",
    metadata,
    _client(),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(70), nullable=False),
    cents("amount_cents"),
    month("first_month"),
    month("last_month", nullable=True),
    code("recorded_by"),
    moment("recorded_at"),
    PrimaryKeyConstraint("client", "sequence"),
    CheckConstraint("kind IN ('toeslag','inkomen','aflossing','kosten')", name="known_kind"),
    CheckConstraint("amount_cents > 0", name="amount_positive"),
    CheckConstraint("last_month IS NULL OR last_month >= first_month", name="months_in_order"),
)

# What client or creditor was told, once per occasion; `obligation` is empty where it is about the client as a whole.
notices = Table(
    "notices",
    metadata,
    _client(),
    Column("obligation", String(40), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("about", Date, nullable=False),
    Column("text_sha256", String(64), nullable=False),  # of the facts that make the text: letters_due.facts_sha256
    code("made_by"),
    moment("made_at"),
    PrimaryKeyConstraint("client", "obligation", "kind", "about"),
)

# The worklist as a review found it; the same list again adds nothing.
reviews = Table(
    "reviews",
    metadata,
    code("gemeente"),
    Column("day", Date, nullable=False),
    Column("items_sha256", String(64), nullable=False),
    Column("items", Text, nullable=False),  # JSON: client, kind and date; no names
    code("made_by"),
    moment("made_at"),
    PrimaryKeyConstraint("gemeente", "day", "items_sha256"),
)

DOSSIER_APPEND_ONLY: tuple[Table, ...] = (
    events,
    period_decisions,
    assessments,
    answers,
    handovers,
    handover_proofs,
    end_proposals,
    end_withdrawals,
    ends,
    paid_otherwise,
    catch_ups,
    absent_costs,
    budget_lines,
    notices,
    reviews,
)
"""Tables that only ever grow, like those in ledgers.schema.core.APPEND_ONLY."""

DOSSIER_STATEFUL: dict[Table, Steps] = {trajectories: TRAJECTORY_STEPS}
