"""The demonstration's input: sixty invented clients of three gemeenten, whose stories hold in any month.

Twenty clients have a story of their own: a benefit that is too low, a missing signature, a new account number of a
landlord. `STORIES` tells each in one line. The other forty are the ordinary month around them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flows.rehearsal.invented_data import (
    ORIGINS,
    InventedHousehold,
    Norm,
    betalingskenmerk,
    invented_iban,
    paid_monthly,
    part_of_month,
    rf_reference,
    write_input,
)
from payments.money import split_evenly
from payments.month import Month, add_months, first_day, last_day, month_of
from payments.parties import (
    BenefitRecord,
    Category,
    Client,
    Component,
    Creditor,
    Frequency,
    Obligation,
    ResidenceGround,
)
from payments.references import ReferenceType

ART_57_CLIENT = "0010008"  # past six months: gets an ART_57 ground that holds from the first day of the month
ON_HOLD_CLIENT = "0010020"
UNCONFIRMED_CREDITOR = "HUUR-04"

STORIES: Mapping[str, str] = {
    "0010001": "Echtpaar: ieder krijgt de helft van de uitkering; huur, energie en water worden één keer betaald.",
    "0010002": "De partner van 0010001: alleen de eigen zorgverzekering staat op deze naam.",
    "0010003": "Eerste maand: het recht begint op de 15e, dus een deel van de uitkering; de zorgverzekering past niet.",
    "0010004": "Te weinig uitkering door beslag: huur, energie en water gaan voor, de zorgverzekering past niet.",
    "0010005": "Geen machtiging: er wordt niets betaald.",
    "0010006": "Geen beschikking: er wordt niets betaald.",
    "0010007": "De zes maanden zijn voorbij en er is geen nieuwe grondslag: er wordt niets meer ingehouden.",
    ART_57_CLIENT: "De zes maanden zijn voorbij, maar een besluit op grond van artikel 57 maakt doorbetalen mogelijk.",
    "0010009": "Het nieuwe rekeningnummer van de verhuurder is nog niet bevestigd: de huur wacht, de rest gaat door.",
    "0010010": "Huurt van dezelfde verhuurder als 0010009: ook deze huur wacht op de bevestiging.",
    "0010011": "Betaalt water per kwartaal, en deze maand is het kwartaal aan de beurt.",
    "0010012": "De energierekening heeft een betalingskenmerk van zestien cijfers.",
    "0010013": "De verhuurder vraagt om een Europees betalingskenmerk (RF).",
    "0010014": "Een naam met tekens die een bank niet kent: in het betaalbestand staat die zonder die tekens.",
    "0010015": "De uitkering is opgeschort: er wordt niets betaald.",
    "0010016": "Geen uitkeringsregel deze maand: er wordt niets betaald.",
    "0010017": "Negentien jaar: een lage uitkering met een aanvulling; samen is het genoeg.",
    "0010018": "Hoort niet bij de doelgroep (een reguliere verblijfsvergunning): er wordt niets betaald.",
    "0010019": "Kreeg ook een voorschot: dat telt niet mee voor de vaste lasten.",
    ON_HOLD_CLIENT: "De consulent heeft de betalingen stilgezet.",
}

CREDITORS = {
    code: Creditor(code, name, invented_iban(bank, 120_034_500 + 7_919 * place), category, kind)
    for place, (code, name, bank, category, kind) in enumerate(
        (
            ("HUUR-01", "Woonstichting Eikenhorst", "RABO", Category.RENT, ReferenceType.FREE),
            ("HUUR-02", "Woonstichting Lindeveld", "ABNA", Category.RENT, ReferenceType.RF),
            ("HUUR-03", "Woonstichting Broekdal", "RABO", Category.RENT, ReferenceType.FREE),
            (UNCONFIRMED_CREDITOR, "K. Nijboer Verhuur", "KNAB", Category.RENT, ReferenceType.FREE),
            ("ENER-01", "Energie Noordzon", "ABNA", Category.ENERGY, ReferenceType.BETALINGSKENMERK),
            ("ENER-02", "Stroomhuis Café & Co", "TRIO", Category.ENERGY, ReferenceType.FREE),
            ("WATR-01", "Waterbedrijf Bronwel", "RABO", Category.WATER, ReferenceType.FREE),
            ("WATR-02", "Waterbedrijf Klaarbeek", "SNSB", Category.WATER, ReferenceType.BETALINGSKENMERK),
            ("ZORG-01", "Zorgverzekeraar Kompas", "RABO", Category.HEALTH_INSURANCE, ReferenceType.FREE),
            ("ZORG-02", "Zorgverzekeraar Linde", "ABNA", Category.HEALTH_INSURANCE, ReferenceType.BETALINGSKENMERK),
            ("ZORG-03", "Zorgverzekeraar Zwaluw", "ASNB", Category.HEALTH_INSURANCE, ReferenceType.FREE),
        )
    )
}
_PREMIUMS = {"ZORG-01": 15_895, "ZORG-02": 14_650, "ZORG-03": 16_720}
_LANDLORD_OF = {"assen": "HUUR-01", "aa-en-hunze": "HUUR-02", "tynaarlo": "HUUR-03"}


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A household as far as it differs from the ordinary one: one adult, everything in order."""

    client: str
    name: str
    language: str
    gemeente: str
    partner: tuple[str, str] | None = None  # klantnummer and name
    months_ago: int = 3  # in which month the right started
    start_day: int | None = None  # None: another day for each
    norm: Norm = Norm.SINGLE
    norm_cents: int | None = None  # None: by the norm
    top_up_cents: int = 0
    advance_cents: int = 0
    suspended: bool = False
    no_benefit: bool = False
    no_decision: bool = False
    no_mandate: bool = False
    ground: ResidenceGround = ResidenceGround.ASYLUM_DEFINITE
    age: int = 31
    rent_cents: int | None = None  # None: another rent for each
    landlord: str | None = None  # None: the association of the gemeente
    energy: str = "ENER-02"
    quarterly_water: bool = False


