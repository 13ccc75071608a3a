"""Whether a bank's message keeps to its published schema: never a gate, banks' own examples fail it."""

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from payments.bank.stream import MessageKind
from payments.problems import Problem

_VALUE = re.compile(r"(: |value )'.*'( is not )", re.DOTALL)  # what libxml2 repeats can be a name or an account
_SHOWN = 300
_REPEATING = ("{*}TxDtls", "{*}Ntry", "{*}Bal", "{*}TxInfAndSts")


@cache
def _schema(name: str) -> etree.XMLSchema | None:
    source = files("payments.bank") / "schemas" / f"{name}.xsd"
    return etree.XMLSchema(etree.XML(source.read_bytes())) if source.is_file() else None


def schema_warnings(content: bytes | BinaryIO, file: str, kind: MessageKind, version: int) -> tuple[Problem, ...]:
    """Name the first departure from the schema, or that there is no schema to compare with.

    A second pass over bytes that the strict reader has accepted, so free of a DOCTYPE; elements are let go one by
    one, which keeps a file of any length in bounded memory.
    """
    name = f"{kind}.001.{version:02d}"
    schema = _schema(name)
    if schema is None:
        return (Problem(file, None, None, None, f"was not compared with a schema: there is none here for {name}"),)
    stream = BytesIO(content) if isinstance(content, bytes) else content
    # Every option that matters is said, also where it is lxml's own default today.
    events = etree.iterparse(
        stream,
        events=("end",),
        tag=_REPEATING,
        schema=schema,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        attribute_defaults=False,
    )
    try:
        for _, element in events:
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        what = (error.msg or "no reason given").replace(f"{{urn:iso:std:iso:20022:tech:xsd:{name}}}", "")
        what = _VALUE.sub(r"\1this\2", what.removesuffix(", line 0"))
        shown = what if len(what) <= _SHOWN else f"{what[:_SHOWN]}..."
        return (Problem(file, None, None, None, f"does not keep to schema {name}: {shown}"),)
    return ()
