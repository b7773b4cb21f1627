"""The reader's progress as a piece of an address: version, packed records, check sum, apart by dots.

It stands behind the # of the address, which a browser keeps to itself: no server and no log gets it.
"""

import base64
import binascii
import zlib

from ui.course.lesson import Lesson
from ui.course.record import LONGEST, LessonRecord, Quiz, parsed, written

VERSION = "1"


def packed(records: dict[str, LessonRecord], quiz: Quiz) -> str:
    """The records and the ten questions in letters that an address may have."""
    raw = zlib.compress(written(records, quiz, compact=True).encode(), 9)
    return ".".join((VERSION, base64.urlsafe_b64encode(raw).decode().rstrip("="), f"{zlib.crc32(raw):08x}"))


def unpacked(text: str, lessons: dict[str, Lesson]) -> tuple[dict[str, LessonRecord], Quiz] | None:
    """(records, ten questions) of such a piece; None where it is damaged, of another version, or has nothing for here.

    >>> unpacked("1.AAAA.00000000", {}), unpacked("2", {}), unpacked(packed({}, {}), {})
    (None, None, None)
    """
    parts = text.split(".")
    if len(parts) != 3 or parts[0] != VERSION or len(text) > LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        if f"{zlib.crc32(raw):08x}" != parts[2]:
            return None
        content = parsed(zlib.decompressobj().decompress(raw, LONGEST).decode(), lessons)
    except (ValueError, binascii.Error, zlib.error):
        return None
    return content if any(content) else None
