"""What can be selected from config groups; several rules ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cngen.compose.defaults import choices
from cngen.hydra.entries import entries
from cngen.lint.queries.written import declared_fields, written_values
from cngen.model.tree import Node, Tree, per_tree
from cngen.model.types import mentioned_nodes, node_type
from cngen.model.values import Points, Value, every_instance, instances
from cngen.syntax.facts import ClassDef, FunctionDef, Other, Statement


@dataclass(frozen=True, slots=True)
class Selection:
    """Who selects.

    `fields` has by group the nodes that fields which select from it are annotated with (empty for one that
    holds anything), `plain` those of fields that hold one node. `listed` are the groups in defaults lists
    written by hand. `used` are the nodes that are written somewhere, or that an experiment inherits from.
    """

    fields: Mapping[str, frozenset[str]]
    plain: frozenset[str]
    listed: frozenset[str]
    used: frozenset[str]

    def is_asked(self, group: str) -> bool:
        """Whether anything selects from a group."""
        return group in self.fields or group in self.listed

    def holds(self, group: str, node: Node) -> bool:
        """Whether something that selects from a group could hold a node."""
        annotated = self.fields.get(group, frozenset())
        return group in self.listed or "" in annotated or not annotated.isdisjoint(node.lineage)


def has_primary(tree: Tree) -> bool:
    """Whether a program can start from the tree: a library of options has no primary config."""
    return any(not node.group and node.option is not None for node in tree.nodes.values())


@per_tree
def selection(tree: Tree) -> Selection:
    """Who selects in a tree."""
    fields: dict[str, set[str]] = {}
    plain: set[str] = set()
    used: set[str] = set()
    for _, field in declared_fields(tree):
        for held in mentioned_nodes(field.type):
            if held in tree.nodes:
                fields.setdefault(tree.nodes[held].group, set()).add(held)
        annotated = node_type(field.type)
        plain |= {annotated.node} if annotated is not None else set()
        used.update(_named(field.default))
    for node in tree.nodes.values():
        used.update(name for _, value in (*node.written, *node.points) for name in _named(value))
        if node.is_experiment:
            used.update(node.lineage)
    for _, _, written, value in written_values(tree):
        for instance in instances(value):
            if instance.node in tree.nodes:
                held_by = fields.setdefault(tree.nodes[instance.node].group, set())
                held_by.update(mentioned_nodes(written) or ("",))
    listed = frozenset(group for node in tree.nodes.values() for group in _listed(node))
    return Selection(
        {g: frozenset(t) for g, t in fields.items()}, frozenset(plain), listed, frozenset(used)
    )


@per_tree
def dead_options(tree: Tree) -> tuple[tuple[Node, str], ...]:
    """The options that nothing can select, though their group or their type is selected.

    Each with the node that a field is annotated with and which it inherits from, empty where there is none.
    """
    if not has_primary(tree):
        return ()
    found = [
        (node, base)
        for node in tree.nodes.values()
        if node.option is not None and node.group and not is_selectable(tree, node)
        for base in [_meant(tree, node)]
        if base or node.group in reachable_groups(tree)
    ]
    if not found:
        return ()
    # Another rule reports an option that a field selects and can't hold.
    asked = {choice.group for node in tree.nodes.values() for choice in choices(tree, node)}
    mentioned = _mentioned(tree)
    return tuple(
        (node, base)
        for node, base in found
        if node.group not in asked and node.name not in mentioned
    )


def is_selectable(tree: Tree, node: Node) -> bool:
    """Whether a node is used, or can be selected from a group in which it is stored."""
    who = selection(tree)
    groups = (node.group, *(group for group, _ in node.aliases))
    return node.key in who.used or any(who.holds(group, node) for group in groups)


@per_tree
def reachable_groups(tree: Tree) -> frozenset[str]:
    """The groups of which an option can be selected, or is used."""
    return frozenset(
        group
        for node in tree.nodes.values()
        if is_selectable(tree, node)
        for group in (
            *([node.group] if node.option is not None else []),
            *(group for group, _ in node.aliases),
        )
    )


def _meant(tree: Tree, node: Node) -> str:
    """The type of a field that could hold a node, if only it lay in the group of that type or below.

    Groups that differ only in case are reported as such.
    """
    below = f"{node.group.lower()}/"
    for key in node.lineage:
        group = tree.nodes[key].group.lower()
        if group and key in selection(tree).plain and not below.startswith(f"{group}/"):
            return key
    return ""


def _named(value: Value | None) -> Iterator[str]:
    """Every node that a value names."""
    named = value.experiments if isinstance(value, Points) else () if value is None else (value,)
    return (instance.node for inner in named for instance in every_instance(inner))


def _listed(node: Node) -> Iterator[str]:
    """The groups from which a defaults list written by hand selects."""
    for entry in entries(node.group, node.defaults):
        if not entry.is_self:
            yield entry.group
            yield from (f"{entry.group}/{option}".rpartition("/")[0] for option in entry.options)


def _mentioned(tree: Tree) -> frozenset[str]:
    """The names in functions and in statements that aren't read: what they build isn't known."""
    return frozenset(n for module in tree.modules.values() for n in _in_code(module.body))


def _in_code(body: tuple[Statement, ...]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, FunctionDef | Other):
            yield from statement.names
        elif isinstance(statement, ClassDef):
            yield from _in_code(statement.body)
