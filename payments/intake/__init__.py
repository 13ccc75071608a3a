"""Files in: registers, benefits and workbooks read strictly, every problem of a file at once."""

__all__ = ["benefits", "dated_versions", "deductions", "findings", "likely_mistakes", "registers"]
