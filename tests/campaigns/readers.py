"""The table of readers: what each is fed, how it is asked, and how its answer is judged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from campaigns import broken_keys, invented_files, oracles
from campaigns.broken_bytes import Bad, Mutation, damaged
from campaigns.broken_csv import CSV
from campaigns.broken_xlsx import XLSX, workbook
from campaigns.broken_xml import XML
from campaigns.samples import CHECKLIST, GEMEENTEN, MET, SCORED, Samples
from hypothesis import strategies as st

from config.checklist import load_checklists
from config.parameters import load_parameters
from config.settings import load_settings
from payments.bank.camt_reader import read_camt
from payments.bank.pain002 import read_pain002
from payments.dossier.answers import read_answers
from payments.intake.benefits import BENEFITS, read_benefits
from payments.intake.registers import CLIENTS, CREDITORS, OBLIGATIONS, read_clients, read_creditors, read_obligations
from payments.intake.text_table import TableFormat

_CAMT_NAMES = (
    "GrpHdr",
    "MsgId",
    "CreDtTm",
    "Stmt",
    "Ntfctn",
    "Id",
    "Acct",
    "IBAN",
    "Othr",
    "Ccy",
    "Bal",
    "Tp",
    "CdOrPrtry",
    "Cd",
    "CdtDbtInd",
    "Dt",
    "DtTm",
    "Ntry",
    "Sts",
    "BookgDt",
    "ValDt",
    "NtryDtls",
    "Btch",
    "TxDtls",
    "Refs",
    "EndToEndId",
    "RltdPties",
    "Cdtr",
    "Nm",
    "RmtInf",
    "Ustrd",
    "RtrInf",
    "Rsn",
    "ElctrncSeqNb",
    "NbOfTxs",
    "TtlAmt",
    "RvslInd",
)
_PAIN002_NAMES = (
    "GrpHdr",
    "MsgId",
    "CreDtTm",
    "OrgnlGrpInfAndSts",
    "OrgnlMsgId",
    "OrgnlMsgNmId",
    "GrpSts",
    "OrgnlPmtInfAndSts",
    "OrgnlPmtInfId",
    "PmtInfSts",
    "TxInfAndSts",
    "OrgnlEndToEndId",
    "TxSts",
    "StsRsnInf",
    "Rsn",
    "Cd",
    "Prtry",
    "AddtlInf",
    "OrgnlTxRef",
    "InstdAmt",
)
_SETTING_KEYS = (
    "payday",
    "cut_off",
    "priority",
    "minimum_rest",
    "max_total",
    "iban",
    "bic",
    "encoding",
    "trusted_actors",
    "huur",
    "[gemeenten.x]\nname",
)
_DATED_KEYS = ("from", "value", "basis", "review_by", "code", "text", "[[warn_weeks]]\nx")
TODAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Reader:
    """One door through which files come in."""

    name: str
    file: str
    samples: tuple[bytes, ...]
    mutations: tuple[Mutation, ...]
    invented: Callable[[], st.SearchStrategy[bytes]]
    read: Callable[[bytes, str], Any]
    differs: Callable[[bytes, Any], str | None]  # of an accepted file: what was taken that it does not say
    who: str = "anna"
    command: tuple[str, ...] = ()  # before the path; empty where no command reads such a file
    codes: tuple[int, ...] = (1, 3, 4)  # what the command may answer besides 0
    by_line: bool = False  # whether every problem with a value must name its line

    def bad(self, seed: int, number: int) -> Bad:
        """The file of that number: every eighth is invented by hypothesis, the others are valid ones damaged."""
        if number % 8 == 7:
            which, place = divmod(number // 8, invented_files.BATCH)
            made = invented_files.batch(self.invented, seed * 1_000 + which)
            return Bad(made[place % len(made)], ("invented",))
        chance = Random(f"{seed}:{self.name}:{number}")
        return damaged(chance, chance.choice(self.samples), self.mutations)


def readers(samples: Samples, scratch: Path) -> dict[str, Reader]:
    """Every reader by name; `scratch` is where those that read from a path find their file."""
    clients, creditors = samples.clients, samples.creditors
    takes: dict[str, tuple[TableFormat, Callable[..., Any]]] = {
        "creditors": (CREDITORS, read_creditors),
        "clients": (CLIENTS, partial(read_clients, gemeenten=GEMEENTEN)),
        "obligations": (OBLIGATIONS, partial(read_obligations, creditors=creditors, clients=clients)),
        "benefits": (BENEFITS, lambda c, f: read_benefits(c, f, clients=clients, ignore_unknown=False).records),
    }
    found = [
        made
        for kind, (shape, read) in takes.items()
        for made in (_csv(kind, samples.tables[kind], shape, read), _xlsx(kind, samples.tables[kind], shape, read))
    ]
    found += [*_messages(samples), *_keyed(samples, scratch)]
    return {reader.name: reader for reader in found}


def _columns(content: bytes) -> tuple[str, ...]:
    return tuple(content.decode().partition("\n")[0].split(";"))


def _csv(kind: str, sample: bytes, shape: TableFormat, read: Callable[..., Any]) -> Reader:
    columns = _columns(sample)
    assert set(columns) == set(shape.columns)
    return Reader(
        f"{kind}.csv",
        f"{kind}.csv",
        (sample,),
        CSV,
        partial(invented_files.table_files, columns),
        read,
        lambda content, records: _rows_differ(oracles.csv_rows, content, records, columns),
        command=("import", kind),
        by_line=True,
    )


def _xlsx(kind: str, sample: bytes, shape: TableFormat, read: Callable[..., Any]) -> Reader:
    columns = _columns(sample)
    book = workbook(sample)
    return Reader(
        f"{kind}.xlsx",
        f"{kind}.xlsx",
        (book,),
        XLSX,
        partial(invented_files.workbook_files, book, columns),
        read,
        lambda content, records: _rows_differ(oracles.xlsx_rows, content, records, columns),
        command=("import", kind),
        by_line=True,
    )


def _rows_differ(
    rows: Callable[[bytes], list[oracles.Row]], content: bytes, records: Any, columns: tuple[str, ...]
) -> str | None:
    return oracles.rows_differ(rows(content), records, columns)


def _messages(samples: Samples) -> list[Reader]:
    camt_roots = tuple(
        (f"{kind}.001.{version}", body)
        for kind, body in (("camt.053", "BkToCstmrStmt"), ("camt.054", "BkToCstmrDbtCdtNtfctn"))
        for version in ("02", "04", "08")
    )
    pain_roots = tuple((f"pain.002.001.{version}", "CstmrPmtStsRpt") for version in ("03", "10"))
    by_kind = {kind: tuple(c for c in samples.camt if kind.encode() in c) for kind in ("camt.053", "camt.054")}
    command: dict[str, Any] = {"who": "bram", "command": ("reconcile",)}
    return [
        *(
            Reader(
                kind,
                f"{kind}.xml",
                contents,
                XML,
                partial(invented_files.xml_files, camt_roots, _CAMT_NAMES),
                read_camt,
                oracles.camt_differs,
                **command,
            )
            for kind, contents in by_kind.items()
        ),
        Reader(
            "pain.002",
            "pain.002.xml",
            samples.pain002,
            XML,
            partial(invented_files.xml_files, pain_roots, _PAIN002_NAMES),
            read_pain002,
            oracles.pain002_differs,
            **command,
        ),
    ]


def _keyed(samples: Samples, scratch: Path) -> list[Reader]:
    def from_path(read: Callable[[Path], Any], content: bytes, file: str) -> Any:
        path = scratch / file
        path.write_bytes(content)
        return read(path)

    chance = Random("assessments")
    assessments = tuple(broken_keys.an_assessment(chance, MET, SCORED) for _ in range(20))
    keys = ("assessed_on", "answers", "waive_proof", "met", "score", "evidence", *MET, *SCORED)
    return [
        Reader(
            "answers.json",
            "answers.json",
            assessments,
            broken_keys.JSON,
            partial(invented_files.json_files, keys),
            lambda content, file: read_answers(content, file, CHECKLIST, TODAY),
            oracles.answers_differ,
        ),
        Reader(
            "settings.toml",
            "settings.toml",
            (samples.settings,),
            broken_keys.TOML,
            partial(invented_files.toml_files, samples.settings, _SETTING_KEYS),
            partial(from_path, load_settings),
            oracles.settings_differ,
            who="inge",
            command=("files",),
            codes=(2,),
        ),
        Reader(
            "parameters.toml",
            "parameters.toml",
            (samples.parameters,),
            broken_keys.TOML,
            partial(invented_files.toml_files, samples.parameters, _DATED_KEYS),
            partial(from_path, load_parameters),
            lambda _content, _parameters: None,
        ),
        Reader(
            "checklist.toml",
            "checklist.toml",
            (samples.checklist,),
            broken_keys.TOML,
            partial(invented_files.toml_files, samples.checklist, _DATED_KEYS),
            partial(from_path, load_checklists),
            lambda _content, _checklists: None,
        ),
    ]
