"""One person's road to self-reliance: checklist, costs, what is due, what an end still misses."""
