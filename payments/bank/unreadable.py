"""Why bytes are no XML, in the words of whoever has to ask the bank for another file."""

from xml.parsers.expat import errors

AGAIN = "ask the bank to send the file again"
_BEFORE = "something stands before its first line <?xml ...?>, such as an empty line"
_PACKED = "unpack it first, and give the files that are in it"
_OTHER_FORMS = (  # how each begins, and what it is
    (b"PK\x03\x04", f"is a zip inside a zip: {_PACKED}"),
    (b"PK\x05\x06", f"is an empty zip: {AGAIN}"),
    (b"\x1f\x8b", f"is packed (gzip): {_PACKED}"),
    (b"7z\xbc\xaf\x27\x1c", f"is packed (7-zip): {_PACKED}"),
    (b"Rar!", f"is packed (rar): {_PACKED}"),
    (b"BZh", f"is packed (bzip2): {_PACKED}"),
    (b"\xfd7zXZ\0", f"is packed (xz): {_PACKED}"),
    (b"%PDF", "is a PDF, for people to read: ask the bank for camt.053"),
    (b"\xd0\xcf\x11\xe0", "is a document of an office program: ask the bank for camt.053"),
    (b":20:", "is MT940: ask the bank for camt.053"),
    (b":940:", "is MT940: ask the bank for camt.053"),
    (b"{1:F01", "is MT940: ask the bank for camt.053"),
    (b"0000 01", "is MT940: ask the bank for camt.053"),
)
_BECAUSE = {
    errors.codes[errors.XML_ERROR_NO_ELEMENTS]: f"it holds nothing but white space: {AGAIN}",
    errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN]: f"it ends in the middle of a tag (cut off?): {AGAIN}",
    errors.codes[errors.XML_ERROR_PARTIAL_CHAR]: f"it ends in the middle of a character (cut off?): {AGAIN}",
    errors.codes[errors.XML_ERROR_TAG_MISMATCH]: f"here ends another part than the one that began: {AGAIN}",
    errors.codes[errors.XML_ERROR_MISPLACED_XML_PI]: f"{_BEFORE}: take that away, or {AGAIN}",
    errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: (
        "after the end of the message something more follows; give each message in a file of its own"
    ),
    errors.codes[errors.XML_ERROR_INCORRECT_ENCODING]: (
        "its first line names another character encoding than it is written in: ask the bank for UTF-8"
    ),
}


def other_form(start: bytes) -> str | None:
    """What a file is that begins so, when it is a well-known form that is not read here."""
    begun = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((what for signature, what in _OTHER_FORMS if begun.startswith(signature)), None)


def why_not_xml(code: int, at: bytes, *, second: bool) -> str:
    """Why the parser stopped; `at` are the bytes where it did, `second` says that a whole message stood before them."""
    if second and at.lstrip().startswith(b"<"):
        code = errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
    elif code == errors.codes[errors.XML_ERROR_INVALID_TOKEN] and at[:1] >= b"\x80":
        return (
            "is not XML: a letter here is not in the encoding that its first line names (UTF-8 unless it names "
            "another): ask the bank to send it in that encoding"
        )
    return "is not XML: " + _BECAUSE.get(code, f"it is damaged at this place: {AGAIN}")
