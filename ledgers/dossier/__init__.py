"""What was decided and seen of one person: trajectories, grounds, holds, assessments, hand-overs, budgets."""

__all__ = [
    "absent_costs",
    "accepted_doubles",
    "assessments",
    "budgets",
    "catch_ups",
    "grounds_and_holds",
    "handovers",
    "paid_otherwise",
    "period_decisions",
    "trajectories",
]
