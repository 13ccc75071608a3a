"""A gemeente's policy from one TOML file: checked whole at the start, every wrong key named at once."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from config import values
from config.known import PerGemeente
from payments.money import format_amount
from payments.parties import Category
from payments.problems import ExitCode, Refusal, shown

INPUT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "creditors": ("schuldeiser", "naam", "iban", "soort", "kenmerk_soort"),
    "clients": (
        *("klantnummer", "gemeente", "naam", "huishouden", "geboortedatum", "recht_vanaf", "recht_tot"),
        *("verblijfsgrond", "inburgeringsplichtig", "beschikking", "beschikking_datum", "machtiging_datum"),
        *("iban", "taal"),
    ),
    "obligations": (
        *("vaste_last", "klantnummer", "schuldeiser", "soort", "bedrag", "kenmerk"),
        *("vanaf", "tot", "frequentie"),
    ),
    "benefits": ("referentie", "klantnummer", "maand", "component", "bedrag", "opgeschort", "inhouding_soort"),
}
_MAX_BYTES = 262_144
_MAX_LINE = 1_000
_ONE_GEMEENTE_ONLY = ("name", "iban", "bic")
_TABLES = ("offsets", "usual")  # overridden category by category


class SettingsRefused(Refusal):
    """The settings or parameters cannot be used; its text has one line for every wrong key."""

    code = "usage"
    exit_code = ExitCode.USAGE

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


_Cents = Annotated[int, BeforeValidator(values.cents)]
_Limit = Annotated[int, BeforeValidator(values.cents), Field(ge=1)]
_Category = Annotated[Category, Field(strict=False)]
_Order = Annotated[tuple[_Category, ...], Field(strict=False), AfterValidator(values.every_category)]
_Offset = Annotated[int, Field(ge=0, le=3)]
_Offsets = Annotated[Mapping[_Category, _Offset], AfterValidator(values.every_category)]
_Range = Annotated[tuple[int, int], BeforeValidator(values.amounts_between)]
_Usual = Annotated[Mapping[str, _Range], AfterValidator(values.every_category)]
_Kind = Literal["creditors", "clients", "obligations", "benefits"]
_OneLine = Annotated[str, Field(pattern=r"^[^\r\n]{0,70}$")]
_Phone = Annotated[str, Field(pattern=r"^([0-9+][0-9 ()+-]{4,24})?$")]
_Mail = Annotated[str, Field(pattern=r"^([^@\s]{1,64}@[^@\s]+\.[^@\s]{2,20})?$")]
_Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,17}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class InputSettings(_Strict):
    """How the files of the benefits office are written; `columns` maps their column names to ours, per kind of file."""

    encoding: Annotated[str, AfterValidator(values.encoding)] = Field(description="the name of a character encoding")
    max_megabytes: int = Field(ge=1, le=1024, description="a whole number of megabytes, 1 to 1024")
    columns: Mapping[_Kind, Mapping[str, str]] = Field(
        description='tables creditors, clients, obligations, benefits, each with lines like "own name" = "our name"'
    )

    @property
    def max_bytes(self) -> int:
        """The size above which a file is refused unread."""
        return self.max_megabytes * 1_048_576

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        wrong = []
        for kind, mapping in columns.items():
            ours = INPUT_COLUMNS[kind]
            wrong += [
                f"{kind}: {shown(own)} points to {shown(our)}, which is not one of {', '.join(ours)}"
                for own, our in mapping.items()
                if our not in ours
            ]
            wrong += [
                f"{kind}: {shown(our)} is named twice"
                for our in sorted({*mapping.values()})
                if [*mapping.values()].count(our) > 1
            ]
        if wrong:
            raise ValueError("is wrong: " + "; ".join(wrong))
        return columns


class GemeenteSettings(_Strict):
    """One gemeente's account, payday, limits and rules for a shortage."""

    code: _Code
    name: Annotated[str, AfterValidator(values.account_name)] = Field(description="the account's name at the bank")
    iban: Annotated[str, AfterValidator(values.own_account)] = Field(description="the account that pays")
    bic: str = Field(default="", validate_default=True, description="the BIC of that account, or no bic at all")
    payday: int = Field(ge=1, le=31, description="a day of the month, 1 to 31")
    cut_off: Annotated[time, BeforeValidator(values.cut_off)] = Field(description='a time like "14:30"')
    offsets: _Offsets = Field(description="a whole number of months, 0 to 3, for each of the five categories")
    priority: _Order = Field(description=f"a list of {', '.join(Category)}, in the order in which to pay")
    regulier_is: Literal["netto", "bruto"] = Field(default="netto", description='"netto" or "bruto"')
    shortage_rule: Literal["skip", "stop"] = Field(description='"skip" or "stop"')
    minimum_rest_cents: _Cents = Field(alias="minimum_rest", description='an amount like "50,00"')
    max_payment_cents: _Limit = Field(alias="max_payment", description='an amount above "0,00"')
    max_total_cents: _Limit = Field(alias="max_total", description='an amount above "0,00"')
    max_remainder_cents: _Limit = Field(alias="max_remainder", default=4_000_00, description='an amount above "0,00"')
    max_remainders_cents: _Limit = Field(
        alias="max_remainders", default=5_000_000_00, description='an amount above "0,00"'
    )
    resolve_limit_cents: _Cents = Field(
        alias="resolve_limit", default=2_500_00, description='an amount like "2.500,00"'
    )
    max_transactions: int = Field(ge=1, le=100_000, description="a whole number, 1 to 100000")
    batch_booking: bool = Field(description="true or false")
    change_percent: int = Field(ge=1, le=1000, description="a whole percentage, 1 to 1000")
    usual_cents: _Usual = Field(alias="usual", description="a range of amounts for each of the five categories")
    contact_name: _OneLine = Field(default="", description="a name of at most 70 characters on one line")
    contact_phone: _Phone = Field(default="", description='a telephone number like "0592 36 69 11"')
    contact_mail: _Mail = Field(default="", description='a mail address like "betalingen@gemeente.example"')
    remainder: Literal["list"] = Field(description='"list"')

    @field_validator("bic")
    @classmethod
    def _bic_of_account(cls, bic: str, info: ValidationInfo) -> str:
        account = info.data.get("iban")
        if account is None:  # refused already
            return bic
        if not bic:
            derived = IBAN(account).bic
            if derived is None:
                raise ValueError("cannot be derived from the account: add the BIC that the bank gave")
            return str(derived.compact)
        try:
            given = BIC(bic)
        except SchwiftyException:
            raise ValueError("is not a BIC like BNGHNL2G") from None
        if given.compact != bic or bic[:4] != account[4:8]:
            raise ValueError(f"is not a BIC in capitals of the bank of this account ({account[4:8]})")
        return bic

    @field_validator("max_total_cents")
    @classmethod
    def _room_for_one_payment(cls, cents: int, info: ValidationInfo) -> int:
        if cents < info.data.get("max_payment_cents", 0):
            raise ValueError(f"is below max_payment ({format_amount(info.data['max_payment_cents'])})")
        return cents


