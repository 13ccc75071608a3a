"""The transfer package: what the next gemeente needs to go on with a client who moves there, and no more than that.

It holds no BSN, no bank account of the client, no events, no reason of a hold and no money of ours. What counts by the
day is counted on the last day of ours (the end, else the proposed one, else the day it is made), so that the same facts
give the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from desk.documents.dossier import ground_json, waiting_json
from desk.words import dossier as words
from desk.words.formats import day_in_words, euros, month_in_words
from desk.words.labels import COST_NAMES
from ledgers.cases.ends import Standing
from payments.dossier.case import Case, EndProposal, FixedCost
from payments.dossier.checklist import Answer, Checklist
from payments.parties import Category, Creditor, Frequency
from payments.plan.grounds import last_day_of_months

FORMAT = "ontzorgen-overdracht/1"


@dataclass(frozen=True, slots=True)
class Package:
    """A client's case as it is handed on; the document is the whole of it, the text only sets it out."""

    client: str
    document: Mapping[str, Any]
    items: Mapping[tuple[str, str], str]  # what a code asks, per version of the checklist

    def files(self) -> dict[str, bytes]:
        """The content of the two files, by name."""
        stem = f"{quote(self.client, safe='')}-overdracht"  # a klantnummer may hold a slash
        as_json = json.dumps(self.document, ensure_ascii=False, indent=2) + "\n"
        return {f"{stem}.json": as_json.encode(), f"{stem}.txt": text(self).encode()}


def package(
    standing: Standing,
    sender: str,
    creditors: Mapping[str, Creditor],
    checklists: Mapping[str, Checklist],
    today: date,
) -> Package:
    """Gather what the next gemeente needs; `sender` is the name of ours."""
    case = standing.case
    client, last = case.client, _last_day(case, today)
    document: dict[str, Any] = {
        "format": FORMAT,
        "from_gemeente": {"code": client.gemeente, "name": sender},
        "client": {
            "client": client.client,
            "name": client.name,
            "birth_date": client.birth_date.isoformat(),
            "language": client.language,
            "household": client.household,
            "right_from": client.right_from.isoformat(),
            "right_until": _iso(client.right_until),
            "decision": client.decision,
            "decision_date": _iso(client.decision_date),
            "mandate_date": _iso(client.mandate_date),
        },
        "trajectory": {
            "number": case.trajectory,
            "period_from": _iso(case.period_from),
            "period_until": case.floor.isoformat() if case.period_from else None,
            "months": case.months,
            "months_over": _months_over(case, last),
            "counted_on": last.isoformat(),
            "months_paid": list(case.months_paid),
            "last_month_paid": max(case.months_paid, default=None),
        },
        "end": _end(case),
        "grounds": [ground_json(segment) for segment in case.segments],
        "obligations": [_obligation(cost, creditors) for cost in case.costs],
        "assessments": [
            {
                "sequence": a.sequence,
                "assessed_on": a.assessed_on.isoformat(),
                "checklist": a.checklist,
                "proof_waived": a.waive_proof,
                "answers": [{"code": code, **_answer(answer)} for code, answer in sorted(a.answers.items())],
            }
            for a in case.assessments
        ],
        "assessment": {"verdict": standing.assessment.verdict.value, "missing": list(standing.assessment.missing)},
        "open_items": [waiting_json(item) for item in case.open_items],
        "open_payments": [waiting_json(item) for item in case.open_payments],
    }
    items = {(name, item.code): item.text for name, checklist in checklists.items() for item in checklist.items}
    return Package(client.client, document, items)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _last_day(case: Case, today: date) -> date:
    return case.ended_on or (case.proposal.end_date if case.proposal else today)


def _months_over(case: Case, on: date) -> int | None:
    """How many of the mandatory months are wholly over on a day; None while nobody decided from when they count."""
    if case.period_from is None:
        return None
    start = case.period_from
    return sum(last_day_of_months(start, number) <= on for number in range(1, case.months + 1))


def _end(case: Case) -> dict[str, Any] | None:
    proposal: EndProposal | None = case.proposal
    if proposal is None:
        return None
    return {
        "state": "confirmed" if case.ended_on else "proposed",
        "date": proposal.end_date.isoformat(),
        "reason": proposal.reason and proposal.reason.value,
        "passed_over": list(proposal.missing),
    }


