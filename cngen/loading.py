"""Settings -> every file that the tree needs, scanned; the findings of decoding and parsing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from cngen.diagnostic import Diagnostic, Report
from cngen.files import Files
from cngen.names import File
from cngen.scan import scan
from cngen.settings import Settings
from cngen.source import Source, decode, module_name, read_module, read_sources
from cngen.syntax import Import, Module

Memo: TypeAlias = dict[bytes, tuple[str, Module] | Diagnostic]
"""What was scanned, by bytes: trees that share it scan once what they have in common, moved files included."""


def load(
    settings: Settings, files: Files, report: Report, memo: Memo | None = None
) -> tuple[File, ...]:
    """The files below the roots, then the project's own modules from which they import names.

    Raises:
        CngenError: a file or folder can't be read.
    """
    memo = {} if memo is None else memo
    sources = read_sources(settings, files)
    inside = [file for source in sources if (file := _read(source, report, memo))]
    known = {file.source.module for file in inside}
    known.add(module_name(settings.output, settings))
    known.update(base.rpartition(".")[0] for base in settings.base)
    outside: list[File] = []
    waiting = [(file, statement) for file in inside for statement in _imports(file)]
    while waiting:
        file, statement = waiting.pop()
        for module in file.modules(statement):
            if module in known:
                continue
            known.add(module)
            source = read_module(settings, files, module)
            found = _read(source, _ignore, memo) if source is not None else None
            if found is not None:
                outside.append(found)
                waiting.extend(
                    (found, i)
                    for i in _imports(found)
                    if i.bound == statement.name or i.name == "*"
                )
    return (*inside, *sorted(outside, key=lambda file: file.source.path))


def _read(source: Source, report: Report, memo: Memo) -> File | None:
    if source.data not in memo:
        memo[source.data] = _scanned(source)
    found = memo[source.data]
    if isinstance(found, Diagnostic):
        report(replace(found, span=found.span._replace(file=source.path)))
        return None
    return File(source, *found)


def _scanned(source: Source) -> tuple[str, Module] | Diagnostic:
    text = decode(source)
    if isinstance(text, Diagnostic):
        return text
    module = scan(source.path, text)
    return module if isinstance(module, Diagnostic) else (text, module)


def _ignore(diagnostic: Diagnostic) -> None:
    """A module outside the roots that can't be read is like one that isn't there."""


def _imports(file: File) -> Iterator[Import]:
    return (statement for statement in file.module.body if isinstance(statement, Import))
