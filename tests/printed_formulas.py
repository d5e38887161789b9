r"""A reader of the formulas that pages print: LaTeX in, numbers out.

Arrays carry the letters of their axes, so that `\sum_k w_k A^k_{ij}` is summed over what is named
k, whatever its place. Letters that are not written, as the positions of A^k, stay axes of their
own: in front, named by numbers.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

TOKEN = re.compile(r"\\[a-zA-Z]+|\d+(?:\.\d+)?|[A-Za-z]'?|[-+()|{}_^=]")
SPACE = re.compile(r"\\[,;]|\\[bB]ig|\s+")


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """An array whose axes have names."""

    values: Any
    axes: tuple[str, ...] = ()

    def along(self, axes: Sequence[str]) -> Any:
        """The array with these axes in this order, of length 1 where it has none of the name."""
        present = [axis for axis in axes if axis in self.axes]
        values = np.transpose(self.values, [self.axes.index(axis) for axis in present])
        return values[tuple(slice(None) if one in present else np.newaxis for one in axes)]

    def renamed(self, names: Sequence[str]) -> "Named":
        """The same under other names: the last axes get them, those before get numbers."""
        unwritten = np.ndim(self.values) - len(names)
        assert unwritten >= 0, f"{names} are too many letters"
        return Named(self.values, (*map(str, range(unwritten)), *names))


Definitions = dict[tuple[str, int], tuple[tuple[str, ...], list[str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What stands for the letters that no formula defines.

    `values` has arrays, whose axes are first the lower indices and then the upper ones, under the
    letter and the number of written indices; or None for any number. `functions` are called by
    their letter, `slopes` give ∂y/∂ of a letter, at another place if one is written. `subsets` are
    the members of a set that is summed over.
    """

    values: Mapping[tuple[str, int | None], Any]
    functions: Mapping[str, Callable[[Named], Named]]
    slopes: Mapping[str, Callable[[Named | None], Named]]
    subsets: Mapping[str, Any]


def evaluate(formulas: Iterable[str], given: Given) -> Any:
    """The left side of the first formula, by what the others define."""
    split = [_tokens(one) for one in formulas]
    definitions: Definitions = {}
    for tokens in split:
        place = tokens.index("=")
        letter, indices = _Reader(tokens[:place], given, {}).letter()
        definitions[letter, len(indices)] = indices, tokens[place + 1 :]
    (letter, count), (indices, tokens) = next(iter(definitions.items()))
    rest = {key: one for key, one in definitions.items() if key != (letter, count)}
    return _Reader(tokens, given, rest).all().along(indices)


def _tokens(formula: str) -> list[str]:
    bare = SPACE.sub(" ", formula)
    tokens = TOKEN.findall(bare)
    assert "".join(tokens) == bare.replace(" ", ""), f"cannot read all of {formula}"
    return tokens


