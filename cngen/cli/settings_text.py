"""Settings -> the text of `cngen check --show-settings`: TOML, with where each value comes from."""

import json
import re
from dataclasses import fields

from cngen.project.settings import HYDRAS, Settings
from cngen.text.escaping import HIDDEN

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_SETTINGS = ("project", "given", "has_src_package")


def settings_text(loaded: Settings, used: Settings) -> str:
    """The settings that a command uses, as a table for pyproject.toml that has the same effect.

    `loaded` are those without the flags of the command line.
    """
    lines = ["[tool.cngen]"]
    for name in sorted(field.name for field in fields(Settings) if field.name not in _NOT_SETTINGS):
        value = getattr(used, name)
        if value != "":  # no baseline
            origin = _origin(name, loaded, used)
            lines.append(f"{_key_of(name)} = {_toml(name, value)}  # {origin}")
    return "\n".join(lines) + "\n"


def _key_of(name: str) -> str:
    return "root" if name == "roots" else name.replace("_", "-")


def _origin(name: str, loaded: Settings, used: Settings) -> str:
    if getattr(loaded, name) != getattr(used, name):
        return "command line"
    if _key_of(name) in loaded.given:
        return "pyproject.toml"
    if name == "roots":
        return "the only folder of that name"
    if name == "output":
        return "below the first root"
    if name == "hydra" and used.hydra != HYDRAS[0]:
        return "from the dependencies in pyproject.toml"
    return "default"


def _toml(name: str, value: object) -> str:
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return HIDDEN.sub(lambda match: f"\\U{ord(match[0]):08x}", text)
    if isinstance(value, int):
        return str(value)
    assert isinstance(value, tuple)
    if name == "per_file_ignores":
        codes_of: dict[str, tuple[str, ...]] = {}
        for pattern, codes in value:
            codes_of[pattern] = (*codes_of.get(pattern, ()), *codes)
        pairs = ", ".join(f"{_quoted_key(p)} = {_toml('', c)}" for p, c in codes_of.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(_toml('', item) for item in value)}]"


def _quoted_key(text: str) -> str:
    return text if _BARE_KEY.fullmatch(text) else _toml("", text)
