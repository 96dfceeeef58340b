"""Settings -> every file that the tree needs, scanned; the findings of decoding and parsing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cngen.diagnostic import Diagnostic, Report
from cngen.names import File
from cngen.scan import scan
from cngen.settings import Settings
from cngen.source import Source, decode, module_name, read_module, read_worktree
from cngen.syntax import Import


def load(
    settings: Settings, report: Report, replaced: Mapping[str, bytes] | None = None
) -> tuple[File, ...]:
    """The files below the roots, then the project's own modules from which they import names.

    What `replaced` holds by path counts instead of what the file holds.
    """
    sources = read_worktree(settings)
    if replaced:
        sources = tuple(replace(s, data=replaced.get(s.path, s.data)) for s in sources)
    inside = [file for source in sources if (file := _read(source, report))]
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
            source = read_module(settings, module)
            found = _read(source, _ignore) if source is not None else None
            if found is not None:
                outside.append(found)
                waiting.extend(
                    (found, i)
                    for i in _imports(found)
                    if i.bound == statement.name or i.name == "*"
                )
    return (*inside, *sorted(outside, key=lambda file: file.source.path))


def _read(source: Source, report: Report) -> File | None:
    text = decode(source)
    if isinstance(text, Diagnostic):
        report(text)
        return None
    module = scan(source.path, text)
    if isinstance(module, Diagnostic):
        report(module)
        return None
    return File(source, text, module)


def _ignore(diagnostic: Diagnostic) -> None:
    """A module outside the roots that can't be read is like one that isn't there."""


def _imports(file: File) -> Iterator[Import]:
    return (statement for statement in file.module.body if isinstance(statement, Import))
