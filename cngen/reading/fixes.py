"""Statements of a class -> edits that remove or replace them."""

from cngen.diagnostics import Edit, Fix, Span
from cngen.reading.names import ClassTarget
from cngen.syntax.facts import Assign, FunctionDef


def legacy_group_fix(
    target: ClassTarget, old: Assign, value: object, keyword: str | None
) -> Fix | None:
    """Remove `_group`, and add a class keyword unless one, or the folder, sets the same group."""
    file, definition = target.file, target.definition
    others = [s for s in definition.body if isinstance(s, Assign) and s.target == "_group"]
    is_read = any(isinstance(s, FunctionDef) and "_group" in s.names for s in definition.body)
    is_plain = isinstance(value, str) and old.annotation is None
    if old.value is None or not is_plain or len(others) > 1 or is_read:
        return None
    removal = _removal(target, old)
    if keyword is not None or value == file.source.group:
        return Fix((removal,))
    if any(k.name == "group" for k in definition.keywords):
        return None
    at = max(part.end for part in (*definition.bases, *(k.value for k in definition.keywords)))
    added = Edit(
        Span(file.source.path, at, at), f", group={file.text[old.value.start : old.value.end]}"
    )
    return Fix((added, removal), safe=False)


def _removal(target: ClassTarget, assign: Assign) -> Edit:
    """Remove the lines of an assignment; `...` replaces them if the body would be empty."""
    text, definition = target.file.text, target.definition
    end = assign.value.end if assign.value is not None else assign.end
    line = text.rfind("\n", 0, assign.start) + 1
    end_of_line = text.find("\n", end) % (len(text) + 1)
    behind = text[end:end_of_line].strip()
    has_lines = not text[line : assign.start].strip() and behind[:1] in ("", "#")
    path = target.file.source.path
    if has_lines and (len(definition.body) > 1 or definition.doc is not None):
        return Edit(Span(path, line, min(end_of_line + 1, len(text))), "")
    return Edit(Span(path, assign.start, end), "...")
