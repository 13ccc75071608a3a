"""The month at a glance for the finance team, as plain Dutch text."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from desk.documents.reconciliation import account_lines, reserved_lines, to_forward_lines
from desk.words.formats import day_in_figures, euros, in_columns, month_in_words
from desk.words.labels import DEDUCTIONS, EXECUTED, FILE_STATES, HELD_REASONS, PAYMENT_STATES, RUN_STATES
from ledgers.month.payment_files import FileRow
from payments.money import format_amount
from payments.plan.withholding import Shortfall


class RunOutcome(Protocol):
    """What a line about a run needs to know."""

    @property
    def gemeente(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def run_id(self) -> str: ...  # noqa: D102
    @property
    def payments(self) -> int: ...  # noqa: D102
    @property
    def total_cents(self) -> int: ...  # noqa: D102
    @property
    def files(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def already(self) -> bool: ...  # noqa: D102
    @property
    def refused_files(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def short_by_list(self) -> Sequence[Shortfall]: ...  # noqa: D102


def run_line(result: RunOutcome) -> str:
    """One line about what a run of one gemeente did."""
    if not result.run_id:
        return f"{result.gemeente}: geen cliënten"
    what = f"{result.payments} betalingen, {euros(result.total_cents)}"
    made = ", ".join(result.files) or "geen bestand nodig"
    again = " (was al gedaan, niets veranderd)" if result.already else ""
    if result.refused_files:
        named = ", ".join(result.refused_files)
        again += f"; de bank weigerde {named}: besluit daarover, zie `ontzorgen exceptions`"
    lines = [f"{result.gemeente}: run {result.run_id}: {what}: {made}{again}"]
    for item in result.short_by_list:
        short = f"klant {item.client}: {item.category.value} {item.obligation} ({euros(item.needed_cents)})"
        lines.append(f"  TEKORT {short}{told_before(item.told_cents)}")
    return "\n".join(lines)


def told_before(cents: int) -> str:
    """That a cost would have fitted, had the benefits office not been told to pay its money out."""
    return f", omdat {euros(cents)} al is opgegeven om uit te betalen" if cents else ""


def file_state(state: str, *, executed: bool) -> str:
    """What a file is called; of an accepted one that nothing is under way any more, where that is so."""
    return EXECUTED if executed else FILE_STATES[state]


def files_text(found: Sequence[FileRow], stale: Mapping[str, int], executed: Container[str] = ()) -> str:
    """The payment files as a table, and below it those that may not go to the bank as they are."""
    if not found:
        return "Er zijn nog geen betaalbestanden."
    header = ("bestand", "stand", "uitvoering", "aantal", "totaal EUR")
    rows = [_file_cells(file, executed=file.file_id in executed) for file in found]
    table = [in_columns(row, (30, 16, 11, -7, -16), " ") for row in (header, *rows)]
    return "\n".join(
        [*table, *(_outdated(file.file_id, stale[file.file_id]) for file in found if file.file_id in stale)]
    )


def _outdated(file_id: str, payments: int) -> str:
    many = "1 betaling zou" if payments == 1 else f"{payments} betalingen zouden"
    return f"VEROUDERD {file_id}: {many} vandaag anders zijn. Trek het in met `ontzorgen cancel` en draai opnieuw."


def _file_cells(file: FileRow, *, executed: bool) -> tuple[str, ...]:
    state, day = file_state(file.state, executed=executed), day_in_figures(file.execution_date)
    return file.file_id, state, day, str(file.transactions), format_amount(file.control_sum_cents)


def status_text(status: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The month of all gemeenten as text, from the very document that `status --json` gives."""
    lines = [f"Maand {month_in_words(status['month'])}"]
    for gemeente in status["gemeenten"]:
        lines += ["", *_gemeente(gemeente, names[gemeente["gemeente"]])]
    return "\n".join([*lines, "", *_proof(status["proof"])])


def _proof(proof: Mapping[str, Any]) -> list[str]:
    """Bank beside books, and what is on its way or unexplained by age."""
    bank, books, difference, transit, unexplained = (
        format_amount(proof[f"{key}_cents"]) for key in ("bank", "books", "difference", "in_transit", "unexplained")
    )
    lines = [
        f"Bank {bank}, boeken {books}, verschil {difference}",
        f"  onderweg {transit}, uit te zoeken {unexplained}",
    ]
    for title, key in (("gereserveerd voor schuldeisers", "reserved"), ("teruggekomen, nog te besluiten", "returned")):
        total = sum(item["amount_cents"] for item in proof[key])
        if total:
            lines.append(f"  {title}: {euros(total)}")
        if key == "reserved":
            lines += reserved_lines(proof["reserved_items"])
    lines += to_forward_lines(proof["to_forward"])
    lines += account_lines(proof["accounts"])
    titles = (("onderweg", "in_transit"), ("uit te zoeken", "open_items"), ("op tussenrekening", "suspense"))
    for title, key in titles:
        ages: dict[str, list[int]] = {}
        for item in proof[key]:
            ages.setdefault(item["age_group"], []).append(item["amount_cents"])
        lines += [f"  {title} {group} dagen: {len(amounts)}, {euros(sum(amounts))}" for group, amounts in ages.items()]
    return lines


def _gemeente(g: Mapping[str, Any], name: str) -> list[str]:
    day = g["execution_date"] and day_in_figures(date.fromisoformat(g["execution_date"]))
    payday = f", betaaldag {day}" if day else ""
    lines = [f"{name}: {RUN_STATES[g['state']]}{payday}"]
    if g["run_id"] is None:
        return lines
    amounts = {key: format_amount(g[f"{key}_cents"]) for key in ("benefit", "withheld", "remainder")}
    lines.append(
        f"  uitkering {amounts['benefit']}  =  ingehouden {amounts['withheld']}  +  restant {amounts['remainder']}"
    )
    counts = ", ".join(f"{n} {PAYMENT_STATES[s]}" for s, n in g["payments"].items() if n and s != "settled")
    lines.append(f"  betalingen: {counts or 'geen'}")
    for file in g["files"]:
        total = euros(file["control_sum_cents"])
        lines.append(
            f"  bestand {file['file_id']}: {file['transactions']} betalingen, {total}, "
            f"{file_state(file['state'], executed=file['executed'])}, SHA-256 ..{file['sha256'][-6:]}"
        )
        if file["stale"]:
            lines.append(f"    {_outdated(file['file_id'], file['stale'])}")
    for s in g["shortfalls"]:
        needed, available = format_amount(s["needed_cents"]), format_amount(s["available_cents"])
        what = f"klant {s['client']}: {s['category']} {s['obligation']}"
        lines.append(f"  TEKORT {what} kost {needed}, er is {available}{told_before(s.get('told_cents', 0))}")
    for h in g["held"]:
        what = f"klant {h['client']}" + (f" {h['obligation']}" if h["obligation"] else "")
        lines.append(f"  NIET BETAALD {what}: {HELD_REASONS[h['reason']]} ({h['reason']})")
    for d in g["deductions"]:
        kind, stopped = DEDUCTIONS[d["kind"]], " (opgeschort)" if d["suspended"] else ""
        lines.append(f"  INHOUDING klant {d['client']}: {kind}, {euros(d['amount_cents'])}{stopped}")
    if g["ended_before"]:
        lines.append(f"  al eerder beëindigd: {g['ended_before']} klanten")
    return lines
