"""Settings -> every file that the tree needs, scanned; the findings of decoding and parsing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from cngen.diagnostics import Diagnostic, Report
from cngen.project.files import Files
from cngen.project.settings import Settings
from cngen.project.sources import Source, decode, module_name, read_module, read_sources
from cngen.reading.names import VOCABULARY, File
from cngen.syntax.facts import Assign, ClassDef, Import, Module, Statement, free_names
from cngen.syntax.scan import scan

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
    loader = _Outside(settings, files, memo, [file.source.module for file in inside])
    for file in inside:
        for statement in _imports(file):
            loader.want(file, statement)
    return (*inside, *sorted(loader.found(), key=lambda file: file.source.path))


class _Outside:
    """Reads the project's own modules outside the roots, as far as names lead that are asked of them.

    Which of them are read doesn't depend on who asks first, nor for what.
    """

    def __init__(self, settings: Settings, files: Files, memo: Memo, inside: list[str]) -> None:
        self._settings, self._files, self._memo = settings, files, memo
        others = (*inside, VOCABULARY, module_name(settings.output, settings))
        self._known: dict[str, File | None] = dict.fromkeys(others)
        self._asked: set[tuple[str, str]] = set()
        self._waiting: list[tuple[str, str]] = []

    def want(self, file: File, statement: Import) -> None:
        """Ask for what an import of a file names."""
        if file.is_beyond(statement):
            return
        for module in file.modules(statement):
            self._ask(module, statement.name or "*")

    def found(self) -> list[File]:
        """Every module that what was asked for leads to."""
        while self._waiting:
            module, name = self._waiting.pop()
            if module not in self._known:
                source = read_module(self._settings, self._files, module)
                read = _read(source, _ignore, self._memo) if source is not None else None
                self._known[module] = read
            file = self._known[module]
            if file is not None:
                self._follow(file, name)
        return [file for file in self._known.values() if file is not None]

    def _ask(self, module: str, name: str) -> None:
        if (module, name) not in self._asked:
            self._asked.add((module, name))
            self._waiting.append((module, name))

    def _follow(self, file: File, wanted: str) -> None:
        """Ask for what a name of a file is made of."""
        for statement in file.module.body:
            name = _bound_name(statement)
            if isinstance(statement, Import):
                if wanted in ("*", name) or statement.name == "*":
                    brought = (
                        statement if statement.name != "*" else replace(statement, name=wanted)
                    )
                    self.want(file, brought)
            elif wanted in ("*", name):
                for used in _used(statement):
                    self._ask(file.source.module, used)


def _bound_name(statement: Statement) -> str:
    match statement:
        case Import(bound=name) | Assign(target=name) | ClassDef(name=name):
            return name
    return ""


def _used(statement: Statement) -> set[str]:
    """The names that what a statement binds is made of."""
    match statement:
        case Assign(annotation=annotation, value=value):
            parts = [part for part in (annotation, value) if part is not None]
        case ClassDef(bases=bases, body=body):
            inner = {name for inside in body for name in _used(inside)}
            return inner | {name for base in bases for name in free_names(base)}
        case _:
            return set()
    return {name for part in parts for name in free_names(part)}


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
