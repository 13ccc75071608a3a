"""The month decided: grounds, what is due, what is withheld, and what lies ahead by the same rules."""

__all__ = [
    "catching_up",
    "double_costs",
    "dropped",
    "due",
    "forecast",
    "grounds",
    "household_pool",
    "plan_changes",
    "planning",
    "remainder_lines",
    "stale_payments",
    "terms",
    "withholding",
]
