# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One option is one field; a field knows everything about it, and a schema is the fields of one kind of object.

From the fields come the argument spec, the view of a document in the options' words, the next document, and what
would change. Contradictions raise when the schema is made, which is at import.

``Field`` is an option of one value. ``ObjectField``, ``DictField``, ``UnorderedList`` and ``ObjectList`` have sub-options, keys, or
items whose order has no meaning, and the methods of ``Field``, so that a schema need not tell them apart. Their changes leave the
rest of the engine's document as it is, order and unmodelled keys included, because the engine restarts tasks for a list in
another order and for an empty object where there was none.
"""

from __future__ import annotations

import copy
import typing as t

from .._engine.client import Engine, version_key
from .errors import BadInput, Unsupported
from .plan import Change
from .values import AS_IS, MISSING, Codec, Document, Place, Value, Values

# (live value, wanted value, every option of the task) -> the desired value of the object
MergeStrategy = t.Callable[[t.Any, t.Any, Values], t.Any]


def replace(live: object, wanted: Value, params: Values) -> Value:
    """Return the option's value: the merge strategy of most options."""
    return wanted


class SchemaItem(t.Protocol):
    """What a schema is made of: an option and its place in the engine's document.

    A value has the type of the option, in the option's own words.
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


class ObjectField(t.NamedTuple):
    """An option with sub-options: an object in the engine's document.

    A sub-option that is not given keeps its value; an option without any ({}) goes back to the engine's defaults.
    An object that exists is emptied, and stays: engines crash on the lack of one that their own clients always send
    (Placement; moby#37883, seen on 20.10 and 28.5).

    :param initial: what the object starts from where there is none. It must mean the same to the engine as no object.
    :param removable: whether an object that says nothing is taken away: only for one that the engine does not accept
        empty, or that means something else empty than missing.
    """

    option: str
    path: Place
    schema: Schema
    initial: t.Mapping[str, object] = {}
    since: str | None = None
    write_only: bool = False
    removable: bool = False

    def argument_spec(self) -> Values:
        return {"type": "dict", "options": self.schema.argument_spec()}

    def encode(self, value: Values) -> None:
        with _within(self.option):
            self.schema.check(value)

    def object_of(self, document: Document | None) -> Document:
        """The object of a document, or what it starts from where there is none."""
        found = self.path.get(document)
        return found if isinstance(found, dict) and found else dict(self.initial)

    def read(self, document: Document | None) -> Values:
        return self.schema.view(self.object_of(document))

    def normal(self, value: Values) -> Values:
        return self.schema.view(self.schema.create(value))

    def changes(self, live: Document | None, wanted: Values, params: Values) -> list[Change]:
        if not self.schema.given(wanted):
            return self.cleared(live)
        with _within(self.option):
            return self.inside(self.schema.changes(self.object_of(live), wanted))

    def inside(self, found: t.Iterable[Change]) -> list[Change]:
        """Changes of sub-options as changes of this option."""
        return [change._replace(option=self.option, key=(change.option, *change.key)) for change in found]

    def cleared(self, live: Document | None) -> list[Change]:
        """What going back to the engine's defaults changes."""
        before, found = self.object_of(live), []
        default = self.schema.view(dict(self.initial))
        for item in self.schema.fields:
            if isinstance(item, ObjectField):
                found += item.cleared(before)
            elif isinstance(item, DictField):
                found += item.changes(before, {}, {})
            elif item.read(before) != default[item.option]:
                found.append(Change(item.option, item.read(before), default[item.option]))
        return self.inside(found)

    def put(self, document: Document, changes: list[Change]) -> Document:
        inner = [change._replace(option=change.key[0], key=change.key[1:]) for change in changes]
        return self._set(document, self.schema.apply(self.object_of(document), inner))

    def _set(self, document: Document, changed: Document) -> Document:
        """No object is made to say the default, and none that exists goes (but see ``removable``)."""
        if self.is_default(changed) and (self.removable or not isinstance(self.path.get(document), dict)):
            return self.path.put(document, MISSING)
        return self.path.put(document, changed)

    def is_default(self, changed: Document) -> bool:
        """Whether nothing is left that the engine would not do anyway."""
        bare = changed
        for item in self.schema.fields:
            bare = item.path.put(bare, MISSING) if isinstance(item, ObjectField) else item.write(bare, None)
        unmodelled = {key: value for key, value in bare.items() if value}
        return not unmodelled and self.schema.view(changed) == self.schema.view(dict(self.initial))

    def write(self, document: Document, value: Values | None) -> Document:
        """The object with exactly these sub-options; unmodelled fields of one that exists stay."""
        changed = self.object_of(document)
        for item in self.schema.fields:
            changed = item.write(changed, (value or {}).get(item.option))
        return self._set(document, changed)

    def add(self, document: Document, wanted: Values, params: Values) -> Document:
        if not self.schema.given(wanted):
            return document
        with _within(self.option):
            made = copy.deepcopy(dict(self.initial))
            for item in self.schema.given(wanted):
                made = item.add(made, wanted[item.option], wanted)
        return self.path.put(document, made)


class _within:
    """Put the option before the sub-option that a BadInput names."""

    def __init__(self, option: str) -> None:
        self.option = option

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadInput):
            raise error.inside(self.option) from error


