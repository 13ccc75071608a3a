"""The registers of creditors, clients and obligations, read whole or refused whole."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date

from payments.intake.columns import Columns, code, complete, iban, known_code, one_of, party_name, yes_no
from payments.intake.text_table import MAX_BYTES, TableFormat
from payments.money import parse_amount
from payments.month import Month, parse_date, parse_month
from payments.parties import Category, Client, Creditor, Frequency, Obligation, ResidenceGround
from payments.references import ReferenceType
from payments.remittance import reference_problem
from payments.single_payment import account_problem

CREDITORS = TableFormat(
    required=("schuldeiser", "naam", "iban", "soort"),
    optional=("kenmerk_soort",),
    amounts=frozenset(),
    dates=frozenset(),
    private=frozenset({"naam"}),
)
CLIENTS = TableFormat(
    required=(
        "klantnummer",
        "gemeente",
        "naam",
        "huishouden",
        "geboortedatum",
        "recht_vanaf",
        "verblijfsgrond",
        "inburgeringsplichtig",
    ),
    optional=("recht_tot", "beschikking", "beschikking_datum", "machtiging_datum", "iban", "taal"),
    amounts=frozenset(),
    dates=frozenset({"geboortedatum", "recht_vanaf", "recht_tot", "beschikking_datum", "machtiging_datum"}),
    private=frozenset({"naam", "geboortedatum", "iban"}),
)
OBLIGATIONS = TableFormat(
    required=("vaste_last", "klantnummer", "schuldeiser", "soort", "bedrag", "kenmerk", "vanaf"),
    optional=("tot", "frequentie"),
    amounts=frozenset({"bedrag"}),
    dates=frozenset(),
)
_DECISION_LENGTH = 70
_LANGUAGE = re.compile(r"[a-z]{2}")


def read_creditors(
    table_bytes: bytes,
    file: str,
    *,
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
    own_ibans: Collection[str] = (),
    misfits: Callable[[str, ReferenceType], str | None] = lambda _code, _kind: None,
) -> list[Creditor]:
    """Read `creditors.csv`; an IBAN is checked here but confirmed by a person, later.

    `misfits` says of a creditor and kind of reference why what is owed there does not fit it.
    """
    columns = Columns(table_bytes, file, CREDITORS, encoding=encoding, names=names, max_bytes=max_bytes)
    codes = columns.required("schuldeiser", code)
    columns.unique("schuldeiser", codes)
    account_names = columns.required("naam", party_name)
    ibans = columns.required("iban", iban)
    categories = columns.required("soort", one_of(Category))
    reference_types = columns.optional("kenmerk_soort", one_of(ReferenceType), ReferenceType.FREE)
    columns.check("iban", (account and account_problem(account, own_ibans) for account in ibans))
    columns.check("kenmerk_soort", (c and k and misfits(c, k) for c, k in zip(codes, reference_types, strict=True)))
    columns.accept()
    rows = (complete(codes), complete(account_names), complete(ibans), complete(categories), complete(reference_types))
    return [Creditor(*row) for row in zip(*rows, strict=True)]


def read_clients(
    table_bytes: bytes,
    file: str,
    *,
    gemeenten: Collection[str],
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
) -> list[Client]:
    """Read `clients.csv` for the gemeenten that the settings know."""
    columns = Columns(table_bytes, file, CLIENTS, encoding=encoding, names=names, max_bytes=max_bytes)
    codes = columns.required("klantnummer", code)
    columns.unique("klantnummer", codes)
    gemeente_codes = columns.required("gemeente", _gemeente(gemeenten))
    client_names = columns.required("naam", party_name)
    households = columns.required("huishouden", code)
    births = columns.required("geboortedatum", parse_date)
    rights_from = columns.required("recht_vanaf", parse_date)
    rights_until = columns.optional("recht_tot", parse_date)
    grounds = columns.required("verblijfsgrond", one_of(ResidenceGround))
    must_integrate = columns.required("inburgeringsplichtig", yes_no)
    decisions = columns.optional("beschikking", _decision)
    decision_dates = columns.optional("beschikking_datum", parse_date)
    mandates = columns.optional("machtiging_datum", parse_date)
    ibans = columns.optional("iban", iban)
    languages = columns.optional("taal", _language)

    columns.check("geboortedatum", map(_born_too_late, births, rights_from))
    columns.check("recht_tot", map(_right_ends_too_early, rights_until, rights_from))
    columns.check("beschikking_datum", map(_decision_date_missing, decisions, decision_dates))
    columns.accept()
    rows = zip(
        complete(codes),
        complete(gemeente_codes),
        complete(client_names),
        complete(households),
        complete(births),
        complete(rights_from),
        rights_until,
        complete(grounds),
        complete(must_integrate),
        decisions,
        decision_dates,
        mandates,
        ibans,
        languages,
        strict=True,
    )
    return [Client(*row) for row in rows]


def read_obligations(
    table_bytes: bytes,
    file: str,
    *,
    creditors: Mapping[str, Creditor],
    clients: Collection[str],
    encoding: str = "utf-8",
    names: Mapping[str, str] = {},
    max_bytes: int = MAX_BYTES,
    too_much: Callable[[str, str, int], str | None] = lambda _code, _client, _cents: None,
) -> list[Obligation]:
    """Read `obligations.csv` against the creditors and clients that the books already have.

    `too_much` says of a code, a client and an amount in cents why no run can pay it.
    """
    columns = Columns(table_bytes, file, OBLIGATIONS, encoding=encoding, names=names, max_bytes=max_bytes)
    codes = columns.required("vaste_last", code)
    columns.unique("vaste_last", codes)
    client_codes = columns.required("klantnummer", known_code(clients, "klantnummer"))
    creditor_codes = columns.required("schuldeiser", known_code(creditors, "schuldeiser"))
    categories = columns.required("soort", one_of(Category))
    amounts = columns.required("bedrag", _positive_amount)
    references = columns.required("kenmerk", str)
    first_months = columns.required("vanaf", parse_month)
    last_months = columns.optional("tot", parse_month)
    frequencies = columns.optional("frequentie", one_of(Frequency), Frequency.MONTHLY)

    payees = [None if payee is None else creditors[payee] for payee in creditor_codes]
    columns.check("kenmerk", map(_reference_problem, references, payees, categories))
    asked = zip(codes, client_codes, amounts, strict=True)
    columns.check(
        "bedrag", (too_much(code, who, cents) if code and who and cents else None for code, who, cents in asked)
    )
    columns.check("tot", map(_ends_before_it_starts, last_months, first_months))
    columns.check("tot", map(_not_one_month, frequencies, last_months, first_months))
    columns.accept()
    rows = zip(
        complete(codes),
        complete(client_codes),
        complete(creditor_codes),
        complete(categories),
        complete(amounts),
        complete(references),
        complete(first_months),
        last_months,
        complete(frequencies),
        strict=True,
    )
    return [Obligation(*row) for row in rows]


def _gemeente(gemeenten: Collection[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in gemeenten:
            raise ValueError(f"is not one of {', '.join(gemeenten)}")
        return text

    return parse


def _decision(text: str) -> str:
    if len(text) > _DECISION_LENGTH:
        raise ValueError(f"is longer than {_DECISION_LENGTH} characters")
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("is not a language code of two small letters, like ar or ti (ISO 639-1)")
    return text


def _positive_amount(text: str) -> int:
    cents = parse_amount(text)
    if cents == 0:
        raise ValueError("is not above zero: an obligation without an amount is none")
    return cents


def _born_too_late(birth: date | None, right_from: date | None) -> str | None:
    wrong = birth is not None and right_from is not None and birth >= right_from
    return "is not before recht_vanaf" if wrong else None


def _right_ends_too_early(right_until: date | None, right_from: date | None) -> str | None:
    wrong = right_until is not None and right_from is not None and right_until < right_from
    return "is before recht_vanaf" if wrong else None


def _decision_date_missing(decision: str | None, decided_on: date | None) -> str | None:
    wrong = decision is not None and decided_on is None
    return "is empty where beschikking is filled: a decision counts from its date" if wrong else None


def _ends_before_it_starts(last_month: Month | None, first_month: Month | None) -> str | None:
    wrong = last_month is not None and first_month is not None and last_month < first_month
    return "is before vanaf" if wrong else None


def _not_one_month(frequency: Frequency | None, last_month: Month | None, first_month: Month | None) -> str | None:
    wrong = frequency is Frequency.ONCE and first_month is not None and last_month != first_month
    if not wrong or (last_month is not None and last_month < (first_month or "")):
        return None
    return "is not vanaf: what is paid once (eenmalig) covers one month, give it in both"


def _reference_problem(reference: str | None, payee: Creditor | None, category: Category | None) -> str | None:
    if reference is None or payee is None:
        return None
    return reference_problem(payee.reference_type, category, reference)
