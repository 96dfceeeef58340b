"""CN403."""

from collections.abc import Iterator

from cngen.compose.references import Resolved, keys_of, resolved
from cngen.compose.spots import Spot
from cngen.diagnostics import Diagnostic, RuleId, Severity
from cngen.hydra.interpolations import whole_key
from cngen.lint.rule import Rule
from cngen.lint.wording import type_text
from cngen.model.tree import Tree
from cngen.model.types import (
    DictType,
    EnumType,
    ListType,
    LiteralType,
    NodeType,
    ScalarType,
    TupleType,
    Type,
    UnionType,
    without_none,
)

_CONVERTED = {
    "int": ("int",),
    "float": ("float", "int"),
    "bool": ("bool", "int"),
    "str": ("str", "int", "float", "bool", "Path"),
    "Path": ("Path", "str"),
    "bytes": ("bytes",),
}
"""What OmegaConf takes for each type when it resolves; of a str it looks at the text."""

_BOOLS = frozenset({"yes", "y", "on", "true", "no", "n", "off", "false"})


class InterpolationTypeMismatch(Rule):
    """An interpolation names a key whose value the field can't hold.

    ## What it does
    Compares the type of the value at the key with the type of the field that refers to it. Nothing is reported if
    a value that fits could be there, or if OmegaConf converts it: an int for a float, most values for a str, and
    a numeric string for a number. A possible None is ignored.

    ## Why is it bad
    OmegaConf converts and checks the value when it is read: `InterpolationValidationError`, perhaps hours into a
    job. A node or a container is never checked, so a wrong one goes unnoticed.

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, ref


    class Run(CN):
        name: str = "mlp"
        width: int = ref("name")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN, ref


    class Run(CN):
        size: int = 32
        width: int = ref("size")
    ```
    """

    id = RuleId("CN403", "interpolation-type-mismatch", Severity.WARNING)
    former_names = ("interpolation-type",)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every value that is one key and nothing else."""
        for key in resolved(tree):
            if key.failing or whole_key(key.use.text) is None:
                continue
            types = [keys_of(tree).held.type_at(place.links[-1]) for place in key.use.places]
            misfits = [_misfit(tree, key, held) for held in types]
            if all(misfits):
                found = " or ".join(dict.fromkeys(misfits[0]))
                message = f"`{key.use.label}` expects `{type_text(tree, types[0])}`, but `{key.key.text}` is {found}"
                yield self.found(
                    key.use.span, message, "use one type for both, or refer to another key"
                )


def _misfit(tree: Tree, found: Resolved, held: Type) -> list[str]:
    """The types that the key can have; none if one of them fits, or might."""
    texts: list[str] = []
    for target in found.targets:
        spot = target.found.spot
        if spot.is_unknown or any(_fits(tree, held, other) for other in _types(spot)):
            return []
        if any(_reads(held, text) for text in spot.texts):
            return []
        texts += [f"`{type_text(tree, other)}`" for other in _types(spot)]
    return sorted(set(texts))[:3]


def _reads(held: Type, text: str) -> bool:
    """Whether OmegaConf makes a number or a bool of a string."""
    held = without_none(held)
    if isinstance(held, UnionType):
        return any(_reads(member, text) for member in held.members)
    if held == ScalarType("bool") and text.lower() in _BOOLS:
        return True
    if held not in (ScalarType("int"), ScalarType("float"), ScalarType("bool")):
        return False
    try:
        float(text) if held == ScalarType("float") else int(text)
    except ValueError:
        return False
    return True


def _types(spot: Spot) -> Iterator[Type]:
    yield from (NodeType(node) for node in sorted(spot.nodes))
    yield from (container.type for container in spot.containers)
    yield from spot.plain


def _fits(tree: Tree, held: Type, other: Type) -> bool:
    """Whether a place may hold a value of another one's type. In doubt it may."""
    held = without_none(held)
    if isinstance(held, UnionType):
        return any(_fits(tree, member, other) for member in held.members)
    match held, other:
        case ScalarType(name), ScalarType(given) if name in _CONVERTED:
            return given in _CONVERTED[name]
        case ScalarType("str"), EnumType():
            return True
        case ScalarType(name), _ if name in _CONVERTED:
            return isinstance(other, LiteralType)
        case EnumType(), _:
            names = (held, ScalarType("str"), ScalarType("int"))
            return other in names or isinstance(other, LiteralType)
        case NodeType(base), NodeType(node):
            return tree.is_a(node, base)
        case NodeType(), _:
            return False
        case ((ListType() | TupleType()), _):
            return isinstance(other, ListType | TupleType)
        case DictType(), _:
            return isinstance(other, DictType | NodeType)
    return True
