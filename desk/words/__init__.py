"""Dutch words for codes, states, months and amounts, each in one place."""

__all__ = [
    "checklist",
    "client",
    "council",
    "dossier",
    "ending",
    "forecast",
    "formats",
    "labels",
    "remainders",
    "stale",
]
