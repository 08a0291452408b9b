"""What a file is, told by its content: the ending of a name is a claim."""

# Kinds with more than one ending.
ALIASES = {"jpeg": "jpg", "tiff": "tif", "heif": "heic", "htm": "html"}
# How files begin: (offset, bytes, kind).
SIGNATURES = (
    (0, b"%PDF-", "pdf"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF8", "gif"),
    (0, b"II*\x00", "tif"),
    (0, b"MM\x00*", "tif"),
    (8, b"WEBP", "webp"),
    (0, b"BM", "bmp"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!", "rar"),
    (0, b"\x1f\x8b", "gz"),
    (0, b"MZ", "exe"),
    (0, b"\x7fELF", "exe"),
    (0, b"#!", "script"),
)
BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}
# Packages whose kind is in what they hold; a reader opens them by their ending.
IN_ZIP = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "ofd", "zip"}
IN_OLE = {"doc", "xls", "ppt", "msg", "wps", "et"}
TEXTS = {"txt", "csv", "eml", "xml", "json", "rtf", "md"}
# Endings that make a computer run what it opens, whatever is inside.
PROGRAMS = set("exe bat cmd com scr msi js jse vbs vbe wsf ps1 sh jar lnk hta html htm svg".split())
HEAD = 2048  # bytes that are enough to tell


def canonical(ending: str) -> str:
    """Return one ending for kinds that have several."""
    return ALIASES.get(ending.lower(), ending.lower())


def kind_of(name: str, head: bytes) -> str:
    """Return the kind of a file as an ending, "" where its content is no kind we know.

    The name decides only between kinds that begin alike: a package of an office program or a text.

    >>> kind_of("photo.pdf", b"\\xff\\xd8\\xff\\xe0")
    'jpg'
    >>> kind_of("letter.docx", b"PK\\x03\\x04...")
    'docx'
    >>> kind_of("letter.pdf", b"PK\\x03\\x04...")
    'zip'
    >>> kind_of("letter.pdf", b"MZ\\x90")
    'exe'
    """
    last = canonical(name.rpartition(".")[2])
    # some programs write a few bytes before the mark of a PDF; readers look into the first 1,024
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for offset, mark, kind in SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in BRANDS else "mp4"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return last if last in IN_ZIP else "zip"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return last if last in IN_OLE else "ole"
    if b"\x00" in head:
        return ""
    start = head[:256].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<svg")):
        return "html"
    return last if last in TEXTS else "txt"


def is_program(name: str, head: bytes) -> bool:
    """Tell whether a file would run or act as a page when somebody opens it."""
    return name.rpartition(".")[2].lower() in PROGRAMS or kind_of(name, head) in (
        "exe",
        "script",
        "html",
    )
