"""The ways in which the books say no; none ever holds a name, an IBAN of a client or other personal data."""

from payments.problems import ExitCode, Refusal


class Refused(Refusal):
    """A rule says no: the message names the rule and the way out."""


class Conflict(Refusal):
    """It was already done, but differently: the message names both values."""

    code = "conflict"
    exit_code = ExitCode.CONFLICT


class ProofFailed(Refusal):
    """Something that must be true is not: books that do not balance, a file or the audit trail altered."""

    code = "proof_failed"
    exit_code = ExitCode.PROOF_FAILED


class DatabaseOutOfOrder(Refusal):
    """The database cannot work: its disk is full, broken or read-only, it is locked, or it does not answer."""
