"""Store -> the text of the module; the only user of jinja2. The templates loop, nothing more."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cngen.store.lower import Store
from cngen.text.escaping import one_line
from cngen.text.quoting import docstring


def render(store: Store, title: str) -> str:
    """The generated module; `title` names its sources in the first line."""
    environment = Environment(
        loader=FileSystemLoader(_templates()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"docstring": docstring, "quoted": _quoted}
    return environment.get_template("store.py.jinja").render(store=store, title=title)


def _quoted(text: str) -> str:
    """A text on one line within a docstring, whatever it holds."""
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def _templates() -> Path:
    """In a wheel the templates lie inside the package, in a checkout beside it."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
