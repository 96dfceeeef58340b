"""Class names and config group names -> the names that a command line uses."""

import re

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
