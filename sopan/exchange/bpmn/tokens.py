"""What the standard says that a process of ours does: tokens on tasks and before gateways that join.

Only what ``graph`` makes is understood. It serves ``limits``: nothing is executed with it.
"""

from __future__ import annotations

from collections import Counter

from sopan.core.model import Exit, Outcome
from sopan.exchange.bpmn.graph import Flow, Graph, Node, NodeKind

Marking = tuple[
    tuple[str, int], ...
]  # how many tokens lie on which task (its id) or arrow into a join (its id), sorted
JOINS = (NodeKind.JOIN_ALL, NodeKind.JOIN_REACHABLE)


class Tokens:
    """A process with its ways looked up. Markings are values; the methods give new ones."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes = {node.id: node for node in graph.nodes}
        self.into: dict[str, list[Flow]] = {node.id: [] for node in graph.nodes}
        self.out: dict[str, list[Flow]] = {node.id: [] for node in graph.nodes}
        for flow in graph.flows:
            self.into[flow.target].append(flow)
            self.out[flow.source].append(flow)
        self.joins = [node for node in graph.nodes if node.kind in JOINS]
        self.reaching = {
            node.id: {flow.id: self._before(flow, node) for flow in self.into[node.id]}
            for node in self.joins
            if node.kind is NodeKind.JOIN_REACHABLE
        }

    def begin(self, task: str) -> Marking:
        return ((task, 1),)

    def complete(self, marking: Marking, task: str, way: Exit) -> Marking:
        """One token of ``task`` takes ``way``; then all gateways fire that can."""
        tokens = Counter(dict(marking))
        tokens[task] -= 1
        (begin,) = self.out[task]
        if not self._take(tokens, self._chosen(begin, way)):
            return ()
        while any(self._fires(tokens, join) for join in self.joins):
            pass
        return tuple(sorted((place, count) for place, count in tokens.items() if count))

    def open_tasks(self, marking: Marking) -> Counter[str]:
        return Counter({place: count for place, count in marking if place in self.nodes})

    def _chosen(self, begin: Flow, way: Exit) -> Flow:
        """The arrow of the answer: behind the decision where there is one."""
        if self.nodes[begin.target].kind is NodeKind.DECISION:
            return next(flow for flow in self.out[begin.target] if flow.way is way)
        return begin

    def _take(self, tokens: Counter[str], flow: Flow) -> bool:
        """Moves a token along an arrow; False if that ends everything at once."""
        node = self.nodes[flow.target]
        if node.kind is NodeKind.TASK:
            tokens[node.id] += 1
        elif node.kind in JOINS:
            tokens[flow.id] += 1
        elif node.kind is NodeKind.SPLIT:
            for branch in self.out[node.id]:
                self._take(tokens, branch)
        return node.outcome in (None, Outcome.FINISHED)

    def _fires(self, tokens: Counter[str], join: Node) -> bool:
        """One firing of a join, if it can: a token from each arrow that has one."""
        filled = [flow.id for flow in self.into[join.id] if tokens[flow.id]]
        ready = self._all_there(tokens, join, filled) if filled else False
        if ready:
            tokens.subtract(filled)
            self._take(tokens, self.out[join.id][0])
        return ready

    def _all_there(self, tokens: Counter[str], join: Node, filled: list[str]) -> bool:
        if join.kind is NodeKind.JOIN_ALL:
            return len(filled) == len(self.into[join.id])
        ways = self.reaching[join.id]
        for place, count in tokens.items():
            if count and place not in ways:
                may_fill = {flow for flow, before in ways.items() if place in before}
                if may_fill - set(filled) and not may_fill & set(filled):
                    return False
        return True

    def _before(self, flow: Flow, join: Node) -> frozenset[str]:
        """Ids of all nodes and arrows from which ``flow`` can be reached without passing ``join``."""
        seen: set[str] = set()
        todo = [flow]
        while todo:
            here = todo.pop()
            if here.id not in seen and here.source != join.id:
                seen |= {here.id, here.source}
                todo += self.into[here.source]
        return frozenset(seen)
