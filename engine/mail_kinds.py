"""What kind of mail a message is, from its headers: a person wrote it, or a machine did.

Machines are told by headers (RFC 3834, RFC 2919, RFC 3464, RFC 8098 and what the common servers add), not
by the name of the sender. Names of headers are compared without case.
"""

import re
from collections.abc import Iterable

# A person wrote it; a machine answered a mail; a machine wrote of its own accord; it came over a list;
# a mail of ours was not delivered; a mail of ours was delivered, opened or delayed.
PERSON, REPLY, GENERATED, LIST, BOUNCE, RECEIPT = (
    "person",
    "reply",
    "generated",
    "list",
    "bounce",
    "receipt",
)

# Headers that only automatic answers have, whatever their value.
_ANSWER_HEADERS = frozenset(
    (
        "x-autoreply",
        "x-autoreply-from",
        "x-auto-reply",
        "x-autorespond",
        "x-autoresponder",
        "x-autoresponse-from",
        "x-mail-autoreply",
        "x-yahoo-autoreply",
        "x-fc-machinegenerated",
    )
)
_LIST_PRECEDENCE = ("bulk", "junk", "list")
# How the common programs begin the subject of an automatic answer, where they leave the headers out.
_ANSWER_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto(matic)?[- ]?reply|auto[- ]?response|out of (the )?office"
    r"|automatische antwort|abwesenheitsnotiz|abwesend|réponse automatique|absence du bureau"
    r"|respuesta automática|fuera de la oficina|risposta automatica|fuori ufficio|automatisch antwoord"
    r"|resposta automática|autosvar|automatiskt svar|automaattinen vastaus|automatyczna odpowiedź"
    r"|automatická odpověď|автоматический ответ|автоответ|自动回复|自動回覆|自動返信|不在通知|자동 회신|부재중)"
    r"\s*([:：\-(（]|$)",
    re.IGNORECASE,
)
# Mailboxes of delivery programs: with an empty return path what they send is a bounce.
_DELIVERY = re.compile(
    r"^(mailer-daemon|mdaemon|postmaster|mail-daemon|maildaemon|microsoftexchange[0-9a-f]*)@",
    re.IGNORECASE,
)
# Mailboxes nobody reads: they are not answered.
_UNREAD = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?(reply|responder))"
    r"([+._-].*)?@",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]{3,30}[A-Za-z0-9]")
_FORWARDED = re.compile(
    r"^[>\s*]*(?:from|von|de|da|van|från|fra|od|от|发件人|寄件者|寄件人|差出人|보낸 사람)\s*\**\s*[:：]\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


def _headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    result: dict[str, str] = {}
    for name, value in headers:
        result.setdefault(name.lower(), " ".join(str(value).split()))
    return result


def has_no_return_path(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether the envelope named nobody to return the mail to, as delivery programs do."""
    return _headers(headers).get("return-path", "x").strip("<> ") == ""


def is_delivery_program(address: str) -> bool:
    """Tell whether an address is that of a program that delivers mail."""
    return bool(_DELIVERY.match(address))


def kind_of(
    headers: Iterable[tuple[str, str]],
    content_type: str = "text/plain",
    params: dict[str, str] | None = None,
    own_hosts: Iterable[str] = (),
) -> str:
    """Return the kind of a mail.

    :param headers: [(name, decoded value)]
    :param content_type: of the whole message, lower case
    :param params: parameters of the content type: ``report-type``, ``method``
    :param own_hosts: domains of our own addresses. A mail that came over a list of ours (a mailbox that
        several people read) is a person's mail.

    >>> kind_of([("Auto-Submitted", "auto-replied")])
    'reply'
    >>> kind_of([("Subject", "Re: Automatic reply: leak")])
    'person'
    """
    found, params = _headers(headers), params or {}
    if content_type == "multipart/report":
        delivery = params.get("report-type", "").lower() in ("", "delivery-status")
        return BOUNCE if delivery else RECEIPT
    if content_type == "text/calendar" and params.get("method", "").lower() in ("reply", "counter"):
        return RECEIPT
    submitted = found.get("auto-submitted", "no").split(";")[0].strip().lower()
    precedence = found.get("precedence", "").lower()
    nobody = has_no_return_path(headers)
    if (
        submitted == "auto-replied"
        or not _ANSWER_HEADERS.isdisjoint(found)
        or precedence in ("auto_reply", "auto-reply")
        or "autoresponder" in found.get("x-post-messageclass", "").lower()
        or _ANSWER_SUBJECT.match(found.get("subject", ""))
        or (nobody and submitted != "no" and not is_delivery_program(_address(found)))
    ):
        return REPLY
    if nobody:
        return BOUNCE
    if submitted != "no":
        return GENERATED
    if "list-id" in found or "list-unsubscribe" in found or precedence in _LIST_PRECEDENCE:
        return PERSON if _is_own_list(found, own_hosts) else LIST
    return PERSON


def _address(found):
    match = _ADDRESS.search(found.get("from", ""))
    return match.group() if match else ""


def _is_own_list(found, own_hosts):
    own = tuple(host.lower() for host in own_hosts if host)
    hosts = _HOST.findall(found.get("list-id", "").lower())
    return any(host == one or host.endswith(f".{one}") for host in hosts for one in own)


def may_be_answered(headers: Iterable[tuple[str, str]], sender: str) -> bool:
    """Tell whether a mail of a person may get an automatic answer."""
    found = _headers(headers)
    asked = {part.strip().lower() for part in found.get("x-auto-response-suppress", "").split(",")}
    return not (asked & {"all", "autoreply"} or _UNREAD.match(sender))


def numbers_in(subject: str) -> list[str]:
    """Return what may be the number of a case in a subject, at most ten.

    >>> numbers_in("Re: [C202611-0042] pump leaks again")
    ['C202611-0042']
    """
    return [word for word in _NUMBER.findall(subject) if any(c.isdigit() for c in word)][:10]


def forwarded_from(text: str, own: Iterable[str] = ()) -> str | None:
    """Return whom a forwarded mail was from: the address in the first header of that kind in its text.

    :param own: addresses that are not meant, of those who forward

    >>> forwarded_from("FYI\\n\\n---- Forwarded ----\\nFrom: Ann <ann@x.example>\\nSubject: Leak")
    'ann@x.example'
    """
    skipped = {address.lower() for address in own}
    for line in _FORWARDED.findall(text):
        for address in _ADDRESS.findall(line):
            if address.lower() not in skipped:
                return address.lower()
    return None
