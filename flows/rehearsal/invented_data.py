"""What invented input is made of: names, numbers that pass every check and belong to nobody, and the four files."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from config.parameters import load_parameters
from config.settings import INPUT_COLUMNS
from payments.money import format_plain, parse_amount
from payments.month import Month, first_day
from payments.parties import BenefitRecord, Client, Creditor, Obligation


class Norm(StrEnum):
    """The norms of the law that invented people are granted, by the name of their parameter."""

    SINGLE = "norm_single"
    COUPLE = "norm_couple"
    SINGLE_18_20 = "norm_single_18_20"


# Banks that use the eleven-test for account numbers: one that fails it can be of nobody.
BANKS = ("ABNA", "RABO", "SNSB", "TRIO", "KNAB", "BUNQ", "ASNB", "RBRB")
_WHOLE = 100_00  # a hundred percent, in hundredths of a percent
_KENMERK_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)

# Language, given names, family names.
ORIGINS = tuple(
    (language, given.split(), family.split())
    for language, given, family in (
        ("ar", "Amina Omar Yūsuf Leïla Khālid Rania Sāmir Nour Hāla Tarek", "Al-Ḥamwi Haddād Khoury Darwīsh Saʿdi"),
        ("ti", "Selam Haben Yonas Mérhawit Tesfay Luwam Filmon", "Ghebremariam Tesfazghi Kidané Habtom Woldu"),
        ("fa", "Parisa Reza Maryam Nādir Shirin Behrūz Lāleh", "Rahimi Nazarī Ahmadzai Hosseini Karīmi Sādeqi"),
        ("tr", "Ayşe Emre Gül İbrahim Özlem Çağla Yiğit Elif", "Yıldız Şahin Öztürk Güneş Çelik Doğan"),
        ("so", "Ayaan Abdi Hodan Guuleed Faduma Liibaan", "Warsame Cabdullahi Jaamac Xasan Nuur"),
        ("ku", "Rojîn Azad Şêrîn Dilan Hêvî Baran", "Ronahî Şêxo Mîrza Bozan Zêdan"),
        ("fr", "Aimée Désiré Chloé Béni Grâce Honoré", "N'Sele Mbuyi Kabongo Niyonzima Ndayizeyé"),
        ("es", "Inés José Begoña Andrés María Íñigo", "Muñoz Peña Gutiérrez Ibáñez Zúñiga"),
        ("ru", "Zoë Václav Małgorzata Đorđe Ludmiła", "Kovač Łukaszenka Đurić Šimić Hájek"),
        ("vi", "Nguyệt Thảo Hùng Đức Mỹ", "Trần Phạm Nguyễn Đặng Võ"),
    )
)
PLACES = ("Zandhoek", "Eikenhorst", "Broekdal", "Lindeveld", "Veenkamp", "Heiderand", "Molenes", "Turfwijk")
LANDLORDS = ("Akkerman", "Bruinsma", "Dijkhuis", "Eising", "Hadders", "Klaassens", "Lubbers", "Nijboer", "Schuring")
ENERGY = ("Energie Noordzon", "Turfkracht Energie", "Windrijk B.V.", "Stroomhuis", "Zonnedauw Gas & Licht")
WATER = ("Waterbedrijf Bronwel", "Waterbedrijf Klaarbeek", "Drinkwater Heidebron")
INSURERS = ("Brug", "Linde", "Haven", "Kompas", "Regenboog", "Vuurtoren", "Zwaluw", "Meander", "Vlinder", "Anker")


def invented_iban(bank: str, number: int) -> str:
    """A valid Dutch IBAN that nobody can have: its account number, `number` or the next, fails the eleven-test."""
    while sum((10 - place) * int(digit) for place, digit in enumerate(f"{number:010d}")) % 11 == 0:
        number += 1
    check = 98 - _mod_97(f"{bank}{number:010d}NL00")
    return f"NL{check:02d}{bank}{number:010d}"


def betalingskenmerk(number: int) -> str:
    """The sixteen-digit betalingskenmerk of a number: its check digit, then the number in fifteen digits."""
    digits = f"{number:015d}"
    weighted = sum(int(digit) * _KENMERK_WEIGHTS[place % 10] for place, digit in enumerate(reversed(digits)))
    check = 11 - weighted % 11
    return str({10: 1, 11: 0}.get(check, check)) + digits


def rf_reference(text: str) -> str:
    """The ISO 11649 reference that carries a creditor's own number."""
    return f"RF{98 - _mod_97(f'{text}RF00'):02d}{text}"


def _mod_97(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def paid_monthly(month: Month) -> Mapping[Norm, int]:
    """What is paid out in a month: the norm of that time less the holiday allowance, which comes in June.

    Before the first norm that is known, that one.
    """
    parameters = load_parameters()
    on = max(first_day(month), *(parameters.versions[norm][0].start for norm in Norm))
    kept = _WHOLE - parse_amount(str(parameters.value("holiday_allowance_percent", on)))
    return {norm: (parameters.number(norm, on) * kept + _WHOLE // 2) // _WHOLE for norm in Norm}


def part_of_month(norm_cents: int, right_from: date, last: date) -> int:
    """What is granted for the month of `last` when the right starts in it: by calendar days, rounded down."""
    return norm_cents * (last.day - right_from.day + 1) // last.day


@dataclass(frozen=True, slots=True)
class InventedHousehold:
    """People who share their fixed costs, with all that the files say about them."""

    clients: Sequence[Client]
    obligations: Sequence[Obligation]
    benefits: Sequence[BenefitRecord]


def write_input(
    out: Path, month: Month, creditors: Iterable[Creditor], households: Iterable[InventedHousehold]
) -> list[Path]:
    """Write the four input files of a month, household by household, and tell where they are."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / name for name in ("creditors.csv", "clients.csv", "obligations.csv", f"benefits-{month}.csv")]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding="utf-8", newline="")) for path in paths]
        writers = [csv.writer(file, delimiter=";", lineterminator="\n") for file in files]
        for writer, columns in zip(writers, INPUT_COLUMNS.values(), strict=True):
            writer.writerow(columns)
        of_creditors, of_clients, of_obligations, of_benefits = writers
        of_creditors.writerows((c.creditor, c.name, c.iban, c.category, c.reference_type) for c in creditors)
        for household in households:
            of_clients.writerows(map(_client_line, household.clients))
            of_obligations.writerows(map(_obligation_line, household.obligations))
            of_benefits.writerows(map(_benefit_line, household.benefits))
    return paths


def _client_line(c: Client) -> tuple[str | date | None, ...]:
    return (
        *(c.client, c.gemeente, c.name, c.household, c.birth_date, c.right_from, c.right_until, c.residence_ground),
        *("ja" if c.must_integrate else "nee", c.decision, c.decision_date, c.mandate_date, c.iban, c.language),
    )


def _obligation_line(o: Obligation) -> tuple[str | None, ...]:
    amount = format_plain(o.amount_cents)
    of_month = (o.first_covered, o.last_covered, o.frequency)
    return (o.obligation, o.client, o.creditor, o.category, amount, o.reference, *of_month)


def _benefit_line(b: BenefitRecord) -> tuple[str, ...]:
    suspended = "ja" if b.suspended else "nee"
    return (b.reference, b.client, b.month, b.component, format_plain(b.amount_cents), suspended, b.deduction or "")
