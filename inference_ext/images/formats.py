"""Image file formats, told by their first bytes."""

from __future__ import annotations

__all__ = ["SERVER_FORMATS", "is_cut_short", "sniff_format"]

#: Media types that the server's decoder (OpenCV, every supported version) reads; others are converted first.
SERVER_FORMATS = frozenset({"image/jpeg", "image/png", "image/webp", "image/bmp", "image/tiff"})

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/x-bigtiff"),
    (b"MM\0+", "image/x-bigtiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"\0\0\0\x0cjP  ", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"v/1\1", "image/x-exr"),
    (b"#?RADIANCE", "image/vnd.radiance"),
)
_JPEG_END = b"\xff\xd9"
_NETPBM = b"123456"
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis"}


def sniff_format(data: bytes) -> str | None:
    """Give the media type of encoded image bytes, or `None` when they are not a known image format."""
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in _HEIF_BRANDS:
            return "image/heic"
        return "image/avif" if brand in (b"avif", b"avis") else None
    if len(data) > 3 and data[:1] == b"P" and data[1] in _NETPBM and data[2:3].isspace():
        return "image/x-portable-anymap"
    return None


def is_cut_short(data: bytes, media_type: str) -> bool:
    """Whether a JPEG, PNG or WebP file ends too early; for other formats always `False`.

    Decoders differ: some refuse such a file, some fill the missing part with grey and say nothing.
    """
    if media_type == "image/jpeg":
        # Behind the last start of a scan (FFDA) the end of the image (FFD9) must come; neither occurs within scans.
        # An EXIF thumbnail is a JPEG of its own, in front of the picture's scans.
        return not data.endswith(_JPEG_END) and data.rfind(_JPEG_END) < data.rfind(b"\xff\xda")
    if media_type == "image/png":
        return not _comes_to_its_end(data)
    if media_type == "image/webp":
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    return False


def _comes_to_its_end(png: bytes) -> bool:
    """Whether the chunks lead to the last one.

    OpenCV makes room for as much as a chunk says it holds: gigabytes, even in a file of a hundred bytes.
    """
    position, end = 8, len(png)
    while position + 12 <= end:
        if png[position + 4 : position + 8] == b"IEND":
            return True
        position += 12 + int.from_bytes(png[position : position + 4], "big")
    return False
