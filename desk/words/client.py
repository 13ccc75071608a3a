"""The words of the client's overview: short Dutch sentences, and labels in the languages that we are sure of."""

from collections.abc import Mapping

from payments.parties import Component, DeductionKind
from payments.plan.grounds import HeldReason

RIGHT_TO_LEFT = frozenset({"ar"})
_LANGUAGES = ("en", "fr", "tr", "ar")
_LABELS: Mapping[str, tuple[str, str, str, str]] = {
    "Uw uitkering": ("Your benefit", "Votre allocation", "Sosyal yardımınız", "إعانتك المالية"),
    "Uw rekeningen": ("Your bills", "Vos factures", "Faturalarınız", "فواتيرك"),
    "Aan": ("To", "À", "Alıcı", "إلى"),
    "Voor": ("For", "Pour", "Hangi ay için", "عن شهر"),
    "Bedrag": ("Amount", "Montant", "Tutar", "المبلغ"),
    "Uw deel": ("Your share", "Votre part", "Sizin payınız", "حصتك"),
    "Status": ("Status", "Statut", "Durum", "الحالة"),
    "Datum": ("Date", "Date", "Tarih", "التاريخ"),
    "Uitleg": ("Explanation", "Explication", "Açıklama", "توضيح"),
    "Dit blijft over voor u": ("What is left for you", "Ce qui vous reste", "Size kalan", "المتبقي لك"),
    "Te weinig geld": ("Not enough money", "Pas assez d'argent", "Para yetmedi", "المال غير كافٍ"),
    "Niet betaald": ("Not paid", "Non payé", "Ödenmedi", "لم يُدفع"),
    "Vragen?": ("Questions?", "Des questions ?", "Sorularınız mı var?", "هل لديك أسئلة؟"),
    "Betaald": ("Paid", "Payé", "Ödendi", "مدفوع"),
    "Onderweg": ("On its way", "En cours", "Yolda", "في الطريق"),
    "Deels teruggekomen": ("Partly came back", "Retourné en partie", "Kısmen geri geldi", "أُعيد جزئيًا"),
    "Teruggekomen": ("Came back", "Retourné", "Geri geldi", "أُعيد"),
    "Huur": ("Rent", "Loyer", "Kira", "الإيجار"),
    "Energie": ("Energy", "Énergie", "Enerji", "الطاقة"),
    "Water": ("Water", "Eau", "Su", "الماء"),
    "Zorgverzekering": ("Health insurance", "Assurance maladie", "Sağlık sigortası", "التأمين الصحي"),
    "Andere kosten": ("Other costs", "Autres frais", "Diğer masraflar", "تكاليف أخرى"),
}


def in_own_language(label: str, language: str | None) -> str | None:
    """A Dutch label in the client's language, or None where we do not have it."""
    if language not in _LANGUAGES or label not in _LABELS:
        return None
    return _LABELS[label][_LANGUAGES.index(language)]


COMPONENTS = {
    Component.REGULAR: "Uitkering",
    Component.TOP_UP: "Extra geld bij uw uitkering",
    Component.ADVANCE: "Voorschot",
    Component.BACK_PAYMENT: "Geld over een eerdere maand",
    Component.CORRECTION: "Verbetering van een fout",
}
DEDUCTIONS = {
    DeductionKind.SETTLEMENT: "Geld dat u terugbetaalt aan de gemeente",
    DeductionKind.REPAYMENT: "Aflossing van een schuld",
    DeductionKind.SEIZURE: "Beslag op uw uitkering",
    DeductionKind.MEASURE: "Straf van de gemeente (maatregel)",
    DeductionKind.OTHER: "Andere inhouding",
}
STATES = {
    "paid": "Betaald",
    "on_the_way": "Onderweg",
    "came_back": "Teruggekomen",
    "partly_back": "Deels teruggekomen",
    "not_paid": "Niet betaald",
}

