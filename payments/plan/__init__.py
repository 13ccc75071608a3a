"""The month decided: grounds, what is due, what is withheld, and what lies ahead by the same rules."""
