"""Plain Python values -> what an operator, a builtin or a method makes of them, within limits.

A result is exactly what every supported Python gives, on every machine; where they differ, where it
would be large or take long, nothing is known.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from string import Formatter
from typing import Any, NoReturn

MAX_PARTS = 200_000
"""How many parts one default may be folded from, those of the constants that it uses included."""

MAX_ITEMS = 100_000
"""The longest container or string that is computed rather than written out."""

MAX_BITS = 4_096
"""The largest integer that an expression is folded to."""

MAX_DIGITS = 400
"""How many digits a number may be rounded to; no float has more."""


class NotKnown(Exception):
    """What an expression gives isn't known, or too large to be written out."""


class Failed(Exception):
    """Python would raise an exception: there is no value."""


class Kept:
    """Something that is no plain value. It can be handed around; nothing is known of what is in it."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def _unknown(self, *_: object) -> NoReturn:
        raise NotKnown

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __str__ = __repr__ = __format__ = __bool__ = __len__ = __iter__ = __contains__ = _unknown
    __getitem__ = __call__ = __index__ = __int__ = __float__ = __complex__ = __neg__ = __pos__ = (
        _unknown
    )
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = (
        _unknown
    )
    __mod__ = __rmod__ = __or__ = __ror__ = __and__ = __rand__ = __abs__ = __round__ = _unknown

    def __hash__(self) -> int:
        raise NotKnown


class Member(Kept):
    """A member of an enum that compares by identity."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        if isinstance(other, Kept) and not isinstance(other, Member):
            raise NotKnown
        return isinstance(other, Member) and self.value == other.value

    def __ne__(self, other: object) -> bool:  # type: ignore[override]
        return not self == other

    def __bool__(self) -> bool:  # type: ignore[override]
        return True

    def __hash__(self) -> int:
        return hash(self.value)


class FoldedPath(PurePosixPath):
    """A path as it is written; its `repr` would name another class."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise NotKnown


class Work:
    """How much of the work that one default may cost is left."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def spend(self, parts: int = 1) -> None:
        """Take some of it.

        Raises:
            NotKnown: nothing is left.
        """
        self._left -= parts
        if self._left < 0:
            raise NotKnown


_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift,
    "|": operator.or_, "&": operator.and_, "^": operator.xor,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
    "is": lambda a, b: a is b, "is not": lambda a, b: a is not b,
}  # fmt: skip
_UNARY: Mapping[str, Callable[[Any], Any]] = {
    "-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_,
}  # fmt: skip
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        f"builtins.{function.__name__}": function
        for function in (
            int, float, str, bool, bytes, complex, list, tuple, dict, set, frozenset, len, range, sorted, min, max,
            abs, round, sum, enumerate, zip, reversed, any, all, divmod, pow, chr, ord, hex, oct, bin, repr, ascii,
            format, map, filter, slice,
        )
    },
    "builtins.dict.fromkeys": dict.fromkeys,
    **{
        f"math.{function.__name__}": function
        for function in (math.sqrt, math.floor, math.ceil, math.trunc, math.gcd, math.isqrt, math.fabs)
    },
}  # fmt: skip
_KEYS = frozenset({"len", "abs", "str", "int", "float", "ord"})
"""What may stand for `key=` of `sorted`, `min` and `max`, and be mapped over items."""

_OF_ANY_TEXT = frozenset({"join", "replace", "startswith", "endswith", "removeprefix", "removesuffix", "find", "rfind",
                          "index", "rindex", "count", "encode", "partition", "rpartition", "format"})  # fmt: skip
"""The methods of strings that look up nothing in a Python's Unicode tables."""

_METHODS: Mapping[type, frozenset[str]] = {
    str: _OF_ANY_TEXT | frozenset({
        "upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "split", "rsplit",
        "splitlines", "zfill", "center", "ljust", "rjust", "isdigit", "isalpha", "isalnum", "isdecimal", "islower",
        "isupper", "isidentifier",
    }),
    bytes: frozenset({"decode", "hex", "startswith", "endswith"}),
    list: frozenset({"index", "count", "copy"}),
    tuple: frozenset({"index", "count"}),
    dict: frozenset({"get", "keys", "values", "items", "copy"}),
    frozenset: frozenset(
        {"union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint", "copy"}
    ),
    int: frozenset({"bit_length"}),
    float: frozenset({"is_integer"}),
    FoldedPath: frozenset({"joinpath", "with_suffix", "with_name", "with_stem", "as_posix", "is_absolute"}),
}  # fmt: skip
_PROPERTIES = {FoldedPath: frozenset({"name", "stem", "suffix", "parent", "parts"})}
_UNORDERED = frozenset({"set", "frozenset", "len", "sorted", "any", "all", "min", "max", "bool"})
"""The functions for which the order of a set makes no difference."""

