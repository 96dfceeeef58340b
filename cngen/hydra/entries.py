"""The items of a defaults list -> entries, as Hydra reads them (hydra/_internal/config_repository.py)."""

from collections.abc import Iterator
from dataclasses import dataclass

from cngen.diagnostics import Span
from cngen.model.values import Interpolation, Items, Missing, Scalar, Table, Value

KEYWORDS = ("optional", "override")
SELF = "_self_"
MISSING = "???"
GLOBAL = "_global_"
HERE = "_here_"
GROUP = "_group_"
SUFFIX = ".yaml"
"""What a config's name may end with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list of a config that lies in a group.

    `group` is absolute, `package` relative to that of the config: what is after `@`, else the written
    group. `options` holds what is chosen: several of a list, none of `None`. `is_group` distinguishes a choice from a
    group, which Hydra knows by a key and which can be overridden, from the path of one config. Strings that the
    sources don't show aren't among the options, and the entry is `unknown`.
    """

    span: Span
    keywords: tuple[str, ...]
    group: str
    written: str
    package: str
    options: tuple[str, ...]
    is_group: bool
    is_list: bool = False
    is_unknown: bool = False

    @property
    def is_self(self) -> bool:
        """Whether it sets where the config itself is merged."""
        return not self.is_group and self.written == SELF and not self.package

    @property
    def is_override(self) -> bool:
        """Whether it changes what another entry chooses."""
        return "override" in self.keywords

    @property
    def is_optional(self) -> bool:
        """Whether the option may be missing."""
        return "optional" in self.keywords

    @property
    def is_interpolated(self) -> bool:
        """Whether other choices decide what it chooses."""
        return any("${" in text for text in (self.written, *self.options))

    @property
    def is_of_hydra(self) -> bool:
        """Whether it chooses for Hydra itself."""
        return self.group.partition("/")[0] == "hydra"

    @property
    def must_choose(self) -> bool:
        """Whether the command line has to make the choice."""
        return self.is_group and self.options == (MISSING,)


def parse(group: str, item: Value) -> Entry | None:
    """An item of a list in a config of that group; None for what isn't an entry."""
    if isinstance(item, Table) and len(item.items) == 1:
        key, value = item.items[0]
        text = _text(key)
        return None if text is None else _of_group(group, text, value, item.span)
    text = _text(item)
    return None if text is None else _of_config(group, text, item.span)


def entries(group: str, defaults: Value | None) -> tuple[Entry, ...]:
    """The entries of a list in a config of that group."""
    items = defaults.items if isinstance(defaults, Items) else ()
    return tuple(entry for item in items if (entry := parse(group, item)) is not None)


def under(parent: str, package: str) -> str:
    """The package of an entry from the root of the config, where its list is in the package `parent`."""
    joined = ".".join(part for part in (parent, package) if part)
    return joined.rpartition(GLOBAL)[2].lstrip(".") if GLOBAL in joined else joined


def _of_group(group: str, text: str, value: Value, span: Span) -> Entry:
    words, at, package = _place(text)
    *keywords, written = words.split(" ")
    while keywords and not keywords[-1]:
        keywords.pop()
    package = package if at else written.lstrip("/").replace("/", ".")
    chosen = tuple(_options(value))
    is_unknown = any(option is None for option in chosen)
    options = tuple(option.removesuffix(SUFFIX) for option in chosen if option is not None)
    is_list = isinstance(value, Items)
    where = _absolute(group, written)
    package = _resolved(package, where)
    return Entry(span, tuple(keywords), where, written, package, options, True, is_list, is_unknown)


def _of_config(group: str, text: str, span: Span) -> Entry:
    path, at, package = _place(text)
    folder, _, option = _absolute(group, path).rpartition("/")
    package = package if at else path.lstrip("/").rpartition("/")[0].replace("/", ".")
    chosen = (option.removesuffix(SUFFIX),)
    return Entry(span, (), folder, path, _resolved(package, folder), chosen, False)


def _place(text: str) -> tuple[str, str, str]:
    """What is before `@`, and the package behind it; a renamed one has a `:` in it."""
    path, at, package = text.partition("@")
    package = package.partition(":")[0]
    return path, at, "" if package == HERE else package


def _resolved(package: str, group: str) -> str:
    """A package with the group that it names as `_group_`, which is counted from the root."""
    if GROUP not in package:
        return package
    return f"{GLOBAL}.{package.replace(GROUP, group.replace('/', '.'))}"


def _absolute(owner: str, written: str) -> str:
    if written.startswith("/") or not owner:
        return written.removeprefix("/")
    return f"{owner}/{written}"


def _options(value: Value) -> Iterator[str | None]:
    """The options that are named, None for one that isn't known; nothing for `None` itself."""
    if isinstance(value, Items):
        for item in value.items:
            yield _text(item)
    elif not (isinstance(value, Scalar) and value.value is None):
        yield MISSING if isinstance(value, Missing) else _text(value)


def _text(value: Value) -> str | None:
    match value:
        case Scalar(str() as text) | Interpolation(text):
            return text
    return None
