"""Nodes and enums -> the names that they have in the store."""

from collections.abc import Mapping
from functools import lru_cache

from cngen.model import TREES, Tree
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
    """The name of each node and enum in the store: its own, with its group before it if that is taken.

    Experiments have no class in the store; theirs is the name of the variations that they write.
    """
    taken: dict[str, list[str]] = {name: [""] for name in RESERVED}
    experiments = {key for key, node in tree.nodes.items() if node.is_experiment}
    for key in (*tree.nodes, *tree.enums):
        if key not in experiments:
            taken.setdefault(key.rpartition(".")[2], []).append(key)
    names = {}
    for key, node in tree.nodes.items():
        is_alone = key in experiments or len(taken[node.name]) == 1
        names[key] = node.name if is_alone else camel(node.group) + node.name
    for key, enum in tree.enums.items():
        names[key] = (
            enum.name
            if len(taken[enum.name]) == 1
            else camel(enum.module.replace(".", "/")) + enum.name
        )
    return names
