"""The approval sheet (opdrachtbrief): what a second person reads and signs before a payment file goes to the bank.

Everything about the money is computed from the written bytes by the independent reader, so the sheet shows what the
bank will do. No client is named on it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha1, sha256
from textwrap import wrap

from payments.calendar import AMSTERDAM
from payments.money import format_amount
from payments.month import Month
from payments.pain001_reader import PaymentInformationRead, read
from payments.pain001_rules import Finding

_WIDTH = 100
_LABEL = 26
_NAME = 36
_ACCOUNT = 40  # the longest IBAN in SEPA, of Malta, takes 38 in groups of four
_OWN_ACCOUNTS = "Uitbetaald aan cliënten zelf"


def sheet_text(
    content: bytes,
    *,
    file_id: str,
    gemeente: str,
    month: Month,
    state: str,
    maker: str,
    made_at: datetime,
    findings: Sequence[Finding],
    shortfalls: int,
    held: int,
    audit_head: tuple[int, str],
) -> str:
    """The sheet as plain text of at most 100 columns; ValueError when the bytes are no readable payment file."""
    message = read(content)
    total = sum(transaction.amount_cents for transaction in message.transactions)
    lines = [
        _rule("="),
        "OPDRACHTBRIEF BETALINGEN VASTE LASTEN",
        _rule("="),
        _fact("Gemeente", gemeente),
        _fact("Uitkeringsmaand", month),
        _fact("Bestand", file_id),
        _fact("Stand", state),
        _fact("Gemaakt door", f"{maker} op {made_at.astimezone(AMSTERDAM):%d-%m-%Y om %H:%M}"),
        _fact("Kenmerk bericht (MsgId)", message.message_id),
        _fact("Aantal betalingen", str(len(message.transactions))),
        _fact("Totaal", f"EUR {format_amount(total)}"),
    ]
    for block in message.payment_informations:
        lines += ["", *_block(block)]
    lines += ["", *_control_numbers(content)]
    lines += ["", *_warnings(findings)]
    lines += ["", "NIET BETAALD", *_unpaid(shortfalls, held)]
    lines += ["", *_anchor(*audit_head)]
    lines += ["", *_what_next(file_id), "", *_signatures()]
    return "\n".join(lines) + "\n"


def _rule(character: str = "-") -> str:
    return character * _WIDTH


def _fact(label: str, value: str) -> str:
    return f"{label:<{_LABEL}}{value}"


def _folded(text: str, indent: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))


def _block(block: PaymentInformationRead) -> Iterator[str]:
    yield _fact("Opdracht (PmtInfId)", block.payment_information_id)
    yield _fact("Van rekening", f"{_grouped(block.debtor_iban)} ({block.debtor_bic})")
    yield _fact("Op naam van", block.debtor_name)
    yield _fact("Uitvoeringsdatum", f"{block.execution_date:%d-%m-%Y}")
    yield _fact("Boeking", "in één bedrag" if block.batch_booking else "per betaling")
    yield ""
    yield f"{'PER ONTVANGER':<{_NAME}}{'REKENING':<{_ACCOUNT}}{'AANTAL':>8}{'BEDRAG':>16}"
    yield _rule()
    totals: dict[tuple[str, str], list[int]] = {}
    for transaction in block.transactions:
        # A payment to the client's own account would otherwise put the client's name on paper.
        own = transaction.creditor_name == transaction.ultimate_debtor
        key = (_OWN_ACCOUNTS, "") if own else (transaction.creditor_name, transaction.creditor_iban)
        totals.setdefault(key, []).append(transaction.amount_cents)
    for (name, iban), amounts in sorted(totals.items()):
        *above, last = wrap(name, _NAME - 2)
        yield from above
        yield f"{last:<{_NAME}}{_grouped(iban):<{_ACCOUNT}}{len(amounts):>8}{format_amount(sum(amounts)):>16}"
    yield _rule()
    total = sum(transaction.amount_cents for transaction in block.transactions)
    yield f"{'Samen':<{_NAME + _ACCOUNT}}{len(block.transactions):>8}{format_amount(total):>16}"


def _grouped(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _control_numbers(content: bytes) -> list[str]:
    strong = sha256(content).hexdigest()
    # Not for safety: BNG shows the end of this older number, and people compare the two by eye.
    old = sha1(content, usedforsecurity=False).hexdigest()
    return [
        "CONTROLEGETALLEN VAN HET BESTAND",
        _fact("SHA-256", f"{strong[:-6]}[{strong[-6:]}]"),
        _fact("SHA-1", f"{old[:-5]}[{old[-5:]}]"),
        "Vergelijk de tekens tussen [ ] met wat de bank toont. Zijn ze anders, keur dan niets goed.",
    ]


def _warnings(findings: Sequence[Finding]) -> Iterator[str]:
    warnings = [finding for finding in findings if finding.level == "W"]
    # What can cost a hundredfold comes first; the rest keeps the order of the validator, kind by kind.
    kinds = sorted({finding.code for finding in warnings}, key=lambda code: (code != "times_hundred", code))
    yield f"LET OP ({len(warnings)})"
    if not warnings:
        yield "Geen bijzonderheden."
    for kind in kinds:
        for finding in warnings:
            if finding.code == kind:
                yield from _folded(finding.text, "- ")


def _unpaid(shortfalls: int, held: int) -> list[str]:
    return [
        _fact("Tekorten", f"{shortfalls} (vaste lasten die niet uit de uitkering van deze maand passen)"),
        _fact("Aangehouden", f"{held} (cliënten of vaste lasten waarvoor nu niet betaald mag worden)"),
    ]


def _anchor(rows: int, head: str) -> list[str]:
    return [
        "STAND VAN HET LOGBOEK",
        _fact("Regel en controlegetal", f"{rows}:{head[:16]}"),
        "Bewaar dit blad: zo is later te bewijzen dat het logboek niet is ingekort of vervangen.",
    ]


def _what_next(file_id: str) -> list[str]:
    return [
        "WAT NU TE DOEN",
        "1. Kijk of rekening, datum, aantal, totaal en ontvangers kloppen, en lees wat onder LET OP staat.",
        "2. Een ander dan de maker keurt goed en typt op de plaats van AMOUNT zelf het totaal:",
        f"   ontzorgen approve {file_id} --total AMOUNT",
        "3. Daarna zet finance het bestand klaar in een map (DIR):",
        f"   ontzorgen release {file_id} --out DIR",
        "4. Lees het bestand in bij de bank en vergelijk daar aantal, totaal en controlegetal met dit blad.",
    ]


def _signatures() -> list[str]:
    line = "." * 44
    return [
        "HANDTEKENINGEN",
        f"{'Maker':<52}Goedgekeurd door (een ander)",
        "",
        *(f"{f'{label:<8}{line[:-8]}':<52}{label:<8}{line[:-8]}" for label in ("Naam", "Datum", "Paraaf")),
    ]
