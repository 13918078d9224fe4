# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One option is one field; a field knows everything about it, and a schema is the fields of one kind of object.

From the fields come the argument spec, the view of a document in the options' words, the next document, and what
would change. Contradictions raise when the schema is made, which is at import.
"""

from __future__ import annotations

import copy
import typing as t

from .codecs import AS_IS, Codec, Value
from .errors import BadInput
from .paths import MISSING, Document, Place, Values
from .plan import Change

# (live value, wanted value, every option of the task) -> the desired value of the object
MergeStrategy = t.Callable[[t.Any, t.Any, Values], t.Any]


def replace(live: object, wanted: Value, params: Values) -> Value:
    """Return the option's value: the merge strategy of most options."""
    return wanted


class SchemaItem(t.Protocol):
    """What a schema is made of: an option and its place in the engine's document.

    ``Field`` is the one for options of one value; _core/fields.py has those with more in them. A value has the type of
    the option, in the option's own words.
    """

    @property
    def option(self) -> str: ...

    @property
    def path(self) -> Place: ...

    @property
    def since(self) -> str | None: ...

    @property
    def write_only(self) -> bool: ...

    def argument_spec(self) -> Values: ...

    def encode(self, value: t.Any) -> t.Any:
        """Return the engine's value for the user's; raise BadInput that names the option."""

    def read(self, document: Document | None) -> t.Any:
        """Return the value of a document."""

    def write(self, document: Document, value: t.Any) -> Document:
        """Return the document with the value; None clears it."""

    def normal(self, value: t.Any) -> t.Any:
        """Return the user's value in the one spelling that ``read`` would give."""

    def changes(self, live: Document | None, wanted: t.Any, params: Values) -> list[Change]:
        """Return what differs between a document and the option of the task."""

    def put(self, document: Document, changes: list[Change]) -> Document:
        """Return the document after changes of this option."""

    def add(self, document: Document, wanted: t.Any, params: Values) -> Document:
        """Return the document of a new object with this option."""


class Field(t.NamedTuple):
    """An option and its place in the engine's document.

    :param default: what a missing key means, in the option's words.
    :param since: the first API version that has it.
    :param choices_since: values that came later, with their first API version.
    :param immutable: can only be given at creation; another value later is refused.
    :param write_only: the engine never returns it, so it is sent at creation and never compared.
    :param secret: never shown.
    :param merge_strategy: the desired value, from the live value and the options of the task.
    :param check: raises ValueError with what would be right.
    :param codec: the user's spelling to the engine's and back. For lists it is applied to the whole list.
    :param spec: the rest of the option's argument spec (choices, elements, options, aliases).
    """

    option: str
    path: Place
    type: str = "str"
    codec: Codec = AS_IS
    default: t.Any = None
    since: str | None = None
    immutable: bool = False
    write_only: bool = False
    secret: bool = False
    merge_strategy: MergeStrategy = replace
    check: t.Callable[[t.Any], None] | None = None
    spec: t.Mapping[str, t.Any] = {}
    choices_since: t.Mapping[str, str] = {}

    def argument_spec(self) -> Values:
        """Return a fresh copy of the option's argument spec."""
        spec = {"type": self.type, **copy.deepcopy(dict(self.spec))}
        if self.secret:
            spec["no_log"] = True
        return spec

    def encode(self, value: object) -> t.Any:
        """Return the engine's value for the user's; raise BadInput that names the option."""
        try:
            if self.check:
                self.check(value)
            return self.codec.encode(value)
        except BadInput as error:  # of a sub-option
            raise error.inside(self.option) from error
        except ValueError as error:
            raise BadInput(self.option, f"{error}.") from error

    def read(self, document: Document | None) -> t.Any:
        """Return the value in the option's own words."""
        value = self.path.get(document)
        return copy.deepcopy(self.default) if value is MISSING or value is None else self.codec.decode(value)

    def write(self, document: Document, value: object) -> Document:
        """Return the document with the value; without the key for None, and where the codec returns ``MISSING``."""
        return self.path.put(document, MISSING if value is None else self.encode(value))

    def normal(self, value: object) -> t.Any:
        """Return the user's value in the one spelling that ``read`` would give."""
        encoded = self.encode(value)
        return copy.deepcopy(self.default) if encoded is MISSING else self.codec.decode(encoded)

    def changes(self, live: Document | None, wanted: object, params: Values) -> list[Change]:
        """Return what differs, none or one; of an option with sub-options also more."""
        before = self.read(live)
        after = self.normal(self.merge_strategy(before, wanted, params))
        return [] if before == after else [Change(self.option, before, after, secret=self.secret)]

    def put(self, document: Document, changes: list[Change]) -> Document:
        """Return the document after changes of this option."""
        return self.write(document, changes[0].after)

    def add(self, document: Document, wanted: object, params: Values) -> Document:
        """Return the document of a new object with this option."""
        return self.write(document, wanted if self.write_only else self.merge_strategy(self.default, wanted, params))


