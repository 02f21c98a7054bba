"""Whether a PDF's page shows a character: by how it is painted, where it stands, and what lies beneath it."""

from __future__ import annotations

from ctypes import byref, c_float, c_int, c_uint
from typing import Any, Final

_INVISIBLE: Final = (3, 7)  # text render modes of PDF 32000-1, table 106: neither fill nor stroke, or for clipping only
_WHITE: Final = 250  # of 255, in each channel: no reader tells it from paper
_FAINT: Final = 13  # of 255: an opacity of 5 %
_MOST_OBJECTS: Final = 2_000  # of a page that are looked at for what lies beneath white words
_GROUNDS: Final = (2, 3, 4, 5)  # page objects that may be a ground: path, image, shading, form (fpdf_edit.h)
_PATH: Final = 2


class Sight:
    """One page; what was found of a text object is kept, since all its characters are painted alike."""

    def __init__(self, page: Any, text_page: Any) -> None:
        self._page = page
        self._text_page = text_page
        self._width, self._height = page.get_size()
        self._painted: dict[int, str] = {}
        self._grounds: list[tuple[float, float, float, float]] | None = None

    def shows(self, at: int) -> bool:
        """Whether the character at a place of the page's text can be seen."""
        from pypdfium2.raw import FPDFText_GetTextObject

        item = FPDFText_GetTextObject(self._text_page, at)
        if not item:
            return True
        key = _address(item)
        if key not in self._painted:
            self._painted[key] = _paint(item)
        if self._painted[key] == "unseen":
            return False
        left, bottom, right, top = self._text_page.get_charbox(at, loose=True)
        if right < 0 or top < 0 or left > self._width or bottom > self._height:
            return self._page.get_rotation() != 0  # turned pages count from another corner
        return self._painted[key] != "white" or self._has_ground((left + right) / 2, (bottom + top) / 2)

    def _has_ground(self, x: float, y: float) -> bool:
        """Whether something that is not white lies at a point, so that white words can be read on it."""
        if self._grounds is None:
            self._grounds = list(_grounds(self._page))
        return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in self._grounds)


def _address(item: Any) -> int:
    from ctypes import c_void_p, cast

    return cast(item, c_void_p).value or 0


def _paint(item: Any) -> str:
    """`unseen`, `white` or `seen`."""
    from pypdfium2.raw import FPDFTextObj_GetTextRenderMode

    mode = FPDFTextObj_GetTextRenderMode(item)
    if mode in _INVISIBLE:
        return "unseen"
    colour = _fill(item)
    if mode != 0 or colour is None:
        return "seen"
    if colour[3] < _FAINT:
        return "unseen"
    return "white" if min(colour[:3]) >= _WHITE else "seen"


def _fill(item: Any) -> tuple[int, int, int, int] | None:
    from pypdfium2.raw import FPDFPageObj_GetFillColor

    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not FPDFPageObj_GetFillColor(item, byref(red), byref(green), byref(blue), byref(alpha)):
        return None
    return red.value, green.value, blue.value, alpha.value


def _grounds(page: Any) -> Any:
    """The boxes of what could lie beneath words: pictures, shadings, and areas that are filled but not white."""
    from pypdfium2.raw import (
        FPDFPage_CountObjects,
        FPDFPage_GetObject,
        FPDFPageObj_GetBounds,
        FPDFPageObj_GetType,
    )

    for number in range(min(FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = FPDFPage_GetObject(page, number)
        kind = FPDFPageObj_GetType(item)
        if kind not in _GROUNDS or (kind == _PATH and not _is_filled(item)):
            continue
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        if FPDFPageObj_GetBounds(item, byref(left), byref(bottom), byref(right), byref(top)):
            yield left.value, bottom.value, right.value, top.value


def _is_filled(item: Any) -> bool:
    from pypdfium2.raw import FPDFPath_GetDrawMode

    mode, stroke = c_int(), c_int()
    colour = _fill(item)
    if not FPDFPath_GetDrawMode(item, byref(mode), byref(stroke)) or not mode.value or colour is None:
        return False
    return colour[3] >= _FAINT and min(colour[:3]) < _WHITE
