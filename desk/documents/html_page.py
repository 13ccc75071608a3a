"""Pages from the templates beside this module: every value is escaped, and a value that is missing is an error."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def html_page(template: str, **values: object) -> str:
    """One page; it needs nothing from elsewhere, so that it can be sent, kept and printed as it is."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - most commands make no page

    return Environment(
        loader=PackageLoader("desk.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
