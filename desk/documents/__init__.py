"""What a screen or a page shows, as text made from facts."""

__all__ = [
    "arrears",
    "client_overview",
    "client_overview_html",
    "council_report",
    "coverage",
    "creditor",
    "dossier",
    "forecast",
    "household",
    "import_effects",
    "month_status",
    "payment_proof",
    "reconciliation",
    "transfer_package",
    "worklist",
]
