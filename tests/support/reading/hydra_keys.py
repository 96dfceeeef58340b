"""What Hydra composes, key by key: the value and the type at each place, as text."""

import types
import typing
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePath
from typing import Any

from hydra import compose
from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.base import Node


def keys_of(config: str, overrides: list[str]) -> dict[str, tuple[str, str]]:
    """Every key of a composed config; call it where a store is registered."""
    return dict(_keys(compose(config, overrides=overrides), ""))


def _keys(node: DictConfig | ListConfig, prefix: str) -> Iterator[tuple[str, tuple[str, str]]]:
    names = range(len(node)) if isinstance(node, ListConfig) else list(node.keys())
    for name in names:
        inner = node._get_node(name)
        text = name.name if isinstance(name, Enum) else str(name)
        assert isinstance(inner, Node)
        yield f"{prefix}{text}", (value_text(inner), type_text(inner))
        is_set = not (inner._is_none() or inner._is_missing() or inner._is_interpolation())
        if is_set and (isinstance(inner, DictConfig) or is_list_of_nodes(inner)):
            yield from _keys(inner, f"{prefix}{text}.")


def is_list_of_nodes(node: Node) -> bool:
    return isinstance(node, ListConfig) and holds_nodes(node)


def holds_nodes(node: Any) -> bool:
    """Whether a class's own node stands anywhere in a container."""
    if isinstance(node, DictConfig):
        return OmegaConf.get_type(node) is not dict or any(
            holds_nodes(node._get_node(key)) for key in node
        )
    if isinstance(node, ListConfig) and not node._is_none():
        return any(holds_nodes(node._get_node(number)) for number in range(len(node)))
    return False


def value_text(node: Any) -> str:
    if isinstance(node, DictConfig) and isinstance(node._value(), dict):
        kind = OmegaConf.get_type(node)
        return "dict" if kind is dict else kind.__name__
    if is_list_of_nodes(node):
        return "list"
    value = OmegaConf.to_container(node) if isinstance(node, ListConfig) else node._value()
    if isinstance(node, ListConfig) and not isinstance(node._value(), list):
        value = node._value()
    return plain_text(value)


def plain_text(value: Any) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, PurePath):
        return f"Path({str(value)!r})"
    if isinstance(value, list):
        return f"[{', '.join(plain_text(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{plain_text(k)}: {plain_text(v)}' for k, v in value.items())}}}"
    return repr(value)


def type_text(node: Node) -> str:
    text = annotation_text(node._metadata.ref_type)
    is_optional = node._metadata.optional and text != "Any"
    return f"{text} | None" if is_optional else text


def annotation_text(written: Any) -> str:
    origin, arguments = typing.get_origin(written), typing.get_args(written)
    if origin is typing.Union or origin is types.UnionType:
        return " | ".join(sorted(annotation_text(part) for part in arguments))
    if origin in (list, dict, tuple):
        parts = ("..." if part is ... else annotation_text(part) for part in arguments)
        return f"{origin.__name__}[{', '.join(parts)}]"
    if written is type(None):
        return "None"
    return getattr(written, "__name__", "Any") if written is not typing.Any else "Any"
