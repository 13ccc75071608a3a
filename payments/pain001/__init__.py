"""The file out: written through sepaxml, read back by other code, judged before it may be frozen."""

__all__ = ["business_rules", "orders", "reader", "rules", "writer"]