def _refuse_nonsense(item: Field) -> None:
    if item.write_only and item.merge_strategy is not replace:
        raise TypeError(f"{item.option}: what cannot be read back has nothing to aim from")
    if {"type", "no_log"} & set(item.spec):
        raise TypeError(f"{item.option}: type and no_log of the argument spec come from the field")
    if item.type == "list" and "elements" not in item.spec:
        raise TypeError(f"{item.option}: a list needs the type of its elements")


class Schema:
    """The options of one kind of object."""

    def __init__(self, *fields: SchemaItem) -> None:
        names = [item.option for item in fields]
        if len(set(names)) != len(names):
            raise TypeError(f"an option has two fields: {names}")
        for item in fields:
            if isinstance(item, Field):
                _refuse_nonsense(item)
        self.fields = fields

    def argument_spec(self) -> Values:
        """Return the argument spec of all options, by their names."""
        return {item.option: item.argument_spec() for item in self.fields}

    def only(self, test: t.Callable[[SchemaItem], bool]) -> Schema:
        """Return a schema of the fields that pass a test."""
        return Schema(*(item for item in self.fields if test(item)))

    def given(self, params: Values) -> list[SchemaItem]:
        """Return the fields that the task names: None is the one sign for 'not given'."""
        return [item for item in self.fields if params.get(item.option) is not None]

    def check(self, params: Values) -> None:
        """Raise BadInput for the first value that cannot be meant; reads nothing from an engine."""
        for item in self.given(params):
            item.encode(params[item.option])

    def view(self, document: Document | None) -> Values:
        """Return a document in the options' words; what the engine never returns is left out."""
        return {item.option: item.read(document) for item in self.fields if not item.write_only}

    def changes(self, live: Document | None, params: Values) -> list[Change]:
        """Return what the task would change in a document, field by field."""
        found = []
        for item in self.given(params):
            if not item.write_only:
                found += item.changes(live, params[item.option], params)
        return found

    def apply(self, live: Document, changes: t.Iterable[Change]) -> Document:
        """Return the next document: the live one with the planned changes, unmodelled keys included."""
        by_option: dict[str, list[Change]] = {}
        for change in changes:
            by_option.setdefault(change.option, []).append(change)
        document = live
        for item in self.fields:
            if item.option in by_option:
                document = item.put(document, by_option[item.option])
        return document

    def create(self, params: Values) -> Document:
        """Return the document of a new object: what the task gives, and nothing else."""
        document: Document = {}
        for item in self.given(params):
            document = item.add(document, params[item.option], params)
        return document

    def document(self, values: Values, start: Document | None = None) -> Document:
        """Return a document with values that are the engine's already, each at the place of its option.

        :param values: option to value; each is placed, whatever it is.
        :param start: what the document has beside them.
        """
        document = dict(start or {})
        known = {item.option: item for item in self.fields}
        for option, value in values.items():
            document = known[option].path.put(document, value)
        return document


def rows(schema: Schema) -> Codec:
    """Return a codec from a list of dictionaries to a list of the engine's objects; the order is kept."""

    def encode(items: list[Values]) -> list[Document]:
        return [schema.create(item) for item in items]

    def decode(documents: list[Document]) -> list[Values]:
        return [schema.view(document) for document in documents]

    return Codec(encode, decode)
