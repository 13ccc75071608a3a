"""What a screen or a page shows, as text made from facts."""