class DictField(t.NamedTuple):
    """A dictionary of strings, which changes key by key.

    :param codec: the user's dictionary to the engine's value (an object or a list) and back.
    :param merged: tells from the options of the task whether other keys are left alone.
    :param kept: tells of a key whether it stays even when other keys do not.
    :param hidden: tells from the options of the task whether values are to be hidden.
    :param internal: tells of a key whether it is book-keeping, which no task shows or changes.
    """

    option: str
    path: Place
    codec: Codec
    type: str = "dict"
    merged: t.Callable[[Values], bool] = lambda params: False
    kept: t.Callable[[str], bool] = lambda key: False
    hidden: t.Callable[[Values], bool] = lambda params: False
    internal: t.Callable[[str], bool] = lambda key: False
    since: str | None = None
    write_only: bool = False

    def argument_spec(self) -> Values:
        return {"type": self.type}

    def encode(self, value: object) -> t.Any:
        try:
            return self.codec.encode(value)
        except ValueError as error:
            raise BadInput(self.option, f"{error}.") from error

    def read(self, document: Document | None) -> Values:
        return self._shown(self._all(document))

    def _all(self, document: Document | None) -> Values:
        found = self.path.get(document)
        return {} if found is MISSING or found is None else self.codec.decode(found)

    def _shown(self, values: Values) -> Values:
        return {key: value for key, value in values.items() if not self.internal(key)}

    def normal(self, value: object) -> Values:
        return self._shown(self.codec.decode(self.encode(value)))

    def changes(self, live: Document | None, wanted: object, params: Values) -> list[Change]:
        before, after = self.read(live), self.normal(wanted)
        for key in before:
            if key not in after and (self.merged(params) or self.kept(key)):
                after[key] = before[key]
        secret = self.hidden(params)
        keys = [*before, *(key for key in after if key not in before)]
        pairs = [(key, before.get(key, MISSING), after.get(key, MISSING)) for key in keys]
        return [Change(self.option, old, new, secret, (key,), null=True) for key, old, new in pairs if old != new]

    def put(self, document: Document, changes: list[Change]) -> Document:
        values = self.read(document)
        for change in changes:
            values.pop(change.key[0], None) if change.after is MISSING else values.update({change.key[0]: change.after})
        return self.write(document, values)

    def write(self, document: Document, value: object) -> Document:
        """An empty value does not create its parent objects. What is internal stays."""
        if not value and not self.path.get(document):
            return document
        internal = {key: item for key, item in self._all(document).items() if self.internal(key)}
        if internal:
            value = {**t.cast(Values, value or {}), **internal}
        return self.path.put(document, self.encode(value or {}))

    def add(self, document: Document, wanted: object, params: Values) -> Document:
        return self.write(document, wanted)


def _identity(item: Value) -> Value:
    return item


class UnorderedList(t.NamedTuple):
    """A list whose order says nothing; equal ones are left as they are, and what stays keeps its place.

    :param codec: of one element.
    :param tidy: the list without what its other elements say already.
    """

    option: str
    path: Place
    codec: Codec = AS_IS
    tidy: t.Callable[[list[t.Any]], list[t.Any]] = _identity
    since: str | None = None
    write_only: bool = False

    def argument_spec(self) -> Values:
        return {"type": "list", "elements": "str"}

    def encode(self, value: list[str]) -> list[object]:
        try:
            encoded = [self.codec.encode(item) for item in value]
            return self.tidy(list({self.codec.decode(item): item for item in encoded}.values()))
        except ValueError as error:
            raise BadInput(self.option, f"{error}.") from error

    def read(self, document: Document | None) -> list[str]:
        found = self.path.get(document)
        return [] if found is MISSING or found is None else self.tidy([self.codec.decode(item) for item in found])

    def normal(self, value: list[str]) -> list[str]:
        return [self.codec.decode(item) for item in self.encode(value)]

    def changes(self, live: Document | None, wanted: list[str], params: Values) -> list[Change]:
        before, after = self.read(live), self.normal(wanted)
        if set(before) == set(after):
            return []
        kept = [item for item in before if item in after]
        return [Change(self.option, before, [*kept, *(item for item in after if item not in before)])]

    def put(self, document: Document, changes: list[Change]) -> Document:
        live = self.path.get(document)
        raw = {self.codec.decode(item): item for item in live} if isinstance(live, list) else {}
        return self._set(document, [raw.get(item, self.codec.encode(item)) for item in changes[0].after])

    def _set(self, document: Document, items: list[object]) -> Document:
        if not items and self.path.get(document) is MISSING:
            return document
        return self.path.put(document, items or MISSING)

    def write(self, document: Document, value: list[str] | None) -> Document:
        return self._set(document, self.encode(value or []))

    def add(self, document: Document, wanted: list[str], params: Values) -> Document:
        return self.write(document, wanted)


