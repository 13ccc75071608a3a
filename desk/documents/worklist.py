"""The worklist as the office reads it: what is wrong, by when, and the command that settles it. No names."""

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from desk.words.dossier import EARLY_ENDS
from desk.words.formats import day_in_figures
from desk.words.labels import HELD_REASONS, STALE_REASONS
from payments.dossier.case import EarlyReason
from payments.dossier.worklist_items import Cause, WorklistItem

_WIDTH, _INDENT = 110, "    "
_NEXT = (
    "Leg een vervolg vast: `ontzorgen ground add {client} --ground ART_57 --from DATUM --until DATUM --decision "
    "NUMMER` (of VRIJWILLIG), of stel het einde voor: `ontzorgen end propose {client} --date DATUM`."
)
_RIGHT_ENDED = "Stel het einde voor: `ontzorgen end propose {client} --date {iso} --reason right_ended`."
_ASSESS = "Beoordeel samen met de klant: `ontzorgen assess {client} --file ANTWOORDEN.json`."
_CONFIRM = "Een consulent, niet {by}, kijkt het na: `ontzorgen end confirm {client}`."
_HANDOVER = "`ontzorgen handover {obligation} --first-own-month {expected} --method incasso|overboeking"
_SENTENCES: Mapping[Cause, str] = {
    Cause.PAYEE_NAME: "Schuldeiser {creditor}, gemeld {day}: {said}. Bekijk `ontzorgen creditor show {creditor}`, en "
    "handel {exception} af als acknowledge.",
    Cause.STALE_FILE: "Bestand {file} wacht, met betaaldag {day}, en kan niet meer worden goedgekeurd of vrijgegeven: "
    "{obligations} zou vandaag anders zijn ({whys}). Trek het in en draai de maand opnieuw: `ontzorgen cancel {file} "
    "--why REDEN`.",
    Cause.GROUND_ENDS: "De grondslag loopt tot en met {day} en er volgt geen andere (waarschuwing {weeks} "
    "weken vooraf). Daarna wordt niets meer ingehouden. " + _NEXT,
    Cause.RIGHT_ENDS: "Het recht op bijstand eindigt op {day}, en daarmee de grondslag (waarschuwing {weeks} "
    "weken vooraf). " + _RIGHT_ENDED,
    Cause.GROUND_GAP: "Vanaf {day} is er {days} geen grondslag; vanaf {again} weer wel. Er valt geen betaaldag in: "
    "elke maand wordt betaald. Kijk na of het besluit zo bedoeld is: `ontzorgen dossier {client}`.",
    Cause.UNPAID_GAP: "Vanaf {day} is er {days} geen grondslag; vanaf {again} weer wel. Betaaldag {paydays} valt erin: "
    "dan wordt niets ingehouden, en niemand betaalt {unpaid}. Sluit het gat met een besluit, of bespreek wie dit "
    "betaalt: `ontzorgen dossier {client}`.",
    Cause.NO_GROUND: "Er is sinds {day} geen grondslag meer: er wordt niets ingehouden en niets betaald. " + _NEXT,
    Cause.RIGHT_ENDED: "Het recht op bijstand eindigde op {day}: er wordt niets meer betaald. " + _RIGHT_ENDED,
    Cause.PERIOD_UNDECIDED: "Het recht op bijstand is na een onderbreking opnieuw ingegaan op {day}. Niemand "
    "heeft besloten of de oude zes maanden doorlopen of dat er nieuwe beginnen; tot dan wordt niets betaald. Besluit: "
    "`ontzorgen period {client} --continue --why REDEN` of `--new`.",
    Cause.NO_DECISION: "Er is geen beschikking; het recht op bijstand gaat in op {day}. Zonder beschikking "
    "wordt niets betaald. Zet nummer en datum in het cliëntenbestand: `ontzorgen import clients BESTAND`.",
    Cause.NO_DECISION_DATE: "Beschikking {decision} heeft geen datum; het recht op bijstand gaat in op "
    "{day}. Zonder datum wordt niets betaald. Zet die in het cliëntenbestand: `ontzorgen import clients "
    "BESTAND`.",
    Cause.NO_MANDATE: "Er is geen machtiging; het recht op bijstand gaat in op {day}. Zonder machtiging wordt "
    "niets betaald. Leg vast: `ontzorgen event mandate_given {client} --on DATUM --why REDEN`.",
    Cause.MANDATE_REVOKED: "De klant heeft de machtiging ingetrokken per {day}: er wordt niets meer betaald. "
    "Bespreek het en leg vast: `ontzorgen event mandate_given {client} --on DATUM --why REDEN`, of `ontzorgen end "
    "propose {client} --date DATUM --reason mandate_revoked`.",
    Cause.SHORTAGE: "De uitkering was te laag voor {obligations}; betaaldag {day}. Bespreek wie dit betaalt: "
    "`ontzorgen dossier {client}`.",
    Cause.OPEN_ITEM: "Uitzoekpunt {exception} ({code}) staat open sinds {day}. Zoek het uit: `ontzorgen "
    "resolve {exception} --as-what SOORT --why REDEN`.",
    Cause.IBAN_UNCONFIRMED: "De IBAN van de schuldeiser is niet bevestigd voor {obligations}; volgende betaaldag "
    "{day}. Bel terug op een bekend nummer: `ontzorgen creditor confirm SCHULDEISER --how HOE`.",
    Cause.DOUBLE_COST: "{obligation} is dezelfde rekening als {first}: zelfde schuldeiser, kenmerk en soort, in "
    "dezelfde maanden. Alleen {first} wordt betaald; volgende betaaldag {day}. Zijn het er twee: `ontzorgen obligation "
    "accept-double {obligation} --why REDEN`. Anders krijgt {obligation} een `tot`: `ontzorgen import obligations "
    "BESTAND`.",
    Cause.STRANDED: "Voor {obligation} over {expected} staat EUR {amount} apart, en geen run betaalt dat nog: de vaste "
    "last is gestopt, overgedragen of van een klant die weg is. Besluit: geef het terug met `ontzorgen give-back "
    "{obligation} {expected} --why REDEN`, of maak de vaste last weer te betalen in het bestand.",
    Cause.GAP: "{obligation}: wij betalen tot en met {last}, de klant vanaf {first_own}. Over {expected} betaalt "
    "niemand. Stem af en leg vast: " + _HANDOVER + " --why REDEN`.",
    Cause.OVERLAP: "{obligation}: wij betalen tot en met {last}, de klant al vanaf {first_own}: dubbel. Stem af en leg "
    "vast: " + _HANDOVER + " --why REDEN`.",
    Cause.LEFT_BEHIND: "{obligation}: het ontzorgen is beëindigd, wij betaalden tot en met {last}, en er is niet "
    "vastgelegd dat de klant vanaf {expected} betaalt. Ga het na en leg vast: " + _HANDOVER + "`.",
    Cause.SHARED_STOPS: "{obligation} ({amount}) staat op naam van deze klant. Op betaaldag {day} wordt voor "
    "deze klant niets betaald ({held}), terwijl het ontzorgen van klant {partner} doorgaat: over {expected} betaalt "
    "niemand. Zet deze gedeelde vaste last op naam van klant {partner}: `ontzorgen import obligations BESTAND`, met "
    "{obligation} tot {last} en een nieuwe vaste last van klant {partner} vanaf {expected}. Of draag over: "
    + _HANDOVER
    + "`.",
    Cause.NOBODY: "Niemand betaalt {obligations}. Vraag het de schuldeiser en de klant en voorkom een achterstand. "
    "Overbruggen kan met bijzondere bijstand, een krediet, uitstel van de schuldeiser, of een voorschot of nabetaling. "
    "Laat een run het alsnog betalen: `ontzorgen catch-up VASTE_LAST MAAND --from-benefit MAAND --component "
    "regulier|nabetaling|voorschot --why REDEN`. Heeft een ander betaald, leg vast: `ontzorgen paid-otherwise "
    "VASTE_LAST MAAND --by bijzondere_bijstand|client|krediet|verhuurder --why REDEN`. De kalender: `ontzorgen "
    "coverage {client}`.",
    Cause.BOTH: "Dubbel betaald, door ons en door een ander: {obligations}. Zoek uit wie geld terugkrijgt. De "
    "kalender: `ontzorgen coverage {client}`.",
    Cause.COST_MISSING: "Er is geen {category} bekend voor {expected}. Zet de vaste last in het bestand: `ontzorgen "
    "import obligations BESTAND`, of leg vast waarom die er niet is: `ontzorgen obligation none {client} {category} "
    "--why REDEN`.",
    Cause.END: "Het einde per {day} is voorgesteld. " + _CONFIRM,
    Cause.EARLY_END: "Een vroeg einde per {day} is voorgesteld ({reason}). " + _CONFIRM,
    Cause.UNEXPLAINED_END: "LET OP: maatwerk zonder uitleg. Een vroeg einde per {day} is voorgesteld en "
    "niemand zei waarom. Vraag {by} om uitleg: `ontzorgen end withdraw {client} --why REDEN` en opnieuw voorstellen "
    "met `--why`. " + _CONFIRM,
    Cause.REASSESSMENT: "Herbeoordeling uiterlijk {day}, want {ground} ({decision}) loopt door. " + _ASSESS,
    Cause.ASSESSMENT: "Beoordeling na {months} maanden, uiterlijk {day}. " + _ASSESS,
    Cause.LAST_ASSESSMENT: "Beoordeling aan het einde van de verplichte maanden, uiterlijk {day}. " + _ASSESS,
    Cause.MISSED_ASSESSMENT: "Beoordeling na {months} maanden, uiterlijk {due}; ook die na {missed} maanden, uiterlijk "
    "{day}, is niet gemaakt. " + _ASSESS,
    Cause.MISSED_TO_THE_LAST: "Beoordeling aan het einde van de verplichte maanden, uiterlijk {due}; ook die na "
    "{missed} maanden, eerst uiterlijk {day}, is niet gemaakt. " + _ASSESS,
    Cause.ARREARS: "Er is een achterstand gemeld per {day} (`ontzorgen dossier {client}`). Bel de klant en de "
    "schuldeiser. Is het opgelost, leg dan vast: `ontzorgen event no_arrears {client} --on DATUM --why REDEN`.",
    Cause.AFTERCARE: "Nazorg sinds {day}, {months} maanden na het einde per {ended}: vraag of de rekeningen betaald "
    "zijn. Leg vast: `ontzorgen event no_arrears {client} --on DATUM --why REDEN` of `ontzorgen event arrears {client} "
    "--on DATUM --why REDEN`.",
    Cause.PARAMETER: "{name} had uiterlijk {day} nagekeken moeten zijn. Grond: {basis}. Kijk na of de waarde "
    "nog klopt en zet een nieuwe in de configuratie.",
}


