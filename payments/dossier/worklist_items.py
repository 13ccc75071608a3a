"""What a worklist is made of: an item with its kind and cause, the look at a client, and what it is measured by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum

from payments.dossier.case import Case
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Junction
from payments.month import Month
from payments.plan.withholding import Policy


class ItemKind(StrEnum):
    """What an item is about; of items of one day the first of these goes first."""

    STALE_FILE = "stale_file"
    LAPSED = "lapsed"
    GROUND_ENDS = "ground_ends"
    NO_MANDATE = "no_mandate"
    NO_DECISION = "no_decision"
    SHORTAGE = "shortage"
    RETURNED = "returned"
    PAYEE_NAME = "payee_name"
    IBAN_UNCONFIRMED = "iban_unconfirmed"
    DOUBLE_COST = "double_cost"
    GAP_OR_OVERLAP = "gap_or_overlap"
    COST_MISSING = "cost_missing"
    END_TO_CONFIRM = "end_to_confirm"
    REASSESSMENT_DUE = "reassessment_due"
    ASSESSMENT_DUE = "assessment_due"
    AFTERCARE = "aftercare"
    PARAMETER_REVIEW = "parameter_review"


class Cause(Enum):
    """What exactly is the matter: each has a sentence of its own, made of the facts named beside it."""

    STALE_FILE = "stale_file", ItemKind.STALE_FILE  # file, obligations, whys
    GROUND_ENDS = "ground_ends", ItemKind.GROUND_ENDS  # weeks
    RIGHT_ENDS = "right_ends", ItemKind.GROUND_ENDS  # weeks
    GROUND_GAP = "ground_gap", ItemKind.GROUND_ENDS  # days, again
    UNPAID_GAP = "unpaid_gap", ItemKind.GROUND_ENDS  # days, again, paydays, unpaid
    NO_GROUND = "no_ground", ItemKind.LAPSED
    RIGHT_ENDED = "right_ended", ItemKind.LAPSED
    PERIOD_UNDECIDED = "period_undecided", ItemKind.LAPSED
    NO_DECISION = "no_decision", ItemKind.NO_DECISION
    NO_DECISION_DATE = "no_decision_date", ItemKind.NO_DECISION  # decision
    NO_MANDATE = "no_mandate", ItemKind.NO_MANDATE
    MANDATE_REVOKED = "mandate_revoked", ItemKind.NO_MANDATE
    SHORTAGE = "shortage", ItemKind.SHORTAGE  # obligations, each with its benefit month
    OPEN_ITEM = "open_item", ItemKind.RETURNED  # exception, code
    PAYEE_NAME = "payee_name", ItemKind.PAYEE_NAME  # creditor, said, exception
    IBAN_UNCONFIRMED = "iban_unconfirmed", ItemKind.IBAN_UNCONFIRMED  # obligations
    DOUBLE_COST = "double_cost", ItemKind.DOUBLE_COST  # obligation, first
    GAP = "gap", ItemKind.GAP_OR_OVERLAP  # obligation, last, expected, first_own
    OVERLAP = "overlap", ItemKind.GAP_OR_OVERLAP  # obligation, last, expected, first_own
    LEFT_BEHIND = "left_behind", ItemKind.GAP_OR_OVERLAP  # obligation, last, expected
    SHARED_STOPS = "shared_stops", ItemKind.GAP_OR_OVERLAP  # obligation, amount, held, partner, last, expected
    NOBODY = "nobody", ItemKind.GAP_OR_OVERLAP  # obligations, each with its months
    BOTH = "both", ItemKind.GAP_OR_OVERLAP  # obligations, each with its months
    COST_MISSING = "cost_missing", ItemKind.COST_MISSING  # category, expected
    STRANDED = "stranded", ItemKind.GAP_OR_OVERLAP  # obligation, expected, amount
    END = "end", ItemKind.END_TO_CONFIRM  # by
    EARLY_END = "early_end", ItemKind.END_TO_CONFIRM  # by, reason
    UNEXPLAINED_END = "unexplained_end", ItemKind.END_TO_CONFIRM  # by, reason
    REASSESSMENT = "reassessment", ItemKind.REASSESSMENT_DUE  # ground, decision
    ASSESSMENT = "assessment", ItemKind.ASSESSMENT_DUE  # months
    LAST_ASSESSMENT = "last_assessment", ItemKind.ASSESSMENT_DUE
    MISSED_ASSESSMENT = "missed_assessment", ItemKind.ASSESSMENT_DUE  # missed, months, due
    MISSED_TO_THE_LAST = "missed_to_the_last", ItemKind.ASSESSMENT_DUE  # missed, due
    ARREARS = "arrears", ItemKind.AFTERCARE
    AFTERCARE = "aftercare", ItemKind.AFTERCARE  # months, ended
    PARAMETER = "parameter", ItemKind.PARAMETER_REVIEW  # name, basis

    @property
    def kind(self) -> ItemKind:
        """The kind that it belongs to."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One thing to do; `day` is when it must be done, or since when it should have been. No client: for the office."""

    client: str
    cause: Cause
    day: date
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> ItemKind:
        """The stable code of what it is about."""
        return self.cause.kind


@dataclass(frozen=True, slots=True)
class Look:
    """One client's case with what the rules of an ordinary end say of it."""

    case: Case
    verdict: Verdict
    junctions: tuple[Junction, ...]
    payday: int
    policy: Policy
    ran: frozenset[Month]  # the benefit months that this gemeente has run
    coming: tuple[Month, ...] = ()  # benefit months that will still be paid


@dataclass(frozen=True, slots=True)
class Measures:
    """The legal values that a worklist is measured by."""

    warn_weeks: tuple[int, ...]
    reassessment_months: int
    aftercare_months: tuple[int, ...] = ()  # after an ordinary end


@dataclass(frozen=True, slots=True)
class Outdated:
    """A value of the configuration that should have been looked at again by a day."""

    name: str
    basis: str
    review_by: date
