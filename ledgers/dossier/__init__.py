"""What was decided and seen of one person: trajectories, grounds, holds, assessments, hand-overs, budgets."""
