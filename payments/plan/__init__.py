"""The month decided: grounds, what is due, what is withheld, and what lies ahead by the same rules."""

__all__ = ["forecast", "grounds", "plan_changes", "terms", "withholding"]
