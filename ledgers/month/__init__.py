"""A month from facts to released file: runs, payment files, remainders, and what was taken back."""
