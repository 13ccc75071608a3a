"""The client's overview as one page that needs nothing else: no script, no picture, readable aloud and in print."""

from functools import partial

from desk.documents.client_overview import STATUS, labels, parts
from desk.documents.html_page import html_page
from desk.words.client import RIGHT_TO_LEFT, in_own_language
from desk.words.formats import month_in_words
from ledgers.views.client_month import ClientMonth


def page(facts: ClientMonth, sender: str) -> str:
    """The overview as HTML; every value is escaped."""
    return html_page(
        "client_overview.html",
        title=f"Uw geld in {month_in_words(facts.month)}",
        name=facts.name,
        client=facts.client,
        sender=sender,
        parts=parts(facts),
        status=STATUS,
        language=facts.language,
        direction="rtl" if facts.language in RIGHT_TO_LEFT else "ltr",
        own_label=partial(in_own_language, language=facts.language),
        columns_of=labels,
    )
