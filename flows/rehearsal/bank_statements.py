"""What the simulated bank sends: camt.053 statements and pain.002 reports, in the dialects that Dutch banks write.

Elements are joined as text in the order of the schema; every value passes through one escaping function.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from xml.sax.saxutils import escape

from flows.rehearsal.bank_model import BankReport, BankStatement, BankVerdict, Movement, Opening, StatementLine, Version
from flows.rehearsal.bank_reader import Block, ReadTransfer
from payments.calendar import AMSTERDAM


def camt053(statement: BankStatement, version: Version, opening: Opening) -> bytes:
    """Write one statement as the bank's customers get it."""
    new = version.endswith("08")
    tail = statement.account_iban[-10:]
    written_at = _moment(statement.last_day, 19)
    day_before = [_balance("PRCD", statement.opening_cents, statement.previous_day)] if opening != "OPBD" else []
    same_day = [_balance("OPBD", statement.opening_cents, statement.first_day)] if opening != "PRCD" else []
    body = _node(
        "BkToCstmrStmt",
        _node("GrpHdr", _text("MsgId", f"{tail}.{statement.last_day}.{statement.number:05d}"), written_at),
        _node(
            "Stmt",
            _text("Id", f"{tail}.{statement.last_day}"),
            _text("ElctrncSeqNb", str(statement.number)),
            written_at,
            _node(
                "FrToDt",
                _text("FrDtTm", f"{statement.first_day}T00:00:00"),
                _text("ToDtTm", f"{statement.last_day}T23:59:59"),
            ),
            _node("Acct", _account(statement.account_iban), _text("Ccy", "EUR")),
            *day_before,
            *same_day,
            _balance("CLBD", statement.closing_cents, statement.last_day),
            _summary(statement.movements),
            *(_entry(movement, new=new) for movement in statement.movements),
        ),
    )
    return _document(version, body)


def pain002(report: BankReport, version: Version) -> bytes:
    """Write one status report in the version that goes with the bank's statements."""
    new = version.endswith("08")
    instruction = report.instruction
    rejected = sum(verdict.status == "RJCT" for verdict in report.verdicts)
    status = _status(rejected, len(instruction.transfers), refused=report.refused_because is not None, new=new)
    body = _node(
        "CstmrPmtStsRpt",
        _node("GrpHdr", _text("MsgId", report.message_id), _moment(report.day, 9)),
        _node(
            "OrgnlGrpInfAndSts",
            _text("OrgnlMsgId", instruction.message_id),
            _text("OrgnlMsgNmId", instruction.name),
            *_counted(instruction.transfers),
            _text("GrpSts", status),
            _reason(report.refused_because),
        ),
        *(_block(block, report.verdicts, new=new) for block in instruction.blocks if report.verdicts),
    )
    return _document("pain.002.001.10" if new else "pain.002.001.03", body)


def _status(rejected: int, total: int, *, refused: bool, new: bool) -> str:
    if refused or rejected == total:
        return "RJCT"
    if rejected:
        return "PART"
    return "RVCM" if new else "ACCP"  # the older schema has no word for a check of names


def _block(block: Block, verdicts: Iterable[BankVerdict], *, new: bool) -> str:
    own = {transfer.end_to_end_id for transfer in block.transfers}
    said = [verdict for verdict in verdicts if verdict.transfer.end_to_end_id in own]
    if not said:
        return ""
    rejected = sum(verdict.status == "RJCT" for verdict in said)
    return _node(
        "OrgnlPmtInfAndSts",
        _text("OrgnlPmtInfId", block.payment_information_id),
        *_counted(block.transfers),
        _text("PmtInfSts", _status(rejected, len(block.transfers), refused=False, new=new)),
        *(_verdict(verdict, new=new) for verdict in said),
    )


def _verdict(verdict: BankVerdict, *, new: bool) -> str:
    status, reason = verdict.status, _reason(verdict.reason)
    if status != "RJCT" and not new:
        reason = _node("StsRsnInf", _node("Rsn", _text("Prtry", status)))
    transfer = verdict.transfer
    return _node(
        "TxInfAndSts",
        _text("OrgnlEndToEndId", transfer.end_to_end_id),
        _text("TxSts", status if status == "RJCT" or new else "ACCP"),
        reason,
        _node(
            "OrgnlTxRef",
            _node("Amt", _amount("InstdAmt", transfer.amount_cents)),
            _party("Cdtr", transfer.creditor_name, new=new),
            _node("CdtrAcct", _account(transfer.creditor_iban)),
        ),
    )


