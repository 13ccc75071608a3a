"""Why a payment was refused or came back, and what follows from that: the groups that staff act on."""

from enum import StrEnum


class ReasonGroup(StrEnum):
    """What has to happen next; the value is what staff read."""

    CREDITOR_ACCOUNT = "rekening van de schuldeiser klopt niet"  # block that IBAN, task
    UNKNOWN = "reden onbekend"  # task
    TECHNICAL = "fout in onze opdracht of techniek"  # repair and resubmit
    TREASURY = "onvoldoende saldo"  # treasury
    DUPLICATE = "dubbele betaling"  # never resubmit by itself
    AS_ASKED = "op ons verzoek"  # a recall that we asked for

    @property
    def blocks_account(self) -> bool:
        """Whether the creditor's IBAN may not be paid before a second person has confirmed it again."""
        return self is ReasonGroup.CREDITOR_ACCOUNT

    @property
    def may_be_resubmitted(self) -> bool:
        """Whether a new attempt after repair is the ordinary way; in any other group a person decides."""
        return self is ReasonGroup.TECHNICAL


_GROUPS = {
    ReasonGroup.CREDITOR_ACCOUNT: "AC01 AC03 AC04 AC06 AC07 AG01 BE04 MD07 RC01 RC04",
    ReasonGroup.UNKNOWN: "MS02 MS03 NARR",
    ReasonGroup.TECHNICAL: "AM10 CH03 DT01 FF01 RR10 TM01",
    ReasonGroup.TREASURY: "AM04",
    # A duplicate number (DU01, DU02, DU04, DU05) says that the bank knows this file or payment already: sending it
    # again under another number is exactly how everyone is paid twice.
    ReasonGroup.DUPLICATE: "AM05 DUPL DU01 DU02 DU03 DU04 DU05",
    ReasonGroup.AS_ASKED: "FOCR",
}
_GROUP_OF = {code: group for group, codes in _GROUPS.items() for code in codes.split()}


def reason_group(code: str | None) -> ReasonGroup:
    """The group of an ISO reason code; one that is not listed, a bank's own or none at all is for a person."""
    return _GROUP_OF.get(code or "", ReasonGroup.UNKNOWN)


class Verification(StrEnum):
    """What Verification of Payee found about name and account; never a rejection by itself."""

    MATCH = "naam en rekening kloppen"
    CLOSE_MATCH = "naam komt bijna overeen"
    NO_MATCH = "naam hoort niet bij deze rekening"
    NOT_POSSIBLE = "controle was niet mogelijk"
    MISMATCHES_INSIDE = "controle klaar, niet alles klopt"  # said of a whole file or batch
    UNFINISHED = "controle nog niet klaar"


PER_PAYMENT = frozenset({"RCVC", "RVMC", "RVNM", "RVNA"})
"""The results that the bank gives of one payment; the others are about a whole file or block."""

VERIFICATION_OF = {
    "RCVC": Verification.MATCH,
    "RVMC": Verification.CLOSE_MATCH,
    "RVNM": Verification.NO_MATCH,
    "RVNA": Verification.NOT_POSSIBLE,
    "RVCM": Verification.MISMATCHES_INSIDE,
    "RVNC": Verification.UNFINISHED,
}
