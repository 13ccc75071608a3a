"""The file out: written through sepaxml, read back by other code, judged before it may be frozen."""