def text(item: WorklistItem) -> str:
    """One item in a sentence or three."""
    facts = dict(item.facts)
    if "reason" in facts:
        facts["reason"] = EARLY_ENDS[EarlyReason(facts["reason"])]
    if "whys" in facts:
        facts["whys"] = "; ".join(STALE_REASONS[why] for why in facts["whys"].split(","))
    if "missed" in facts:
        facts["missed"] = " en ".join(facts["missed"].split(","))
    if "due" in facts:
        facts["due"] = day_in_figures(date.fromisoformat(facts["due"]))
    facts |= {name: _days(facts[name]) for name in ("ended", "again", "paydays") if name in facts}
    if "days" in facts:
        facts["days"] = "één dag" if facts["days"] == "1" else f"{facts['days']} dagen"
    if "unpaid" in facts:
        facts["unpaid"] = facts["unpaid"] or "wat dan nodig is"
    if "held" in facts:
        facts["held"] = HELD_REASONS[facts["held"]]
    return _SENTENCES[item.cause].format(
        client=item.client, day=day_in_figures(item.day), iso=item.day.isoformat(), **facts
    )


def _days(days: str) -> str:
    return " en ".join(day_in_figures(date.fromisoformat(day)) for day in days.split(","))


def document(items: Sequence[WorklistItem]) -> list[dict[str, Any]]:
    """The worklist as `worklist --json` gives it."""
    return [
        {"client": item.client, "kind": item.kind.value, "date": item.day.isoformat(), "text": text(item)}
        for item in items
    ]


def worklist_text(items: Sequence[Mapping[str, Any]]) -> str:
    """The same list on a screen, most urgent first."""
    if not items:
        return "Er is niets te doen."
    lines = []
    for item in items:
        lines.append(f"{item['date']}  {item['client'] or '(kantoor)'}  {item['kind']}")
        lines += wrap(item["text"], _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
    return "\n".join(lines)
