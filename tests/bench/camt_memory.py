"""By hand: read 400,000 entries, and one batch of 400,000 details, as a stream; prints peak memory and time.

python tests/bench/camt_memory.py [COUNT]
"""

import gc
import io
import resource
import sys
import time
from collections.abc import Iterator

from payments.bank.camt_model import Entry
from payments.bank.camt_reader import read_camt, stream_camt
from payments.bank.schema import schema_warnings
from payments.bank.stream import MessageKind

HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>BENCH-1</MsgId><CreDtTm>2026-11-25T20:00:00+01:00</CreDtTm></GrpHdr>
<Stmt><Id>BENCH-1</Id><CreDtTm>2026-11-25T20:00:00+01:00</CreDtTm>
<Acct><Id><IBAN>NL02ABNA0123456789</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-25</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%d.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Dt><Dt>2026-11-25</Dt></Dt></Bal>
"""
ENTRY = b"""<Ntry><NtryRef>REF%d</NtryRef><Amt Ccy="EUR">%d.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-11-25</Dt></BookgDt><ValDt><Dt>2026-11-25</Dt></ValDt><AcctSvcrRef>SVC%d</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>"""
DETAIL = b"""<TxDtls><Refs><PmtInfId>ASSEN-202611-01-001-B1</PmtInfId><EndToEndId>202612-1-VL-%d</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="EUR">1.00</Amt></TxAmt></AmtDtls><RltdPties>
<UltmtDbtr><Nm>A. Verzonnen</Nm></UltmtDbtr><Cdtr><Nm>Woonstichting De Voorbeeldhof</Nm>
<PstlAdr><Ctry>NL</Ctry></PstlAdr></Cdtr><CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct>
</RltdPties><RltdAgts><CdtrAgt><FinInstnId><BIC>ABNANL2A</BIC>
</FinInstnId></CdtrAgt></RltdAgts><RmtInf><Ustrd>huur 2026-12 contract %d</Ustrd></RmtInf></TxDtls>
"""
END_ENTRY = b"</NtryDtls></Ntry>\n"
TAIL = b"</Stmt></BkToCstmrStmt></Document>\n"


def entries(count: int) -> Iterator[bytes]:
    """One entry for each payment."""
    yield HEAD % count
    for number in range(count):
        yield ENTRY % (number, 1, number) + DETAIL % (number, number) + END_ENTRY
    yield TAIL


def batch(count: int) -> Iterator[bytes]:
    """One entry with all payments in it."""
    yield HEAD % count + ENTRY % (0, count, 0)
    for number in range(count):
        yield DETAIL % (number, number)
    yield END_ENTRY + TAIL


class Stream(io.RawIOBase):
    """A file that is made while it is read, and made again when it is rewound."""

    def __init__(self, make: object, count: int) -> None:
        self._make, self._count = make, count
        self.seek(0)

    def seek(self, _offset: int, _whence: int = 0) -> int:
        self._pieces, self._rest = self._make(self._count), b""
        return 0

    def tell(self) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def peak_mb() -> int:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure, each kind after the one that needs less, because a peak never falls."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400_000

    def measured(what: str, start: float) -> None:
        sys.stdout.write(f"{what:42} {time.process_time() - start:6.1f} s CPU, peak {peak_mb()} MB\n")

    measured("start", time.process_time())
    start = time.process_time()
    seen = sum(isinstance(event, Entry) for event in stream_camt(Stream(entries, count), "bench"))
    assert seen == count
    measured(f"stream {count} entries", start)
    start = time.process_time()
    warnings = schema_warnings(Stream(entries, count), "bench", MessageKind.CAMT053, 2)
    measured(f"schema of {count} entries ({len(warnings)} warnings)", start)
    start = time.process_time()
    warnings = schema_warnings(Stream(batch, count), "bench", MessageKind.CAMT053, 2)
    measured(f"schema of one batch ({len(warnings)} warnings)", start)
    start = time.process_time()
    [entry] = [event for event in stream_camt(Stream(batch, count), "bench") if isinstance(event, Entry)]
    assert len(entry.details) == count
    measured(f"one batch of {count} details, kept", start)
    del entry
    gc.collect()
    start = time.process_time()
    message = read_camt(Stream(entries, count), "bench")
    assert message.statements[0].proved
    measured(f"read_camt: {count} entries kept, with schema", start)


if __name__ == "__main__":
    main()
