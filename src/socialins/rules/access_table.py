"""The one table of a division on access: what has to be checked of it as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from socialins.faults import Fault, Place, is_listed
from socialins.rules.access import EVERYTHING, AccessTerms
from socialins.rules.rulefile import RuleFile
from socialins.rules.source import Source

__all__ = ["access_of"]


def access_of(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source], faults: list[Fault]
) -> AccessTerms | None:
    """The ``[access]`` of a division's files, of which one may have it.

    Arguments:
        parts: the division's files by name.
        sources: the documents that can be cited.
        faults: takes what is wrong.
    """
    given = [(name, file.access) for name, file in parts.items() if file.access is not None]
    faults += [_at(name, "access", f"already in {given[0][0]}") for name, _ in given[1:]]
    for name, terms in given:
        faults += [_at(name, f"access.{path}", problem) for path, problem in _wrong(terms, sources)]
    return given[0][1] if given else None


def _at(file: str, path: str, problem: str) -> Fault:
    return Fault("rules.invalid", {"problem": problem}, Place(file=file, field=path))


def _wrong(terms: AccessTerms, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    for source in terms.sources:
        if source not in sources:
            yield "sources", f"unknown source {source!r}"
    for index, prompt in enumerate(terms.prompts):
        if prompt.source not in sources:
            yield f"prompts[{index}].source", f"unknown source {prompt.source!r}"
        if not is_listed(prompt.fault):
            yield f"prompts[{index}].fault", f"no fault has the code {prompt.fault!r}"
    yield from _wrong_tree(terms)


def _wrong_tree(terms: AccessTerms) -> Iterator[tuple[str, str]]:
    """A tree in which a business stands twice, or a node below itself, grants at random."""
    parents: dict[str, str] = {}
    placed: dict[str, str] = {}
    for index, node in enumerate(terms.nodes):
        if node.id in parents:
            yield f"nodes[{index}].id", f"{node.id!r} is already another node's"
        parents[node.id] = node.parent or EVERYTHING
        for business in node.businesses:
            if business in placed:
                problem = f"{business!r} already stands below {placed[business]!r}"
                yield f"nodes[{index}].businesses", problem
            placed[business] = node.id
    for index, node in enumerate(terms.nodes):
        above, seen = parents[node.id], {node.id}
        while above != EVERYTHING and above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above != EVERYTHING:
            known = "stands below itself" if above in seen else f"has no node {above!r} above it"
            yield f"nodes[{index}].parent", f"{node.id!r} {known}"
