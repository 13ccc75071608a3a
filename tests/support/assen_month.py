"""An ordinary November of Assen alone, so that one bank answers for everything, and what that bank says of it."""

from datetime import date
from pathlib import Path
from typing import Any

from flows.rehearsal.bank import FakeBank
from flows.rehearsal.bank_model import BankPlan, Habits
from support.story import Office, client_line

ASSEN = "NL11BNGH0285012346"
RETURNED = BankPlan(returns=1)
SINGLE = Habits(booking="single")


def answers(
    office: Office,
    plan: BankPlan = BankPlan(),  # noqa: B008 - frozen
    seed: int = 1,
    habits: Habits = Habits(),  # noqa: B008 - frozen
    until: str = "2026-12-20",
) -> list[str]:
    """What a bank answers to the file of Assen."""
    bank = FakeBank(ASSEN, 1_000_000, seed, habits)
    bank.receive((office.folder / "bank" / "ASSEN-202611-01-001.xml").read_bytes(), plan)
    paths = []
    for answer in bank.answers(date.fromisoformat(until)):
        path = office.folder / answer.name
        path.write_bytes(answer.content)
        paths.append(str(path))
    return paths


def assen_only(office: Office) -> list[Path]:
    """The same month with clients of Assen alone, so that one bank answers for everything; the files released."""
    office.begin(_an_assen_month)
    return sorted((office.folder / "bank").glob("*.xml"))


def _an_assen_month(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"), client_line("0010002"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;;maand",
        "VL-3;0010002;WONEN;huur;612,34;C-78;2026-10;;",
        "VL-4;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
    )
    office.benefits("U-1;0010001;2026-11;regulier;1.331,43;", "U-2;0010002;2026-11;regulier;1331,43;nee")
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-12-20"


def exceptions(office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.do("bram", "--json", "exceptions").document
    return found


def only(office: Office) -> dict[str, Any]:
    (item,) = exceptions(office)
    return item


def report(office: Office, reasons: str, status: str = "RJCT") -> str:
    """A pain.002 about one payment of Assen's file."""
    path = office.folder / f"report-{len(list(office.folder.iterdir()))}.xml"
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>'
        f"{path.stem}</MsgId><CreDtTm>2026-11-24T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        "<OrgnlMsgId>ASSEN-202611-01-001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        "<OrgnlPmtInfAndSts><OrgnlPmtInfId>ASSEN-202611-01-001-B1</OrgnlPmtInfId><TxInfAndSts>"
        f"<OrgnlEndToEndId>202612-1-VL-3</OrgnlEndToEndId><TxSts>{status}</TxSts>{reasons}</TxInfAndSts>"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>",
        encoding="utf-8",
    )
    return str(path)


def because(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>"
