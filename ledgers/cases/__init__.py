"""One person's case read whole, its end, and the reviews of all."""
