"""Files in: registers, benefits and workbooks read strictly, every problem of a file at once."""
