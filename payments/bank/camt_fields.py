"""From the elements of a camt message to its values, whichever of the versions .02 to .12 the bank writes."""

from payments.bank.camt_details import Group, with_details
from payments.bank.camt_model import (
    Balance,
    BankTransactionCode,
    Batch,
    Detail,
    Entry,
    EntryStatus,
    Party,
    Return,
    StatementStart,
    StructuredReference,
)
from payments.bank.fields import (
    Element,
    Wrong,
    cents,
    count,
    currency,
    direction,
    reference,
    sequence_number,
    stated_cents,
    yes_or_no,
)
from payments.bank.moments import Odd, day, moment_at

_STATED = (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt"))


def read_start(head: Element, odd: Odd, pages: tuple[int | None, bool], *, dated_by_period: bool) -> StatementStart:
    """The identity of a statement; `head` has the parts that stand before its entries as children.

    `pages` is what the head of the message says of its page: its number, and whether it is the last.
    `dated_by_period` says that no balance will give its day, so that the end of its period must be read.
    """
    statement_id = head.get("Id")
    if statement_id is None:
        raise Wrong(head.line, "Id", None, "is missing: a statement is known by its Id")
    iban, other = _account(head.need("Acct"))
    if iban is None and other is None:
        raise Wrong(head.need("Acct").line, "Acct/Id", None, "is missing: whose statement is it?")
    start = moment_at(head, odd, "FrToDt", "FrDtTm")
    end = moment_at(head, odd, "FrToDt", "ToDtTm", needed=dated_by_period)
    own = head.said("StmtPgntn") or head.said("NtfctnPgntn")
    page, last_page = pages if own is None else (count(own, "PgNb"), yes_or_no(own, "LastPgInd") is not False)
    return StatementStart(
        statement_id=statement_id,
        account_iban=iban,
        account_other=other,
        account_currency=head.get("Acct", "Ccy"),
        electronic_sequence=sequence_number(head, "ElctrncSeqNb"),
        legal_sequence=sequence_number(head, "LglSeqNb"),
        created_at=moment_at(head, odd, "CreDtTm"),
        from_date=start.date() if start else None,
        to_date=end.date() if end else None,
        copy_duplicate=head.get("CpyDplctInd"),
        page=page,
        last_page=last_page,
    )


def read_balance(element: Element, odd: Odd) -> Balance:
    """One `Bal`; the day of a closing one is the day of the statement."""
    amount = element.need("Amt")
    code = element.choice("Tp", "CdOrPrtry")
    if code is None:
        raise Wrong(element.line, "Tp", None, "is missing: which balance is it?")
    dated = day(element.find("Dt"), odd, needed=code in {"CLBD", "ITBD"})
    return Balance(code, cents(amount), direction(element), currency(amount), dated)


def read_batch(element: Element, entry: Element) -> Batch:
    """One `Btch`; a missing direction is that of the entry around it."""
    total = element.said("TtlAmt")
    return Batch(
        payment_information_id=reference(element, "PmtInfId"),
        message_id=reference(element, "MsgId"),
        number_of_transactions=count(element, "NbOfTxs"),
        total_cents=cents(total) if total is not None else None,
        currency=currency(total) if total is not None else None,
        direction=direction(element if element.said("CdtDbtInd") is not None else entry),
    )


def read_detail(element: Element, entry: Element) -> Detail:
    """One `TxDtls`; a missing direction is that of the entry around it."""
    amount = next((found for path in _STATED if (found := element.said(*path)) is not None), None)
    refs = element.find("Refs") or Element("Refs", element.line)
    parties = element.find("RltdPties") or Element("RltdPties", element.line)
    remittance = element.find("RmtInf") or Element("RmtInf", element.line)
    strd = remittance.all("Strd")
    returned = element.said("RtrInf")
    return Detail(
        amount_cents=stated_cents(amount) if amount is not None else None,
        currency=currency(amount) if amount is not None else None,
        direction=direction(element if element.said("CdtDbtInd") is not None else entry),
        end_to_end_id=reference(refs, "EndToEndId"),
        instruction_id=reference(refs, "InstrId"),
        transaction_id=reference(refs, "TxId"),
        payment_information_id=reference(refs, "PmtInfId"),
        message_id=reference(refs, "MsgId"),
        mandate_id=reference(refs, "MndtId"),
        uetr=reference(refs, "UETR"),
        account_servicer_reference=reference(refs, "AcctSvcrRef"),
        bank_transaction_code=_transaction_code(element.find("BkTxCd")),
        debtor=_party(element, parties, "Dbtr"),
        creditor=_party(element, parties, "Cdtr"),
        ultimate_debtor=_name(parties.find("UltmtDbtr")),
        ultimate_creditor=_name(parties.find("UltmtCdtr")),
        unstructured=tuple(text for found in remittance.all("Ustrd") if (text := found.text)),
        structured=tuple(kept for one in strd if (kept := _structured(one)) is not None),
        additional_remittance=tuple(text for one in strd for found in one.all("AddtlRmtInf") if (text := found.text)),
        returned=_returned(returned) if returned is not None else None,
        purpose=element.choice("Purp"),
        additional_info=element.get("AddtlTxInf"),
    )


def read_entry(element: Element, index: int, groups: list[Group], odd: Odd, doubts: list[Wrong]) -> Entry:
    """One `Ntry` with the details that were read before it ended.

    `odd` takes what about it deserves a look, `doubts` where its details do not add up to it: that holds only where
    the balances prove the entry's own amount.
    """
    amount = element.need("Amt")
    status = _status(element, odd)
    booked_on = day(element.find("BookgDt"), odd, needed=status is EntryStatus.BOOKED)
    entry = Entry(
        index=index,
        line=element.line,
        amount_cents=cents(amount),
        currency=currency(amount),
        direction=direction(element),
        reversal=yes_or_no(element, "RvslInd") or False,
        status=status,
        booking_date=booked_on,
        value_date=day(element.find("ValDt"), odd, needed=status is EntryStatus.BOOKED and booked_on is None),
        entry_reference=reference(element, "NtryRef"),
        account_servicer_reference=reference(element, "AcctSvcrRef"),
        bank_transaction_code=_transaction_code(element.find("BkTxCd")),
        additional_info=element.get("AddtlNtryInf"),
        batches=tuple(batch for batch, _ in groups if batch is not None),
        details=tuple(detail for _, details in groups for detail in details),
    )
    return with_details(entry, groups, odd, doubts)


def _status(element: Element, odd: Odd) -> EntryStatus:
    text = element.choice("Sts")
    if text is None:
        raise Wrong(element.line, "Sts", None, "is missing: is this entry booked?")
    try:
        return EntryStatus(text)
    except ValueError:
        what = "has a status that is not known; it was not counted as booked"
        odd.append(Wrong(element.line, "", None, what))
        return EntryStatus.OTHER


def _account(element: Element | None) -> tuple[str | None, str | None]:
    if element is None:
        return None, None
    return element.get("Id", "IBAN"), element.get("Id", "Othr", "Id")


def _name(element: Element | None) -> str | None:
    # From .08 on a party is a person or organisation (Pty) or a bank (Agt); before that it stands there itself.
    if element is None:
        return None
    return element.get("Nm") or element.get("Pty", "Nm") or element.get("Agt", "FinInstnId", "Nm")


def _party(element: Element, parties: Element, role: str) -> Party | None:
    iban, other = _account(parties.find(f"{role}Acct"))
    bank = element.find("RltdAgts", f"{role}Agt", "FinInstnId")
    bic = (bank.get("BICFI") or bank.get("BIC")) if bank is not None else None
    party = Party(_name(parties.find(role)), iban, other, bic)
    return None if party == Party(None, None, None, None) else party


def _transaction_code(element: Element | None) -> BankTransactionCode | None:
    if element is None or element.empty:
        return None
    return BankTransactionCode(
        element.get("Domn", "Cd"),
        element.get("Domn", "Fmly", "Cd"),
        element.get("Domn", "Fmly", "SubFmlyCd"),
        element.get("Prtry", "Cd"),
        element.get("Prtry", "Issr"),
    )


def _structured(element: Element) -> StructuredReference | None:
    text = element.get("CdtrRefInf", "Ref")
    if text is None:
        return None
    return StructuredReference(
        element.choice("CdtrRefInf", "Tp", "CdOrPrtry"), element.get("CdtrRefInf", "Tp", "Issr"), text
    )


def _returned(element: Element) -> Return:
    return Return(
        code=element.get("Rsn", "Cd"),
        proprietary=element.get("Rsn", "Prtry"),
        original_bank_transaction_code=_transaction_code(element.find("OrgnlBkTxCd")),
        additional_info=tuple(text for found in element.all("AddtlInf") if (text := found.text)),
    )
