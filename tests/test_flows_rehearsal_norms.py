"""What invented people are granted follows the norms of the law, as the dated parameters have them."""

import pytest

from flows.rehearsal.invented_data import Norm, paid_monthly


@pytest.mark.parametrize("month", ["2026-01", "2026-11", "2019-05"])  # before the first norm that is known, that one
def test_paid_is_the_norm_less_the_holiday_allowance_rounded_to_the_cent(month: str) -> None:
    assert paid_monthly(month) == {Norm.SINGLE: 1_331_43, Norm.COUPLE: 1_902_02, Norm.SINGLE_18_20: 328_69}
