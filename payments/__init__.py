"""What must be paid, to whom and why now: pure rules without database, clock, file or network."""
