"""What office and client call each code: states, reasons and categories, each in one place."""

from payments.parties import Category, DeductionKind
from payments.plan.grounds import HeldReason
from payments.plan.stale_payments import Different
from payments.states import FileState, PaymentState, RunState, SettlementKind

COST_NAMES = {
    Category.RENT: "Huur",
    Category.ENERGY: "Energie",
    Category.WATER: "Water",
    Category.HEALTH_INSURANCE: "Zorgverzekering",
    Category.OTHER: "Andere kosten",
}
ACCOUNTS = {
    "benefit_clearing": "uitkering te verrekenen",
    "client": "van cliënten",
    "creditor": "voor schuldeisers",
    "in_transit": "onderweg",
    "returned": "teruggekomen",
    "bank": "bank",
    "opening_balance": "beginsaldo",
    "suspense": "tussenrekening",
    "to_forward": "door te sturen",
}
FILE_STATES: dict[str, str] = {
    FileState.GENERATED: "klaargezet",
    FileState.APPROVED: "goedgekeurd",
    FileState.RELEASED: "aangeboden",
    FileState.ACCEPTED: "in behandeling",
    FileState.PARTLY_REJECTED: "deels geweigerd",
    FileState.REJECTED: "geweigerd",
    FileState.CANCELLED: "vervallen",
}
EXECUTED = "uitgevoerd"  # an accepted file of which the bank has answered every payment
RUN_STATES: dict[str, str] = {
    "not_started": "nog niet gestart",
    "planned": "gepland",
    RunState.WAITING_FOR_APPROVAL: "wacht op goedkeuring",
    RunState.DONE: "afgerond",
}
PAYMENT_STATES: dict[str, str] = {
    PaymentState.PLANNED: "klaargezet",
    PaymentState.INSTRUCTED: "aangeboden",
    PaymentState.BOOKED: "uitgevoerd",
    PaymentState.SETTLED: "definitief",
    PaymentState.RETURNED: "teruggeboekt",
    PaymentState.REJECTED: "geweigerd",
    PaymentState.CANCELLED: "vervallen",
}
DEDUCTIONS: dict[str, str] = {
    DeductionKind.SETTLEMENT: "verrekening",
    DeductionKind.REPAYMENT: "aflossing",
    DeductionKind.SEIZURE: "beslag",
    DeductionKind.MEASURE: "maatregel",
    DeductionKind.OTHER: "overige inhouding",
}
HELD_REASONS: dict[str, str] = {
    HeldReason.NOT_IN_SCOPE: "valt niet onder financieel ontzorgen",
    HeldReason.RIGHT_NOT_STARTED: "recht op bijstand is nog niet begonnen",
    HeldReason.RIGHT_ENDED: "recht op bijstand is geëindigd",
    HeldReason.NO_DECISION: "geen beschikking",
    HeldReason.NO_MANDATE: "geen machtiging",
    HeldReason.NO_GROUND: "geen wettelijke grondslag op de betaaldag",
    HeldReason.ON_HOLD: "aangehouden door een medewerker",
    HeldReason.ENDED: "ontzorgen is beëindigd",
    HeldReason.NO_BENEFIT: "geen uitkering in deze maand",
    HeldReason.SUSPENDED: "uitkering is opgeschort",
    HeldReason.IBAN_UNCONFIRMED: "rekening van de schuldeiser is niet bevestigd; het geld blijft gereserveerd",
    HeldReason.CREDITOR_CHANGED: "gereserveerd voor een andere schuldeiser; een medewerker moet kiezen",
    HeldReason.TERM_OVERLAP: "een eerdere betaling dekt al een deel van deze termijn; een medewerker moet kiezen",
    HeldReason.DOUBLE_COST: "dezelfde rekening staat al onder een andere code; een medewerker moet kiezen",
    HeldReason.NOT_DUE: "gereserveerd, maar hoeft niet meer betaald te worden; een medewerker moet kiezen",
    HeldReason.PAYMENT_REFUSED: "de bank zou deze betaling weigeren, of zij is boven de grens; kijk kenmerk, namen, "
    "rekening en bedrag na",
    HeldReason.OTHER_NOT_ALLOWED: "overige kosten mogen alleen met art. 57 of vrijwillig",
}
STALE_REASONS: dict[str, str] = HELD_REASONS | {
    HeldReason.IBAN_UNCONFIRMED: "rekening van de schuldeiser is niet bevestigd",
    Different.AMOUNT_CHANGED: "het bedrag is veranderd",
    Different.CREDITOR_CHANGED: "de schuldeiser of het rekeningnummer is veranderd",
    Different.NOT_DUE: "hoeft niet meer betaald te worden",
    Different.HANDED_OVER: "de klant betaalt deze maand zelf",
    Different.SHORTFALL: "past niet meer in de uitkering",
}
BANK_LINES: dict[str, str] = {
    SettlementKind.BOOKED: "Afgeschreven",
    SettlementKind.RETURNED: "Teruggeboekt",
    SettlementKind.REJECTED_DEBITED: "Toch afgeschreven",
    SettlementKind.REJECTED_CREDITED: "Weer bijgeschreven",
}
