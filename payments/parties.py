"""Clients, creditors and obligations as the registers hold them for one benefit month."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.month import Month
from payments.references import ReferenceType


class Category(StrEnum):
    """What an obligation is for (`soort`)."""

    RENT = "huur"
    ENERGY = "energie"
    WATER = "water"
    HEALTH_INSURANCE = "zorgverzekering"
    OTHER = "overig"


class ResidenceGround(StrEnum):
    """The kind of residence permit (`verblijfsgrond`)."""

    ASYLUM_DEFINITE = "asiel_bepaalde_tijd"
    ASYLUM_INDEFINITE = "asiel_onbepaalde_tijd"
    REGULAR = "regulier"
    OTHER = "overig"


class Frequency(StrEnum):
    """How often an obligation falls due, counted from its first covered month (`frequentie`)."""

    MONTHLY = "maand"
    QUARTERLY = "kwartaal"
    HALF_YEARLY = "halfjaar"
    YEARLY = "jaar"
    ONCE = "eenmalig"  # a part of a month, a deposit, a settlement: for one covered month alone

    @property
    def months(self) -> int:
        """How many months one term covers."""
        return {"maand": 1, "kwartaal": 3, "halfjaar": 6, "jaar": 12, "eenmalig": 1}[self.value]


class Component(StrEnum):
    """What a benefit line is (`component`); the first two are counted for withholding, and a deduction against them."""

    REGULAR = "regulier"
    TOP_UP = "aanvulling"
    ADVANCE = "voorschot"
    BACK_PAYMENT = "nabetaling"
    CORRECTION = "correctie"
    DEDUCTION = "inhouding"


class DeductionKind(StrEnum):
    """What is deducted from a benefit (`inhouding_soort`)."""

    SETTLEMENT = "verrekening"
    REPAYMENT = "aflossing"
    SEIZURE = "beslag"
    MEASURE = "maatregel"
    OTHER = "overig"


@dataclass(frozen=True, slots=True)
class Client:
    """One adult as `clients.csv` describes them."""

    client: str  # klantnummer
    gemeente: str
    name: str
    household: str
    birth_date: date
    right_from: date
    right_until: date | None  # last day
    residence_ground: ResidenceGround
    must_integrate: bool  # inburgeringsplichtig
    decision: str | None  # reference of the beschikking
    decision_date: date | None
    mandate_date: date | None
    iban: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Creditor:
    """One payee as `creditors.csv` describes it."""

    creditor: str
    name: str
    iban: str
    category: Category
    reference_type: ReferenceType


@dataclass(frozen=True, slots=True)
class Obligation:
    """One fixed cost (`vaste last`) as `obligations.csv` describes it."""

    obligation: str
    client: str
    creditor: str
    category: Category
    amount_cents: int
    reference: str
    first_covered: Month
    last_covered: Month | None
    frequency: Frequency


@dataclass(frozen=True, slots=True)
class BenefitRecord:
    """One benefit line as the benefits office granted it."""

    reference: str
    client: str
    month: Month
    component: Component
    amount_cents: int
    suspended: bool
    deduction: DeductionKind | None = None  # of component inhouding, and of no other
