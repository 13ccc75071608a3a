"""Commands of the regievoerder: the dossier, what happened, assessments, hand-overs and the end."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from desk.cli.arguments import Preview, a_month, make
from desk.cli.console import Call
from desk.documents import dossier as pages
from flows.actions.rules import rules_of
from flows.office import Office, UsageError
from ledgers.cases import ends
from ledgers.database import reading, writing
from ledgers.dossier import assessments, grounds_and_holds, handovers, trajectories
from ledgers.registers.staff import Role, require
from payments.dossier.answers import MAX_BYTES, read_answers
from payments.dossier.case import EarlyReason, EventKind, Method
from payments.month import Month, parse_date
from payments.problems import InputRefused, Problem
from payments.references import written_bsns

end_app = typer.Typer(help="The end of an ontzorgen: proposed, then confirmed by another person.", no_args_is_help=True)
CASEWORK = (Role.CASE_DIRECTOR, Role.CONSULTANT)
Why = Annotated[str, typer.Option(help="The reason, without health data.")]


class YesNo(StrEnum):
    """An observation."""

    YES = "ja"
    NO = "nee"


def add_to(app: typer.Typer) -> None:
    """Hang these commands into the program."""
    app.command("dossier")(dossier)
    app.command("event")(event)
    app.command("period")(period)
    app.command("assess")(assess)
    app.command("handover")(handover)
    app.add_typer(end_app, name="end")


def a_day(text: str, option: str) -> date:
    """Read a day that somebody typed."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(f"{option}: '{text}' {error}") from None


def dossier(context: typer.Context, klant: str) -> None:
    """Everything of one client: grounds, payments, assessments, hand-overs, and what is missing for an end."""
    call: Call = context.obj
    office = call.office()
    rules = rules_of(office)
    with reading(office.engine) as connection:
        found = ends.standing(connection, klant, rules, office.today)
    call.answer(
        pages.dossier_json(found, office.today, rules.checklists),
        pages.dossier_text(found, office.today, rules.checklists),
    )


def event(
    context: typer.Context,
    kind: EventKind,
    klant: str,
    on: Annotated[str, typer.Option("--on", help="First day; of right_ended the last day of the right.")],
    why: Why,
    decision: Annotated[str | None, typer.Option(help="Reference of the decision.")] = None,
    preview: Preview = False,
) -> None:
    """Record what happened in a client's life; it counts from the next run on."""
    call: Call = context.obj
    office = call.office()
    day = a_day(on, "--on")

    def record(books: Connection) -> bool:
        require(books, office.actor, *CASEWORK, Role.ADMINISTRATION)
        new = trajectories.record_event(books, klant, kind, day, why, decision, office.actor, office.now)
        if new:
            grounds_and_holds.hold_for_event(books, klant, kind, why, office.actor, office.now)
        return new

    new = make(call, office, record, preview=preview)
    text = f"{klant}: {kind} on {day} recorded." if new else f"{klant}: {kind} on {day} was recorded already."
    call.answer({"client": klant, "kind": kind.value, "on": day.isoformat(), "recorded": new}, text)


def period(
    context: typer.Context,
    klant: str,
    why: Why,
    runs_on: Annotated[
        bool | None, typer.Option("--continue/--new", help="The old six months run on, or new ones start.")
    ] = None,
    preview: Preview = False,
) -> None:
    """Decide what a right that arose again after an interruption means: nothing of it goes by itself."""
    call: Call = context.obj
    office = call.office()
    if runs_on is None:
        raise UsageError("Say --continue (the old six months run on) or --new (six months start anew).")
    decided = trajectories.CONTINUE if runs_on else trajectories.NEW

    def decide(books: Connection) -> tuple[date, bool]:
        require(books, office.actor, *CASEWORK)
        return trajectories.decide_period(books, klant, decided, why, office.actor, office.now)

    start, new = make(call, office, decide, preview=preview)
    text = f"{klant}: the six months count from {start}" + ("." if new else ", as decided before.")
    call.answer({"client": klant, "decided": decided, "period_from": start.isoformat(), "changed": new}, text)


