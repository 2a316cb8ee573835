"""What a photo tells beside its picture goes; its pixels and the way it is turned stay."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest
from PIL import Image, ImageOps, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from observations.photo_metadata import without_origin

TURNED = 6
PLACE = b"50.6292"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>50.6292, 3.0573</x:xmpmeta>"
FORMATS = ["JPEG", "PNG", "WEBP"]


def photographed(kind: str = "JPEG", turn: int = TURNED, **options: Any) -> bytes:
    """As a phone makes it: a place, a name and a preview, and a picture that lies on its side."""
    exif = Image.Exif()
    exif[Base.Orientation] = turn
    exif[Base.Artist] = "Nadia 50.6292"
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (Fraction(50), Fraction(37), Fraction(4512, 100)),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (Fraction(3), Fraction(3), Fraction(2628, 100)),
        }
    )
    picture = Image.new("RGB", (64, 48), "white")
    picture.paste("navy", (0, 0, 20, 10))
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Comment", "taken at 50.6292", zip=False)
        told.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": told} | options
    else:
        options = {"xmp": XMP} | options
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, **options)
    return out.getvalue()


def place_in(content: bytes) -> dict[int, Any]:
    found: dict[int, Any] = Image.open(io.BytesIO(content)).getexif().get_ifd(IFD.GPSInfo)
    return found


def shown(content: bytes) -> bytes:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_place_goes_and_the_picture_stays_as_it_is_shown(kind: str) -> None:
    taken = photographed(kind)
    assert place_in(taken)
    assert PLACE in taken
    bare = without_origin(taken)
    assert not place_in(bare)
    assert PLACE not in bare
    picture = Image.open(io.BytesIO(bare))
    assert (picture.format, dict(picture.getexif())) == (kind, {Base.Orientation: TURNED})
    assert shown(bare) == shown(taken)
    assert ImageOps.exif_transpose(picture).size == (48, 64)


@pytest.mark.parametrize("kind", FORMATS)
def test_of_an_upright_picture_no_exif_is_left(kind: str) -> None:
    bare = without_origin(photographed(kind, turn=1))
    assert "exif" not in Image.open(io.BytesIO(bare)).info
    assert shown(bare) == shown(photographed(kind, turn=1))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_second_time_changes_nothing(kind: str) -> None:
    bare = without_origin(photographed(kind))
    assert without_origin(bare) == bare


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_that_tells_nothing_stays_byte_for_byte(kind: str) -> None:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, kind)
    assert without_origin(out.getvalue()) == out.getvalue()


def test_a_profile_of_colours_and_the_scans_of_a_progressive_picture_stay() -> None:
    profile = b"a profile " * 9000
    taken = photographed(icc_profile=profile, progressive=True, comment=PLACE)
    bare = without_origin(taken)
    assert Image.open(io.BytesIO(bare)).info["icc_profile"] == profile
    assert PLACE not in bare
    assert shown(bare) == shown(taken)


@pytest.mark.parametrize("kind", FORMATS)
def test_what_hangs_behind_the_picture_goes(kind: str) -> None:
    """The film of a “live” photo, or the second picture of another lens."""
    taken = photographed(kind)
    assert without_origin(taken + b"ftypmp42" + PLACE + photographed()) == without_origin(taken)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff a photo", b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"no picture"]
)
def test_what_is_no_picture_stays_as_it_came(content: bytes) -> None:
    assert without_origin(content) == content


@pytest.mark.parametrize("kind", FORMATS)
def test_whatever_is_cut_off_or_broken_is_taken(kind: str) -> None:
    taken = photographed(kind)
    for length in range(len(taken)):
        without_origin(taken[:length])
        without_origin(taken[:length] + b"\xff" + taken[length + 1 :])