_CALL = "Bel uw contactpersoon bij de gemeente."
HELD: Mapping[HeldReason, tuple[str, str]] = {
    HeldReason.NOT_IN_SCOPE: ("Wij mogen uw rekeningen niet betalen.", "Betaal uw rekeningen zelf."),
    HeldReason.RIGHT_NOT_STARTED: ("Uw uitkering is nog niet begonnen.", f"Krijgt u al een rekening? {_CALL}"),
    HeldReason.RIGHT_ENDED: ("Uw uitkering is gestopt.", "Betaal uw rekeningen nu zelf."),
    HeldReason.NO_DECISION: ("Het besluit over onze hulp is nog niet klaar.", f"Krijgt u een rekening? {_CALL}"),
    HeldReason.NO_MANDATE: ("Wij hebben uw handtekening nog niet.", _CALL),
    HeldReason.NO_GROUND: ("Wij mogen nu niet meer voor u betalen.", f"Betaal uw rekeningen zelf. {_CALL}"),
    HeldReason.ON_HOLD: ("Wij hebben uw betalingen tijdelijk gestopt.", _CALL),
    HeldReason.ENDED: ("Onze hulp met betalen is gestopt.", "Betaal uw rekeningen nu zelf."),
    HeldReason.NO_BENEFIT: ("Wij hebben deze maand geen uitkering voor u gekregen.", _CALL),
    HeldReason.SUSPENDED: ("Uw uitkering is tijdelijk gestopt.", _CALL),
    HeldReason.IBAN_UNCONFIRMED: (
        "Wij controleren eerst het rekeningnummer van het bedrijf. Het geld ligt klaar.",
        "U hoeft niets te doen.",
    ),
    HeldReason.CREDITOR_CHANGED: (
        "U heeft een ander bedrijf gekregen. Wij kijken welk bedrijf het geld krijgt.",
        f"Krijgt u een rekening? {_CALL}",
    ),
    HeldReason.TERM_OVERLAP: (
        "Een deel van deze rekening hebben wij al betaald. Wij zoeken uit wat nog moet.",
        f"Krijgt u een rekening? {_CALL}",
    ),
    HeldReason.DOUBLE_COST: (
        "Deze rekening staat twee keer bij ons. Wij betalen één keer.",
        f"Zijn het twee rekeningen? {_CALL}",
    ),
    HeldReason.NOT_DUE: (
        "Voor deze rekening ligt geld klaar, maar zij hoeft misschien niet meer betaald te worden. Wij zoeken het uit.",
        f"Krijgt u een rekening? {_CALL}",
    ),
    HeldReason.PAYMENT_REFUSED: (
        "Er klopt iets niet in de gegevens van deze rekening. Wij zoeken het uit.",
        f"Krijgt u een herinnering? {_CALL}",
    ),
    HeldReason.OTHER_NOT_ALLOWED: ("Deze rekening mogen wij nu niet betalen.", "Betaal deze rekening zelf."),
}
"""Why nothing is paid, and what the client can do."""

SHORT_OF_MONEY = (
    "Er was niet genoeg geld voor deze rekeningen.",
    "Wij hebben ze niet betaald.",
    "Bel vandaag uw contactpersoon bij de gemeente.",
    "Wacht niet op een brief van het bedrijf.",
)
NOTHING_LEFT = ("Er blijft deze maand niets voor u over.", "Heeft u geen geld voor eten? Bel ons vandaag.")
CAME_BACK = {
    "resubmit": "Wij betalen het nog een keer. U hoeft niets te doen.",
    "refund_to_client": "U krijgt dit geld zelf. Betaal deze rekening nu zelf.",
    "": f"Wij zoeken uit hoe dit komt. Krijgt u een rekening? {_CALL}",
}
PART_REFUND = "Dit deel gaat naar u of uw huishouden. Betaal het nu zelf aan het bedrijf."
SHARED_REFUND = "U krijgt uw deel zelf. Uw huishouden moet deze rekening nu zelf betalen."
BACK_WITH_US = "Het geld is weer bij ons."
PART_BACK_WITH_US = "{amount} van dit geld is weer bij ons."
NOT_SENT = "De betaling staat klaar."
NOT_MADE = "Wij maken deze betaling nog."
REFUSED_BY_BANK = "De bank heeft de betaling geweigerd."
STOPPED = "De betaling is gestopt."
SECOND_TIME = "Dit is een nieuwe betaling. De vorige is niet gelukt."
