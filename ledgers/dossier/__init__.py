"""What was decided and seen of one person: trajectories, grounds, holds, assessments, hand-overs, budgets."""

__all__ = ["assessments", "budgets", "grounds_and_holds", "handovers", "period_decisions", "trajectories"]
