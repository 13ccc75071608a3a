"""The approval sheet (opdrachtbrief): what a second person reads and signs before a payment file goes to the bank.

Everything about the money is computed from the written bytes by the independent reader, so the sheet shows what the
bank will do. No client is named on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha1, sha256
from textwrap import wrap

from desk.words.formats import day_in_figures, euros, grouped, in_columns, labelled
from desk.words.stale import stale_sentence
from payments.calendar import AMSTERDAM
from payments.money import format_amount
from payments.month import Month
from payments.pain001.reader import PaymentInformationRead, read
from payments.pain001.rules import Finding
from payments.plan.stale_payments import StalePayment

_WIDTH = 100
_LABEL = 26
_fact = partial(labelled, _LABEL)
_NAME = 36
_COLUMNS = (_NAME, 40, -8, -16)  # the longest IBAN in SEPA, of Malta, takes 38 in groups of four
_OWN_ACCOUNTS = "Uitbetaald aan cliënten zelf"

TITLE = "Opdrachtbrief betalingen vaste lasten"
HASHES = "Controlegetallen van het bestand"
COMPARE = "met wat de bank toont. Zijn ze anders, keur dan niets goed."
NOTHING = "Geen bijzonderheden."
UNPAID = "Niet betaald"
HEAD = "Stand van het logboek"
KEEP = "Bewaar dit blad: zo is later te bewijzen dat het logboek niet is ingekort of vervangen."
NEXT = "Wat nu te doen"
SIGNATURES = "Handtekeningen"
SIGNERS = ("Maker", "Goedgekeurd door (een ander)")
SIGNED = ("Naam", "Datum", "Paraaf")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What one account gets by one order; own accounts of clients are one line without a name."""

    name: str
    iban: str
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Order:
    """One payment information block: an account, a day, and who is paid."""

    facts: tuple[tuple[str, str], ...]
    recipients: tuple[Recipient, ...]

    @property
    def count(self) -> int:
        """How many payments it holds."""
        return sum(recipient.count for recipient in self.recipients)

    @property
    def cents(self) -> int:
        """What it pays together."""
        return sum(recipient.cents for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a sheet says, for paper and screen alike; hashes in two parts, the last of which a bank shows."""

    file_id: str
    made_at: datetime
    facts: tuple[tuple[str, str], ...]
    orders: tuple[Order, ...]
    hashes: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    unpaid: tuple[tuple[str, str], ...]
    head: str

    @property
    def count(self) -> int:
        """How many payments the file holds."""
        return sum(order.count for order in self.orders)

    @property
    def cents(self) -> int:
        """What the file pays together."""
        return sum(order.cents for order in self.orders)


def sheet_of(
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
) -> Sheet:
    """Read the sheet from the bytes of the file; ValueError when they are no readable payment file."""
    message = read(content)
    facts = (
        ("Gemeente", gemeente),
        ("Uitkeringsmaand", month),
        ("Bestand", file_id),
        ("Stand", state),
        ("Gemaakt door", f"{maker} op {made_at.astimezone(AMSTERDAM):%d-%m-%Y om %H:%M}"),
        ("Kenmerk bericht (MsgId)", message.message_id),
    )
    unpaid = (
        ("Tekorten", f"{shortfalls} (vaste lasten die niet uit de uitkering van deze maand passen)"),
        ("Aangehouden", f"{held} (cliënten of vaste lasten waarvoor nu niet betaald mag worden)"),
    )
    orders = tuple(_order(block) for block in message.payment_informations)
    rows, head = audit_head
    return Sheet(
        file_id, made_at, facts, orders, _hashes(content), tuple(_warnings(findings)), unpaid, f"{rows}:{head[:16]}"
    )


def stale_findings(stale: Sequence[StalePayment]) -> tuple[Finding, ...]:
    """The same as warnings on an approval sheet, which stand before all others."""
    return tuple(
        Finding("W", "stale", payment.payment_id, f"Dit bestand mag niet meer weg: {stale_sentence(payment)}")
        for payment in stale
    )


def _order(block: PaymentInformationRead) -> Order:
    totals: dict[tuple[str, str], list[int]] = {}
    for transaction in block.transactions:
        # A payment to the client's own account would otherwise put the client's name on paper.
        own = transaction.creditor_name == transaction.ultimate_debtor
        key = (_OWN_ACCOUNTS, "") if own else (transaction.creditor_name, transaction.creditor_iban)
        totals.setdefault(key, []).append(transaction.amount_cents)
    facts = (
        ("Opdracht (PmtInfId)", block.payment_information_id),
        ("Van rekening", f"{grouped(block.debtor_iban)} ({block.debtor_bic})"),
        ("Op naam van", block.debtor_name),
        ("Uitvoeringsdatum", day_in_figures(block.execution_date)),
        ("Boeking", "in één bedrag" if block.batch_booking else "per betaling"),
    )
    recipients = (Recipient(*key, len(amounts), sum(amounts)) for key, amounts in sorted(totals.items()))
    return Order(facts, tuple(recipients))


def _hashes(content: bytes) -> tuple[tuple[str, str, str], ...]:
    strong = sha256(content).hexdigest()
    # Not for safety: BNG shows the end of this older number, and people compare the two by eye.
    old = sha1(content, usedforsecurity=False).hexdigest()
    return ("SHA-256", strong[:-6], strong[-6:]), ("SHA-1", old[:-5], old[-5:])


def _warnings(findings: Sequence[Finding]) -> Iterator[str]:
    """A payee whose name the bank doubts, what keeps the file here, what can cost a hundredfold; the rest by kind."""
    warnings = [finding for finding in findings if finding.level == "W"]
    first = ("payee_name", "stale", "times_hundred")
    kinds = {finding.code for finding in warnings}
    for kind in sorted(kinds, key=lambda code: (first.index(code) if code in first else len(first), code)):
        yield from (finding.text for finding in warnings if finding.code == kind)


def steps(file_id: str) -> tuple[tuple[str, str], ...]:
    """What is to be done with the sheet in hand, in order: a sentence, and the command to type or nothing."""
    look = "Kijk of rekening, datum, aantal, totaal en ontvangers kloppen, en lees wat onder LET OP staat."
    sign = "Een ander dan de maker keurt goed en typt op de plaats van AMOUNT zelf het totaal:"
    hand = "Daarna zet finance het bestand klaar in een map (DIR):"
    bank = "Lees het bestand in bij de bank en vergelijk daar aantal, totaal en controlegetal met dit blad."
    return (
        (look, ""),
        (sign, f"ontzorgen approve {file_id} --total AMOUNT"),
        (hand, f"ontzorgen release {file_id} --out DIR"),
        (bank, ""),
    )


def sheet_text(sheet: Sheet) -> str:
    """The sheet as plain text of at most 100 columns."""
    lines = [_rule("="), TITLE.upper(), _rule("="), *(_fact(*fact) for fact in sheet.facts)]
    lines += [_fact("Aantal betalingen", str(sheet.count)), _fact("Totaal", euros(sheet.cents))]
    for order in sheet.orders:
        lines += ["", *_order_lines(order)]
    lines += ["", HASHES.upper(), *(_fact(name, f"{body}[{end}]") for name, body, end in sheet.hashes)]
    lines += [f"Vergelijk de tekens tussen [ ] {COMPARE}"]
    lines += ["", f"LET OP ({len(sheet.warnings)})"]
    lines += [line for text in sheet.warnings for line in _folded(text, "- ")] or [NOTHING]
    lines += ["", UNPAID.upper(), *(_fact(*fact) for fact in sheet.unpaid)]
    lines += ["", HEAD.upper(), _fact("Regel en controlegetal", sheet.head), KEEP, "", NEXT.upper()]
    for number, (sentence, command) in enumerate(steps(sheet.file_id), start=1):
        lines += [f"{number}. {sentence}", *([f"   {command}"] if command else [])]
    return "\n".join([*lines, "", *_signatures()]) + "\n"


def _rule(character: str = "-") -> str:
    return character * _WIDTH


def _folded(text: str, indent: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))


def _order_lines(order: Order) -> Iterator[str]:
    yield from (_fact(*fact) for fact in order.facts)
    yield ""
    yield in_columns(("PER ONTVANGER", "REKENING", "AANTAL", "BEDRAG"), _COLUMNS)
    yield _rule()
    for paid in order.recipients:
        *above, last = wrap(paid.name, _NAME - 2)
        yield from above
        yield in_columns((last, grouped(paid.iban), str(paid.count), format_amount(paid.cents)), _COLUMNS)
    yield _rule()
    yield in_columns(("Samen", "", str(order.count), format_amount(order.cents)), _COLUMNS)


def _signatures() -> list[str]:
    line = "." * 36
    return [
        SIGNATURES.upper(),
        in_columns(SIGNERS, (52, 0)),
        "",
        *(in_columns((label, line, label, line), (8, 44, 8, 0)) for label in SIGNED),
    ]