def assess(
    context: typer.Context,
    klant: str,
    file: Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True, help="ANSWERS.json.")],
) -> None:
    """Record one assessment of self-reliance; a later one may hold only some codes."""
    call: Call = context.obj
    office = call.office()
    rules = rules_of(office)
    content = _bytes(file)
    with reading(office.engine) as connection:
        keys = trajectories.klantnummers(connection, written_bsns(content.decode(errors="replace")))
    answers = read_answers(content, file.name, rules.current, office.today, keys)
    with writing(office.engine) as connection:
        require(connection, office.actor, Role.CASE_DIRECTOR)
        number, new = assessments.assess(connection, klant, answers, rules.current.version, office.actor, office.now)
        found = ends.standing(connection, klant, rules, office.today)
    outcome = found.assessment
    text = (
        f"{klant}: assessment {number} {'recorded' if new else 'was recorded already'}: {outcome.verdict}, "
        f"{outcome.points} of {outcome.points_max} points"
        + (f"; missing: {', '.join(outcome.missing)}." if outcome.missing else ".")
    )
    call.answer(
        {
            "client": klant,
            "assessment": number,
            "recorded": new,
            "verdict": outcome.verdict.value,
            "missing": list(outcome.missing),
            "points": outcome.points,
            "points_max": outcome.points_max,
        },
        text,
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror or type(error).__name__}"
        raise InputRefused([Problem(path.name, None, None, None, what)]) from None


def handover(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="VASTE_LAST | proof VASTE_LAST MONTH")],
    first_own_month: Annotated[str | None, typer.Option(help="First covered month that the client pays.")] = None,
    method: Annotated[Method | None, typer.Option(help="How the client pays from then on.")] = None,
    back_from: Annotated[str | None, typer.Option(help="First covered month that we pay again.")] = None,
    paid: Annotated[YesNo | None, typer.Option(help="With proof: whether the client paid that month.")] = None,
    why: Annotated[str, typer.Option(help="What changed, when it was agreed or seen otherwise before.")] = "",
    preview: Preview = False,
) -> None:
    """Give one obligation to the client from a covered month on, or take it back; `proof` records what was seen."""
    call: Call = context.obj
    office = call.office()
    match words, (first_own_month, method, back_from, paid):
        case [code], (str(month), Method() as how, None, None):
            _hand_over(call, office, code, a_month(month), how, why, preview=preview)
        case [code], (None, None, str(month), None):
            _take_back(call, office, code, a_month(month), why, preview=preview)
        case ["proof", code, month], (None, None, None, YesNo() as seen) if not preview:
            _proof(call, office, code, a_month(month), seen, why)
        case _:
            raise UsageError(
                "Use `handover VASTE_LAST --first-own-month M --method incasso|overboeking`, "
                "`handover VASTE_LAST --back-from M --why TEXT` or `handover proof VASTE_LAST MONTH --paid ja|nee`."
            )


def _hand_over(
    call: Call, office: Office, code: str, first_own: str, method: Method, why: str, *, preview: bool
) -> None:
    def agree(books: Connection) -> tuple[bool, Month | None]:
        require(books, office.actor, *CASEWORK)
        return handovers.hand_over(books, code, first_own, method, why, office.actor, office.now)

    new, ours = make(call, office, agree, preview=preview)
    text = f"{code}: the client pays from {first_own} by {method}" + ("." if new else ", as agreed before.")
    if ours:
        call.tell(f"Overlap: {code} is paid or set apart by us up to and including {ours}. Agree on a later month.")
    document = {"obligation": code, "first_own": first_own, "method": method.value, "changed": new, "overlap": ours}
    call.answer(document, text)


