"""Photos without what tells where, when and by whom they were taken.

A file is cut along its own parts and the pixels are never touched: EXIF, XMP, IPTC, comments and
whatever hangs behind the picture go (a second picture or a film of a phone has a place of its own).
The colour profile stays, and how the picture is turned, in an EXIF that says nothing else. What has
nothing of this comes back byte for byte; what is damaged is cut up to its damage.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import ExifTags, Image

_EXIF: Final = b"Exif\0\0"
_PNG: Final = b"\x89PNG\r\n\x1a\n"

_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
# Segments that only a decoder reads: their number and how their content begins.
_JPEG_KEPT: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_JPEG_EXIF: Final = 0xE1
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)

_PNG_KEPT: Final = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_WEBP_KEPT: Final = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"))
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04


def without_origin(content: bytes) -> bytes:
    """The same picture of a JPEG, PNG or WebP; any other content as it is."""
    if content.startswith(b"\xff\xd8\xff"):
        return b"".join(_jpeg_parts(content))
    if content.startswith(_PNG):
        return b"".join(_png_parts(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return content


def _turn_only(exif: bytes) -> bytes:
    """An EXIF of the orientation alone; empty where the picture stands upright."""
    found = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is damaged is nothing to keep
            found.load(exif)
            turn = found.get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error, OSError):
        return b""
    if turn not in range(2, 9):
        return b""
    kept = Image.Exif()
    kept[ExifTags.Base.Orientation] = turn
    return kept.tobytes()


# --- JPEG ------------------------------------------------------------------------------------------
def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while True:
        marker, end = _jpeg_segment(content, at)
        if marker == _EOI:
            yield content[at:end]
            return
        if not marker:  # damaged, or cut off
            yield content[at:]
            return
        yield _jpeg_kept(marker, content[at:end])
        at = end


def _jpeg_segment(content: bytes, at: int) -> tuple[int, int]:
    """Its marker and its end, a scan with its data; (0, 0) where there is none."""
    head = content[at : at + 4]
    if len(head) < 2 or head[0] != 0xFF:
        return 0, 0
    marker = head[1]
    if marker == 0xFF:  # a fill byte
        return marker, at + 1
    if marker == _EOI:
        return marker, at + 2
    end = at + 2 + int.from_bytes(head[2:4])
    if len(head) < 4 or end < at + 4 or end > len(content):
        return 0, 0
    if marker == _SOS:
        following = _AFTER_SCAN.search(content, end)
        end = following.start() if following else len(content)
    return marker, end


def _jpeg_kept(marker: int, segment: bytes) -> bytes:
    inside = segment[4:]
    if marker == _JPEG_EXIF and inside.startswith(_EXIF):
        turn = _turn_only(inside)
        return struct.pack(">BBH", 0xFF, _JPEG_EXIF, len(turn) + 2) + turn if turn else b""
    if marker in _JPEG_KEPT:
        return segment if inside.startswith(_JPEG_KEPT[marker]) else b""
    return b"" if marker == _COM or 0xE0 <= marker <= 0xEF else segment


# --- PNG and WebP: chunks ----------------------------------------------------------------------------
def _png_parts(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while at < len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + size
        if len(kind) < 4 or end > len(content):
            yield content[at:]
            return
        yield _png_kept(kind, content[at:end])
        if kind == b"IEND":
            return
        at = end


def _png_kept(kind: bytes, chunk: bytes) -> bytes:
    if kind == b"eXIf":
        turn = _turn_only(chunk[8:-4]).removeprefix(_EXIF)
        if not turn:
            return b""
        named = kind + turn
        return struct.pack(">I", len(turn)) + named + struct.pack(">I", zlib.crc32(named))
    is_needed = kind[:1].isupper()
    return chunk if is_needed or kind in _PNG_KEPT else b""


def _webp(content: bytes) -> bytes:
    chunks = _webp_chunks(content)
    if chunks is None:
        return content
    kept = [(kind, inside) for kind, inside in map(_webp_kept, chunks) if inside]
    has_exif = any(kind == b"EXIF" for kind, _ in kept)
    body = b"WEBP" + b"".join(_webp_chunk(kind, inside, has_exif) for kind, inside in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(content: bytes) -> list[tuple[bytes, bytes]] | None:
    """None where it is damaged."""
    end = 8 + int.from_bytes(content[4:8], "little")
    found, at = [], 12
    if end > len(content):
        return None
    while at + 8 <= end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            return None
        found.append((content[at : at + 4], content[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _webp_kept(chunk: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    kind, inside = chunk
    if kind == b"EXIF":
        return kind, _turn_only(inside).removeprefix(_EXIF)
    return kind, inside if kind in _WEBP_KEPT else b""


def _webp_chunk(kind: bytes, inside: bytes, has_exif: bool) -> bytes:
    if kind == b"VP8X":
        flags = inside[0] & ~_WEBP_HAS_XMP & ~_WEBP_HAS_EXIF | (_WEBP_HAS_EXIF if has_exif else 0)
        inside = bytes((flags,)) + inside[1:]
    return kind + struct.pack("<I", len(inside)) + inside + b"\0" * (len(inside) % 2)
