"""What plays the world outside: a simulated bank, invented registers, the demo month."""
