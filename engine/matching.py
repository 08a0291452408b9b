"""When two entries are probably the same customer: keys of names, tax ids, phones and mail domains.

Equal keys match. Names also match when they differ by a slip of the pen: the similarity of their
keys is at least `NAME_THRESHOLD`.
"""

import re
import unicodedata

# One slip in seven letters (6/7 = 0.857) is near-identical, one in six (0.833) is another name.
# Chinese names are short, so that one different character makes another company, as it should.
NAME_THRESHOLD = 0.85
BLOCK = 4  # names are compared when their keys share the first or the last letters
SHORTEST_PHONE = 6

LEGAL_WORDS = frozenset(
    """
    ltd limited co company corp corporation inc incorporated llc llp lp plc
    gmbh mbh ag kg kgaa ohg ug ek se
    sa sas sarl srl spa sl slu sau lda bv nv cv oy oyj ab as asa aps
    pte pty sdn bhd kk pvt jsc ooo zao sro spzoo kft doo
    """.split()
)
LEGAL_JOINERS = frozenset(("and", "und", "et", "y"))
# Longest first: a suffix may contain a shorter one. Simplified and traditional characters.
LEGAL_SUFFIXES = (
    "集团股份有限公司",
    "集團股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "股份有限公司",
    "集团有限公司",
    "集團有限公司",
    "股份公司",
    "有限公司",
    "株式会社",
    "株式會社",
    "合同会社",
    "责任公司",
    "責任公司",
    "总公司",
    "總公司",
    "公司",
    "集团",
    "集團",
)
FREE_MAIL = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.co.jp",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "mail.ru",
    "yandex.ru",
    "proton.me",
    "protonmail.com",
    "zoho.com",
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sina.cn",
    "sohu.com",
    "139.com",
    "189.cn",
    "wo.cn",
    "aliyun.com",
    "hinet.net",
    "pchome.com.tw",
)
_EXTENSION = re.compile(r"(?:\b(?:ext|extension|x)\b\.?|#|转|轉|分机|分機|;ext=).*$", re.IGNORECASE)


def _fold(text: str) -> str:
    """Return the text in half width, without accents and case."""
    wide = unicodedata.normalize("NFKC", text).casefold().replace("ß", "ss")
    bare = (c for c in unicodedata.normalize("NFKD", wide) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(bare))


def name_key(name: str | None) -> str:
    """Return what identifies a name: no case, accents, width, punctuation, spaces or legal form.

    A name that is nothing but a legal form keeps it.

    >>> name_key("Harbour Glass Co., Ltd."), name_key("ＨＡＲＢＯＵＲ　Glass GmbH & Co. KG")
    ('harbourglass', 'harbourglass')
    >>> name_key("上海海港玻璃股份有限公司"), name_key("上海海港玻璃（集团）有限公司")
    ('上海海港玻璃', '上海海港玻璃')
    >>> name_key("The Company Ltd"), name_key("Co., Ltd."), name_key(None)
    ('the', 'coltd', '')
    """
    folded = _fold(name or "").replace("&", " and ")
    folded = re.sub(r"[.'’`]", "", folded)
    words = re.sub(r"[\W_]+", " ", folded).split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL_WORDS | LEGAL_JOINERS:
        kept.pop()
    if kept and kept[-1] in LEGAL_WORDS:
        kept = words
    key = "".join(kept)
    while key not in LEGAL_SUFFIXES:
        suffix = next((suffix for suffix in LEGAL_SUFFIXES if key.endswith(suffix)), "")
        if not suffix:
            break
        key = key[: -len(suffix)]
    return key


def tax_key(tax_id: str | None) -> str:
    """Return letters and digits of a tax id in upper case; ``/`` (not subject to tax) is none.

    >>> tax_key("de 123.456-789"), tax_key("/"), tax_key(None)
    ('DE123456789', '', '')
    """
    folded = unicodedata.normalize("NFKC", tax_id or "").upper()
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())


def phone_key(phone: str | None, country_code: int | None = None) -> str:
    """Return a phone number in international digits without extension.

    A number without ``+`` or ``00`` is national: leading zeros go and the country's code is put
    before it. Fewer than six digits are an extension and no number.

    >>> phone_key("+86 21 5555-1234 ext. 8"), phone_key("(021) 5555 1234", 86)
    ('862155551234', '862155551234')
    >>> phone_key("0086 21 55551234"), phone_key("８６２１"), phone_key("12345")
    ('862155551234', '', '')
    """
    text = _EXTENSION.sub("", unicodedata.normalize("NFKC", phone or "").strip())
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    if text.startswith("+"):
        key = digits.replace("0", "", 1) if digits.startswith("0") else digits
    elif digits.startswith("00"):
        key = digits[2:]
    else:
        key = digits.lstrip("0")
        if country_code and len(key) >= SHORTEST_PHONE:
            key = f"{country_code}{key}"
    return key if len(key) >= SHORTEST_PHONE else ""


def domain_key(email: str | None) -> str:
    """Return the domain of an e-mail address (the first of several) in lower case.

    >>> domain_key('"Ann" <Ann@Harbour-Glass.example>'), domain_key("nobody")
    ('harbour-glass.example', '')
    """
    found = re.search(r"@([\w.-]+\.[\w-]+)", unicodedata.normalize("NFKC", email or ""))
    return found.group(1).lower().strip(".") if found else ""


def distance(left: str, right: str) -> int:
    """Return the number of letters to insert, delete, replace or swap with their neighbour.

    >>> distance("harbour", "harbor"), distance("glass", "galss"), distance("", "abc")
    (1, 1, 3)
    """
    before, previous = [], list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = letter != other
            best = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + cost)
            swapped = row > 1 and column > 1 and letter == right[column - 2]
            if swapped and left[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        before, previous = previous, current
    return previous[-1]


def similarity(left: str, right: str) -> float:
    """Return 1 for equal keys down to 0; nothing is similar to an empty key.

    >>> similarity("harbourglass", "harborglass") >= NAME_THRESHOLD
    True
    >>> similarity("", "")
    0.0
    """
    if not left or not right:
        return 0.0
    return 1 - distance(left, right) / max(len(left), len(right))


def digits(key: str) -> str:
    """Return the digits of a name key: branches, stations and lots differ by nothing else.

    >>> digits("station12b3"), digits("harbourglass")
    ('123', '')
    """
    return "".join(letter for letter in key if letter in "0123456789")


def name_blocks(key: str) -> tuple[str, str]:
    """Return what a near-identical name shares at least one of: head or tail, each with the digits.

    >>> name_blocks("station12"), name_blocks("")
    (('stat12', 'on1212'), ('', ''))
    """
    return key[:BLOCK] + digits(key), key[-BLOCK:] + digits(key)


def near_identical(left: str, right: str) -> bool:
    """Tell whether two name keys are equal or differ by a slip of the pen.

    A different number is no slip but another station, branch or lot.

    >>> near_identical("harbourglass", "harborglass"), near_identical("station12", "station13")
    (True, False)
    """
    if left == right:
        return bool(left)
    if digits(left) != digits(right):
        return False
    longest = max(len(left), len(right))
    if longest * (1 - NAME_THRESHOLD) < abs(len(left) - len(right)):
        return False
    return similarity(left, right) >= NAME_THRESHOLD
