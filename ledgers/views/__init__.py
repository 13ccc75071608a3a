"""Read-only questions of desk and exports, one answer's worth each."""

__all__ = [
    "client_month",
    "council_facts",
    "creditor_facts",
    "deductions",
    "month_status",
    "payment_attempts",
    "remainder_facts",
]
