"""The words of the figures for council and CBS: what is counted, over which groups, in what unit."""

from desk.words.dossier import EARLY_REASONS, VERDICTS

FIGURES = {
    "started": "Gestart",
    "running": "Loopt aan het eind van de periode",
    "ended": "Beëindigd",
    "months_used": "Gemiddeld aantal betaalde maanden bij einde",
    "overrides": "Afwijkingen",
    "extensions": "Verlengingen",
    "payments_due": "Betalingen die op tijd moesten zijn",
    "paid_on_time": "Daarvan op tijd betaald",
    "shortages": "Klantmaanden met een tekort",
    "returns": "Teruggekomen betalingen",
    "assessed": "Beoordeeld met de checklist",
    "checklist_met": "Checklist gehaald",
}
KINDS = {
    "total": "totaal",
    "ground": "grondslag",
    "age": "leeftijd",
    "reason": "reden",
    "months": "betaalde maanden",
    "arrears_after": "achterstand na einde",
    "end_maatwerk": "einde met maatwerk",
    "proof_waived": "afgezien van bewijs",
    "kind": "soort",
    "verdict": "uitkomst",
    "item": "onderdeel",
}
GROUPS: dict[str, str] = {
    **{reason.value: words for reason, words in EARLY_REASONS.items()},
    **{verdict.value: words for verdict, words in VERDICTS.items()},
    "total": "totaal",
    "unexplained": "waarvan zonder uitleg",
    "regular": "regulier",
    "yes": "ja",
    "no": "nee",
    "unknown": "onbekend",
    "returned": "teruggeboekt",
    "rejected": "geweigerd",
}
UNITS = {"months_used": "maanden", "paid_on_time": "procent", "checklist_met": "procent"}  # the others: aantal
