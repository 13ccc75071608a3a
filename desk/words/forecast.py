"""The words of a forecast: what comes up for a household, and what becomes of a cost in a month."""

from payments.dossier.days_ahead import ComingKind
from payments.plan.forecast import MonthOutcome

COMING = {
    ComingKind.GROUND_ENDS: "laatste dag van de wettelijke grondslag; zonder nieuw besluit wordt daarna niets betaald",
    ComingKind.RIGHT_ENDS: "laatste dag van het recht op bijstand",
    ComingKind.REASSESSMENT_DUE: "herbeoordeling",
    ComingKind.END_PROPOSED: "einde van het ontzorgen is voorgesteld, nog niet bevestigd",
    ComingKind.ENDS: "laatste dag van het ontzorgen",
    ComingKind.HANDED_OVER: "de klant betaalt vanaf deze maand zelf",
    ComingKind.OBLIGATION_ENDS: "laatste maand van de vaste last",
    ComingKind.MOVES_AWAY: "woont vanaf deze maand in een andere gemeente",
}
COST_OUTCOMES = {
    MonthOutcome.PAID: "wordt betaald",
    MonthOutcome.SHORTAGE: "TEKORT, wordt niet betaald",
    MonthOutcome.HANDED_OVER: "betaalt de klant zelf",
    MonthOutcome.ENDED: "loopt niet meer",
}
