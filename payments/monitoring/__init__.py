"""Figures for council and CBS: counted from histories, small groups hidden."""
