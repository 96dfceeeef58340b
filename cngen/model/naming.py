"""Classes and config groups -> the names that they have in the store and on a command line."""

import re
from collections import Counter
from collections.abc import Mapping

from cngen.model.tree import EnumClass, Node, Tree, per_tree

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def option_name(class_name: str, group: str, naming: str = "snake") -> str:
    """The option of a class: `PerView` is `per_view`; a class named like its group's folder is `base`."""
    folder = group.rpartition("/")[2]
    if folder and _bare(class_name) == _bare(folder):
        return "base"
    return snake(class_name) if naming == "snake" else class_name.lower()


def snake(class_name: str) -> str:
    """Snake case that keeps acronyms together: `RP_SAC` is `rp_sac`, `AWACMulti` is `awac_multi`."""
    return re.sub(r"_+", "_", _WORDS.sub("_", class_name)).lower()


def camel(path: str) -> str:
    """A group as the prefix of a class name: `algo/obs_mode` is `AlgoObsMode`."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[/_\-]+", path))


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


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
        "_restored",
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


@per_tree
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
