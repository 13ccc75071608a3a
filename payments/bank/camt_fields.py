"""From the elements of a camt message to its values, whichever of the versions .02 to .12 the bank writes."""

from dataclasses import replace

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
    Direction,
    Element,
    Wrong,
    cents,
    currency,
    day,
    direction,
    moment_at,
    reference,
    stated_cents,
    whole_number,
    yes_or_no,
)
from payments.money import format_amount

_STATED = (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt"))

Group = tuple[Batch | None, tuple[Detail, ...]]  # one NtryDtls: the bank's summary and the transactions under it


def read_start(head: Element, *, last_page: bool) -> StatementStart:
    """The identity of a statement; `head` has the parts that stand before its entries as children."""
    statement_id = head.get("Id")
    if statement_id is None:
        raise Wrong(head.line, "Id", None, "is missing: a statement is known by its Id")
    iban, other = _account(head.need("Acct"))
    if iban is None and other is None:
        raise Wrong(head.need("Acct").line, "Acct/Id", None, "is missing: whose statement is it?")
    start, end = moment_at(head, "FrToDt", "FrDtTm"), moment_at(head, "FrToDt", "ToDtTm")
    pages = head.find("StmtPgntn") or head.find("NtfctnPgntn")
    says_last = yes_or_no(pages, "LastPgInd") if pages is not None else last_page
    return StatementStart(
        statement_id=statement_id,
        account_iban=iban,
        account_other=other,
        account_currency=head.get("Acct", "Ccy"),
        electronic_sequence=whole_number(head, "ElctrncSeqNb"),
        legal_sequence=whole_number(head, "LglSeqNb"),
        created_at=moment_at(head, "CreDtTm"),
        from_date=start.date() if start else None,
        to_date=end.date() if end else None,
        copy_duplicate=head.get("CpyDplctInd"),
        last_page=says_last is not False,
    )


def read_balance(element: Element) -> Balance:
    """One `Bal`."""
    amount = element.need("Amt")
    code = element.choice("Tp", "CdOrPrtry")
    if code is None:
        raise Wrong(element.line, "Tp", None, "is missing: which balance is it?")
    return Balance(code, cents(amount), direction(element), currency(amount), day(element.find("Dt")))


def read_batch(element: Element, entry: Element) -> Batch:
    """One `Btch`; a missing direction is that of the entry around it."""
    total = element.find("TtlAmt")
    return Batch(
        payment_information_id=reference(element, "PmtInfId"),
        message_id=reference(element, "MsgId"),
        number_of_transactions=whole_number(element, "NbOfTxs"),
        total_cents=cents(total) if total is not None else None,
        currency=currency(total) if total is not None else None,
        direction=direction(element if element.find("CdtDbtInd") is not None else entry),
    )


def read_detail(element: Element, entry: Element) -> Detail:
    """One `TxDtls`; a missing direction is that of the entry around it."""
    amount = next((found for path in _STATED if (found := element.find(*path)) is not None), None)
    refs = element.find("Refs") or Element("Refs", element.line)
    parties = element.find("RltdPties") or Element("RltdPties", element.line)
    remittance = element.find("RmtInf") or Element("RmtInf", element.line)
    strd = remittance.all("Strd")
    returned = element.find("RtrInf")
    return Detail(
        amount_cents=stated_cents(amount) if amount is not None else None,
        currency=currency(amount) if amount is not None else None,
        direction=direction(element if element.find("CdtDbtInd") is not None else entry),
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


def read_entry(element: Element, index: int, groups: list[Group]) -> tuple[Entry, list[str]]:
    """One `Ntry` with the details that were read before it ended, and what about it deserves a look."""
    amount = element.need("Amt")
    remarks: list[str] = []
    entry = Entry(
        index=index,
        line=element.line,
        amount_cents=cents(amount),
        currency=currency(amount),
        direction=direction(element),
        reversal=yes_or_no(element, "RvslInd") or False,
        status=_status(element, remarks),
        booking_date=day(element.find("BookgDt")),
        value_date=day(element.find("ValDt")),
        entry_reference=reference(element, "NtryRef"),
        account_servicer_reference=reference(element, "AcctSvcrRef"),
        bank_transaction_code=_transaction_code(element.find("BkTxCd")),
        additional_info=element.get("AddtlNtryInf"),
        batches=tuple(batch for batch, _ in groups if batch is not None),
        details=tuple(detail for _, details in groups for detail in details),
    )
    return _with_details_proved(entry, groups, remarks), remarks


def _with_details_proved(entry: Entry, groups: list[Group], remarks: list[str]) -> Entry:
    announced = sum(batch.number_of_transactions or 0 for batch in entry.batches)
    _prove_batch_totals(entry)
    if len(entry.details) == 1 and announced <= 1:
        [only] = entry.details
        if only.currency == entry.currency and only.amount_cents not in {0, entry.amount_cents}:
            remarks.append("has another amount inside its only transaction; the entry's amount is taken")
        own = replace(only, amount_cents=entry.amount_cents, currency=entry.currency, direction=entry.direction)
        return replace(entry, details=(own,))
    for batch, details in groups:
        if batch is None or not details:
            continue
        if batch.number_of_transactions not in {None, len(details)}:
            remarks.append(f"announces {batch.number_of_transactions} transactions and lists {len(details)}")
        if batch.total_cents is not None:
            _prove_sum(entry, details, batch.total_cents, batch.direction, batch.currency, "the batch total", remarks)
    if entry.details:
        _prove_sum(entry, entry.details, entry.amount_cents, entry.direction, entry.currency, "the entry", remarks)
    return entry


def _prove_batch_totals(entry: Entry) -> None:
    if not entry.batches or any(b.total_cents is None or b.currency != entry.currency for b in entry.batches):
        return
    total = sum(batch.direction.sign * (batch.total_cents or 0) for batch in entry.batches)
    if abs(total) != entry.amount_cents:
        raise Wrong(
            entry.line,
            "NtryDtls/Btch/TtlAmt",
            format_amount(abs(total)),
            f"is not the amount of the entry, {format_amount(entry.amount_cents)}",
        )


def _prove_sum(
    entry: Entry,
    details: tuple[Detail, ...],
    cents_due: int,
    way: Direction,
    unit: str | None,
    of: str,
    remarks: list[str],
) -> None:
    if any(detail.amount_cents is None or detail.currency != unit for detail in details):
        if unit == entry.currency:
            remarks.append(f"has transactions without an amount in {unit}: they were not added up")
        return
    total = sum(detail.direction.sign * (detail.amount_cents or 0) for detail in details) * way.sign
    if abs(total) != cents_due:
        raise Wrong(
            entry.line,
            "NtryDtls/TxDtls",
            format_amount(total),
            f"is what {len(details)} transactions add up to; {of} says {format_amount(cents_due)} {unit}",
        )
    if total < 0:
        # Some banks write the direction of the payment instead of that of the account: the sum is what counts.
        remarks.append("has transactions with the opposite direction of the entry")


def _status(element: Element, remarks: list[str]) -> EntryStatus:
    text = element.choice("Sts")
    if text is None:
        raise Wrong(element.line, "Sts", None, "is missing: is this entry booked?")
    try:
        return EntryStatus(text)
    except ValueError:
        remarks.append("has a status that is not known; it was not counted as booked")
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
    if element is None or not element.children:
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