class Settings(_Strict):
    """Everything that one installation decides for itself."""

    trusted_actors: bool = Field(description="true or false")
    unknown_clients: Literal["refuse", "ignore"] = Field(description='"refuse" or "ignore"')
    other_accounts: Literal["refuse", "ignore"] = Field(default="refuse", description='"refuse" or "ignore"')
    input: InputSettings = Field(description="a table [input]")
    gemeenten: Mapping[_Code, GemeenteSettings] = Field(
        min_length=1,
        description="one or more tables [gemeenten.CODE]; CODE has lower-case letters, digits and dashes, at most 18",
    )

    @field_validator("gemeenten")
    @classmethod
    def _known(cls, found: Mapping[str, GemeenteSettings]) -> PerGemeente[GemeenteSettings]:
        return PerGemeente(found)

    @property
    def own_ibans(self) -> frozenset[str]:
        """The accounts that pay: none of them is ever paid."""
        return frozenset(gemeente.iban for gemeente in self.gemeenten.values())


_EXPECTED = {
    field.alias or name: field.description or ""
    for model in (Settings, InputSettings, GemeenteSettings)
    for name, field in model.model_fields.items()
}


def read_toml(path: Path | None, shipped: str) -> tuple[str, dict[str, Any]]:
    """How messages call a configuration file, and what it holds; no path stands for the one that comes with us."""
    source = files("config") / shipped if path is None else path
    file = f"{shipped} (shipped)" if path is None else str(path)
    try:
        with source.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise SettingsRefused(file, [f"is larger than {_MAX_BYTES} bytes; name a settings file"])
        text = content.decode("utf-8-sig")
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > _MAX_LINE:  # tomllib takes the square of the time for a key with points
                raise SettingsRefused(file, [f"line {number} has more than {_MAX_LINE} characters; break it up"])
        return file, tomllib.loads(text)
    except OSError as error:
        raise SettingsRefused(file, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise SettingsRefused(file, ["is not UTF-8 text; save it again as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsRefused(file, [f"is not valid TOML: {error}"]) from None
    except RecursionError:
        raise SettingsRefused(file, ["is not read: it has lists or tables in each other without end"]) from None
    except ValueError:  # the only one left that tomllib lets through
        raise SettingsRefused(file, ["is not read: it has a number of thousands of digits"]) from None


def load_settings(path: Path | None = None) -> Settings:
    """Read and check the settings; without a path the example that comes with the program."""
    file, raw = read_toml(path, "example.toml")
    problems = [*_misplaced(raw)]
    try:
        settings = Settings.model_validate(_with_defaults(raw))
    except ValidationError as refused:
        said = dict.fromkeys(_sentence(error, raw) for error in refused.errors(include_url=False))
        raise SettingsRefused(file, [*problems, *said]) from None
    if problems:
        raise SettingsRefused(file, problems)
    return settings


def _tables(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    gemeenten = raw.get("gemeenten")
    return {code: t for code, t in gemeenten.items() if isinstance(t, dict)} if isinstance(gemeenten, dict) else {}


def _misplaced(raw: Mapping[str, Any]) -> Iterator[str]:
    """What stands where it cannot: no single gemeente's table can see these."""
    defaults = raw.get("defaults", {})
    if not isinstance(defaults, dict):
        yield "defaults: is not a table [defaults]"
        defaults = {}
    for key in _ONE_GEMEENTE_ONLY:
        if key in defaults:
            yield f"defaults.{key}: belongs to one gemeente; move it to [gemeenten.CODE]"
    owners: dict[str, str] = {}
    for code, table in _tables(raw).items():
        if "code" in table:
            yield f"gemeenten.{values.named(code)}.code: is not a setting; the code stands in [gemeenten.CODE]"
        account = table.get("iban")
        if isinstance(account, str) and owners.setdefault(account, code) != code:
            owner = values.named(owners[account])
            what = f"is the account of {owner} already; each gemeente pays from its own"
            yield f"gemeenten.{values.named(code)}.iban: {what}"


def _with_defaults(raw: Mapping[str, Any]) -> dict[str, Any]:
    stated = raw.get("defaults")
    defaults = {k: v for k, v in stated.items() if k not in _ONE_GEMEENTE_ONLY} if isinstance(stated, dict) else {}
    whole = {key: value for key, value in raw.items() if key != "defaults"}
    if isinstance(whole.get("gemeenten"), dict):
        whole["gemeenten"] = {**whole["gemeenten"]}
        for code, own in _tables(raw).items():
            merged = {**defaults, **own, "code": code}
            for key in _TABLES:
                if isinstance(defaults.get(key), dict) and isinstance(own.get(key), dict):
                    merged[key] = {**defaults[key], **own[key]}
            whole["gemeenten"][code] = merged
    return whole


def _sentence(error: ErrorDetails, raw: Mapping[str, Any]) -> str:
    """One wrong key in the words of its owner: where it stands, what it is, what it should be."""
    path = [str(part) for part in error["loc"] if part != "[key]"]
    level = {"gemeenten": 2, "input": 1}.get(path[0], 0)
    key = path[level] if level < len(path) else path[0]
    inherited = level == 2 and len(path) > 2 and not _stands_in(raw, path)
    if inherited and _stands_in(raw.get("defaults"), path[2:]):
        path = ["defaults", *path[2:]]
    where = ".".join(values.named(part) for part in path)
    if error["type"] == "missing":
        return f"{where}: is missing; add {_EXPECTED[key]}"
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, _EXPECTED, n=1)
        return f"{where}: is not a setting" + (f"; is {near[0]} meant?" if near else "; remove it")
    what = str(error["ctx"]["error"]) if error["type"] == "value_error" else f"is refused; give {_EXPECTED[key]}"
    value = error["input"]
    if isinstance(value, bool):
        return f"{where}: {str(value).lower()} {what}"
    if isinstance(value, str | int):
        return f"{where}: {shown(value if isinstance(value, str) else _digits(value))} {what}"
    return f"{where}: {what}"


def _digits(number: int) -> str:
    return str(number) if abs(number) < 10**30 else "a number of more than thirty digits"


def _stands_in(table: object, path: Sequence[str]) -> bool:
    for key in path:
        if isinstance(table, list):  # an item of it was refused, so it is there
            return True
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
