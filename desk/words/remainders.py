"""What a remainder list says in words to the benefits office, and what making it answers."""

from pathlib import Path

from desk.words.formats import euros, month_in_words
from desk.words.labels import HELD_REASONS
from payments.money import format_plain
from payments.month import Month
from payments.plan.remainder_lines import SHORT, Deductions, RemainderLine


def remainder_reason(line: RemainderLine) -> str:
    """Why a line says what it says (`toelichting`); empty where there is nothing to explain."""
    if line.reason == SHORT:
        said = "niet alle vaste lasten pasten: de klant betaalt de rest zelf"
    elif line.reason:
        said = HELD_REASONS[line.reason]
    elif line.waiting_cents:
        said = "deze uitkering is nog in geen run meegenomen"
    else:
        return ""
    said = said.replace(";", ",")  # a cell that nobody's spreadsheet cuts in two
    return f"{said}, wacht met {euros(line.waiting_cents)}" if line.waiting_cents else said


def deductions_named(deductions: Deductions) -> str:
    """What was deducted, kind by kind: `beslag 50,00 + maatregel 20,00`."""
    return " + ".join(f"{kind.value} {format_plain(cents)}" for kind, cents in deductions)


def told_text(month: Month, number: int | None, clients: int, waiting: int, due_cents: int, path: Path) -> str:
    """One sentence about the list that was made, or that none was."""
    if number is None:
        return f"Niets nieuws voor {month_in_words(month)} sinds de vorige lijst: {path} is leeg."
    waits = f", {waiting} met het advies te wachten" if waiting else ""
    what = f"{clients} cliënten{waits}, nu uit te betalen {euros(due_cents)}"
    return f"Lijst {number} van {month_in_words(month)}: {what}: {path}."
