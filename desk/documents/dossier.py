"""The dossier of one client: exact JSON for programs, and everything on paper in office Dutch for the caseworker."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from desk.words import dossier as words
from desk.words.checklist import explain
from desk.words.ending import obstacle_text
from desk.words.formats import day_in_words, euros, month_in_words
from ledgers.cases.ends import Standing
from payments.dossier.case import Case, EarlyReason, FixedCost, Waiting
from payments.dossier.checklist import Checklist, Growth, growth
from payments.dossier.ending import Junction, codes, judge_before
from payments.plan.grounds import Ground, Segment
from payments.states import TrajectoryState

NO_TRAJECTORY = "none"  # the state of who never was in scope


def dossier_json(standing: Standing, today: date, checklists: Mapping[str, Checklist]) -> dict[str, Any]:
    """The dossier as `dossier --json` gives it; `state` is `none` for a client who never was in scope.

    `last_covered` is the last month that live payments reach; the `last_ours` of a junction adds the months still to
    be run. `taken_back` are the stretches that the client paid alone before we took the cost back. `growth` is null
    before a second assessment.
    """
    case, judged = standing.case, standing.assessment
    return {
        "client": case.client.client,
        "gemeente": case.client.gemeente,
        "household": case.client.household,
        "state": NO_TRAJECTORY if case.trajectory is None else case.state(today).value,
        "grounds": [ground_json(segment) for segment in case.segments],
        "months_paid": len(case.months_paid),
        "assessment": {"verdict": judged.verdict.value, "missing": list(judged.missing)},
        "missing_for_end": list(codes(standing.obstacles)),
        "obligations": [
            {
                "obligation": cost.obligation.obligation,
                "category": cost.obligation.category.value,
                "last_covered": cost.last_covered,
                "first_own": cost.first_own,
            }
            for cost in case.costs
        ],
        "ledger_cents": case.ledger_cents,
        **_road(case),
        "score": {
            "points": judged.points,
            "points_max": judged.points_max,
            "basics_met": judged.basics_met,
            "basics_max": judged.basics_max,
            "proof_met": judged.proof_met,
            "waived": judged.waived,
        },
        "growth": _growth_json(_grown(standing, checklists)),
        "junctions": [
            {
                "obligation": j.obligation,
                "fit": j.fit.value,
                "last_ours": j.last_ours,
                "expected": j.expected,
                "first_own": j.first_own,
            }
            for j in standing.junctions
        ],
        "taken_back": [
            {"obligation": cost.obligation.obligation, "first_own": stretch.first, "back_from": stretch.back_from}
            for cost in case.costs
            for stretch in cost.taken_back
        ],
        "obstacles": [{"code": o.code.value, "text": obstacle_text(o)} for o in standing.obstacles],
        "open_items": [waiting_json(item) for item in case.open_items],
        "open_payments": [waiting_json(item) for item in case.open_payments],
        "known_changes": [
            {"from": change.month, "code": change.code, "fields": list(change.fields)} for change in standing.changes
        ],
        "shortages": [{"month": month, "obligation": obligation} for month, obligation in case.shortages],
    }


def _road(case: Case) -> dict[str, Any]:
    """The trajectory from its first day to its end, and what happened on the way."""
    client, proposal = case.client, case.proposal
    return {
        "trajectory": case.trajectory,
        "period_from": case.period_from and case.period_from.isoformat(),
        "floor": case.floor.isoformat(),
        "on_hold": case.on_hold,
        "right_from": client.right_from.isoformat(),
        "right_until": client.right_until and client.right_until.isoformat(),
        "ended_on": case.ended_on and case.ended_on.isoformat(),
        "proposal": proposal
        and {
            "date": proposal.end_date.isoformat(),
            "reason": proposal.reason and proposal.reason.value,
            "why": proposal.why,
            "proposed_by": proposal.proposed_by,
            "proposed_on": proposal.proposed_on.isoformat(),
            "missing": list(proposal.missing),
        },
        "events": [
            {
                "kind": e.kind.value,
                "on": e.on_day.isoformat(),
                "why": e.why,
                "decision": e.decision,
                "by": e.recorded_by,
                "at": e.recorded_at,
            }
            for e in case.events
        ],
        "assessments": [
            {
                "sequence": a.sequence,
                "assessed_on": a.assessed_on.isoformat(),
                "checklist": a.checklist,
                "by": a.assessed_by,
            }
            for a in case.assessments
        ],
    }


def ground_json(segment: Segment) -> dict[str, Any]:
    """One ground in force between two days, both included."""
    first, last = segment.start.isoformat(), segment.until.isoformat()
    return {"ground": segment.ground.value, "from": first, "until": last, "decision": segment.decision}


def waiting_json(item: Waiting) -> dict[str, Any]:
    """Something that has to come to rest before an end."""
    since = item.since.isoformat()
    return {"key": item.key, "kind": item.kind, "since": since, "amount_cents": item.amount_cents}


def _grown(standing: Standing, checklists: Mapping[str, Checklist]) -> Growth | None:
    before = judge_before(standing.case, checklists)
    return None if before is None else growth(before, standing.assessment)


def _growth_json(grown: Growth | None) -> dict[str, Any] | None:
    if grown is None:
        return None
    return {"points": grown.points, "basics": grown.basics, "gained": [*grown.gained], "lost": [*grown.lost]}


def dossier_text(standing: Standing, today: date, checklists: Mapping[str, Checklist]) -> str:
    """The dossier in office Dutch; whatever departs from the ordinary rules stands first, marked with `!!`."""
    case = standing.case
    title = f"Dossier {case.client.client}, {words.plain(case.client.name)}"
    sections = (
        ("Afwijkingen van de gewone regels", _overrides(standing)),
        ("Grondslagen", _grounds(case, today)),
        ("Betaald", _paid(case)),
        ("Vaste lasten en overdracht", _costs(standing)),
        ("Checklist zelfredzaamheid", _checklist(standing, checklists)),
        ("Wat ontbreekt voor een einde", _missing(standing)),
        ("Gebeurtenissen", _events(case)),
        ("Open punten", _open(case)),
        ("Tegoed", [f"{euros(case.ledger_cents)} houden wij voor de klant vast."]),
    )
    lines = [*words.heading(title, "="), *_who(case, today), *_changes(standing)]
    for name, section in sections:
        content = list(section)
        if content:
            lines += ["", *words.heading(name), *content]
    return "\n".join(lines)


def _who(case: Case, today: date) -> Iterator[str]:
    client = case.client
    yield from words.fact("Peildatum", day_in_words(today))
    yield from words.fact("Gemeente", client.gemeente)
    yield from words.fact("Huishouden", client.household)
    number = f"traject {case.trajectory}, " if case.trajectory else ""
    yield from words.fact("Stand", number + words.state(case, today))
    if case.on_hold:
        yield from words.fact("AANGEHOUDEN", words.plain(case.on_hold))
    yield from words.fact("Recht op bijstand", words.span(client.right_from, client.right_until))
    period = words.span(case.period_from, case.floor) if case.period_from else words.UNDECIDED
    yield from words.fact("Zes maanden", period)
    decision = (
        f"{words.plain(client.decision)} van {day_in_words(client.decision_date)}"
        if (client.decision and client.decision_date)
        else "ONTBREEKT"
    )
    yield from words.fact("Beschikking", decision)
    yield from words.fact("Machtiging", day_in_words(client.mandate_date) if client.mandate_date else "ONTBREEKT")
    if case.proposal:
        end = case.proposal
        reason = words.EARLY_REASONS[end.reason] if end.reason else "gewoon einde"
        why = f"; {words.plain(end.why)}" if end.why else ""
        by = f"voorgesteld door {end.proposed_by} op {day_in_words(end.proposed_on)}"
        yield from words.fact("Einde", f"{day_in_words(end.end_date)}, {reason}, {by}{why}")


def _changes(standing: Standing) -> Iterator[str]:
    """What the registers say otherwise from a later month on: until then the run does not count with it."""
    for change in standing.changes:
        what = ", ".join(words.COLUMNS[name] for name in change.fields)
        of = "" if change.code == standing.case.client.client else f"{change.code}: "
        yield from words.fact("Wijziging bekend", f"vanaf uitkeringsmaand {month_in_words(change.month)}: {of}{what}")


def _overrides(standing: Standing) -> Iterator[str]:
    case, waived = standing.case, standing.assessment.waived
    for segment in case.segments:
        if segment.ground is Ground.CUSTOM:
            days = words.span(segment.start, segment.until)
            yield from words.entry(f"Maatwerk als grondslag, {days}; besluit {words.plain(segment.decision)}", "!! ")
    if waived is not None:
        yield from words.entry(f"Van het bewijs van zelf betalen is afgezien: {words.plain(waived)}", "!! ")
    end = case.proposal
    if end is not None and end.reason is EarlyReason.CUSTOM:
        yield from words.entry(f"Maatwerk als reden van het einde: {words.plain(end.why or 'niet toegelicht')}", "!! ")
    if end is not None and end.missing:
        yield from words.entry(f"Het einde gaat voorbij aan: {words.passed_over(end.missing)}", "!! ")


def _grounds(case: Case, today: date) -> Iterator[str]:
    reassess = {added.segment.start: added.reassess_on for added in case.added}
    for segment in case.segments:
        yield from words.entry(words.ground(segment, today))
        if segment.ground is not Ground.ART_56A:
            yield from words.entry(f"opnieuw beoordelen uiterlijk {day_in_words(reassess[segment.start])}", "  ")
    if not case.segments:
        yield from words.entry("Geen: er mag niets worden ingehouden.")


def _paid(case: Case) -> Iterator[str]:
    months = ", ".join(map(month_in_words, case.months_paid)) or "nog geen"
    yield from words.entry(f"Uitkeringsmaanden met betalingen: {len(case.months_paid)} ({months})")
    for month, obligation in case.shortages:
        yield from words.entry(f"TEKORT in {month_in_words(month)}: {obligation} kon niet worden betaald")


def _costs(standing: Standing) -> Iterator[str]:
    for cost, junction in zip(standing.case.costs, standing.junctions, strict=True):
        obligation = cost.obligation
        amount = f"{euros(obligation.amount_cents)} {words.PERIODS[obligation.frequency]}"
        yield from words.entry(f"{words.cost_name(cost)}, {amount}, schuldeiser {obligation.creditor}")
        yield from words.entry(_handover(cost, junction), "  ")
        if cost.proofs:
            seen = (f"{month_in_words(m)} {'ja' if paid else 'NEE'}" for m, paid in sorted(cost.proofs.items()))
            yield from words.entry(f"zelf betaald: {', '.join(seen)}", "  ")
        if obligation.obligation in standing.case.unconfirmed:
            yield from words.entry("REKENING van de schuldeiser is niet bevestigd: hierop wordt niet betaald", "  ")
    if not standing.case.costs:
        yield from words.entry("Geen vaste lasten in het register.")


def _handover(cost: FixedCost, junction: Junction) -> str:
    ours = f"betaald tot en met {month_in_words(cost.last_covered)}" if cost.last_covered else "nog niets betaald"
    if junction.last_ours != cost.last_covered and junction.last_ours:
        ours += f", met wat nog komt tot en met {month_in_words(junction.last_ours)}"
    own = f"; klant vanaf {month_in_words(cost.first_own)} per {cost.method}" if cost.first_own else ""
    return f"{ours}{words.taken_back(cost)}{own}; {words.fit(junction)}"


def _checklist(standing: Standing, checklists: Mapping[str, Checklist]) -> Iterator[str]:
    judged = standing.assessment
    for made in standing.case.assessments:
        said = f"beoordeling {made.sequence} op {day_in_words(made.assessed_on)} door {made.assessed_by}"
        yield from words.entry(f"{said}, checklist {made.checklist}, {len(made.answers)} antwoorden")
    for line in explain(checklists[judged.version], judged):
        yield from words.entry(words.plain(line))
    grown = _grown(standing, checklists)
    if grown is not None:
        yield from words.entry(f"Sinds de vorige beoordeling: gedrag {grown.points:+d}, basis {grown.basics:+d}")
        for label, changed in (("Vooruit", grown.gained), ("Achteruit", grown.lost)):
            if changed:
                yield from words.entry(f"{label}: {', '.join(changed)}", "  ")


def _missing(standing: Standing) -> Iterator[str]:
    if standing.case.trajectory is None:
        yield from words.entry("Er is geen traject, dus ook geen einde.")
    elif standing.case.stored_state == TrajectoryState.ENDED:
        yield from words.entry("Het ontzorgen is al beëindigd.")
    elif not standing.obstacles:
        yield from words.entry("Niets: een gewoon einde kan worden voorgesteld.")
    else:
        for obstacle in standing.obstacles:
            yield from words.entry(f"{obstacle_text(obstacle)} ({obstacle.code.value})")


def _events(case: Case) -> Iterator[str]:
    for event in case.events:
        decision = f" (besluit {words.plain(event.decision)})" if event.decision else ""
        recorded = f"vastgelegd door {event.recorded_by} op {words.day_recorded(event.recorded_at)}"
        what = f"{day_in_words(event.on_day)}: {words.EVENTS[event.kind]}{decision}: {words.plain(event.why)}"
        yield from words.entry(f"{what}; {recorded}")
    if not case.events:
        yield from words.entry("Geen.")


def _open(case: Case) -> Iterator[str]:
    for title, items in (("uitzoekpunt", case.open_items), ("betaling", case.open_payments)):
        for item in items:
            yield from words.entry(f"{title} {words.waiting_words(item)}")
    if not (case.open_items or case.open_payments):
        yield from words.entry("Geen.")
