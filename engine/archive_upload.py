"""Rules of files that a customer sends by an upload link. Sizes are bytes."""

from dataclasses import dataclass

from .file_kinds import PROGRAMS, canonical, kind_of
from .reasons import Reason

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class UploadQuota:
    """How much a link takes in all, and which kinds of files: their endings without the dot.

    No endings allow every kind.
    """

    files: int
    size: int
    endings: frozenset[str] = frozenset()


def endings(text: str | None) -> frozenset[str]:
    """Read the endings from a setting: "pdf, JPG .png" is pdf, jpg and png."""
    words = (text or "").replace(",", " ").replace(";", " ").split()
    return frozenset(word.lstrip(".").lower() for word in words if word.strip("."))


def ending(name: str) -> str:
    """Return the ending of a file's name in small letters, "" without one."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def check_upload(received: list[tuple], used_files: int, used_size: int, quota: UploadQuota):
    """Decide whether files may come; return ``(allowed, reasons)``. All of them or none.

    The quota itself is allowed, one file or byte more is not.

    :param received: name and size of each file, and how it begins: its kind is told by the content,
        without it by the ending
    :param used_files: files that the link holds already
    :param used_size: their size
    """
    reasons = [] if received else [Reason.of("nothing")]
    allowed = {canonical(kind) for kind in quota.endings}
    for name, size, *head in received:
        if not size:
            reasons.append(Reason.of("empty", name=name))
            head = []
        kind = kind_of(name, head[0]) if head else canonical(ending(name))
        claims = ending(name) if ending(name) in PROGRAMS else kind
        if allowed and not {kind, canonical(claims)} <= allowed:
            reasons.append(Reason.of("kind", name=name, allowed=", ".join(sorted(quota.endings))))
    if used_files + len(received) > quota.files:
        left = max(quota.files - used_files, 0)
        reasons.append(Reason.of("too_many", received=len(received), left=left))
    size = sum(one[1] for one in received)
    if used_size + size > quota.size:
        reasons.append(Reason.of("too_large", size=size, left=max(quota.size - used_size, 0)))
    return not reasons, tuple(reasons)
