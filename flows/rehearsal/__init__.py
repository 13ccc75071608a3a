"""What plays the world outside: a simulated bank, invented registers, the demo month."""

__all__ = ["bank_folder", "demo", "invent"]
