"""The client's overview as one page that needs nothing else: no script, no picture, readable aloud and in print."""

from collections.abc import Iterator
from html import escape

from desk.documents.client_overview import STATUS, OverviewPart, labels, parts
from desk.words.client import RIGHT_TO_LEFT, in_own_language
from desk.words.formats import month_in_words
from ledgers.views.client_month import ClientMonth

_STYLE = """
body { font: 1.1rem/1.6 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto; padding: 1rem;
  max-width: 60rem; }
h1 { font-size: 1.8rem; line-height: 1.2; }
h2 { font-size: 1.3rem; margin-top: 2rem; border-bottom: 2px solid #154273; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 3px solid #154273; }
table { border-collapse: collapse; }
th, td { border: 1px solid #595959; padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
thead th { background: #eef3f8; }
.own { display: block; font-weight: normal; color: #404040; }
"""


def page(facts: ClientMonth, sender: str) -> str:
    """The overview as HTML; every value is escaped."""
    title = escape(f"Uw geld in {month_in_words(facts.month)}")
    body = "\n".join(_part(number, part, facts.language) for number, part in enumerate(parts(facts), start=1))
    return f"""<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{escape(facts.name)}<br>Klantnummer {escape(facts.client)}<br>{escape(sender)}</p>
{body}
</main>
</body>
</html>
"""


def _part(number: int, part: OverviewPart, language: str | None) -> str:
    return "\n".join(
        [
            "<section>",
            f'<h2 id="part-{number}">{_both(part.heading, language)}</h2>',
            *_sentences(part.sentences),
            *_table(number, part, language),
            *_sentences(part.after),
            "</section>",
        ]
    )


def _sentences(sentences: tuple[str, ...]) -> Iterator[str]:
    if sentences:
        yield f"<p>{escape(' '.join(sentences))}</p>"


def _table(number: int, part: OverviewPart, language: str | None) -> Iterator[str]:
    if not part.rows:
        return
    columns = labels(part.rows)
    # A wide table scrolls inside its own region, which the keyboard must be able to reach.
    yield f'<div class="wide" role="region" aria-labelledby="part-{number}" tabindex="0">'
    heads = "".join(f'<th scope="col">{_both(column, language)}</th>' for column in ("Wat", *columns))
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in part.rows:
        values = dict(row.facts)
        cells = "".join(_cell(column, values.get(column, ""), language) for column in columns)
        yield f'<tr><th scope="row">{_both(row.title, language)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _cell(column: str, value: str, language: str | None) -> str:
    return f"<td>{_both(value, language if column == STATUS else None)}</td>"


def _both(label: str, language: str | None) -> str:
    own = in_own_language(label, language)
    if own is None or language is None:
        return escape(label)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    return f'{escape(label)} <bdi class="own" lang="{language}" dir="{direction}">{escape(own)}</bdi>'
