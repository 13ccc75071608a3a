"""What the settings say per gemeente, asked for with a code that may come from the books."""

from typing import TypeVar

from payments.problems import Refusal, shown

T = TypeVar("T")


class UnknownGemeente(Refusal):
    """The books name a gemeente that these settings do not have."""

    code = "unknown_gemeente"

    def __init__(self, *codes: str) -> None:
        names = ", ".join(shown(code) for code in codes)
        sections = ", ".join(f"[gemeenten.{code}]" for code in codes)
        super().__init__(
            f"The books hold the gemeente {names}, and these settings do not. Use the settings file that has "
            f"{sections} (--config FILE.toml), or put that section back: what was paid there stays to be accounted for."
        )


class PerGemeente(dict[str, T]):
    """A value for each gemeente of the settings; any other is refused in words wherever it is asked for."""

    def __missing__(self, code: str) -> T:
        """Say which gemeente the settings lack, instead of failing on it."""
        raise UnknownGemeente(code)
