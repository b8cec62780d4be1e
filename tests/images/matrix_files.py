"""Encoded pictures of the matrix: the bytes, the picture they stand for, and what is to become of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import tifffile
from PIL import Image

from tests.images.hostile_files import BOMBS
from tests.images.pictures import ORIENTATION, Pixels, decoded, encoded, photograph, small_photograph, to_bgr
from tests.images.turned_pictures import ORIENTATIONS, STORED

__all__ = ["ANEW", "FILES", "NOT_PICTURES", "UNTOUCHED", "EncodedPicture"]

UNTOUCHED, ANEW = "untouched", "anew"


@dataclass(frozen=True)
class EncodedPicture:
    """One row of the matrix."""

    data: bytes
    outcome: str
    """`UNTOUCHED`, `ANEW`, or words of the refusal."""

    meant: Pixels | None = None
    """BGR, uint8; `None` for what is refused."""

    pillow_opens: bool = True
    tolerance: int = 0
    """Largest difference where Pillow decodes it in place of OpenCV, for instance because of other rounding."""

    is_lossy: bool = False
    extension: str = ""


def _rgb() -> Image.Image:
    return Image.fromarray(small_photograph())


def _gray() -> Image.Image:
    return _rgb().convert("L")


def _bgr() -> Pixels:
    return to_bgr(small_photograph())


def _gray_bgr() -> Pixels:
    return np.dstack([np.asarray(_gray())] * 3)


def _half_transparent(picture: Image.Image) -> Image.Image:
    """One third of it transparent and one third half: the colours underneath are what is meant."""
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (0, 0, 30, picture.height))
    alpha.paste(128, (30, 0, 60, picture.height))
    picture.putalpha(alpha)
    return picture


def _through_opencv(extension: str, array: np.ndarray[Any, Any]) -> bytes:
    return cv2.imencode(extension, array)[1].tobytes()


def _tiff(array: np.ndarray[Any, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, array, **options)
    return file.getvalue()


def _pillows(data: bytes) -> Pixels:
    """What Pillow makes of it, for formats and colour models that OpenCV reads otherwise or not at all."""
    with Image.open(io.BytesIO(data)) as picture:
        return to_bgr(np.asarray(picture.convert("RGB")))


def _lossless(data: bytes, meant: Pixels, outcome: str = UNTOUCHED, **options: Any) -> EncodedPicture:
    return EncodedPicture(data, outcome, meant, **options)


def _jpeg(data: bytes, **options: Any) -> EncodedPicture:
    return EncodedPicture(data, UNTOUCHED, decoded(data), is_lossy=True, **options)


def _palette() -> tuple[Image.Image, Pixels]:
    picture = _rgb().quantize(16)
    return picture, to_bgr(np.asarray(picture.convert("RGB")))


def _png_files() -> dict[str, EncodedPicture]:
    palette, of_palette = _palette()
    bits = np.asarray(_gray()) > 100
    other = Image.new("RGB", (90, 60))
    return {
        "PNG": _lossless(encoded(_rgb(), "PNG"), _bgr()),
        "PNG, gray": _lossless(encoded(_gray(), "PNG"), _gray_bgr()),
        "PNG, black and white": _lossless(encoded(Image.fromarray(bits), "PNG"), np.dstack([bits * np.uint8(255)] * 3)),
        "PNG, transparent": _lossless(encoded(_half_transparent(_rgb()), "PNG"), _bgr()),
        "PNG, gray, transparent": _lossless(encoded(_half_transparent(_gray()), "PNG"), _gray_bgr()),
        "PNG, palette": _lossless(encoded(palette, "PNG"), of_palette),
        "PNG, palette with one transparent colour": _lossless(encoded(palette, "PNG", transparency=3), of_palette),
        "PNG, palette with transparencies": _lossless(
            encoded(palette, "PNG", transparency=bytes(range(0, 160, 10))), of_palette
        ),
        "PNG, 16 bits": _lossless(_through_opencv(".png", _bgr().astype(np.uint16) * 257), _bgr()),
        "PNG, 16 bits, gray": _lossless(
            _through_opencv(".png", np.asarray(_gray()).astype(np.uint16) * 257), _gray_bgr()
        ),
        "PNG, animated": _lossless(encoded(_rgb(), "PNG", save_all=True, append_images=[other]), _bgr()),
        "PNG, named .jpg": _lossless(encoded(_rgb(), "PNG"), _bgr(), extension=".jpg"),
    }


def _jpeg_files() -> dict[str, EncodedPicture]:
    plain = encoded(_rgb(), "JPEG", quality=95)
    cmyk = encoded(_rgb().convert("CMYK"), "JPEG", quality=95)
    adobe = cmyk.index(b"\xff\xee")
    end = adobe + 2 + int.from_bytes(cmyk[adobe + 2 : adobe + 4], "big")
    ycck = cmyk[:adobe] + b"\xff\xee\0\x0eAdobe\0d\0\0\0\0\2" + cmyk[end:]
    thumbnail = encoded(np.ascontiguousarray(photograph()[:40, :40]), "JPEG")
    camera = plain[:2] + b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + plain[2:]
    return {
        "JPEG": _jpeg(plain),
        "JPEG, progressive": _jpeg(encoded(_rgb(), "JPEG", quality=95, progressive=True)),
        "JPEG, gray": _jpeg(encoded(_gray(), "JPEG", quality=95)),
        "JPEG, RGB inside": _jpeg(encoded(_rgb(), "JPEG", quality=95, keep_rgb=True)),
        "JPEG, CMYK": _jpeg(cmyk, tolerance=1),
        "JPEG, CMYK without Adobe's mark": _jpeg(cmyk[:adobe] + cmyk[end:], tolerance=1),
        "JPEG, YCCK": _jpeg(ycck, tolerance=1),
        "JPEG, named .png": _jpeg(plain, extension=".png"),
        "JPEG, with a thumbnail": _jpeg(camera),
        "JPEG, with bytes behind its end": _jpeg(plain + b"appended by a camera"),
    }


def _tiff_files() -> dict[str, EncodedPicture]:
    gray = np.asarray(_gray())
    rgb = small_photograph()
    palette, of_palette = _palette()
    lab = Image.merge("LAB", [_gray(), Image.new("L", (90, 60), 150), Image.new("L", (90, 60), 100)])
    of_lab = encoded(lab, "TIFF")
    pages = encoded(_rgb(), "TIFF", save_all=True, append_images=[Image.new("RGB", (20, 10))])
    no_pillow = {"pillow_opens": False}
    return {
        "TIFF": _lossless(encoded(_rgb(), "TIFF"), _bgr()),
        "TIFF, LZW": _lossless(encoded(_rgb(), "TIFF", compression="tiff_lzw"), _bgr()),
        "TIFF, Deflate": _lossless(encoded(_rgb(), "TIFF", compression="tiff_adobe_deflate"), _bgr()),
        "TIFF, Zstandard": _lossless(encoded(_rgb(), "TIFF", compression="zstd"), _bgr(), ANEW),
        "TIFF, several pages": _lossless(pages, _bgr()),
        "TIFF, palette": _lossless(encoded(palette, "TIFF"), of_palette),
        "TIFF, white is 0": _lossless(_tiff(255 - gray, photometric="miniswhite"), _gray_bgr()),
        "TIFF, transparent": _lossless(encoded(_half_transparent(_rgb()), "TIFF"), _bgr(), ANEW),
        "TIFF, gray, transparent": _lossless(encoded(_half_transparent(_gray()), "TIFF"), _gray_bgr(), ANEW),
        "TIFF, CMYK": _lossless(encoded(_rgb().convert("CMYK"), "TIFF"), _bgr()),
        "TIFF, LAB": _lossless(of_lab, _pillows(of_lab), ANEW),
        "TIFF, 16 bits": _lossless(_through_opencv(".tiff", _bgr().astype(np.uint16) * 257), _bgr()),
        "TIFF, 16 bits, signed": _lossless(_tiff(gray.astype(np.int16)), _gray_bgr(), ANEW),
        "TIFF, 32 bits": _lossless(_tiff(gray.astype(np.int32)), _gray_bgr(), ANEW),
        "TIFF, float 0..1, gray": _lossless(_tiff(gray.astype(np.float32) / 255), _gray_bgr(), ANEW),
        "TIFF, float 0..255, gray": _lossless(_tiff(gray.astype(np.float32)), _gray_bgr(), ANEW),
        "TIFF, float 0..1": _lossless(
            _tiff(rgb.astype(np.float32) / 255, photometric="rgb"), _bgr(), ANEW, **no_pillow
        ),
        "TIFF, double 0..1": _lossless(_tiff(rgb / 255, photometric="rgb"), _bgr(), ANEW, **no_pillow),
        "TIFF, float, with NaN": EncodedPicture(
            _tiff(np.where(gray > 100, np.nan, gray / 255).astype(np.float32)), "holds NaN or infinite values"
        ),
        "BigTIFF": _lossless(encoded(_rgb(), "TIFF", big_tiff=True), _bgr(), ANEW),
        "BigTIFF, float 0..1": _lossless(
            _tiff(rgb.astype(np.float32) / 255, photometric="rgb", bigtiff=True), _bgr(), ANEW, **no_pillow
        ),
    }


def _other_files() -> dict[str, EncodedPicture]:
    palette, of_palette = _palette()
    other = Image.new("RGB", (90, 60))
    lossy_webp = encoded(_rgb(), "WEBP")
    avif = encoded(_rgb(), "AVIF", quality=90)
    partial = bytearray(encoded(palette, "GIF"))
    partial[6:10] = (120).to_bytes(2, "little") + (100).to_bytes(2, "little")
    gray15 = np.arange(90 * 60, dtype=np.uint8).reshape(60, 90) % 16
    return {
        "WebP, lossless": _lossless(encoded(_rgb(), "WEBP", lossless=True), _bgr()),
        "WebP, transparent": _lossless(encoded(_half_transparent(_rgb()), "WEBP", lossless=True, exact=True), _bgr()),
        "WebP, lossy": _lossless(lossy_webp, decoded(lossy_webp)),
        "WebP, animated": _lossless(
            encoded(_rgb(), "WEBP", lossless=True, save_all=True, append_images=[other]), _bgr(), ANEW
        ),
        "BMP": _lossless(encoded(_rgb(), "BMP"), _bgr()),
        "BMP, palette": _lossless(encoded(palette, "BMP"), of_palette),
        "BMP, transparent": _lossless(encoded(_half_transparent(_rgb()), "BMP"), _bgr()),
        "GIF": _lossless(encoded(palette, "GIF"), of_palette, ANEW),
        "GIF, transparent": _lossless(encoded(palette, "GIF", transparency=5), of_palette, ANEW),
        "GIF, animated": _lossless(
            encoded(palette, "GIF", save_all=True, append_images=[other.quantize(4)]), of_palette, ANEW
        ),
        "GIF, first frame smaller than the picture": _lossless(bytes(partial), _pillows(bytes(partial)), ANEW),
        "JPEG 2000": _lossless(encoded(_rgb(), "JPEG2000"), _bgr(), ANEW),
        "PPM": _lossless(encoded(_rgb(), "PPM"), _bgr(), ANEW),
        "PGM, 4 bits": _lossless(b"P5 90 60 15\n" + gray15.tobytes(), np.dstack([gray15 * np.uint8(17)] * 3), ANEW),
        "ICO": _lossless(encoded(_rgb(), "ICO", sizes=[(90, 60)]), _bgr(), ANEW),
        "AVIF": _lossless(avif, _pillows(avif), ANEW),
    }


def _turned_files() -> dict[str, EncodedPicture]:
    files: dict[str, EncodedPicture] = {}
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 95},
        "WebP": {"lossless": True},
        "AVIF": {"quality": 90, "subsampling": "4:4:4"},
    }
    for file_format in ("JPEG", "PNG", "WebP", "TIFF", "AVIF"):
        for orientation in ORIENTATIONS:
            exif = Image.Exif()
            exif[ORIENTATION] = orientation
            stored = np.ascontiguousarray(STORED[orientation](small_photograph()))
            data = encoded(stored, file_format.upper(), exif=exif, **options.get(file_format, {}))
            turned = orientation != 1
            anew = file_format == "AVIF" or (file_format == "WebP" and turned)
            meant = _bgr()
            if file_format == "JPEG":
                meant = decoded(data)
            elif file_format == "AVIF":
                unturned = _pillows(data)
                if unturned.shape == meant.shape or orientation > 4:
                    meant = _upright(unturned, orientation)
            files[f"{file_format}, orientation {orientation}"] = EncodedPicture(
                data, ANEW if anew else UNTOUCHED, meant, is_lossy=file_format == "JPEG"
            )
    return files


def _upright(stored: Pixels, orientation: int) -> Pixels:
    undone: dict[int, Callable[[Pixels], Pixels]] = STORED | {6: STORED[8], 8: STORED[6]}
    return np.ascontiguousarray(undone[orientation](stored))


FILES: dict[str, EncodedPicture] = {
    **_png_files(),
    **_jpeg_files(),
    **_tiff_files(),
    **_other_files(),
    **_turned_files(),
}
"""Pictures by the name of their row; all are 90 pixels wide and 60 high when upright, but one of 120 and 100."""

_BOX = b"\0\0\0\x18ftyp%b\0\0\0\0mif1%b" + bytes(200)
_NO_DECODER = "no decoder on this machine reads it; convert it to JPEG or PNG"
_CUT = "the file is cut short after"


def _not_pictures() -> dict[str, EncodedPicture]:
    whole = {name: encoded(photograph(), name.upper()) for name in ("JPEG", "PNG", "WebP", "TIFF", "GIF")}
    cut = {
        f"{name}, cut short": EncodedPicture(whole[name][: len(whole[name]) // 2], _CUT, pillow_opens=name != "WebP")
        for name in ("JPEG", "PNG", "WebP")
    }
    bombs = {
        f"{name} of too many pixels": EncodedPicture(data, "max_image_pixels", pillow_opens=False)
        for name, data in BOMBS.items()
    }
    return {
        **cut,
        "GIF, cut short": EncodedPicture(whole["GIF"][: len(whole["GIF"]) // 2], "cannot be decoded"),
        "HEIC without a decoder": EncodedPicture(_BOX % (b"heic", b"heic"), _NO_DECODER, pillow_opens=False),
        "AVIF without a picture": EncodedPicture(_BOX % (b"avif", b"avif"), _NO_DECODER, pillow_opens=False),
        "a header without a size": EncodedPicture(b"\xff\xd8\xff\xd9", "tells no size", pillow_opens=False),
        "an empty file": EncodedPicture(b"", "expected JPEG, PNG, WebP, BMP or TIFF", pillow_opens=False),
        "a text": EncodedPicture(b"Dear all, " * 20, "expected JPEG, PNG, WebP, BMP or TIFF", pillow_opens=False),
        **bombs,
    }


NOT_PICTURES: dict[str, EncodedPicture] = _not_pictures()