_SKETCHES = (
    _Sketch("0010001", "Amina Khoury", "ar", "assen", ("0010002", "Tarek Khoury"), norm=Norm.COUPLE),
    _Sketch("0010003", "Selam Kidané", "ti", "aa-en-hunze", months_ago=0, start_day=15, rent_cents=54_890),
    _Sketch("0010004", "Reza Ahmadzai", "fa", "assen", norm_cents=80_120, rent_cents=61_245),
    _Sketch("0010005", "Hodan Warsame", "so", "tynaarlo", no_mandate=True),
    _Sketch("0010006", "Omar Darwīsh", "ar", "assen", no_decision=True),
    _Sketch("0010007", "Yonas Woldu", "ti", "aa-en-hunze", months_ago=7),
    _Sketch(ART_57_CLIENT, "Íñigo Zúñiga", "es", "assen", months_ago=7),
    _Sketch("0010009", "Dilan Bozan", "ku", "assen", landlord=UNCONFIRMED_CREDITOR),
    _Sketch("0010010", "Grâce Kabongo", "fr", "assen", landlord=UNCONFIRMED_CREDITOR),
    _Sketch("0010011", "Maryam Sādeqi", "fa", "tynaarlo", quarterly_water=True),
    _Sketch("0010012", "Filmon Habtom", "ti", "assen", energy="ENER-01"),
    _Sketch("0010013", "Rania Haddād", "ar", "aa-en-hunze"),
    _Sketch("0010014", "Özlem Yıldız-Şahin", "tr", "assen"),
    _Sketch("0010015", "Baran Şêxo", "ku", "assen", suspended=True),
    _Sketch("0010016", "Liibaan Jaamac", "so", "tynaarlo", no_benefit=True),
    _Sketch(
        *("0010017", "Nour Al-Ḥamwi", "ar", "assen"),
        norm=Norm.SINGLE_18_20,
        top_up_cents=71_500,
        age=19,
        rent_cents=43_980,
    ),
    _Sketch("0010018", "Nguyệt Trần", "vi", "tynaarlo", ground=ResidenceGround.REGULAR),
    _Sketch("0010019", "Aimée N'Sele", "fr", "assen", months_ago=1, advance_cents=45_000),
    _Sketch(ON_HOLD_CLIENT, "Małgorzata Šimić", "ru", "aa-en-hunze"),
)
_FIRST_ORDINARY, _LAST_ORDINARY = 10_021, 10_060


def write_demo_input(out: Path, month: Month) -> list[Path]:
    """Write the four files of the demonstration for a month: the same bytes each time."""
    sketches = (*_SKETCHES, *_ordinary())
    norms = paid_monthly(month)
    households = (_household(number, sketch, month, norms) for number, sketch in enumerate(sketches, 1))
    return write_input(out, month, CREDITORS.values(), households)


def _ordinary() -> Iterator[_Sketch]:
    """The forty without a story: a couple at every seventh number; names, rents and starting days vary."""
    number = _FIRST_ORDINARY
    while number <= _LAST_ORDINARY:
        language, given, family = ORIGINS[number % len(ORIGINS)]
        rank, surname = number // len(ORIGINS), family[number // 7 % len(family)]
        couple = number % 7 == 0 and number < _LAST_ORDINARY
        partner = (f"{number + 1:07d}", f"{given[(rank + 1) % len(given)]} {surname}") if couple else None
        yield _Sketch(
            *(f"{number:07d}", f"{given[rank % len(given)]} {surname}", language),
            ("assen", "tynaarlo", "assen", "aa-en-hunze")[number % 4],
            partner,
            months_ago=1 + number % 5,
            norm=Norm.COUPLE if couple else Norm.SINGLE,
            age=23 + number * 11 % 34,
            energy=("ENER-01", "ENER-02")[number % 2],
        )
        number += 2 if couple else 1


