"""What is said of a payment that waits in a file and would be another one today."""

from desk.words.formats import euros
from desk.words.labels import STALE_REASONS
from payments.plan.stale_payments import StalePayment


def stale_sentence(payment: StalePayment) -> str:
    """One payment of a file that waits, with what it would be now and why; no names."""
    what = f"{payment.obligation} over {payment.covers} van klant {payment.client}, {euros(payment.was_cents)}"
    now = f"zou nu {euros(payment.would_be_cents)} zijn" if payment.would_be_cents else "zou nu niet worden betaald"
    if payment.would_be_cents == payment.was_cents:
        now = "zou nu naar een andere rekening gaan"
    return f"{what}: {now}, want {STALE_REASONS[payment.why]} ({payment.why})."
