"""CN404."""

from collections.abc import Iterator, Mapping

from cngen.compose.places import Path, state
from cngen.compose.references import keys_of, uses
from cngen.compose.wholes import interpolations, place_of
from cngen.diagnostics import Diagnostic, RuleId, Severity, Span
from cngen.hydra.interpolations import looked_up, references, whole_key
from cngen.lint.rule import Rule
from cngen.model.tree import Node, Tree
from cngen.model.values import Instance, Interpolation

_MAX_HOPS = 50


class InterpolationCycle(Rule):
    """Interpolations refer to each other in a cycle, or to the node that contains them.

    ## What it does
    Follows each interpolation to its value, in every primary config as it is composed by default and in every
    experiment that writes interpolations, also through `${oc.select:key,default}`: the default isn't used for a
    key that resolves to itself.

    ## Why is it bad
    Hydra composes such a config; reading one of the values fails, with `RecursionError` or
    "Interpolation to parent node detected".

    ## Example
    ```python
    # cn/run.py
    from cngen import CN, ref


    class Run(CN):
        train_size: int = ref("test_size")
        test_size: int = ref("train_size")
    ```

    ## Use instead
    ```python
    # cn/run.py
    from cngen import CN, ref


    class Run(CN):
        train_size: int = 100
        test_size: int = ref("train_size")
    ```
    """

    id = RuleId("CN404", "interpolation-cycle", Severity.WARNING)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Each cycle once, at the interpolation that is written first."""
        reported: set[frozenset[Span]] = set()
        for config in _configs(tree):
            found = interpolations(tree, config)
            for cycle in _cycles(found):
                spans = frozenset(found[path].span for path in cycle)
                if spans not in reported:
                    reported.add(spans)
                    yield self._finding(found, cycle)

    def _finding(self, found: Mapping[Path, Interpolation], cycle: tuple[Path, ...]) -> Diagnostic:
        first = min(range(len(cycle)), key=lambda number: found[cycle[number]].span)
        ordered = (*cycle[first:], *cycle[:first])
        way = " -> ".join(f"`{'.'.join(path)}`" for path in (*ordered, ordered[0]))
        hint = (
            "set one of them to a value"
            if len(cycle) > 1
            else "set a value, or refer to another key"
        )
        span = found[ordered[0]].span
        return self.found(span, f"interpolation cycle: {way}", hint)


def _configs(tree: Tree) -> Iterator[Instance]:
    """The whole configs that are composed by default; none if nobody writes an interpolation."""
    found = uses(tree)
    writers = {place.writer.key for use in found for place in use.places}
    for node in tree.nodes.values() if found else ():
        is_root = keys_of(tree).holders.roots.get(node.key) is False
        if is_root or (node.is_experiment and node.key in writers):
            yield _whole(tree, node)


def _whole(tree: Tree, node: Node) -> Instance:
    return state(tree, node) if node.is_experiment else Instance(node.key, (), node.span)


def _cycles(found: Mapping[Path, Interpolation]) -> Iterator[tuple[Path, ...]]:
    """Ways from an interpolation back to itself, none through one that is in an earlier cycle."""
    edges = _in_circles({path: tuple(_leads_to(found, path)) for path in found})
    done: set[Path] = set()
    for start in sorted(edges, key=lambda path: (found[path].span, path)):
        ways: list[tuple[Path, ...]] = [(start,)]
        seen = {start}
        while ways and start not in done:
            way = ways.pop()
            for after in edges[way[-1]]:
                if after == start:
                    done.update(way)
                    yield way
                    break
                if after in edges and after not in seen and after not in done:
                    seen.add(after)
                    ways.append((*way, after))


def _in_circles(edges: Mapping[Path, tuple[Path, ...]]) -> Mapping[Path, tuple[Path, ...]]:
    """What is left without the interpolations that lead nowhere but to an end, as most do."""
    behind: dict[Path, list[Path]] = {}
    for path, afters in edges.items():
        for after in afters:
            behind.setdefault(after, []).append(path)
    left = {path: len(afters) for path, afters in edges.items()}
    ended = [path for path, count in left.items() if not count]
    while ended:
        for before in behind.get(ended.pop(), ()):
            left[before] -= 1
            if not left[before]:
                ended.append(before)
    return {path: edges[path] for path, count in left.items() if count}


def _leads_to(found: Mapping[Path, Interpolation], path: Path) -> Iterator[Path]:
    """The interpolations that have to be resolved before one is; itself if it names what it is a part of."""
    for reference in references(found[path].text):
        key = looked_up(reference)
        place = place_of(path, key) if key is not None else None
        if place is None:
            continue
        is_around = len(place) < len(path) and path[: len(place)] == place
        if is_around and getattr(reference, "name", "") != "oc.dict.keys":
            yield path
        for _ in range(_MAX_HOPS):
            through = next((p for n in range(1, len(place) + 1) if (p := place[:n]) in found), None)
            if through is None:
                break
            yield through
            further = whole_key(found[through].text)
            above = place_of(through, further) if further is not None else None
            if above is None or through == place:
                break
            place = (*above, *place[len(through) :])
