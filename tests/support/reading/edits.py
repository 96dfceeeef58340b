"""Draws edits of a drawn tree, as text: what a commit might do to it. Not every result is a valid tree."""

import re

from hypothesis import strategies as st

from .commands import Draw

NUMBER = re.compile(r"(?<![\w.])\d[\d_.e-]*(?![\w.])")
FIELD = re.compile(r"    \w+(:| =)")
WITH_DEFAULT = re.compile(r"    \w+: .* = ")
SUFFIX = "Xy"


def edited(draw: Draw, files: dict[str, str]) -> dict[str, str]:
    """The files after one to three edits."""
    for _ in range(draw(st.integers(1, 3))):
        edit = draw(st.sampled_from((in_a_file, in_a_file, class_renamed, field_renamed)))
        files = edit(draw, files)
    return files


def in_a_file(draw: Draw, files: dict[str, str]) -> dict[str, str]:
    path = draw(st.sampled_from(sorted(path for path, text in files.items() if text.strip())))
    lines = files[path].split("\n")
    draw(st.sampled_from((number_changed, number_changed, line_removed, defaults_swapped)))(
        draw, lines
    )
    return files | {path: "\n".join(lines)}


def number_changed(draw: Draw, lines: list[str]) -> None:
    found = [n for n, line in enumerate(lines) if line.startswith("    ") and NUMBER.search(line)]
    if found:
        at = draw(st.sampled_from(found))
        lines[at] = NUMBER.sub(draw(st.sampled_from(("5", "8", "0.25"))), lines[at], count=1)


def line_removed(draw: Draw, lines: list[str]) -> None:
    found = [n for n, line in enumerate(lines) if FIELD.match(line)]
    if found:
        lines[draw(st.sampled_from(found))] = "    pass"


def defaults_swapped(draw: Draw, lines: list[str]) -> None:
    found = [n for n, line in enumerate(lines) if WITH_DEFAULT.match(line)]
    if found:
        one, other = (draw(st.sampled_from(found)) for _ in range(2))
        (head, _, value), (tail, _, last) = (lines[n].partition(" = ") for n in (one, other))
        lines[one], lines[other] = f"{head} = {last}", f"{tail} = {value}"


def class_renamed(draw: Draw, files: dict[str, str]) -> dict[str, str]:
    names = re.findall(r"^class (\w+)", "\n".join(files.values()), re.MULTILINE)
    name = draw(st.sampled_from(sorted({*names} - {"Run"}) or ["Run"]))
    return {p: re.sub(rf"\b{name}\b", name + SUFFIX, text) for p, text in files.items()}


def field_renamed(draw: Draw, files: dict[str, str]) -> dict[str, str]:
    """A field of one name wherever it is declared, given or read."""
    names = re.findall(r"^    (\w+): ", "\n".join(files.values()), re.MULTILINE)
    if not names:
        return files
    name = draw(st.sampled_from(sorted(set(names))))
    places = rf"(?<=    )\b{name}(?=:| =)|(?<=[(, ]){name}(?==)|(?<=self\.){name}\b"
    return {p: re.sub(places, f"{name}_zz", text) for p, text in files.items()}
