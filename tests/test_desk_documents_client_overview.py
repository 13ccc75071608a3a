"""What a client reads: true to the cent, in short sentences, on a page that everybody can use."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import lxml.html
import pytest
from support.client_month_examples import BACK, BOOKED, a_cost, a_month, an_attempt

from desk.documents import client_overview, client_overview_html
from desk.words import client
from ledgers.views.client_month import ClientMonth, Unpaid
from ledgers.views.payment_attempts import BankLine
from payments.plan.grounds import HeldReason
from payments.plan.withholding import Included

GOLDEN = Path(__file__).parent / "golden" / "client_overview.txt"


def held(reason: str, obligation: str | None = None) -> Unpaid:
    of_what = ("huur", "Stichting Wonen Noord") if obligation else (None, None)
    return Unpaid(obligation, *of_what, covers=None, needed_cents=0, available_cents=0, reason=reason)


def shown(facts: ClientMonth) -> str:
    return client_overview.text(facts, "Gemeente Assen")


INSURANCE = a_cost(
    an_attempt("returned", replace(BOOKED, line="L-3"), BACK),
    obligation="VL-4",
    category="zorgverzekering",
    creditor_name="Zorgverzekeraar Kompas",
    amount_cents=158_95,
    own_cents=158_95,
)
ALL_AT_ONCE = a_month(
    a_cost(an_attempt("booked", BOOKED), own_cents=325_00),
    INSURANCE,
    a_cost(
        obligation="VL-5", category="water", creditor_name="Waterbedrijf Bronwel", amount_cents=22_10, own_cents=22_10
    ),
    included=Included("0010001", 1_331_43, 506_05),
    refund_cents=10_00,
    listed_cents=835_38,
    listed_on=date(2026, 11, 26),
    shortfalls=(Unpaid("VL-2", "energie", "Stroomhuis B.V.", "2026-12", 900_00, 825_38, None),),
    held=(held("iban_unconfirmed", "VL-5"), held("other_not_allowed", "VL-6")),
    language="tr",
)


def test_the_overview_is_the_one_that_was_agreed_on() -> None:
    assert shown(ALL_AT_ONCE) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("state", "lines", "key", "day"),
    [
        ("planned", (), "not_paid", None),
        ("instructed", (), "on_the_way", date(2026, 11, 25)),
        ("booked", (BOOKED,), "paid", date(2026, 11, 25)),
        ("settled", (BOOKED,), "paid", date(2026, 11, 25)),
        ("returned", (BOOKED, BACK), "came_back", date(2026, 12, 1)),
        ("rejected", (), "not_paid", date(2026, 11, 24)),
        ("cancelled", (), "not_paid", None),
    ],
)
def test_every_state_has_plain_words_and_the_day_that_counts(
    state: str, lines: tuple[BankLine, ...], key: str, day: date | None
) -> None:
    refused = date(2026, 11, 24) if state == "rejected" else None
    cost = a_cost(an_attempt(state, *lines, rejected_on=refused))
    became = client_overview.outcome(cost, a_month(cost))
    assert (became.state, became.day) == (key, day)
    assert client.STATES[key] in shown(a_month(cost))


def test_what_came_back_says_who_has_the_money_now() -> None:
    back = an_attempt("returned", BOOKED, BACK, decision="refund_to_client")
    own, partners = a_cost(back), a_cost(back, owner="0010009", own_cents=325_00)
    assert "U krijgt dit geld zelf. Betaal deze rekening nu zelf." in shown(a_month(own))
    assert "U krijgt uw deel zelf. Uw huishouden moet" in shown(a_month(partners))
    assert "U krijgt dit geld zelf." in shown(a_month(a_cost(given_back=True)))
    again = a_cost(replace(back, decision="resubmit"))
    assert "Wij betalen het nog een keer." in shown(a_month(again))


def test_a_second_payment_that_arrived_says_so() -> None:
    cost = a_cost(an_attempt("returned", BOOKED, BACK), an_attempt("booked", replace(BOOKED, line="L-9")))
    assert client_overview.outcome(cost, a_month(cost)).why == client.SECOND_TIME


@pytest.mark.parametrize("reason", HeldReason)
def test_every_reason_says_what_the_client_can_do(reason: HeldReason) -> None:
    text = shown(a_month(held=(held(reason.value),), included=None))
    why, what_to_do = client.HELD[reason]
    assert f"Uitleg: {why}\n  Wat u doet: {what_to_do}\n" in text
    assert "blijft over" not in text


def test_a_cost_held_for_its_account_is_told_once() -> None:
    facts = a_month(a_cost(), held=(held("iban_unconfirmed", "VL-1"),))
    assert shown(facts).count(client.HELD[HeldReason.IBAN_UNCONFIRMED][0]) == 1


def test_own_share_is_shown_only_where_a_bill_is_shared() -> None:
    paid = an_attempt("booked", BOOKED)
    assert "Uw deel" not in shown(a_month(a_cost(paid)))
    assert "Uw deel: € 325,00" in shown(a_month(a_cost(paid, own_cents=325_00)))


def test_who_pays_the_rest_and_whether_they_know() -> None:
    cost = a_cost(an_attempt("booked", BOOKED))
    assert "Wij geven dit nog aan hen door." in shown(a_month(cost))
    told = a_month(cost, listed_cents=681_43, listed_on=date(2026, 11, 26))
    assert "Zij weten dit sinds 26 november 2026." in shown(told)
    nothing = a_month(cost, included=Included("0010001", 650_00, 650_00))
    assert "Heeft u geen geld voor eten? Bel ons vandaag." in shown(nothing)


def test_a_month_without_run_says_so() -> None:
    text = shown(a_month(run_id=None, included=None, benefits=()))
    assert "Wij hebben voor deze maand nog niets betaald." in text


def everything_said() -> str:
    facts = replace(ALL_AT_ONCE, language=None)
    texts = [shown(facts), *client.SHORT_OF_MONEY, *client.NOTHING_LEFT, *client.CAME_BACK.values()]
    texts += [" ".join(pair) for pair in client.HELD.values()]
    return "\n".join([*texts, client.SHARED_REFUND, client.REFUSED_BY_BANK, client.SECOND_TIME])


def test_sentences_are_short_and_without_office_words() -> None:
    parts = [p for line in everything_said().splitlines() for p in re.split(r"(?<=[.!?:])\s", line)]
    assert max(len(part.split()) for part in parts) <= 15
    for word in ("grondslag", "beschikking", "opgeschort", "restant", "vaste last", "schuldeiser", "obligo", "ontzorg"):
        assert word not in everything_said().lower()


@pytest.mark.parametrize("language", ["en", "fr", "tr", "ar"])
def test_each_label_has_a_word_of_its_own_in_each_language(language: str) -> None:
    own = [client.in_own_language(label, language) for label in client._LABELS]
    assert all(own)
    assert len(set(own)) == len(own)


def test_a_language_that_we_do_not_have_leaves_the_dutch_alone() -> None:
    assert shown(replace(ALL_AT_ONCE, language="ti")) == shown(replace(ALL_AT_ONCE, language=None))


def test_a_creditor_whose_name_is_a_label_keeps_its_name() -> None:
    cost = a_cost(an_attempt("booked", BOOKED), creditor_name="Water")
    assert "Water (" not in shown(a_month(cost, language="en"))


def page_of(facts: ClientMonth) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(client_overview_html.page(facts, "Gemeente Assen"))


def test_the_page_can_be_read_aloud_and_used_without_a_mouse() -> None:
    page = page_of(replace(ALL_AT_ONCE, language="ar"))
    assert page.get("lang") == "nl"
    assert page.xpath("string(//title)") == page.xpath("string(//h1)") == "Uw geld in november 2026"
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//h2")
    for table in page.xpath("//table"):
        assert table.xpath("./thead/tr/th[@scope='col']")
        assert len(table.xpath("./tbody/tr")) == len(table.xpath("./tbody/tr/th[@scope='row']"))
        columns = len(table.xpath("./thead/tr/th"))
        assert {len(row) for row in table.xpath("./tbody/tr")} == {columns}
        (region,) = table.xpath("./parent::div[@role='region'][@tabindex='0']")
        assert page.get_element_by_id(region.get("aria-labelledby")).tag == "h2"
    own = page.xpath("//bdi")
    assert own
    assert {(element.get("lang"), element.get("dir")) for element in own} == {("ar", "rtl")}


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = page_of(ALL_AT_ONCE)
    assert page.xpath("//script | //link | //img | //iframe | //*[@src] | //*[@href] | //*[@onclick]") == []


def test_nothing_that_somebody_typed_becomes_markup() -> None:
    nasty = "<script>alert('x')</script> & \"Co\""
    facts = a_month(
        a_cost(an_attempt("booked", BOOKED), creditor_name=nasty), name=nasty, client='"><b>', language="en"
    )
    page = page_of(facts)
    assert page.xpath("//script | //b") == []
    assert nasty in page.xpath("string(//main/p)")
    assert nasty in page.xpath("//td/text()")


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_text_stands_out_from_every_background() -> None:
    """WCAG 2.1 AA, 1.4.3: at least 4.5 to 1."""
    style = page_of(ALL_AT_ONCE).findtext(".//style") or ""
    texts = re.findall(r"[ {]color: #([0-9a-f]+)", style)
    backgrounds = re.findall(r"background: #([0-9a-f]+)", style)
    assert (len(texts), len(backgrounds)) == (2, 2)
    for text in texts:
        for background in backgrounds:
            assert (luminance(background) + 0.05) / (luminance(text) + 0.05) >= 4.5


def test_the_same_facts_as_a_document() -> None:
    document = client_overview.document(ALL_AT_ONCE)
    assert document["benefit_cents"] == document["withheld_cents"] + document["remainder_cents"]
    assert sum(cost["own_cents"] for cost in document["costs"]) == document["withheld_cents"]
    assert {cost["obligation"]: cost["state"] for cost in document["costs"]} == {
        "VL-1": "paid",
        "VL-4": "came_back",
        "VL-5": "not_paid",
    }
    assert [s["needed_cents"] for s in document["shortfalls"]] == [900_00]
    assert document["remainder_listed_on"] == "2026-11-26"