def _obligation(cost: FixedCost, creditors: Mapping[str, Creditor]) -> dict[str, Any]:
    obligation = cost.obligation
    creditor = creditors[obligation.creditor]
    return {
        "obligation": obligation.obligation,
        "category": obligation.category.value,
        "creditor_name": creditor.name,
        "creditor_iban": creditor.iban,
        "reference": obligation.reference,
        "amount_cents": obligation.amount_cents,
        "frequency": obligation.frequency.value,
        "first_covered": obligation.first_covered,
        "last_due": obligation.last_covered,
        "last_covered_by_us": cost.last_covered,
        "first_own": cost.first_own,
        "method": cost.method,
        "own_payments": [{"covers": month, "paid": paid} for month, paid in sorted(cost.proofs.items())],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    level = {"score": answer.score} if answer.met is None else {"met": answer.met}
    return {**level, "evidence": answer.evidence}


def text(package: Package) -> str:
    """The same facts in office Dutch."""
    document = package.document
    sections = (
        ("Klant", _client(document["client"])),
        ("Traject", _trajectory(document["trajectory"], document["end"])),
        ("Grondslagen", map(_ground, document["grounds"])),
        ("Vaste lasten", (line for cost in document["obligations"] for line in _cost(cost))),
        ("Beoordelingen", _assessments(document["assessments"], document["assessment"], package.items)),
        ("Open punten", map(_waiting, (*document["open_items"], *document["open_payments"]))),
    )
    sender = f"{words.plain(document['from_gemeente']['name'])} ({document['from_gemeente']['code']})"
    lines = [*words.heading("Overdracht financieel ontzorgen", "="), *words.fact("Van", sender)]
    for title, found in sections:
        content = list(found)
        lines += ["", *words.heading(title), *(content or ["Geen."])]
    note = "Vaste lasten op naam van een huisgenoot staan in de overdracht van die huisgenoot."
    return "\n".join([*lines, "", note, f"Formaat: {document['format']}"]) + "\n"


def _day(iso: str | None) -> str:
    return day_in_words(date.fromisoformat(iso)) if iso else "-"


def _span(first: str, last: str | None) -> str:
    return words.span(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def _client(client: Mapping[str, Any]) -> Iterator[str]:
    decision = f"{words.plain(client['decision'])}, {_day(client['decision_date'])}" if client["decision"] else "-"
    for label, value in (
        ("Klantnummer", client["client"]),
        ("Naam", words.plain(client["name"])),
        ("Geboortedatum", _day(client["birth_date"])),
        ("Taal", client["language"] or "-"),
        ("Huishouden", client["household"]),
        ("Recht op bijstand", _span(client["right_from"], client["right_until"])),
        ("Beschikking", decision),
        ("Machtiging", _day(client["mandate_date"])),
    ):
        yield from words.fact(label, value)


def _trajectory(trajectory: Mapping[str, Any], end: Mapping[str, Any] | None) -> Iterator[str]:
    if trajectory["period_from"]:
        days = _span(trajectory["period_from"], trajectory["period_until"])
        over = f"{trajectory['months_over']} van {trajectory['months']} op {_day(trajectory['counted_on'])}"
    else:
        days, over = words.UNDECIDED, "-"
    yield from words.fact("Verplichte maanden", days)
    yield from words.fact("Volle maanden voorbij", over)
    paid = ", ".join(map(month_in_words, trajectory["months_paid"])) or "nog geen"
    yield from words.fact("Betaald uit", paid)
    yield from words.fact("Laatste maand betaald", words.month_or_nothing(trajectory["last_month_paid"]))
    if end is None:
        yield from words.fact("Einde bij ons", "nog niet vastgesteld")
        return
    said = "vastgesteld" if end["state"] == "confirmed" else "voorgesteld, nog niet bevestigd"
    reason = words.EARLY_REASONS[end["reason"]] if end["reason"] else "zelfredzaam"
    yield from words.fact("Einde bij ons", f"{_day(end['date'])}, {reason}; {said}")
    if end["passed_over"]:
        yield from words.fact("Nog niet in orde", words.passed_over(end["passed_over"]))


def _ground(ground: Mapping[str, Any]) -> str:
    days = _span(ground["from"], ground["until"])
    return f"- {ground['ground']}: {days}, besluit {words.plain(ground['decision'])}"


def _cost(cost: Mapping[str, Any]) -> Iterator[str]:
    category = Category(cost["category"])
    yield from words.entry(f"{COST_NAMES[category]} ({cost['obligation']}) aan {words.plain(cost['creditor_name'])}")
    amount = f"{euros(cost['amount_cents'])} {words.PERIODS[Frequency(cost['frequency'])]}"
    own = f"{words.month_or_nothing(cost['first_own'])}" + (f" per {cost['method']}" if cost["method"] else "")
    facts = [
        ("Rekening", cost["creditor_iban"]),
        ("Kenmerk", words.plain(cost["reference"])),
        ("Bedrag", amount),
        ("Betaald tot en met", words.month_or_nothing(cost["last_covered_by_us"])),
        ("Klant betaalt vanaf", own),
    ]
    if cost["last_due"]:
        facts.append(("Vaste last stopt na", month_in_words(cost["last_due"])))
    seen = [f"{month_in_words(p['covers'])} {'ja' if p['paid'] else 'nee'}" for p in cost["own_payments"]]
    if seen:
        facts.append(("Zelf betaald", ", ".join(seen)))
    for label, value in facts:
        yield from (f"  {line}" for line in words.fact(label, value))


def _assessments(
    made: list[Mapping[str, Any]], outcome: Mapping[str, Any], items: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    for one in made:
        yield from words.entry(f"Beoordeling {one['sequence']}, {_day(one['assessed_on'])}, lijst {one['checklist']}")
        for answer in one["answers"]:
            level = f"score {answer['score']}" if "score" in answer else ("ja" if answer["met"] else "nee")
            asked = f"{items.get((one['checklist'], answer['code']), '')} ({answer['code']})".strip()
            yield from words.entry(f"{asked}: {level}; {words.plain(answer['evidence'])}", "  - ")
        if one["proof_waived"]:
            yield from words.entry(f"MAATWERK: van het bewijs is afgezien: {words.plain(one['proof_waived'])}", "  ")
    if made:
        missing = f" ({', '.join(outcome['missing'])})" if outcome["missing"] else ""
        yield from words.entry(f"Checklist bij ons: {words.VERDICTS[outcome['verdict']]}{missing}")


def _waiting(item: Mapping[str, Any]) -> str:
    return (
        f"- {item['key']} ({words.waiting(item['kind'])}), {euros(item['amount_cents'])}, sinds {_day(item['since'])}"
    )
