"""The ways in which the books say no; none ever holds a name, an IBAN of a client or other personal data."""


class Refused(Exception):
    """A rule says no: the message names the rule and the way out."""


class Conflict(Exception):
    """It was already done, but differently: the message names both values."""


class ProofFailed(Exception):
    """Something that must be true is not: books that do not balance, a file or the audit trail altered."""
