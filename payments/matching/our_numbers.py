"""Numbers of our own making: one that these books do not know was made by books that are lost, or by others of ours."""

import re

from payments.matching.model import Line

_PAYMENT = re.compile(r"\d{4}(0[1-9]|1[0-2])-[1-9]\d*-\S.*")  # covered month, attempt, vaste last
_FILE = re.compile(r"[A-Z0-9-]+-\d{4}(0[1-9]|1[0-2])-\d{2,}-\d{3,}(-B\d+)?")  # gemeente, month, run, file, block


def looks_like_ours(line: Line) -> bool:
    """Whether a line carries a number as we make them, for a payment or for a file."""
    payments = [number for number in (line.end_to_end_id, *line.mentioned) if number]
    files = [number for number in (line.payment_information_id, line.message_id) if number]
    return any(map(_PAYMENT.fullmatch, payments)) or any(map(_FILE.fullmatch, files))
