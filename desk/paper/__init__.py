"""Letters and the approval sheet, as they leave the printer."""

__all__ = ["approval_sheet", "approval_sheet_pdf", "letter_files"]
