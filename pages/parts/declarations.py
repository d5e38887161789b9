"""What a control is: each is declared once, as one of these records.

A declaration says all that is the same at any moment. Its texts are English, marked by `N_` for
whoever translates, and translated when they are drawn. What depends on the moment, as the largest
window on the size of the picture, is given where the control is drawn, by `controls`.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Option = TypeVar("Option")
Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Number:
    """A whole number from `low` to `high`, which is left out where only the moment knows it."""

    key: str
    label: str
    low: int
    high: int = sys.maxsize
    default: int
    help: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Switch:
    """On or off."""

    key: str
    label: str
    default: bool = False
    help: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Choice(Generic[Option]):
    """One of several options, each with what it is called.

    There are no `options` where all of them depend on something else, as the layers of a network
    do. The `default` need not be among those: the empty name stands for whichever is the first.
    """

    key: str
    label: str
    options: Mapping[Option, str]
    default: Option
    help: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Several(Generic[Option]):
    """None, one or more of several options, `most` at most."""

    key: str
    label: str
    options: Mapping[Option, str]
    default: list[Option]
    most: int
    placeholder: str
    help: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Text:
    """What a person writes."""

    key: str
    label: str
    default: str
    placeholder: str = ""
    help: str


class Control(Protocol[Value_co]):
    """What all declarations have."""

    @property
    def key(self) -> str:
        """Its name in the address and in the session, unique over the app."""

    @property
    def label(self) -> str:
        """What stands over it."""

    @property
    def default(self) -> Value_co:
        """What it says at first."""

    @property
    def help(self) -> str:
        """What it does."""


def plain(options: Sequence[Option]) -> dict[Option, str]:
    """Return options that are called what they are, such as numbers.

    >>> plain((0.5, 1.0))
    {0.5: '0.5', 1.0: '1.0'}
    """
    return {option: str(option) for option in options}
