"""Forecasts and previews as office Dutch and as documents: codes and amounts, no names."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from desk.words.forecast import COMING, COST_OUTCOMES
from desk.words.formats import day_in_figures, euros
from desk.words.labels import HELD_REASONS
from desk.words.stale import stale_sentence
from payments.dossier.days_ahead import DayAhead, Outlook
from payments.money import format_amount
from payments.plan.forecast import CoveredCost, ForecastMonth, Member, MonthOutcome
from payments.plan.plan_changes import ClientEffect, Hold, PaymentEffect, Pays, RunEffect, Short


def forecast_text(outlook: Outlook) -> str:
    """The months ahead of a household, a month in a few lines."""
    lines = [f"Vooruitblik huishouden {outlook.household} ({outlook.gemeente})"]
    for client, month in outlook.outdated.items():
        lines.append(f"LET OP: de uitkering van klant {client} is voor het laatst bekend in {month}")
    if not any(month.lines for month in outlook.months):
        lines.append("Er zijn geen toeslagen, inkomsten of aflossingen ingevoerd: het saldo is zonder die bedragen.")
    for forecast in outlook.months:
        lines += ["", *_month(forecast)]
    if outlook.coming:
        lines += ["", "Op komst"]
        lines += [f"  {day_in_figures(item.on)} {_whose(item)}: {COMING[item.kind]}" for item in outlook.coming]
    return "\n".join(lines)


def _whose(item: DayAhead) -> str:
    return f"klant {item.client}" + (f" {item.obligation}" if item.obligation else "")


def _month(forecast: ForecastMonth) -> Iterator[str]:
    benefit, withheld, remainder, balance = (
        format_amount(cents)
        for cents in (forecast.benefit_cents, forecast.withheld_cents, forecast.remainder_cents, forecast.balance_cents)
    )
    yield f"{forecast.month}, betaaldag {day_in_figures(forecast.execution_date)}"
    yield f"  uitkering {benefit} = ingehouden {withheld} + restant {remainder}"
    for member in forecast.members:
        yield f"    klant {member.client}: {_benefit(member, assumed=forecast.assumed)}"
    for cost in forecast.costs:
        yield f"  {_cost(cost)}"
    for line in forecast.lines:
        sign = "+" if line.kind.comes_in else "-"
        yield f"  {line.kind} {line.name} (klant {line.client}): {sign} {format_amount(line.amount_cents)}"
    yield f"  {'TEKORT: ' if forecast.balance_cents < 0 else ''}over om van te leven {balance}"


def _benefit(member: Member, *, assumed: bool) -> str:
    said = f"{format_amount(member.benefit_cents)}"
    if assumed and member.known_in:
        said += f", zoals in {member.known_in}"
    if member.suspended_in:
        said += f" (opgeschort in {member.suspended_in})"
    return said if member.held is None else f"{said}; niets ingehouden: {HELD_REASONS[member.held]} ({member.held})"


def _cost(cost: CoveredCost) -> str:
    what = f"{cost.category} {cost.obligation} {cost.covers}: {format_amount(cost.amount_cents)}"
    if cost.outcome is MonthOutcome.HELD:
        why = HELD_REASONS[cost.reason] if cost.reason else "niet gepland"
        return f"{what} wordt niet betaald: {why}"
    return f"{what} {COST_OUTCOMES[cost.outcome]}"


def forecast_document(outlook: Outlook) -> dict[str, Any]:
    """The same for programs."""
    return {
        "gemeente": outlook.gemeente,
        "household": outlook.household,
        "client": outlook.client,
        "months": [_month_document(month) for month in outlook.months],
        "coming": [asdict(item) | {"on": item.on.isoformat()} for item in outlook.coming],
        "outdated": [{"client": client, "known_in": month} for client, month in outlook.outdated.items()],
    }


def _month_document(forecast: ForecastMonth) -> dict[str, Any]:
    cents = ("benefit_cents", "withheld_cents", "remainder_cents", "own_costs_cents", "balance_cents")
    return {
        "month": forecast.month,
        "execution_date": forecast.execution_date.isoformat(),
        "assumed": forecast.assumed,
        **{name: getattr(forecast, name) for name in cents},
        "deficit": forecast.balance_cents < 0,
        "members": [asdict(m) | {"remainder_cents": m.benefit_cents - m.withheld_cents} for m in forecast.members],
        "obligations": [asdict(cost) for cost in forecast.costs],
        "budget": [asdict(line) for line in forecast.lines],
    }


def effects_text(effects: Sequence[RunEffect]) -> str:
    """What a change does to the next run, before it happens."""
    lines = ["Voorbeeld: er is niets opgeslagen."]
    lines += _waiting_files(effects)
    touched = [run for run in effects if run.clients]
    if not touched:
        return "\n".join([*lines, "Dit verandert niets aan de eerstvolgende run."])
    for run in touched:
        lines.append(f"{run.gemeente}, run {run.month} (betaaldag {day_in_figures(run.execution_date)}):")
        for client in run.clients:
            lines += [f"  klant {client.client}", *(f"    {line}" for line in _client(client))]
    return "\n".join(lines)


def _waiting_files(effects: Sequence[RunEffect]) -> Iterator[str]:
    """Files that could not be approved or released any more; their money would be reserved until they are cancelled."""
    stale = [payment for run in effects for payment in run.stale]
    for file_id in sorted({payment.file_id for payment in stale}):
        mine = [payment for payment in stale if payment.file_id == file_id]
        reserved = euros(sum(payment.was_cents for payment in mine))
        yield f"Bestand {file_id} wacht en kan dan niet meer worden goedgekeurd of vrijgegeven; {reserved} blijft staan"
        yield f"tot het wordt ingetrokken: `ontzorgen cancel {file_id} --why REDEN`, en de maand opnieuw draaien."
        yield from (f"  {stale_sentence(payment)}" for payment in mine)


def _client(effect: ClientEffect) -> Iterator[str]:
    for payment in effect.payments:
        yield _payment(payment)
    for hold in effect.held_before:
        yield f"niet meer aangehouden: {_hold(hold)}"
    for hold in effect.held_after:
        yield f"wordt niet betaald: {_hold(hold)}"
    for short in effect.short_before:
        yield f"geen tekort meer: {_short(short)}"
    for short in effect.short_after:
        yield f"TEKORT: {_short(short)}"
    was, becomes = effect.remainder_before_cents, effect.remainder_after_cents
    if was != becomes:
        yield f"restant: {_or_nothing(was)} wordt {_or_nothing(becomes)}"


def _payment(payment: PaymentEffect) -> str:
    what = f"{payment.obligation} {payment.covers}"
    if payment.before is None or payment.after is None:
        found = payment.after or payment.before
        assert found is not None
        return f"{'nieuw' if payment.after else 'vervalt'}: {what} {_pays(found)}"
    return f"anders: {what} {_pays(payment.before)} wordt {_pays(payment.after)}"


def _pays(pays: Pays) -> str:
    return f"{format_amount(pays.amount_cents)} aan {pays.creditor}"


def _hold(hold: Hold) -> str:
    return f"{hold.obligation + ' ' if hold.obligation else ''}{HELD_REASONS[hold.reason]} ({hold.reason})"


def _short(short: Short) -> str:
    return f"{short.obligation} {short.covers} kost {format_amount(short.needed_cents)}"


def _or_nothing(cents: int | None) -> str:
    return "geen" if cents is None else format_amount(cents)


def effects_document(effects: Sequence[RunEffect]) -> dict[str, Any]:
    """The same for programs."""
    return {"preview": True, "runs": [_run_document(run) for run in effects]}


def _run_document(run: RunEffect) -> dict[str, Any]:
    days = {"execution_date": run.execution_date.isoformat()}
    stale = [asdict(p) | {"execution_date": p.execution_date.isoformat(), "why": str(p.why)} for p in run.stale]
    return asdict(run) | days | {"stale": stale}
