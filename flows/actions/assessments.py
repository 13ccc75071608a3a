"""The act of assessing how self-reliant a client is, from a file of answers or from answers given otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.actions.act import act, bsns_of
from flows.actions.rules import rules_of
from flows.office import Office
from ledgers.cases import ends
from ledgers.dossier import assessments
from ledgers.registers.staff import Role
from payments.dossier.answers import Answers, read_answers
from payments.dossier.checklist import Verdict
from payments.references import written_bsns


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment and how the client stands by all of them; not `recorded` when the very same was there already."""

    client: str
    number: int
    verdict: Verdict
    missing: tuple[str, ...]
    points: int
    points_max: int
    recorded: bool


def assess_from_file(office: Office, client: str, content: bytes, name: str) -> Assessed:
    """Record the assessment of an ANSWERS.json; one with any mistake in it is refused whole, with every problem."""
    written = content.decode(errors="replace")
    klantnummers = written_bsns(written) - bsns_of(office, written)
    return assess(office, client, read_answers(content, name, rules_of(office).current, office.today, klantnummers))


def assess(office: Office, client: str, answers: Answers) -> Assessed:
    """Record one assessment by the checklist of today; a later one may hold only some codes."""
    rules = rules_of(office)
    with act(office, Role.CASE_DIRECTOR, said=dict(_texts(answers))) as books:
        number, new = assessments.assess(books, client, answers, rules.current.version, office.actor, office.now)
        outcome = ends.standing(books, client, rules, office.today).assessment
    return Assessed(
        client=client,
        number=number,
        verdict=outcome.verdict,
        missing=tuple(outcome.missing),
        points=outcome.points,
        points_max=outcome.points_max,
        recorded=new,
    )


def _texts(answers: Answers) -> Iterator[tuple[str, str | None]]:
    yield "waive_proof", answers.waive_proof
    for code, answer in answers.answers.items():
        yield f"answers.{code}.evidence", answer.evidence