class _Reader:
    """Recursive descent: a sum of products, where Σ and max take all that follows in theirs."""

    def __init__(self, tokens: list[str], given: Given, definitions: Definitions) -> None:
        self.tokens, self.given, self.definitions = tokens, given, definitions
        self.place = 0

    def all(self) -> Named:
        result = self.sum()
        assert self.place == len(self.tokens), f"left over: {self.tokens[self.place :]}"
        return result

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.next
        assert not expected or token in expected, f"{token!r} where {expected} should stand"
        self.place += 1
        return token

    def group(self) -> list[str]:
        """The tokens of the braces that come next, or the one token without braces."""
        if self.next != "{":
            return [self.take()]
        depth, start = 0, self.place
        while True:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
            if depth == 0:
                return self.tokens[start + 1 : self.place - 1]

    def sum(self) -> Named:
        if self.next == "-":
            self.take()
            result = _joined(np.multiply, Named(np.float64(-1)), self.product())
        else:
            result = self.product()
        while self.next in ("+", "-"):
            operation = np.add if self.take() == "+" else np.subtract
            result = _joined(operation, result, self.product())
        return result

    def product(self) -> Named:
        result = self.factor()
        while self.next not in ("", "+", "-", ")", "|"):
            if self.next == r"\circ":
                self.take()
            result = _joined(np.multiply, result, self.factor())
        return result

    def factor(self) -> Named:
        match self.next:
            case r"\sum":
                return self.reduced(np.sum)
            case r"\max":
                return self.reduced(np.max)
            case r"\frac":
                return self.fraction()
            case r"\mathrm":
                self.take()
                assert self.group() == list("ReLU")
                inner = self.between("(", ")")
                return Named(np.maximum(inner.values, 0), inner.axes)
            case "(":
                return self.between("(", ")")
            case "|":
                inner = self.between("|", "|")
                return Named(np.abs(inner.values), inner.axes)
            case "e":
                self.take()
                self.take("^")
                power = _Reader(self.group(), self.given, self.definitions).all()
                return Named(np.exp(power.values), power.axes)
        return Named(np.float64(self.take())) if self.next[:1].isdigit() else self.symbol()

    def between(self, opening: str, closing: str) -> Named:
        self.take(opening)
        inner = self.sum()
        self.take(closing)
        return inner

    def reduced(self, reduce: Callable[..., Any]) -> Named:
        self.take()
        self.take("_")
        over = self.group()
        if self.next == "^":
            self.take()
            assert over[1:] == ["=", "1"]
            assert self.group() == ["n"]
            over = over[:1]
        members = None
        if r"\in" in over:
            members = self.given.subsets[over[-1]]
            over = over[:1]
        body = self.product()
        missing = set(over) - set(body.axes)
        assert not missing, f"{missing} is summed over but not there"
        if members is not None:
            taken = np.take(body.values, members, body.axes.index(over[0]))
            body = Named(taken, body.axes)
        places = tuple(body.axes.index(axis) for axis in over)
        kept = tuple(axis for axis in body.axes if axis not in over)
        return Named(reduce(body.values, places), kept)

    def fraction(self) -> Named:
        self.take()
        above, below = self.group(), self.group()
        if above[0] == r"\partial":
            assert above == [r"\partial", "y"]
            letter, indices = _Reader(below[1:], self.given, {}).letter()
            at = self.between("(", ")") if self.next == "(" else None
            found = self.given.slopes[letter](at)
            # Their own axes come first, those of the places after them.
            return Named(found.values, (*indices, *found.axes[len(indices) :]))
        parts = (_Reader(one, self.given, self.definitions).all() for one in (above, below))
        return _joined(_ratio, *parts)

    def letter(self) -> tuple[str, tuple[str, ...]]:
        """A letter with its indices: the lower ones first, wherever they are written."""
        letter, indices = self.take(), {"_": (), "^": ()}
        while self.next in indices:
            kind = self.take()
            indices[kind] = tuple(self.group())  # type: ignore[assignment]
        return letter, indices["_"] + indices["^"]

    def symbol(self) -> Named:
        letter, indices = self.letter()
        if self.next == "(" and letter in self.given.functions and not indices:
            return self.given.functions[letter](self.between("(", ")"))
        if (letter, len(indices)) in self.definitions:
            names, tokens = self.definitions[letter, len(indices)]
            value = _Reader(tokens, self.given, self.definitions).all()
            return Named(value.along(names), indices)
        values = self.given.values
        known = (letter, len(indices)) if (letter, len(indices)) in values else (letter, None)
        value = values[known]
        return value if isinstance(value, Named) else Named(value).renamed(indices)


def _joined(operation: Callable[..., Any], first: Named, second: Named) -> Named:
    axes = tuple(dict.fromkeys(first.axes + second.axes))
    return Named(operation(first.along(axes), second.along(axes)), axes)


def _ratio(above: Any, below: Any) -> Any:
    """Divide; nothing of nothing is nothing, as the page says of a channel that sums up to 0."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(below.shape), where=(above != 0) | (below != 0))
