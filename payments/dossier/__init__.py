"""One person's road to self-reliance: checklist, costs, what is due, what an end still misses."""

__all__ = [
    "aftercare",
    "answers",
    "arrears",
    "case",
    "checklist",
    "coverage",
    "days_ahead",
    "ending",
    "late_awards",
    "letter_facts",
    "letters_due",
    "paydays",
    "reassessment",
    "shared_costs",
    "uncovered",
    "worklist",
    "worklist_items",
]
