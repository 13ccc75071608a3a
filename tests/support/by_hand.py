"""A bank whose statements a test writes word for word, where the simulated bank would be too well behaved."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from support.story import Office

ASSEN = "NL11BNGH0285012346"


@dataclass(frozen=True)
class Move:
    """One line of a statement; positive is money in."""

    cents: int
    end_to_end_id: str = "NOTPROVIDED"
    iban: str = "NL91ABNA0417164300"
    text: str = ""
    reason: str = ""
    payment_information_id: str = ""
    batch: str = ""  # the number of transactions that the bank says


@dataclass
class Bank:
    """Chained statements of one account."""

    office: Office
    balance: int = 10_000_00
    written: int = field(default=0)

    def says(self, day: str, *moves: Move, identity: str = "", message: str = "") -> str:
        """Write the statement of one day and return its path."""
        self.written += 1
        opening, self.balance = self.balance, self.balance + sum(move.cents for move in moves)
        identity = identity or f"S{self.written:03d}"
        path = self.office.folder / f"statement-{self.written:03d}.xml"
        path.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
            f"<GrpHdr><MsgId>{escape(message or identity)}</MsgId><CreDtTm>{day}T20:00:00+01:00</CreDtTm></GrpHdr>"
            f"<Stmt><Id>{escape(identity)}</Id><CreDtTm>{day}T20:00:00+01:00</CreDtTm>"
            f"<Acct><Id><IBAN>{ASSEN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{_balance('OPBD', opening, day)}{_balance('CLBD', self.balance, day)}"
            f"{''.join(_entry(move, day) for move in moves)}</Stmt></BkToCstmrStmt></Document>",
            encoding="utf-8",
        )
        return str(path)

    def tells(self, day: str, *moves: Move) -> None:
        """Write a statement and have it read."""
        self.office.do("bram", "reconcile", self.says(day, *moves))


def _euros(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f'<Amt Ccy="EUR">{whole}.{rest:02d}</Amt><CdtDbtInd>{"CRDT" if cents >= 0 else "DBIT"}</CdtDbtInd>'


def _balance(code: str, cents: int, day: str) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_euros(cents)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _entry(move: Move, day: str) -> str:
    role = "Cdtr" if move.cents < 0 else "Dbtr"
    block = f"<PmtInfId>{move.payment_information_id}</PmtInfId>" if move.payment_information_id else ""
    batch = f"<Btch><NbOfTxs>{move.batch}</NbOfTxs></Btch>" if move.batch else ""
    reason = f"<RtrInf><Rsn><Prtry>{escape(move.reason)}</Prtry></Rsn></RtrInf>" if len(move.reason) > 4 else ""
    reason = reason or (f"<RtrInf><Rsn><Cd>{move.reason}</Cd></Rsn></RtrInf>" if move.reason else "")
    text = f"<RmtInf><Ustrd>{escape(move.text)}</Ustrd></RmtInf>" if move.text else ""
    return (
        f"<Ntry>{_euros(move.cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<ValDt><Dt>{day}</Dt></ValDt><BkTxCd><Prtry><Cd>N</Cd></Prtry></BkTxCd><NtryDtls>{batch}<TxDtls>"
        f"<Refs>{block}<EndToEndId>{escape(move.end_to_end_id)}</EndToEndId></Refs>{_euros(move.cents)}<RltdPties>"
        f"<{role}><Pty><Nm>Een ander</Nm></Pty></{role}><{role}Acct><Id><IBAN>{move.iban}</IBAN></Id></{role}Acct>"
        f"</RltdPties>{text}{reason}</TxDtls></NtryDtls></Ntry>"
    )


def refusal(office: Office, payment: str, reason: str = "MS03", message: str = "R") -> str:
    """A pain.002 that refuses one payment of Assen's first file, with an ISO code or a word of the bank's own."""
    kind = "Cd" if len(reason) == 4 else "Prtry"
    path = office.folder / f"refusal-{payment}.xml"
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>'
        f"{message}-{payment}</MsgId><CreDtTm>2026-11-24T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        "<OrgnlMsgId>ASSEN-202611-01-001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        "<OrgnlPmtInfAndSts><OrgnlPmtInfId>ASSEN-202611-01-001-B1</OrgnlPmtInfId><TxInfAndSts>"
        f"<OrgnlEndToEndId>{payment}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><{kind}>{escape(reason)}</{kind}></Rsn></StsRsnInf></TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>",
        encoding="utf-8",
    )
    return str(path)