def _take_back(call: Call, office: Office, code: str, back_from: str, why: str, *, preview: bool) -> None:
    def agree(books: Connection) -> tuple[bool, Month | None]:
        require(books, office.actor, *CASEWORK)
        return handovers.take_back(books, code, back_from, why, office.actor, office.now)

    new, both = make(call, office, agree, preview=preview)
    text = f"{code}: we pay again from {back_from}" + ("." if new else ", as agreed before.")
    if both:
        call.tell(f"Overlap: {code} is paid or set apart by us for {both}, which was the client's own month.")
    call.answer({"obligation": code, "back_from": back_from, "changed": new, "overlap": both}, text)


def _proof(call: Call, office: Office, code: str, covers: str, paid: YesNo, why: str) -> None:
    with writing(office.engine) as connection:
        require(connection, office.actor, *CASEWORK)
        seen = paid is YesNo.YES
        new = handovers.record_proof(connection, code, covers, seen, why, office.actor, office.now)
    text = f"{code} {covers}: paid by the client: {paid}" + ("." if new else ", as seen before.")
    call.answer({"obligation": code, "covers": covers, "paid": seen, "changed": new}, text)


@end_app.command("propose")
def end_propose(
    context: typer.Context,
    klant: str,
    day: Annotated[str, typer.Option("--date", help="Last day on which may be paid.")],
    reason: Annotated[EarlyReason | None, typer.Option(help="Early end, without checklist.")] = None,
    why: Annotated[str, typer.Option(help="Explanation; belongs with maatwerk.")] = "",
    preview: Preview = False,
) -> None:
    """Propose to end; refused with everything that is still missing, unless an early reason applies."""
    call: Call = context.obj
    office = call.office()
    last = a_day(day, "--date")
    rules = rules_of(office)

    def propose(books: Connection) -> tuple[ends.Standing, bool]:
        require(books, office.actor, Role.CASE_DIRECTOR)
        outcome = ends.propose(books, klant, last, reason, why, rules, office.actor, office.now)
        if preview:  # a proposal by itself changes no run: show what it does once the second person agrees
            ends.preview_confirmed(books, klant, rules, office.now)
        return outcome

    found, new = make(call, office, propose, preview=preview)
    passed_over = [str(obstacle.code) for obstacle in found.obstacles]
    state = "end_proposed" if new else found.case.stored_state
    document: dict[str, Any] = {
        "client": klant,
        "state": state,
        "date": last.isoformat(),
        "reason": reason,
        "missing": list(dict.fromkeys(passed_over)),
        "changed": new,
    }
    text = f"{klant}: end on {last} {'proposed' if new else 'was proposed already'}; another person confirms it."
    open_still = [f"  {obstacle.code}: {obstacle.text}" for obstacle in found.obstacles]
    call.answer(document, "\n".join([text, *(["Nog open bij dit vroege einde:"] if open_still else []), *open_still]))


@end_app.command("confirm")
def end_confirm(context: typer.Context, klant: str, preview: Preview = False) -> None:
    """Confirm a proposed end as a second person; nothing is paid on an execution date after it."""
    call: Call = context.obj
    office = call.office()
    rules = rules_of(office)

    def confirm(books: Connection) -> tuple[ends.Standing, bool]:
        require(books, office.actor, Role.CONSULTANT)
        return ends.confirm(books, klant, rules, office.actor, office.now)

    found, new = make(call, office, confirm, preview=preview)
    assert found.case.proposal is not None
    last = found.case.proposal.end_date
    text = f"{klant}: the ontzorgen ends on {last}" + ("." if new else ", as confirmed before.")
    call.answer({"client": klant, "state": "ended", "date": last.isoformat(), "changed": new}, text)


@end_app.command("withdraw")
def end_withdraw(context: typer.Context, klant: str, why: Why) -> None:
    """Take a proposed end back before it is confirmed."""
    call: Call = context.obj
    office = call.office()
    with writing(office.engine) as connection:
        require(connection, office.actor, *CASEWORK)
        number, new = ends.withdraw(connection, klant, why, office.actor, office.now)
    text = f"{klant}: proposal {number} {'is' if new else 'was'} taken back{'' if new else ' already'}."
    call.answer({"client": klant, "withdrawn": number, "changed": new}, text)
