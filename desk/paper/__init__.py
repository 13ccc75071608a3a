"""Letters and the approval sheet, as they leave the printer."""
