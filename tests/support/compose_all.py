"""Run in a fresh process: imports cn._generated_store and prints what each primary config composes to.

One line a key: its path, the class of a node or the repr of a value. Of an experiment the lines in
which it differs from its primary config.
"""

import sys
from collections.abc import Iterator

import cn._generated_store  # noqa: F401
from hydra import compose, initialize
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, ListConfig, OmegaConf


def main() -> None:
    primary = sorted(
        name.removesuffix(".yaml") for name in ConfigStore.instance().repo if name.endswith(".yaml")
    )
    for name in primary:
        if "." in name or name in ("hydra", "_dummy_empty_config_"):
            continue
        print(f"# {name}")
        try:
            with initialize(version_base="1.3", config_path=None):
                config = compose(name)
        except Exception as error:
            print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
            continue
        print(f"{OmegaConf.get_type(config).__name__}")
        print("\n".join(lines(config, "")))
        if not OmegaConf.missing_keys(config):
            check_object(config)
    for group, option in experiments(ConfigStore.instance().repo, ""):
        print(f"# {group}={option}")
        config_name = "grid" if "grid" in option else "run"
        with initialize(version_base="1.3", config_path=None):
            plain = compose(config_name)
            config = compose(config_name, [f"+{group}={option}"])
        before, after = list(lines(plain, "")), list(lines(config, ""))
        print("\n".join(f"- {line}" for line in before if line not in after))
        print("\n".join(f"+ {line}" for line in after if line not in before))
        check_object(config)


def experiments(repo: dict[str, object], group: str) -> Iterator[tuple[str, str]]:
    """What is stored at the root of the config, groups of points excepted."""
    for name, entry in sorted(repo.items()):
        if isinstance(entry, dict) and name not in ("hydra", "_points"):
            yield from experiments(entry, f"{group}/{name}".strip("/"))
        elif group and getattr(entry, "package", None) == "_global_":
            yield group, name.removesuffix(".yaml")


def lines(config: DictConfig | ListConfig, path: str) -> Iterator[str]:
    keys = config.keys() if isinstance(config, DictConfig) else range(len(config))
    for key in keys:
        place = f"{path}{key}"
        value = "???" if OmegaConf.is_missing(config, key) else config[key]
        if isinstance(value, DictConfig | ListConfig):
            yield f"{place}: {OmegaConf.get_type(config, key).__name__}"
            yield from lines(value, f"{place}.")
        else:
            yield f"{place}: {value!r}"


def check_object(config: DictConfig) -> None:
    """The objects have the classes of the config and nothing besides their fields."""
    value = OmegaConf.to_object(config)
    assert type(value) is OmegaConf.get_type(config)
    assert set(vars(value)) == set(value.__dataclass_fields__), vars(value)


sys.exit(main())