def _counted(transfers: Sequence[ReadTransfer]) -> tuple[str, str]:
    total = sum(transfer.amount_cents for transfer in transfers)
    return _text("OrgnlNbOfTxs", str(len(transfers))), _text("OrgnlCtrlSum", _euros(total))


def _reason(code: str | None) -> str:
    return _node("StsRsnInf", _node("Rsn", _text("Cd", code))) if code else ""


def _summary(movements: Sequence[Movement]) -> str:
    total = sum(abs(movement.signed_cents) for movement in movements)
    return _node("TxsSummry", _node("TtlNtries", _text("NbOfNtries", str(len(movements))), _text("Sum", _euros(total))))


def _entry(movement: Movement, *, new: bool) -> str:
    way = "CRDT" if movement.signed_cents > 0 else "DBIT"
    domain, family, subfamily = movement.code
    batch = movement.batch
    summary = batch and _node(
        "Btch",
        _text("MsgId", batch.message_id),
        _text("PmtInfId", batch.payment_information_id),
        _text("NbOfTxs", str(batch.count)),
        _amount("TtlAmt", abs(movement.signed_cents)),
        _text("CdtDbtInd", way),
    )
    return _node(
        "Ntry",
        _amount("Amt", abs(movement.signed_cents)),
        _text("CdtDbtInd", way),
        _node("Sts", _text("Cd", "BOOK")) if new else _text("Sts", "BOOK"),
        _node("BookgDt", _text("Dt", str(movement.day))),
        _node("ValDt", _text("Dt", str(movement.day))),
        _text("AcctSvcrRef", movement.bank_reference),
        _node(
            "BkTxCd",
            _node("Domn", _text("Cd", domain), _node("Fmly", _text("Cd", family), _text("SubFmlyCd", subfamily))),
        ),
        _node("NtryDtls", summary or "", *(_transaction(line, way, new=new) for line in movement.lines)),
        _text("AddtlNtryInf", movement.information),
    )


def _transaction(line: StatementLine, way: str, *, new: bool) -> str:
    kind = _node("Tp", _node("CdOrPrtry", _text("Cd", "SCOR")), _text("Issr", line.issuer))
    structured = _node("Strd", _node("CdtrRefInf", kind, _text("Ref", line.text)))
    amount = _amount("Amt", line.amount_cents)
    return _node(
        "TxDtls",
        _node("Refs", *(_text(name, value) for name, value in line.references)),
        amount + _text("CdtDbtInd", way) if new else _node("AmtDtls", _node("TxAmt", amount)),
        _node("RltdPties", _party(line.role, line.name, new=new), _node(f"{line.role}Acct", _account(line.iban))),
        _node("RmtInf", structured if line.issuer else _text("Ustrd", line.text)),
        _node("RtrInf", _node("Rsn", _text("Cd", line.reason))) if line.reason else "",
    )


def _balance(code: str, cents: int, day: date) -> str:
    return _node(
        "Bal",
        _node("Tp", _node("CdOrPrtry", _text("Cd", code))),
        _amount("Amt", abs(cents)),
        _text("CdtDbtInd", "DBIT" if cents < 0 else "CRDT"),
        _node("Dt", _text("Dt", str(day))),
    )


def _party(role: str, name: str, *, new: bool) -> str:
    named = _text("Nm", name)
    return _node(role, _node("Pty", named) if new else named)


def _account(iban: str) -> str:
    return _node("Id", _text("IBAN", iban))


def _moment(day: date, hour: int) -> str:
    return _text("CreDtTm", datetime.combine(day, time(hour), AMSTERDAM).isoformat())


def _euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}"


def _amount(name: str, cents: int) -> str:
    return f'<{name} Ccy="EUR">{_euros(cents)}</{name}>'


def _text(name: str, value: str | None) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _node(name: str, *children: str) -> str:
    inside = "".join(children)
    return f"<{name}>{inside}</{name}>" if inside else ""


def _document(name: str, body: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}">'
    return f"{head}{body}</Document>\n".encode()
