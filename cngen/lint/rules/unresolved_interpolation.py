"""CN402."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from cngen.compose.references import Destination, Resolved, Use, keys_of, resolved, text_at, uses
from cngen.diagnostics import Diagnostic, Edit, Fix, RuleId, Severity, Span
from cngen.hydra.interpolations import Key, Resolver
from cngen.hydra.keys import lacking, paths_to
from cngen.lint.rule import Rule
from cngen.lint.wording import listed
from cngen.model.tree import Tree


class UnresolvedInterpolation(Rule):
    """An interpolation names a key that no composed config has.

    ## What it does
    Looks up the key of every `ref("...")` and `"${...}"` from each place where its node can be: an absolute key
    in every primary config that can hold the node, a relative key (with leading dots) beside the field and around
    every field that can hold its node. A place may hold any option of its group. An unknown value, such as a
    field of type `Any`, may have every key. Number keys of a dict can't be named. Hydra removes `hydra` from a
    job's config: `${hydra:job.name}` reads it, and its keys are those of Hydra's own config.

    ## Why is it bad
    Hydra composes such a config; reading the value fails, perhaps hours into a job. A key that resolves only in
    some primary configs breaks the others.

    ## Example
    ```python
    # cn/optimizer/base.py
    from cngen import CN


    class Adam(CN):
        lr: float = 1e-3

    # cn/run.py
    from cngen import CN, ref
    from cn.optimizer.base import Adam


    class Run(CN):
        optimizer: Adam = Adam()
        min_lr: float = ref("optimizr.lr")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN, ref
    from cn.optimizer.base import Adam

    class Run(CN):
        optimizer: Adam = Adam()
        min_lr: float = ref("optimizer.lr")
    ```
    """

    id = RuleId("CN402", "unresolved-interpolation", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Every key that leads nowhere from some place, once for each place in the sources."""
        for key in resolved(tree):
            if key.failing:
                is_partial = len(key.failing) < len(key.targets)
                message = _partial(tree, key) if is_partial else _nowhere(key)
                farthest = max(key.failing, key=lambda target: target.found.number)
                part = _failed(key.key, farthest)
                near = get_close_matches(key.key.parts[part], _others(farthest), n=2, cutoff=0.6)
                if key.key.parts[0] == "hydra" and not key.key.level:
                    near, hint = [], _hydras(key.key)
                elif near:
                    hint = f"did you mean `{_replaced(key.key, part, near[0])}`?"
                else:
                    hint = _does(tree, key) if is_partial else _known(key.key, part, farthest)
                fix = _fix(tree, key, part, near[0]) if len(near) == 1 else None
                yield self.found(key.use.span, message, hint, fix)
        for use in uses(tree):
            for name in use.names:
                if isinstance(name, Resolver) and name.name == "hydra" and name.key is not None:
                    yield from self._of_hydra(tree, use, name.key)

    def _of_hydra(self, tree: Tree, use: Use, key: Key) -> Iterator[Diagnostic]:
        """A key of Hydra's own config, which is fixed: what isn't there is None."""
        lost = lacking(key.parts) if not key.level else None
        if lost is None:
            return
        part = key.parts[lost.number]
        near = get_close_matches(part, lost.known, n=2, cutoff=0.6)
        elsewhere = [".".join(path) for path in paths_to(part)]
        above = ".".join(key.parts[: lost.number])
        fix = None
        if near:
            hint = f"did you mean `{_replaced(key, lost.number, near[0])}`?"
            fix = _in_source(tree, use, key, lost.number, near[0]) if len(near) == 1 else None
        elif elsewhere and not lost.number:
            hint = f"did you mean `{'.'.join((elsewhere[0], *key.parts[1:]))}`?"
        else:
            hint = f"`{above or 'hydra'}` has {', '.join(lost.known)}" if lost.known else ""
        message = f"Hydra's own config has no key `{key.text}`"
        yield self.found(use.span, message, hint, fix)


def _nowhere(found: Resolved) -> str:
    text = found.key.text
    if found.key.level:
        return f"no config has the key `{text}`, seen from `{found.use.label}`"
    return f"no config has the key `{text}`"


def _partial(tree: Tree, found: Resolved) -> str:
    where = listed(_names(tree, found, found.failing))
    return f"the key `{found.key.text}` doesn't resolve from {where}"


def _does(tree: Tree, found: Resolved) -> str:
    resolving = [target for target in found.targets if target.found.spot]
    return f"it resolves from {listed(_names(tree, found, resolving))}"


def _names(tree: Tree, found: Resolved, targets: Iterable[Destination]) -> list[str]:
    """Primary configs by their names, places from which a relative key starts by their classes and fields."""
    if found.key.level:
        return sorted({_place(tree, found.key, target) for target in targets})
    starts = [tree.nodes[target.start] for target in targets]
    return sorted({node.option or node.name for node in starts})


def _place(tree: Tree, key: Key, target: Destination) -> str:
    above = target.path[: len(target.path) - len(key.parts)]
    return ".".join((tree.nodes[target.start].name, *above))


def _hydras(key: Key) -> str:
    text = f"${{hydra:{key.text.partition('.')[2]}}}" if "." in key.text else "${hydra:...}"
    return f"Hydra removes its own settings from the config: write `{text}`"


def _failed(key: Key, target: Destination) -> int:
    """The part of a key that can't be done; the first where the place itself is outside."""
    return target.found.number - (len(target.path) - len(key.parts)) if target.path else 0


def _others(target: Destination) -> list[str]:
    """The keys that there are instead, without the interpolation itself."""
    above, place = target.path[: target.found.number], target.place
    known = set(target.found.known)
    if target.start == place.links[0].node and above == place.path[:-1]:
        known.discard(place.path[-1])
    return sorted(known)


def _replaced(key: Key, part: int, name: str) -> str:
    start = key.starts[part] - key.start
    return key.text[:start] + name + key.text[start + len(key.parts[part]) :]


def _known(key: Key, part: int, target: Destination) -> str:
    """What there is instead."""
    if not target.path:
        return "the dots lead out of the config"
    above = key.text[: key.starts[part] - key.start].rstrip(".[")
    known = target.found.known
    if not known:
        return f"`{above}` has no key `{key.parts[part]}`" if above else ""
    shown = f"{', '.join(known[:8])}{', ...' if len(known) > 8 else ''}"
    return f"`{above}` has {shown}" if above else f"its keys are {shown}"


def _fix(tree: Tree, found: Resolved, part: int, name: str) -> Fix | None:
    """The one near name in the source, if then the key resolves everywhere."""
    key, keys = found.key, keys_of(tree)
    if not name.isidentifier():
        return None
    for target in found.targets:
        at = len(target.path) - len(key.parts) + part
        leads = keys.find(target.start, (*target.path[:at], name, *target.path[at + 1 :]))
        if not target.path or not leads.spot or leads.partial:
            return None
    return _in_source(tree, found.use, key, part, name)


def _in_source(tree: Tree, use: Use, key: Key, part: int, name: str) -> Fix | None:
    """A part of a key replaced where it is written as it is."""
    start = text_at(tree, use, key.starts[part])
    if start is None:
        return None
    place = Span(use.span.file, start, start + len(key.parts[part]))
    return Fix((Edit(place, name),), safe=False)
