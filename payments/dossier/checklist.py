"""The self-reliance checklist (zelfredzaamheid): what an adult can do alone, and whether that is enough to end with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from payments.month import Month, index
from payments.parties import Category

PROOF = "proof"  # the code of part C, which has no item: it is observed, not asked
MAX_SCORE = 2
PAID_ALONE: Mapping[str, Category] = {
    "pay_rent": Category.RENT,
    "pay_energy": Category.ENERGY,
    "pay_water": Category.WATER,
    "pay_insurance": Category.HEALTH_INSURANCE,
}
JUDGED_BY_SYSTEM = frozenset({"own_account", "no_arrears", *PAID_ALONE})  # basics of which the books know something


class ChecklistPart(StrEnum):
    """Basics that must all be met, or behaviour that is scored with the client."""

    BASICS = "A"
    BEHAVIOUR = "B"


class Chapter(StrEnum):
    """The four results that the policy wants, and under which the items stand."""

    ADMINISTRATION = "administratie op orde"
    INCOME = "inkomen op orde"
    NO_DEBTS = "geen schulden"
    SELF_RELIANT = "zelfredzaam"


class Verdict(StrEnum):
    """What an assessment comes to; `none` while nobody assessed anything."""

    NONE = "none"
    PASSED = "passed"
    NOT_PASSED = "not_passed"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist; `scores` says what 0, 1 and 2 mean, of behaviour only."""

    code: str
    part: ChecklistPart
    chapter: Chapter
    text: str
    scores: tuple[str, ...] = ()
    free: bool = False  # a gemeente fills it in with an offer of its own


@dataclass(frozen=True, slots=True)
class Checklist:
    """One dated version of the checklist with its pass rule."""

    version: str
    start: date
    basis: str
    review_by: date
    items: tuple[ChecklistItem, ...]
    pass_percent: int
    never_zero: tuple[str, ...]
    proof_months: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person found on one item: `met` of a basic, `score` of behaviour, and on what grounds."""

    met: bool | None
    score: int | None
    evidence: str

    def fits(self, part: ChecklistPart) -> bool:
        """Whether it answers an item of this part: a later version may have moved the code to the other one."""
        return (self.met is not None) if part is ChecklistPart.BASICS else (self.score is not None)


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """One observation whether the client paid an obligation alone for a covered month; `every` is months between."""

    obligation: str
    covers: Month
    paid: bool
    every: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the books themselves say of a client at the moment of judging."""

    open_exceptions: int
    handed_over: frozenset[Category]  # each active obligation of it has a first own month with a method
    has_own_account: bool
    has_mandate: bool
    months_paid: int
    not_in_plan: frozenset[Category] = frozenset()  # costs this client has no active obligation for


