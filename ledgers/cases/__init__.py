"""One person's case read whole, its end, and the reviews of all."""

__all__ = ["arrears_reader", "case_reader", "coverage_reader", "ends", "forecast_reader", "reviews"]
