# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading JSON the way the engine's Go structs do: typed, unknown keys ignored, null is the zero value.

A shape is a type name ("string", "bool", "int", "int64", "uint32", "uint64", "float32", "[]uint8" for base64),
a dict of field name to shape, a list of one shape, or ("map", shape), or ("pointer", shape), which keeps null apart
from zero. ("always", shape) is read like its shape; an answer shows it even when it is zero.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from .errors import ApiError

_ZERO: dict[str, Any] = {
    "string": "",
    "bool": False,
    "[]uint8": "",
    **dict.fromkeys(("int", "int64", "uint32", "uint64", "float32"), 0),
}
_INT64 = (-(2**63), 2**63 - 1)
_BOUNDS = {"int": _INT64, "int64": _INT64, "uint32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1)}
_JSON_NAME = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}


class Reader:
    """Decodes one request body; `struct` and `prefix` only serve the text of complaints."""

    def __init__(self, struct: str, prefix: str):
        self.struct = struct
        self.prefix = prefix

    def read(self, shape: Any, value: Any, where: str = "") -> Any:
        """The value with every field of the shape present; ApiError 400 for a wrong JSON type."""
        if isinstance(shape, dict):
            return self._struct(shape, value, where)
        if isinstance(shape, list):
            return self._list(shape[0], value, where)
        if isinstance(shape, tuple):
            return self._wrapped(shape, value, where)
        return self._scalar(shape, value, where)

    def _struct(self, shape: dict[str, Any], value: Any, where: str) -> dict[str, Any]:
        given = self._expect(dict, value, where, "struct") or {}
        folded = {key.lower(): item for key, item in given.items()}  # Go matches keys whatever their case
        return {
            name: self.read(inner, given.get(name, folded.get(name.lower())), f"{where}.{name}" if where else name)
            for name, inner in shape.items()
        }

    def _list(self, shape: Any, value: Any, where: str) -> list[Any] | None:
        items = self._expect(list, value, where, "[]" + (shape if isinstance(shape, str) else "struct"))
        return None if items is None else [self.read(shape, item, where) for item in items]

    def _wrapped(self, shape: tuple[str, Any], value: Any, where: str) -> Any:
        kind, inner = shape
        if kind == "always":
            return self.read(inner, value, where)
        if kind == "pointer":
            return None if value is None else self.read(inner, value, where)
        items = self._expect(dict, value, where, "map[string]string")
        return None if items is None else {key: self.read(inner, item, where) for key, item in items.items()}

    def _scalar(self, shape: str, value: Any, where: str) -> Any:
        if value is None:
            return _ZERO[shape]
        wanted = {"string": (str,), "[]uint8": (str,), "bool": (bool,), "float32": (int, float)}.get(shape, (int,))
        if value.__class__ not in wanted:  # to Python True is an int
            raise self._complaint(value, where, shape)
        if shape == "[]uint8":
            self._check_base64(value, where)
        if shape in _BOUNDS and not _BOUNDS[shape][0] <= value <= _BOUNDS[shape][1]:
            raise self._complaint(value, where, shape, f"number {value}")
        return value

    def _check_base64(self, value: str, where: str) -> None:
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            reason = "illegal base64 data at input byte 0"
            if self.prefix:
                reason = f"{self._complaint(value, where, '[]uint8').message}: {reason}"
            raise ApiError(400, reason) from None

    def _expect(self, kind: type, value: Any, where: str, name: str) -> Any:
        if value is not None and not isinstance(value, kind):
            raise self._complaint(value, where, name)
        return value

    def _complaint(self, value: Any, where: str, name: str, shown: str | None = None) -> ApiError:
        shown = shown or _JSON_NAME[type(value)]
        field = f"{self.struct}.{where}" if where else self.struct
        return ApiError(400, f"{self.prefix}json: cannot unmarshal {shown} into Go struct field {field} of type {name}")


def shown(shape: Any, value: Any) -> Any:
    """What `omitempty` leaves of a value that was read with this shape."""
    if isinstance(shape, tuple):
        kind, inner = shape
        if kind == "map":
            return value
        return None if value is None else shown(inner, value)
    if isinstance(shape, list):
        return None if value is None else [shown(shape[0], item) for item in value]
    if not isinstance(shape, dict):
        return value
    fields = ((name, inner, shown(inner, value[name])) for name, inner in shape.items())
    return {name: item for name, inner, item in fields if _is_shown(inner, item)}


def _is_shown(shape: Any, value: Any) -> bool:
    kind = shape[0] if isinstance(shape, tuple) else ""
    if kind == "always" or isinstance(shape, dict):
        return True
    return value is not None if kind == "pointer" else bool(value)


def uint64(text: str, what: str) -> int:
    """A version number from a query; ApiError 400 in the engine's words."""
    if text.isascii() and text.isdigit():
        return int(text)
    raise ApiError(400, f"invalid {what} version '{text}': strconv.ParseUint: parsing \"{text}\": invalid syntax")


def loose_bool(text: str) -> bool:
    """A flag of a query such as force: everything but these words is true."""
    return text.strip().lower() not in ("", "0", "no", "false", "none")


def strict_bool(text: str, name: str) -> bool:
    """A rotation flag of a query: Go's spellings only, ApiError 400 otherwise."""
    if text in ("", "0", "f", "F", "FALSE", "false", "False"):
        return False
    if text in ("1", "t", "T", "TRUE", "true", "True"):
        return True
    raise ApiError(400, f"invalid value for {name}: {text}")


def parse_bool(text: str, name: str) -> bool:
    """A flag of a query that Go parses itself: ApiError 400 with the parser's reason."""
    try:
        return strict_bool(text, name)
    except ApiError as error:
        raise ApiError(400, f'{error.message}: strconv.ParseBool: parsing "{text}": invalid syntax') from None