_NUMBER = re.compile(r"\d{4,}")
_CODECS = frozenset({"utf-8", "utf8", "ascii", "latin-1", "strict", "ignore", "replace"})
"""What may be named beside a text that is made of bytes, or bytes of a text: others take long."""


def unary(op: str, operand: Any) -> Any:
    """`-a`, `not a`, ..."""
    return _run(lambda: _UNARY[op](operand), (operand,))


def binary(left: Any, op: str, right: Any, work: Work) -> Any:
    """An arithmetic operation or one comparison."""
    if op not in _BINARY or not _is_small(left, op, right):
        raise NotKnown
    if op in ("in", "not in") and isinstance(right, range) and not isinstance(left, int):
        raise NotKnown  # Python compares it with every number
    if op in ("is", "is not") and not any(
        x is None or isinstance(x, bool | Member) for x in (left, right)
    ):
        raise NotKnown
    if op in ("is", "is not") and isinstance(left, Member) and isinstance(right, Member):
        op = "==" if op == "is" else "!="
    work.spend(1 + (_size(left) + _size(right)) // 16)
    return checked(_run(lambda: _BINARY[op](left, right), (left, right)), work)


def is_true(value: Any) -> bool:
    """The truth of a value."""
    return bool(_run(lambda: bool(value), (value,)))


def part(value: Any, index: Any, work: Work) -> Any:
    """`value[index]`."""
    if not isinstance(value, str | bytes | list | tuple | dict | range):
        raise NotKnown
    return checked(_run(lambda: value[index], (value, index)), work)


def attribute(value: Any, name: str) -> Any:
    """`value.name`, where that is a plain value itself."""
    if name in _PROPERTIES.get(type(value), ()):
        return getattr(value, name)
    if isinstance(value, Kept) or hasattr(value, name):
        raise NotKnown
    raise Failed(f"`{type(value).__name__}` has no attribute `{name}`")


def is_function(name: str) -> bool:
    """Whether this is a function that can be called here, by its dotted name."""
    return name in _FUNCTIONS


def key_function(name: str) -> Callable[..., Any]:
    """A builtin that is handed to another."""
    if name.removeprefix("builtins.") not in _KEYS:
        raise NotKnown
    return lambda value: call(name, (value,), {}, Work())


def call(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any], work: Work) -> Any:
    """A builtin, or a function of the standard library, called."""
    last = name.rpartition(".")[2]
    every = (*arguments, *keywords.values())
    if last not in _UNORDERED and any(_is_unordered(argument) for argument in every):
        raise NotKnown
    if last != "len" and any(isinstance(a, range) and len(a) > MAX_ITEMS for a in every):
        raise NotKnown
    _check_call(last, arguments, keywords)
    work.spend(1 + sum(map(_size, every)) // 4)
    function = _sum if last == "sum" else _FUNCTIONS[name]
    made = _run(lambda: _listed(function(*arguments, **keywords)), every)
    return checked(made, work)


def method(
    owner: Any, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any], work: Work
) -> Any:
    """A method of a plain value, called."""
    every = (*arguments, *keywords.values())
    if isinstance(owner, Kept):
        raise NotKnown
    if not hasattr(owner, name):
        raise Failed(f"`{type(owner).__name__}` has no attribute `{name}`")
    kind = next((k for k in _METHODS if type(owner) is k), None)
    if kind is None or name not in _METHODS[kind]:
        raise NotKnown
    if kind is str:
        _check_text(owner, name, every)
    if any(_is_unordered(argument) for argument in every) and kind is not frozenset:
        raise NotKnown
    work.spend(1 + (_size(owner) + sum(map(_size, every))) // 4)
    function = getattr(owner, name)
    return checked(_run(lambda: function(*arguments, **keywords), (owner, *every)), work)


def format_value(value: Any, conversion: str, spec: str, work: Work) -> str:
    """`{value!r:spec}` of an f-string."""
    if not _is_small_spec(spec):
        raise NotKnown
    if conversion:
        named = {"r": "builtins.repr", "s": "builtins.str", "a": "builtins.ascii"}[conversion]
        value = call(named, (value,), {}, work)
    if _shown_size(value, is_inside=False) > MAX_ITEMS:
        raise NotKnown
    return str(checked(_run(lambda: format(value, spec), (value,)), work))


def ordered(value: Any) -> list[Any]:
    """The items of a value in their order, if it has one.

    Raises:
        NotKnown: it has no order, or too many items.
        Failed: it can't be iterated.
    """
    if _is_unordered(value) or (isinstance(value, range) and len(value) > MAX_ITEMS):
        raise NotKnown
    return list(_run(lambda: iter(value), (value,)))


def checked(made: Any, work: Work) -> Any:
    """A result that isn't too large; what it is made of counts as work."""
    if isinstance(made, int) and made.bit_length() > MAX_BITS:
        raise NotKnown
    size = _size(made)
    if size > MAX_ITEMS and not isinstance(made, range):
        raise NotKnown
    work.spend(1 + size // 8)
    return made


def _run(function: Callable[[], Any], operands: Iterable[Any]) -> Any:
    try:
        return function()
    except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        if any(_has_kept(operand) for operand in operands):
            raise NotKnown from error
        reason = f"unknown key {error}" if isinstance(error, KeyError) else error
        raise Failed(f"this can't be computed: {reason}") from error
    except (RecursionError, MemoryError) as error:
        raise NotKnown from error


def _listed(made: Any) -> Any:
    """An iterator with its items known, so that its cost is."""
    return Iterated(type(made).__name__, made) if hasattr(made, "__next__") else made


class Iterated:
    """What `zip`, `enumerate`, ... give: something that can be iterated, and no more."""

    __slots__ = ("_items", "kind")

    def __init__(self, kind: str, items: Iterable[Any]) -> None:
        self.kind = kind
        self._items = tuple(items)

    def __iter__(self) -> Any:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        raise NotKnown

    def __hash__(self) -> int:
        raise NotKnown

    def __repr__(self) -> str:
        raise NotKnown

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)


def _has_kept(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_kept(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | frozenset | Iterated):
        return any(_has_kept(part) for part in value)
    return isinstance(value, Kept)


def _is_unordered(value: Any) -> bool:
    """Whether the order of the items is another in each process."""
    return isinstance(value, frozenset | set) and len(value) > 1


def _size(value: Any) -> int:
    if isinstance(value, Iterated):
        return value.count()
    if isinstance(value, str | bytes | list | tuple | dict | frozenset | set):
        return len(value)
    return 0


def _is_small(left: Any, op: str, right: Any) -> bool:
    """Whether computing this can't take long or make something huge."""
    if op in ("**", "<<"):
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            return False
        bits = left.bit_length() if isinstance(left, int) else 1
        made = bits * abs(right) if op == "**" else bits + right
        return abs(right) <= MAX_BITS and made <= MAX_BITS
    if op == "*":
        return _is_small_product(left, right)
    if op == "+":
        return _size(left) + _size(right) <= MAX_ITEMS
    if op == "%" and isinstance(left, str | bytes):
        return isinstance(left, str) and _is_small_template(left, right)
    return True


def _is_small_product(left: Any, right: Any) -> bool:
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, str | bytes | list | tuple):
            return not isinstance(count, int) or len(sequence) * count <= MAX_ITEMS
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() + right.bit_length() <= MAX_BITS
    return True


def _is_small_template(template: str, values: Any) -> bool:
    """Whether a template for `%` asks for no great width, and shows only what all Pythons show alike."""
    if "*" in template or _NUMBER.search(template):
        return False
    held = tuple(values.values()) if isinstance(values, dict) else values
    held = held if isinstance(held, tuple) else (held,)
    size = sum(_shown_size(value, is_inside="%r" in template) for value in held)
    return len(template) + template.count("%") * size <= MAX_ITEMS


def _shown_size(value: Any, is_inside: bool) -> int:
    """About how long the text is that a value is shown as, if it is the same everywhere.

    The order of sets isn't, nor what `repr` escapes of a string.
    """
    if isinstance(value, str):
        if is_inside and not value.isascii():
            raise NotKnown
        return len(value)
    if isinstance(value, dict):
        return sum(_shown_size(part, is_inside=True) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return sum(_shown_size(part, is_inside=True) for part in value)
    if value is None or isinstance(value, int | float | complex | bytes | FoldedPath | Kept):
        return _size(value) + 20
    raise NotKnown


def _check_call(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """A call that could take long, or be different elsewhere, isn't made."""
    first, second = (*arguments, None, None)[:2]
    is_long = False
    if name in ("str", "repr", "format", "ascii"):
        is_long = _shown_size(first, is_inside=name == "repr") > MAX_ITEMS
    if name in ("str", "bytes"):
        _check_codecs((*arguments[1:], *keywords.values()))
    is_large = {
        "format": not _is_small_spec(str(second or "")),
        "round": _is_large(second, MAX_DIGITS) or _is_large(keywords.get("ndigits"), MAX_DIGITS),
        "pow": len(arguments) != 2 or not _is_small(first, "**", second),
        "bytes": _is_large(first, MAX_ITEMS),
    }
    if is_long or is_large.get(name, False):
        raise NotKnown


def _is_large(value: Any, limit: int) -> bool:
    return isinstance(value, int) and abs(value) > limit


def _is_small_spec(spec: str) -> bool:
    """Whether a format asks for no great width, and not for that of a locale."""
    return not _NUMBER.search(spec) and not spec.endswith("n")


def _check_codecs(names: Iterable[Any]) -> None:
    if any(name not in _CODECS for name in names):
        raise NotKnown


def _check_text(owner: str, name: str, arguments: tuple[Any, ...]) -> None:
    """A method of a string that could make much of little, or follows Unicode's tables, isn't called."""
    if name not in _OF_ANY_TEXT and not owner.isascii():
        raise NotKnown
    size = 0
    if name == "join" and arguments:
        parts = list(arguments[0]) if _size(arguments[0]) else []
        size = len(parts) * len(owner) + sum(map(_size, parts))
    elif (
        name == "replace" and len(arguments) > 1 and all(isinstance(a, str) for a in arguments[:2])
    ):
        size = (owner.count(arguments[0]) or 1) * len(arguments[1])
    elif name == "encode":
        _check_codecs(arguments)
    elif name == "format":
        size = _template_size(owner, arguments)
    if size > MAX_ITEMS or any(_is_large(argument, MAX_ITEMS) for argument in arguments):
        raise NotKnown


def _template_size(template: str, arguments: tuple[Any, ...]) -> int:
    """How long a text a template for `format` can become, if it only has plain names and short widths."""
    try:
        fields = [field for field in Formatter().parse(template) if field[1] is not None]
    except ValueError:
        return 0  # the call reports what is wrong
    size = len(template)
    for _, name, spec, conversion in fields:
        is_plain = re.fullmatch(r"\w*", name or "") and "{" not in (spec or "")
        if not is_plain or not _is_small_spec(spec or ""):
            raise NotKnown
        size += max((_shown_size(a, is_inside=conversion == "r") for a in arguments), default=0)
    return size


def _sum(items: Iterable[Any], /, start: Any = 0) -> Any:
    """The sum, where every Python finds the same: from 3.12 on floats are summed more exactly."""
    values = list(items)
    if isinstance(start, str | bytes) or len(values) * sum(map(_size, values)) > MAX_ITEMS:
        raise NotKnown
    total = start
    for value in values:
        total = total + value
    if (
        isinstance(total, float)
        and math.isfinite(total)
        and repr(_exact(values, start)) != repr(total)
    ):
        raise NotKnown
    return total


def _exact(values: list[Any], start: Any) -> float:
    """The sum of floats as Python makes it from 3.12 on (Neumaier's)."""
    total, lost = float(start), 0.0
    for value in map(float, values):
        new = total + value
        lost += (total - new) + value if abs(total) >= abs(value) else (value - new) + total
        total = new
    return total + lost
