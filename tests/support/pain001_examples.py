"""Invented payment files that the tests of writer, reader, rules and sheet share."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from payments.calendar import AMSTERDAM
from payments.pain001.orders import Payment, PaymentFile
from payments.pain001.rules import FileFacts, Finding, LastPaid, Limits
from payments.references import ReferenceType

FROM_OTHERS = Path(__file__).parents[1] / "bankfiles/pain001/pain001corpus_nl.sepa.sct-supplier.pain.001.001.09.xml"


def dutch_iban(bank: str, account: int) -> str:
    """An IBAN of a bank (four letters) with the right check digits."""
    digits = "".join(str(int(character, 36)) for character in f"{bank}{account:010d}NL00")
    return f"NL{98 - int(digits) % 97:02d}{bank}{account:010d}"


GEMEENTE_IBAN = dutch_iban("BNGH", 285_000_123)
LANDLORD_IBAN = dutch_iban("RABO", 300_065_264)
ENERGY_IBAN = dutch_iban("INGB", 1_234_567)
INSURER_IBAN = dutch_iban("ABNA", 417_164_300)

RENT = Payment(
    payment_id="202612-1-VL-0001",
    obligation="VL-0001",
    client="K0001",
    covers="2026-12",
    category="huur",
    creditor="IJSSELMOND",
    creditor_name="Stichting Woonzorg Ijsselmond",
    creditor_iban=LANDLORD_IBAN,
    ultimate_debtor="Jose Nunez-Oztuerk",
    amount_cents=65_012,
    reference_type=ReferenceType.FREE,
    remittance="huur 2026-12 contract H-10234 (Groesbeek, 's Heerenlaan)",
)
ENERGY = Payment(
    payment_id="202612-1-VL-0002",
    obligation="VL-0002",
    client="K0001",
    covers="2026-12",
    category="energie",
    creditor="LICHTBRON",
    creditor_name="Lichtbron en Zonen B.V.",
    creditor_iban=ENERGY_IBAN,
    ultimate_debtor="Jose Nunez-Oztuerk",
    amount_cents=11_800,
    reference_type=ReferenceType.BETALINGSKENMERK,
    remittance="5000056789012345",
)
INSURANCE = Payment(
    payment_id="202612-1-VL-0003",
    obligation="VL-0003",
    client="K0002",
    covers="2026-12",
    category="zorgverzekering",
    creditor="ZORGWEL",
    creditor_name="Zorgwel Verzekeringen",
    creditor_iban=INSURER_IBAN,
    ultimate_debtor="Gulsah Demir",
    amount_cents=14_755,
    reference_type=ReferenceType.RF,
    remittance="RF18539007547034",
)
FILE = PaymentFile(
    message_id="ASSEN-202611-01-001",
    payment_information_id="ASSEN-202611-01-001-B1",
    created_at=datetime(2026, 11, 20, 14, 5, 9, tzinfo=AMSTERDAM),
    gemeente="assen",
    debtor_name="Gemeente Assen",
    debtor_iban=GEMEENTE_IBAN,
    debtor_bic="BNGHNL2G",
    execution_date=date(2026, 11, 25),
    batch_booking=True,
    payments=(RENT, ENERGY, INSURANCE),
)
LIMITS = Limits(
    max_payment_cents=250_000,
    max_total_cents=1_000_000,
    max_transactions=10,
    change_percent=15,
    usual_cents={"huur": (30_000, 110_000), "energie": (5_000, 30_000), "zorgverzekering": (12_000, 20_000)},
)
FACTS = FileFacts(
    now=datetime(2026, 11, 20, 14, 6, tzinfo=AMSTERDAM),
    cut_off=time(14, 30),
    account_iban=GEMEENTE_IBAN,
    own_ibans=frozenset({GEMEENTE_IBAN}),
    used_message_ids=frozenset(),
    used_payment_information_ids=frozenset(),
    used_end_to_end_ids=frozenset(),
    used_sha256=frozenset(),
    live=frozenset(),
    unconfirmed=frozenset(),
    last_paid={
        payment.obligation: LastPaid(payment.amount_cents, payment.creditor_iban, payment.creditor_name)
        for payment in FILE.payments
    },
    paid_before=frozenset({"IJSSELMOND", "LICHTBRON", "ZORGWEL"}),
    limits=LIMITS,
)


def with_payments(*payments: Payment) -> PaymentFile:
    """The example file with other payments."""
    return replace(FILE, payments=payments)


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    """Level and code of each finding, which is what a rule's test is about."""
    return [(finding.level, finding.code) for finding in findings]
