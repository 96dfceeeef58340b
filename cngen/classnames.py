"""Nodes and enums -> the names that they have in the store."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from cngen.model import TREES, EnumClass, Node, Tree
from cngen.naming import camel

RESERVED = frozenset(
    {
        "Any",
        "ConfigStore",
        "DictConfig",
        "II",
        "Literal",
        "MISSING",
        "OmegaConf",
        "Path",
        "SI",
        "cs",
        "dataclass",
        "field",
    }
    | {
        "_node",
        "open_dict",
        "bool",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "str",
        "tuple",
        "type",
    }
)
"""Names that the store uses itself."""


@lru_cache(maxsize=TREES)
def class_names(tree: Tree) -> Mapping[str, str]:
    """The name of each node and enum in the store: the first of its candidates that no other wants.

    What has none keeps the last, and is reported. Experiments have no class in the store; theirs is the
    name of the variations that they write.
    """
    names = {key: node.name for key, node in tree.nodes.items() if node.is_experiment}
    waiting = {key: _candidates(node) for key, node in tree.nodes.items() if key not in names}
    waiting |= {key: _candidates(enum) for key, enum in tree.enums.items()}
    taken = set(RESERVED)
    while waiting:
        wanted = Counter(first for first, *_ in waiting.values())
        given = {
            key: first
            for key, (first, *others) in waiting.items()
            if (wanted[first] == 1 and first not in taken) or not others
        }
        names |= given
        taken.update(given.values())
        waiting = {key: c[1:] for key, c in waiting.items() if key not in given}
    return names


def _candidates(owner: Node | EnumClass) -> tuple[str, ...]:
    """The class's own name, that with its group before it, with its file as well, with its whole module."""
    whole = camel(owner.module.replace(".", "/")) + owner.name
    if isinstance(owner, EnumClass):
        return (owner.name, whole)
    group, file = camel(owner.group), camel(owner.module.rpartition(".")[2])
    longer = (group + owner.name, group + file + owner.name, whole)
    return owner.name, *(name for name in longer if name.isidentifier())
