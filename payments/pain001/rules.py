"""Our own validator: what a payment file must satisfy before it may be frozen.

The schema stops almost nothing that a bank refuses, so every rule is applied to what an independent reader found in
the written bytes. Findings are Dutch office language and name a payment by its EndToEndId, never a client.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import fields
from datetime import timedelta
from hashlib import sha256

from payments.calendar import AMSTERDAM, is_t2_day
from payments.money import MAX_CENTS, format_amount
from payments.pain001.business_rules import FileFacts, Finding, LastPaid, Limits, business_findings
from payments.pain001.orders import Payment, PaymentFile
from payments.pain001.reader import (
    AddressRead,
    MessageRead,
    PaymentInformationRead,
    StructuredRead,
    TransactionRead,
    read,
)
from payments.pain001.writer import schema_problem
from payments.references import (
    NEEDS_ADDRESS,
    ReferenceType,
    betalingskenmerk_problem,
    contains_bsn,
    iban_problem,
    rf_problem,
)
from payments.remittance import LONGEST

__all__ = ["FileFacts", "Finding", "LastPaid", "Limits", "check", "compare_with_plan"]

_TEXT = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+", re.ASCII)
_EEA = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    }
)
_SEPA = _EEA | NEEDS_ADDRESS
_LATEST = timedelta(days=364)
_LABELS = {
    "message_id": "het berichtkenmerk (MsgId)",
    "created_at": "het tijdstip van aanmaken",
    "transactions_stated": "het aantal betalingen",
    "control_sum_cents": "het totaalbedrag",
    "initiating_party": "de naam van de opdrachtgever",
    "payment_information_id": "het kenmerk van de opdracht (PmtInfId)",
    "batch_booking": "de wijze van boeken",
    "execution_date": "de uitvoeringsdatum",
    "debtor_name": "de naam van de rekeninghouder",
    "debtor_iban": "de rekening waarvan betaald wordt",
    "debtor_bic": "de BIC van onze bank",
    "end_to_end_id": "het betalingsnummer (EndToEndId)",
    "amount_cents": "het bedrag",
    "creditor_name": "de naam van de ontvanger",
    "creditor_iban": "het rekeningnummer van de ontvanger",
    "ultimate_debtor": "de naam van degene voor wie betaald wordt",
    "unstructured": "de omschrijving",
    "structured": "het gestructureerde kenmerk",
}


def check(content: bytes, file: PaymentFile, facts: FileFacts) -> list[Finding]:
    """Everything wrong or remarkable about these bytes as the execution of this plan, all at once."""
    findings: list[Finding] = []
    if (problem := schema_problem(content)) is not None:
        findings.append(Finding("E", "schema", None, f"Het bestand voldoet niet aan het bankschema: {problem}."))
    if sha256(content).hexdigest() in facts.used_sha256:
        findings.append(Finding("E", "already_sent", None, "Precies dit bestand is al eerder gemaakt of verstuurd."))
    try:
        message = read(content)
    except ValueError as error:
        text = f"Het bestand kan niet worden teruggelezen: {error}."
        return [*findings, Finding("E", "unreadable", None, text)]
    findings += _ids(message, facts)
    findings += _totals(message)
    for block in message.payment_informations:
        findings += _block(block, facts)
    findings += _transactions(message.transactions, facts)
    findings += business_findings(message, file, facts)
    findings += compare_with_plan(message, file)
    return findings


def _file_error(code: str, text: str) -> Finding:
    return Finding("E", code, None, f"{text}.")


def _error(code: str, transaction: TransactionRead, text: str) -> Finding:
    return Finding("E", code, transaction.end_to_end_id, f"Betaling {transaction.end_to_end_id}: {text}.")


def _ids(message: MessageRead, facts: FileFacts) -> Iterator[Finding]:
    blocks = [block.payment_information_id for block in message.payment_informations]
    payments = [transaction.end_to_end_id for transaction in message.transactions]
    kinds: tuple[tuple[str, str, list[str], Container[str]], ...] = (
        ("message_id", "MsgId", [message.message_id], facts.used_message_ids),
        ("payment_information_id", "PmtInfId", blocks, facts.used_payment_information_ids),
        ("end_to_end_id", "EndToEndId", payments, facts.used_end_to_end_ids),
    )
    for code, label, ids, used in kinds:
        for identifier, count in Counter(ids).items():
            payment, name = identifier if code == "end_to_end_id" else None, f"{label} {identifier}"
            if not _is_identifier(identifier):
                yield Finding("E", f"{code}_form", payment, f"{name} is te lang of heeft tekens die de bank weigert.")
            if identifier in used:
                yield Finding("E", f"{code}_used", payment, f"{name} is al in een ander bestand gebruikt.")
            if count > 1:
                yield Finding("E", f"{code}_twice", payment, f"{name} staat {count} keer in het bestand.")


def _is_identifier(text: str) -> bool:
    edges = text.startswith(("/", " ")) or text.endswith(("/", " "))
    return len(text) <= 35 and _TEXT.fullmatch(text) is not None and not edges and "//" not in text


def _totals(message: MessageRead) -> Iterator[Finding]:
    levels: list[tuple[str, MessageRead | PaymentInformationRead, list[TransactionRead]]] = [
        ("Het bestand", message, message.transactions),
        *((f"Opdracht {b.payment_information_id}", b, list(b.transactions)) for b in message.payment_informations),
    ]
    for level, stated, transactions in levels:
        if stated.transactions_stated != len(transactions):
            noted = stated.transactions_stated
            yield _file_error("count", f"{level} noemt {noted} betalingen maar heeft er {len(transactions)}")
        total = sum(transaction.amount_cents for transaction in transactions)
        if stated.control_sum_cents != total:
            noted_sum = format_amount(stated.control_sum_cents)
            text = f"{level} noemt EUR {noted_sum} als totaal, maar de betalingen zijn samen EUR {format_amount(total)}"
            yield _file_error("control_sum", text)
    if not _is_plain(message.initiating_party, 70):
        yield _file_error("initiating_party", "De naam van de opdrachtgever is te lang of heeft verboden tekens")
    if not _address_allowed(message.initiating_address):
        yield _file_error("address", "Het adres van de opdrachtgever heeft geen plaats en land in eigen velden")


def _block(block: PaymentInformationRead, facts: FileFacts) -> Iterator[Finding]:
    if block.method != "TRF":
        yield _file_error("payment_method", "De opdracht is geen overboeking (TRF)")
    if block.service_level != "SEPA":
        yield _file_error("service_level", "De opdracht is geen SEPA-overboeking")
    if block.charge_bearer != "SLEV":
        yield _file_error("charge_bearer", "De kosten zijn niet gedeeld (SLEV)")
    if block.category_purpose is not None:
        # SSBE or BENE would tell the creditor and the banks that the client has welfare.
        yield _file_error("category_purpose", "De opdracht noemt een soort betaling (CtgyPurp): nooit doen")
    if block.debtor_iban != facts.account_iban:
        yield _file_error("debtor_account", "De rekening waarvan betaald wordt is niet die van deze gemeente")
    if not _is_plain(block.debtor_name, 70):
        yield _file_error("debtor_name", "De naam van de rekeninghouder is te lang of heeft verboden tekens")
    if not _address_allowed(block.debtor_address):
        yield _file_error("address", "Het adres van de rekeninghouder heeft geen plaats en land in eigen velden")
    yield from _execution_date(block, facts)


def _execution_date(block: PaymentInformationRead, facts: FileFacts) -> Iterator[Finding]:
    day, now = block.execution_date, facts.now.astimezone(AMSTERDAM)
    if not is_t2_day(day):
        yield _file_error("not_t2_day", f"Op {day:%d-%m-%Y} voeren banken geen betalingen uit")
    if day < now.date():
        yield _file_error("date_past", f"De uitvoeringsdatum {day:%d-%m-%Y} is voorbij")
    if day == now.date() and now.time() > facts.cut_off:
        text = f"Voor uitvoering op {day:%d-%m-%Y} moest het bestand om {facts.cut_off:%H:%M} bij de bank zijn"
        yield _file_error("cut_off_passed", text)
    if day - now.date() > _LATEST:
        yield _file_error("date_too_far", f"De uitvoeringsdatum {day:%d-%m-%Y} ligt meer dan een jaar vooruit")


def _transactions(transactions: list[TransactionRead], facts: FileFacts) -> Iterator[Finding]:
    for transaction in transactions:
        if transaction.currency != "EUR":
            yield _error("currency", transaction, "het bedrag is niet in euro's")
        if not 0 < transaction.amount_cents <= MAX_CENTS:
            yield _error("amount", transaction, "het bedrag moet van EUR 0,01 tot EUR 999.999.999,99 zijn")
        if transaction.creditor_iban[:2] not in _SEPA:
            yield _error("sepa_country", transaction, "het rekeningnummer is van een land buiten SEPA")
        elif iban_problem(transaction.creditor_iban):
            yield _error("creditor_iban", transaction, "het rekeningnummer van de ontvanger bestaat niet")
        if transaction.creditor_iban in facts.own_ibans:
            yield _error("own_account", transaction, "gaat naar een rekening van een gemeente zelf")
        yield from _names(transaction)
        yield from _remittance(transaction)


def _names(transaction: TransactionRead) -> Iterator[Finding]:
    if not _is_plain(transaction.creditor_name, 70):
        yield _error("creditor_name", transaction, "de naam van de ontvanger is leeg, te lang of heeft verboden tekens")
    if transaction.ultimate_debtor is not None and not _is_plain(transaction.ultimate_debtor, 70):
        yield _error("ultimate_debtor", transaction, "de naam bij 'betaald voor' is te lang of heeft verboden tekens")
    needs_address = transaction.creditor_iban[:2] in NEEDS_ADDRESS
    if (needs_address and transaction.address is None) or not _address_allowed(transaction.address):
        yield _error("address", transaction, "het adres van de ontvanger heeft geen plaats en land in eigen velden")


def _remittance(transaction: TransactionRead) -> Iterator[Finding]:
    if len(transaction.unstructured) + len(transaction.structured) != 1:
        yield _error("remittance", transaction, "heeft niet precies één omschrijving of één kenmerk")
    if not all(_is_plain(text, LONGEST) for text in transaction.unstructured):
        yield _error("unstructured", transaction, "de omschrijving is te lang of heeft verboden tekens")
    for structured in transaction.structured:
        kind = (structured.code, structured.issuer)
        if kind == ("SCOR", "CUR"):
            problem = betalingskenmerk_problem(structured.reference)
        elif kind == ("SCOR", "ISO"):
            problem = rf_problem(structured.reference)
        else:
            problem = "unknown kind"
        if problem:
            yield _error("reference", transaction, "het betalingskenmerk klopt niet (controlecijfer of soort)")
    free = (transaction.creditor_name, transaction.ultimate_debtor or "", *transaction.unstructured)
    if any(contains_bsn(text) for text in free):
        yield _error("bsn", transaction, "in een naam of omschrijving staat een getal dat een BSN kan zijn")


def _is_plain(text: str, longest: int) -> bool:
    return text.strip() != "" and len(text) <= longest and _TEXT.fullmatch(text) is not None


def _address_allowed(address: AddressRead | None) -> bool:
    return address is None or bool(address.town and address.country)


def compare_with_plan(message: MessageRead, file: PaymentFile) -> list[Finding]:
    """Every difference between what was read back and what was planned; equal means equal in every field."""
    planned = _planned(file)
    findings = [
        Finding("E", "not_as_planned", None, f"Anders dan gepland: {what}.")
        for what in _different(message, planned, "payment_informations")
    ]
    if len(message.payment_informations) != 1:
        return [*findings, _file_error("not_as_planned", "Anders dan gepland: het aantal opdrachten in het bestand")]
    (block,), (planned_block,) = message.payment_informations, planned.payment_informations
    findings += [
        Finding("E", "not_as_planned", None, f"Anders dan gepland: {what}.")
        for what in _different(block, planned_block, "transactions")
    ]
    if len(block.transactions) != len(planned_block.transactions):
        findings.append(_file_error("not_as_planned", "Anders dan gepland: het aantal betalingen in het bestand"))
    for transaction, expected in zip(block.transactions, planned_block.transactions, strict=False):
        if transaction != expected:
            what = ", ".join(_different(transaction, expected, ""))
            findings.append(_error("not_as_planned", expected, f"anders dan gepland: {what}"))
    return findings


def _different(found: object, planned: MessageRead | PaymentInformationRead | TransactionRead, apart: str) -> list[str]:
    names = [field.name for field in fields(planned) if field.name != apart]
    return [_LABELS.get(name, name) for name in names if getattr(found, name) != getattr(planned, name)]


def _planned(file: PaymentFile) -> MessageRead:
    """What a faithful file says, in every field that the reader knows."""
    block = PaymentInformationRead(
        payment_information_id=file.payment_information_id,
        method="TRF",
        batch_booking=file.batch_booking,
        transactions_stated=len(file.payments),
        control_sum_cents=file.control_sum_cents,
        service_level="SEPA",
        category_purpose=None,
        charge_bearer="SLEV",
        execution_date=file.execution_date,
        debtor_name=file.debtor_name,
        debtor_address=None,
        debtor_iban=file.debtor_iban,
        debtor_bic=file.debtor_bic,
        transactions=tuple(_planned_transaction(payment) for payment in file.payments),
    )
    return MessageRead(
        message_id=file.message_id,
        created_at=f"{file.created_at.astimezone(AMSTERDAM):%Y-%m-%dT%H:%M:%S}",
        transactions_stated=len(file.payments),
        control_sum_cents=file.control_sum_cents,
        initiating_party=file.debtor_name,
        initiating_address=None,
        payment_informations=(block,),
    )


def _planned_transaction(payment: Payment) -> TransactionRead:
    issuer = {ReferenceType.BETALINGSKENMERK: "CUR", ReferenceType.RF: "ISO"}.get(payment.reference_type)
    return TransactionRead(
        end_to_end_id=payment.payment_id,
        amount_cents=payment.amount_cents,
        currency="EUR",
        creditor_name=payment.creditor_name,
        creditor_iban=payment.creditor_iban,
        creditor_bic=None,
        address=None,
        ultimate_debtor=payment.ultimate_debtor,
        unstructured=() if issuer else (payment.remittance,),
        structured=(StructuredRead("SCOR", issuer, payment.remittance),) if issuer else (),
    )