def _household(number: int, sketch: _Sketch, month: Month, norms: Mapping[Norm, int]) -> InventedHousehold:
    granted = norms[sketch.norm] if sketch.norm_cents is None else sketch.norm_cents
    names = [(sketch.client, sketch.name), *([sketch.partner] if sketch.partner else [])]
    clients = [_client(code, name, number, sketch, month) for code, name in names]
    benefits = [
        line
        for client, norm in zip(clients, split_evenly(granted, len(clients)), strict=True)
        for line in _granted(client, norm, sketch, month)
    ]
    return InventedHousehold(clients, _obligations(clients, sketch, month), benefits)


def _client(code: str, name: str, household: int, sketch: _Sketch, month: Month) -> Client:
    number = int(code)
    start_day = sketch.start_day or 1 + int(sketch.client) * 5 % 28
    right_from = first_day(add_months(month, -sketch.months_ago)) + timedelta(days=start_day - 1)
    return Client(
        client=code,
        gemeente=sketch.gemeente,
        name=name,
        household=f"H{household:04d}",
        birth_date=date(int(month[:4]) - sketch.age - 1, 12, 1 + number % 28),
        right_from=right_from,
        right_until=None,
        residence_ground=sketch.ground,
        must_integrate=sketch.ground is ResidenceGround.ASYLUM_DEFINITE,
        decision=None if sketch.no_decision else f"PW-{right_from.year}-{number}",
        decision_date=None if sketch.no_decision else right_from + timedelta(days=2),
        mandate_date=None if sketch.no_mandate else right_from + timedelta(days=4),
        iban=invented_iban("BUNQ", 410_000_000 + 3_301 * number % 90_000_000),
        language=sketch.language,
    )


def _granted(client: Client, norm: int, sketch: _Sketch, month: Month) -> Iterator[BenefitRecord]:
    if sketch.no_benefit:
        return
    if month_of(client.right_from) == month:
        norm = part_of_month(norm, client.right_from, last_day(month))
    lines = (
        (Component.REGULAR, norm),
        (Component.TOP_UP, sketch.top_up_cents),
        (Component.ADVANCE, sketch.advance_cents),
    )
    for place, (component, cents) in enumerate(lines, 1):
        if cents:
            reference = f"U{month}-{client.client}-{place}"
            yield BenefitRecord(reference, client.client, month, component, cents, sketch.suspended)


def _obligations(clients: Sequence[Client], sketch: _Sketch, month: Month) -> list[Obligation]:
    """Rent, energy and water on the first adult, insurance for each."""
    number = int(sketch.client)
    water, a_month = ("WATR-02" if sketch.quarterly_water else "WATR-01"), 1_250 + number * 175 % 1_200
    shared = [
        (sketch.landlord or _LANDLORD_OF[sketch.gemeente], sketch.rent_cents or 58_000 + number * 1_373 % 13_000),
        (sketch.energy, 100 * (92 + number * 7 % 60)),
        (water, 3 * a_month if sketch.quarterly_water else a_month),
    ]
    insurers = [(client, sorted(_PREMIUMS)[int(client.client) % 3]) for client in clients]
    lines = [(clients[0], *line) for line in shared] + [(client, code, _PREMIUMS[code]) for client, code in insurers]
    return [
        Obligation(
            obligation=f"VL-{client.client}-{CREDITORS[code].category[:1].upper()}",
            client=client.client,
            creditor=code,
            category=CREDITORS[code].category,
            amount_cents=cents,
            reference=_reference(CREDITORS[code], int(client.client)),
            # A quarter that starts three months before the month that is paid now is due again now.
            first_covered=add_months(month, -2) if code == "WATR-02" else add_months(month_of(client.right_from), 1),
            last_covered=None,
            frequency=Frequency.QUARTERLY if code == "WATR-02" else Frequency.MONTHLY,
        )
        for client, code, cents in lines
    ]


def _reference(creditor: Creditor, number: int) -> str:
    """The number by which a creditor knows the client, in the form that this creditor wants."""
    own = 200_000 + (37 * number + 1_009 * sorted(CREDITORS).index(creditor.creditor)) % 700_000
    match creditor.reference_type:
        case ReferenceType.BETALINGSKENMERK:
            return betalingskenmerk(71_000_000_000 + own)
        case ReferenceType.RF:
            return rf_reference(f"H{own}")
        case ReferenceType.FREE:
            return f"{creditor.name[0]}{own}"
