"""What office and client call each code: states, reasons and categories, each in one place."""

from payments.parties import Category

COST_NAMES = {
    Category.RENT: "Huur",
    Category.ENERGY: "Energie",
    Category.WATER: "Water",
    Category.HEALTH_INSURANCE: "Zorgverzekering",
    Category.OTHER: "Andere kosten",
}
FILE_STATES = {
    "generated": "klaargezet",
    "approved": "goedgekeurd",
    "released": "aangeboden",
    "accepted": "in behandeling",
    "partly_rejected": "deels geweigerd",
    "rejected": "geweigerd",
    "cancelled": "vervallen",
}
RUN_STATES = {
    "not_started": "nog niet gestart",
    "planned": "gepland",
    "waiting_for_approval": "wacht op goedkeuring",
    "done": "afgerond",
}
PAYMENT_STATES = {
    "planned": "klaargezet",
    "instructed": "aangeboden",
    "booked": "uitgevoerd",
    "settled": "definitief",
    "returned": "teruggeboekt",
    "rejected": "geweigerd",
    "cancelled": "vervallen",
}
HELD_REASONS = {
    "not_in_scope": "valt niet onder financieel ontzorgen",
    "right_not_started": "recht op bijstand is nog niet begonnen",
    "right_ended": "recht op bijstand is geëindigd",
    "no_decision": "geen beschikking",
    "no_mandate": "geen machtiging",
    "no_ground": "geen wettelijke grondslag op de betaaldag",
    "on_hold": "aangehouden door een medewerker",
    "ended": "ontzorgen is beëindigd",
    "no_benefit": "geen uitkering in deze maand",
    "suspended": "uitkering is opgeschort",
    "iban_unconfirmed": "rekening van de schuldeiser is niet bevestigd; het geld blijft gereserveerd",
    "creditor_changed": "gereserveerd voor een andere schuldeiser; een medewerker moet kiezen",
    "term_overlap": "een eerdere betaling dekt al een deel van deze termijn; een medewerker moet kiezen",
    "other_not_allowed": "overige kosten mogen alleen met art. 57 of vrijwillig",
}
BANK_LINES = {
    "booked": "Afgeschreven",
    "returned": "Teruggeboekt",
    "rejected_debited": "Toch afgeschreven",
    "rejected_credited": "Weer bijgeschreven",
}
