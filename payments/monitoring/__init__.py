"""Figures for council and CBS: counted from histories, small groups hidden."""

__all__ = ["figures", "histories", "small_groups"]
