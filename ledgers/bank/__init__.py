"""What the bank answered and what came of it: statements, settlement, open items and how they were settled."""