class ObjectList(t.NamedTuple):
    """A list of objects; of one that stays, what we do not model stays too.

    :param key: of a shown element: by it live and wanted ones are matched.
    :param complete: the user's element with what it leaves out.
    :param ordered: whether the order of the elements says something.
    :param spec: the argument spec, where it is not a list of dictionaries.
    """

    option: str
    path: Place
    schema: Schema
    key: t.Callable[[Values], object]
    complete: t.Callable[[t.Any], Values] = _identity
    ordered: bool = False
    since: str | None = None
    spec: Values | None = None
    rules: t.Mapping[str, object] = {}
    write_only: bool = False

    def argument_spec(self) -> Values:
        if self.spec:
            return dict(self.spec)
        return {"type": "list", "elements": "dict", "options": self.schema.argument_spec(), **self.rules}

    def encode(self, value: t.Sequence[object]) -> list[Document]:
        try:
            return [self.schema.create(self.complete(item)) for item in value]
        except BadInput as error:
            raise error.inside(self.option) from error
        except ValueError as error:
            raise BadInput(self.option, f"{error}.") from error

    def _live(self, document: Document | None) -> list[Document]:
        found = self.path.get(document)
        return [] if found is MISSING or found is None else found

    def read(self, document: Document | None) -> list[Values]:
        return [self.schema.view(item) for item in self._live(document)]

    def normal(self, value: t.Sequence[object]) -> list[Values]:
        return [self.schema.view(item) for item in self.encode(value)]

    def changes(self, live: Document | None, wanted: t.Sequence[object], params: Values) -> list[Change]:
        before, after = self.read(live), self.normal(wanted)
        if not self.ordered:
            places = [self.key(item) for item in before]
            after.sort(key=lambda item: places.index(self.key(item)) if self.key(item) in places else len(places))
        live_rows = {self.key(item): item for item in before}
        after = [self._as_live(live_rows.get(self.key(item), item), item) for item in after]
        return [] if before == after else [Change(self.option, before, after)]

    def _as_live(self, live: Values, wanted: Values) -> Values:
        """An element with what is not its own to change: the order of lists without one, and keys that stay."""
        same = dict(wanted)
        for item in self.schema.fields:
            there, desired = live[item.option], wanted[item.option]
            if isinstance(item, UnorderedList) and set(there) == set(desired):
                same[item.option] = there
            elif isinstance(item, DictField):
                same[item.option] = {**{key: value for key, value in there.items() if item.kept(key)}, **desired}
        return same

    def put(self, document: Document, changes: list[Change]) -> Document:
        live = self._live(document)
        raw = {self.key(self.schema.view(item)): item for item in live}
        made = [self._element(raw.get(self.key(item), {}), item) for item in changes[0].after]
        return self.path.put(document, made or MISSING)

    def _element(self, live: Document, shown: Values) -> Document:
        if self.schema.view(live) == shown:
            return live
        for item in self.schema.fields:
            if item.read(live) != shown[item.option]:
                live = item.write(live, shown[item.option])
        return live

    def write(self, document: Document, value: t.Sequence[object] | None) -> Document:
        made = self.encode(value or [])
        if not made and not self._live(document):
            return document
        return self.path.put(document, made or MISSING)

    def add(self, document: Document, wanted: t.Sequence[object], params: Values) -> Document:
        return self.write(document, wanted)


def require_versions(engine: Engine, schema: Schema, params: Values, outer: tuple[str, ...] = ()) -> None:
    """Raise Unsupported for the first option that is newer than the engine's API, which the engine would drop silently.

    What asks for the default is fine, since that is what an older engine does anyway; so what the info module shows
    can be given back.
    """
    for item in schema.given(params):
        value, option = params[item.option], (*outer, item.option)
        if item.since and _is_older(engine, item.since) and item.normal(value) != item.read(None):
            _require_version(engine, item.since, option)
        if isinstance(item, Field) and item.choices_since and value in item.choices_since:
            _require_version(engine, item.choices_since[value], option, f": {value}")
        if isinstance(item, ObjectField):
            require_versions(engine, item.schema, value, option)
        elif isinstance(item, ObjectList):
            for element in value:
                if isinstance(element, dict):
                    require_versions(engine, item.schema, element, option)


def _is_older(engine: Engine, version: str) -> bool:
    return version_key(engine.api_version) < version_key(version)


def _require_version(engine: Engine, version: str, option: tuple[str, ...], value: str = "") -> None:
    try:
        engine.require(version, ".".join(option) + value)
    except Unsupported as error:
        error.option = option
        raise