@dataclass(frozen=True, slots=True)
class ChecklistOutcome:
    """What counts for one item, who says so, and in `note` whatever else was said about it."""

    code: str
    part: ChecklistPart
    met: bool | None
    score: int | None
    source: Literal["person", "system"] | None
    note: str

    @property
    def level(self) -> int:
        """How far this item is: 0 or 1 for a basic, 0 to 2 for behaviour."""
        return int(bool(self.met)) if self.part is ChecklistPart.BASICS else self.score or 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole judgement on one version of the checklist; `missing` is empty exactly when it is passed."""

    version: str
    verdict: Verdict
    missing: tuple[str, ...]
    points: int
    points_max: int
    basics_met: int
    basics_max: int
    proof_met: bool
    waived: str | None
    outcomes: tuple[ChecklistOutcome, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """What changed between two assessments: differences, and the codes of which the level (or `proof`) rose or fell."""

    points: int
    basics: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def latest(answers_by_assessment: Sequence[Mapping[str, Answer]]) -> Mapping[str, Answer]:
    """One answer per code: of several assessments, oldest first, the last that says something about it."""
    return {code: answer for answers in answers_by_assessment for code, answer in answers.items()}


def evaluate(
    checklist: Checklist, answers: Mapping[str, Answer], known: Known, proofs: Sequence[OwnPayment], waived: str | None
) -> Assessment:
    """Judge the latest answers with what the books know; of two proofs for one obligation and month the last counts."""
    outcomes = tuple(_outcome(item, answers.get(item.code), known) for item in checklist.items)
    basics = [outcome for outcome in outcomes if outcome.part is ChecklistPart.BASICS]
    behaviour = [outcome for outcome in outcomes if outcome.part is ChecklistPart.BEHAVIOUR]
    points, points_max = sum(outcome.level for outcome in behaviour), MAX_SCORE * len(behaviour)
    enough = points * 100 >= checklist.pass_percent * points_max
    proof_met = waived is not None or _proved(proofs, checklist.proof_months)
    zero = [outcome.code for outcome in behaviour if outcome.level == 0 and outcome.code in checklist.never_zero]
    verdict = Verdict.NONE
    if answers or waived is not None:
        passed = all(outcome.met for outcome in basics) and enough and not zero and proof_met
        verdict = Verdict.PASSED if passed else Verdict.NOT_PASSED
    missing = [outcome.code for outcome in outcomes if _lacks(outcome, checklist.never_zero, enough=enough)]
    return Assessment(
        version=checklist.version,
        verdict=verdict,
        # Behaviour that was never discussed is asked for as long as something else is, but it does not undo a pass.
        missing=() if verdict is Verdict.PASSED else (*missing, *([] if proof_met else [PROOF])),
        points=points,
        points_max=points_max,
        basics_met=sum(outcome.level for outcome in basics),
        basics_max=len(basics),
        proof_met=proof_met,
        waived=waived,
        outcomes=outcomes,
        notes=(*_uncounted(checklist, answers), *([] if known.has_mandate else [_NO_MANDATE])),
    )


def growth(before: Assessment, now: Assessment) -> Growth:
    """Compare two assessments of one person; an item that only one version has counts as nothing in the other."""
    old, new = _levels(before), _levels(now)
    codes = [*new, *(code for code in old if code not in new)]
    return Growth(
        points=now.points - before.points,
        basics=now.basics_met - before.basics_met,
        gained=tuple(code for code in codes if new.get(code, 0) > old.get(code, 0)),
        lost=tuple(code for code in codes if new.get(code, 0) < old.get(code, 0)),
    )


_NO_MANDATE = "Er is geen machtiging: er mag op dit moment niets namens de klant worden betaald."


def _lacks(outcome: ChecklistOutcome, never_zero: Collection[str], *, enough: bool) -> bool:
    if outcome.part is ChecklistPart.BASICS:
        return not outcome.met
    if outcome.score is None or (outcome.score == 0 and outcome.code in never_zero):
        return True
    return not enough and outcome.score < MAX_SCORE


def _outcome(item: ChecklistItem, given: Answer | None, known: Known) -> ChecklistOutcome:
    """A person's answer stands, except that open items in the books are never "no arrears"."""
    answer = given if given is not None and given.fits(item.part) else None
    if item.part is ChecklistPart.BEHAVIOUR:
        score = None if answer is None else answer.score
        return ChecklistOutcome(item.code, item.part, None, score, None if answer is None else "person", "")
    if item.code == "no_arrears" and known.open_exceptions:
        said = "" if answer is None else f" Een medewerker antwoordde {'ja' if answer.met else 'nee'}."
        note = f"In de boeken staan nog open uitzoekpunten: {known.open_exceptions}.{said}"
        return ChecklistOutcome(item.code, item.part, met=False, score=None, source="system", note=note)
    handed_over = PAID_ALONE.get(item.code) in known.handed_over
    if answer is None and handed_over:
        note = "Volgens het systeem overgedragen aan de klant; niet door een medewerker beantwoord."
        return ChecklistOutcome(item.code, item.part, met=True, score=None, source="system", note=note)
    if answer is None:
        return ChecklistOutcome(item.code, item.part, None, None, None, "")
    note = _other_side(item.code, known, met=bool(answer.met), handed_over=handed_over)
    return ChecklistOutcome(item.code, item.part, answer.met, None, "person", note)


def _other_side(code: str, known: Known, *, met: bool, handed_over: bool) -> str:
    """What the books say where they differ from the person, whose answer stands."""
    if code in PAID_ALONE and met != handed_over and PAID_ALONE[code] not in known.not_in_plan:
        return f"Volgens het systeem is deze vaste last {'al' if handed_over else 'nog niet'} overgedragen."
    if code == "own_account" and met and not known.has_own_account:
        return "In het register staat geen IBAN van de klant."
    if code == "own_account" and met and not known.months_paid:
        return "Er is nog geen maand betaald, dus ook nog geen restbedrag ontvangen."
    return ""


def _uncounted(checklist: Checklist, answers: Mapping[str, Answer]) -> list[str]:
    """Answers to another version of the checklist that this one has no place for, told instead of dropped."""
    fitting = {item.code for item in checklist.items if item.code in answers and answers[item.code].fits(item.part)}
    return [
        f"Het antwoord op {code} hoort bij een andere versie van de checklist en telt hier niet mee."
        for code in sorted(answers.keys() - fitting)
    ]


def _proved(proofs: Sequence[OwnPayment], wanted: int) -> bool:
    """Whether enough months in a row were paid: calendar months over all obligations, or due months of a single one."""
    last_said = {(proof.obligation, proof.covers): proof for proof in proofs}
    paid = [proof for proof in last_said.values() if proof.paid]
    months = {(("", 1), index(proof.covers)) for proof in paid}
    months |= {((proof.obligation, proof.every), index(proof.covers)) for proof in paid}
    return any(
        all(((who, every), month + turn * every) in months for turn in range(wanted)) for (who, every), month in months
    )


def _levels(assessment: Assessment) -> dict[str, int]:
    return {**{outcome.code: outcome.level for outcome in assessment.outcomes}, PROOF: int(assessment.proof_met)}
