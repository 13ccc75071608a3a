"""Commands of the regievoerder: the dossier, what happened, assessments, hand-overs and the end."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.arguments import Preview, a_day, a_month, make, tell_effects
from desk.cli.console import Call
from desk.documents import dossier as pages
from desk.words.ending import obstacle_text
from flows.actions import ends, handovers
from flows.actions.assessments import assess_from_file
from flows.actions.events import record_event
from flows.actions.incoming import read_incoming
from flows.actions.periods import decide_period
from flows.actions.rules import rules_of
from flows.office import Office, UsageError
from ledgers.cases.ends import standing
from ledgers.database import reading
from payments.dossier.answers import MAX_BYTES
from payments.dossier.case import EarlyReason, EventKind, Method
from payments.states import TrajectoryState

end_app = typer.Typer(help="The end of an ontzorgen: proposed, then confirmed by another person.", no_args_is_help=True)
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


def dossier(context: typer.Context, klant: str) -> None:
    """Everything of one client: grounds, payments, assessments, hand-overs, and what is missing for an end."""
    call: Call = context.obj
    office = call.office()
    rules = rules_of(office)
    with reading(office.engine) as connection:
        found = standing(connection, klant, rules, office.today)
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
    done = make(call, office, lambda at: record_event(at, klant, kind, day, why, decision), preview=preview)
    text = f"{klant}: {kind} on {day} recorded." if done.recorded else f"{klant}: {kind} on {day} was recorded already."
    call.answer({"client": klant, "kind": kind.value, "on": day.isoformat(), "recorded": done.recorded}, text)


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
    done = make(call, office, lambda at: decide_period(at, klant, why, runs_on=runs_on), preview=preview)
    start = done.period_from
    text = f"{klant}: the six months count from {start}" + ("." if done.changed else ", as decided before.")
    document = {
        "client": klant,
        "decided": done.decided,
        "period_from": start.isoformat(),
        "changed": done.changed,
    }
    call.answer(document, text)


def assess(
    context: typer.Context,
    klant: str,
    file: Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True, help="ANSWERS.json.")],
) -> None:
    """Record one assessment of self-reliance; a later one may hold only some codes."""
    call: Call = context.obj
    done = assess_from_file(call.office(), klant, read_incoming(file, MAX_BYTES), file.name)
    text = (
        f"{klant}: assessment {done.number} {'recorded' if done.recorded else 'was recorded already'}: "
        f"{done.verdict}, {done.points} of {done.points_max} points"
        + (f"; missing: {', '.join(done.missing)}." if done.missing else ".")
    )
    call.answer(
        {
            "client": klant,
            "assessment": done.number,
            "recorded": done.recorded,
            "verdict": done.verdict.value,
            "missing": list(done.missing),
            "points": done.points,
            "points_max": done.points_max,
        },
        text,
    )


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
    done = make(call, office, lambda at: handovers.hand_over(at, code, first_own, method, why), preview=preview)
    text = f"{code}: the client pays from {first_own} by {method}" + ("." if done.changed else ", as agreed before.")
    if done.overlap:
        until = done.overlap
        call.tell(f"Overlap: {code} is paid or set apart by us up to and including {until}. Agree on a later month.")
    document = {
        "obligation": code,
        "first_own": first_own,
        "method": method.value,
        "changed": done.changed,
        "overlap": done.overlap,
    }
    call.answer(document, text)


def _take_back(call: Call, office: Office, code: str, back_from: str, why: str, *, preview: bool) -> None:
    done = make(call, office, lambda at: handovers.take_back(at, code, back_from, why), preview=preview)
    text = f"{code}: we pay again from {back_from}" + ("." if done.changed else ", as agreed before.")
    if done.overlap:
        call.tell(f"Overlap: {code} is paid or set apart by us for {done.overlap}, which was the client's own month.")
    document = {"obligation": code, "back_from": back_from, "changed": done.changed, "overlap": done.overlap}
    call.answer(document, text)


def _proof(call: Call, office: Office, code: str, covers: str, paid: YesNo, why: str) -> None:
    done = handovers.record_own_payment(office, code, covers, why, paid=paid is YesNo.YES)
    text = f"{code} {covers}: paid by the client: {paid}" + ("." if done.changed else ", as seen before.")
    call.answer({"obligation": code, "covers": covers, "paid": done.paid, "changed": done.changed}, text)


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
    if preview:  # a proposal by itself changes no run: show what it does once the second person agrees
        tell_effects(call, ends.effect_once_confirmed(office, klant, last, reason, why))
        return
    done = ends.propose(office, klant, last, reason, why)
    document: dict[str, Any] = {
        "client": klant,
        "state": done.state,
        "date": last.isoformat(),
        "reason": reason,
        "missing": list(dict.fromkeys(str(obstacle.code) for obstacle in done.passed_over)),
        "changed": done.changed,
    }
    said = "proposed" if done.changed else "was proposed already"
    text = f"{klant}: end on {last} {said}; another person confirms it."
    open_still = [f"  {obstacle.code}: {obstacle_text(obstacle)}" for obstacle in done.passed_over]
    call.answer(document, "\n".join([text, *(["Nog open bij dit vroege einde:"] if open_still else []), *open_still]))


@end_app.command("confirm")
def end_confirm(context: typer.Context, klant: str, preview: Preview = False) -> None:
    """Confirm a proposed end as a second person; nothing is paid on an execution date after it."""
    call: Call = context.obj
    done = make(call, call.office(), lambda at: ends.confirm(at, klant), preview=preview)
    text = f"{klant}: the ontzorgen ends on {done.last_day}" + ("." if done.changed else ", as confirmed before.")
    document = {
        "client": klant,
        "state": TrajectoryState.ENDED.value,
        "date": done.last_day.isoformat(),
        "changed": done.changed,
    }
    call.answer(document, text)


@end_app.command("withdraw")
def end_withdraw(context: typer.Context, klant: str, why: Why) -> None:
    """Take a proposed end back before it is confirmed."""
    call: Call = context.obj
    done = ends.withdraw(call.office(), klant, why)
    said = "is taken back" if done.changed else "was taken back already"
    text = f"{klant}: proposal {done.proposal} {said}."
    call.answer({"client": klant, "withdrawn": done.proposal, "changed": done.changed}, text)
