"""Names that Hydra or the store keep for themselves."""

_OF_STORE = frozenset(
    {
        "Any",
        "II",
        "MISSING",
        "Path",
        "SI",
        "bool",
        "bytes",
        "dict",
        "field",
        "float",
        "int",
        "list",
        "str",
        "tuple",
    }
)
_OF_HYDRA = frozenset({"defaults", "hydra", "_self_", "_global_", "_here_", "_group_", "_name_"})


def reason(name: str) -> str:
    """Why a name can't be that of a field; empty if it can."""
    if name in _OF_HYDRA:
        return "the name is reserved by Hydra"
    if name in _OF_STORE:
        return "the dataclass in the store needs the name"
    if not name.isascii():
        return "Hydra's command line takes only ASCII names"
    return "Python mangles private names" if name.startswith("__") else ""
