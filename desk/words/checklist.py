"""An assessment in Dutch for staff: the verdict, the score, and what is still needed."""

from payments.dossier.checklist import PROOF, Assessment, Checklist, ChecklistItem, ChecklistOutcome, Verdict

_VERDICTS = {
    Verdict.NONE: "Nog niet beoordeeld",
    Verdict.PASSED: "Geslaagd voor de checklist",
    Verdict.NOT_PASSED: "Nog niet geslaagd voor de checklist",
}


def explain(checklist: Checklist, assessment: Assessment) -> list[str]:
    """The assessment in Dutch lines for staff: verdict, score, each missing item with its text, every note."""
    basics = f"{assessment.basics_met} van {assessment.basics_max} in orde"
    points = f"{assessment.points} van {assessment.points_max} punten, nodig is {checklist.pass_percent}%"
    lines = [f"{_VERDICTS[assessment.verdict]} (checklist {assessment.version}). Basis: {basics}. Gedrag: {points}."]
    outcomes = {outcome.code: outcome for outcome in assessment.outcomes}
    for item in checklist.items:
        outcome = outcomes[item.code]
        if item.code in assessment.missing:
            lines.append(f"Nog nodig: {item.text} ({item.code}) {_now(item, outcome)}")
        elif outcome.source is None:
            lines.append(f"Niet besproken, telt als nul: {item.text} ({item.code})")
        if outcome.note:
            lines.append(f"Let op bij {item.code}: {outcome.note}")
    if assessment.waived is not None:
        lines.append(f"Van het bewijs is afgezien: {assessment.waived}")
    elif not assessment.proof_met:
        lines.append(f"Nog nodig: {checklist.proof_months} maanden na elkaar zelf een vaste last betaald. ({PROOF})")
    return [*lines, *assessment.notes]


def _now(item: ChecklistItem, outcome: ChecklistOutcome) -> str:
    if outcome.source is None:
        return "Nog niet besproken."
    if outcome.score is None:
        return "Nu: nee."
    return f"Nu {outcome.score}: {item.scores[outcome.score]}"
