"""The words of a forecast: what comes up for a household, and what becomes of a cost in a month."""

from payments.dossier.days_ahead import AheadKind
from payments.plan.forecast import MonthOutcome

COMING = {
    AheadKind.GROUND_ENDS: "laatste dag van de wettelijke grondslag; zonder nieuw besluit wordt daarna niets betaald",
    AheadKind.RIGHT_ENDS: "laatste dag van het recht op bijstand",
    AheadKind.REASSESSMENT_DUE: "herbeoordeling",
    AheadKind.END_PROPOSED: "einde van het ontzorgen is voorgesteld, nog niet bevestigd",
    AheadKind.ENDS: "laatste dag van het ontzorgen",
    AheadKind.HANDED_OVER: "de klant betaalt vanaf deze maand zelf",
    AheadKind.OBLIGATION_ENDS: "laatste maand van de vaste last",
    AheadKind.MOVES_AWAY: "woont vanaf deze maand in een andere gemeente",
}
COST_OUTCOMES = {
    MonthOutcome.PAID: "wordt betaald",
    MonthOutcome.SHORTAGE: "TEKORT, wordt niet betaald",
    MonthOutcome.HANDED_OVER: "betaalt de klant zelf",
    MonthOutcome.ENDED: "loopt niet meer",
}
