"""Files in: registers, benefits and workbooks read strictly, every problem of a file at once."""

__all__ = ["benefits", "findings", "likely_mistakes", "registers"]
