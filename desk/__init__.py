"""What people see: sheets, letters, exports and pages."""
