"""All declarations of controls, in one loop; and that presets ask for nothing they do not offer."""

import ast
import importlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import controls
from pages.parts.declarations import Choice, Number, Several, Switch, Text
from pages.parts.picker import PICTURE
from tests.pages import visits

ROOT = Path(__file__).parents[2]
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
PAGES = [path for path in sorted((ROOT / "pages").glob("*.py")) if "PRESETS" in path.read_text()]

Declaration = Number | Switch | Choice[Any] | Several[Any] | Text
KINDS = (Number, Switch, Choice, Several, Text)


def inside(found: object) -> Iterator[Declaration]:
    """All declarations in what stands in a module, as in a tuple of them."""
    if isinstance(found, KINDS):
        yield found
    elif isinstance(found, tuple):
        for one in found:
            yield from inside(one)


def declarations() -> list[Declaration]:
    """Each declaration of the app once, however many modules know it."""
    found = {}
    for path in PARTS:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for one in vars(importlib.import_module(name)).values():
            found |= {id(control): control for control in inside(one)}
    return [*found.values()]


def problem(control: Declaration, value: Any) -> str | None:
    """Why a control cannot say this; None if it can."""
    match control:
        case Number():
            fits = type(value) is int and control.low <= value <= control.high
        case Switch():
            fits = type(value) is bool
        case Choice():
            # Where there are no options, they are those of a moment, as are layers.
            fits = value in control.options or not control.options
        case Several():
            fits = len(value) <= control.most and set(value) <= control.options.keys()
        case Text():
            fits = type(value) is str
    return None if fits else f"{control.key} cannot say {value!r}"


def flaws(control: Declaration) -> Iterator[str]:
    """What is wrong with a declaration."""
    if not control.label.strip():
        yield f"{control.key} has no label"
    if len(control.help.split()) < 3:
        yield f"{control.key} has no help"
    if isinstance(control, Choice | Several):
        shown = Counter(control.options.values())
        # The address says an option by what it is called.
        yield from (f"{control.key} calls two options {one}" for one in shown if shown[one] > 1)
    if control.default is not None and (found := problem(control, control.default)):
        yield found


def test_every_control_has_a_key_of_its_own_a_label_help_and_a_default_on_offer() -> None:
    declared = declarations()
    assert len(declared) > 100
    keys = Counter(control.key for control in declared)
    assert {key for key in keys if keys[key] > 1} == set()
    assert [one for control in declared for one in flaws(control)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        Number(key="key", label=" ", low=1, high=9, default=3, help="Rows and columns."),
        Number(key="key", label="Size", low=1, high=9, default=3, help=""),
        Number(key="key", label="Size", low=1, high=9, default=0, help="Rows and columns."),
        Choice(key="key", label="Of", options={1: "1"}, default=2, help="How many there are."),
        Choice(key="key", label="Of", options={1: "1", 2: "1"}, default=1, help="How many of it."),
    ],
)
def test_flaws_are_found(wrong: Declaration) -> None:
    assert len([*flaws(wrong)]) == 1


def drawn(*kinds: tuple[str, Declaration]) -> AppTest:
    """A page on which controls are drawn, each as the function of this name draws it."""

    def page(kinds):  # type: ignore[no-untyped-def]
        from pages.parts import controls

        for kind, control in kinds:
            getattr(controls, kind)(control)

    app = AppTest.from_function(page, args=(kinds,), default_timeout=60).run()
    assert [one.value for one in app.exception] == []
    return app


def test_every_way_of_drawing_binds_a_control_to_the_address_and_shows_its_help() -> None:
    number = Number(key="n", label="Size", low=1, high=9, default=3, help="Rows and columns.")
    choice = Choice(key="c", label="Of", options={"1": "One"}, default="1", help="How many of it.")
    several = Several(
        key="several", label="Of", options={1: "1"}, default=[], most=1, placeholder="", help="All."
    )
    kinds: dict[str, Declaration] = {
        "slider": number,
        "field": number,
        "switch": Switch(key="switch", label="On", help="On or off."),
        "choice": choice,
        "unforced": choice,
        "pick": choice,
        "snap": replace(choice, options={"1": "One", "2": "Two"}),
        "several": several,
        "text": Text(key="text", label="Text", default="", help="Some words."),
        "text_lines": Text(key="text_lines", label="Text", default="", help="Some words."),
    }
    app = drawn(*((kind, replace(one, key=kind)) for kind, one in kinds.items()))
    assert visits.controls(app).keys() == kinds.keys()
    for kind, control in kinds.items():
        (widget,) = (one for one in app.main if getattr(one, "key", None) == kind)
        assert widget.proto.help == control.help
        assert widget.proto.label == control.label
    # What is drawn with options of the picker's own.
    drawing = {name for name, one in vars(controls).items() if draws(one)}
    assert drawing == {*kinds, "radio"}


def draws(one: object) -> bool:
    """Whether this is a function of `controls` that draws."""
    doc = getattr(one, "__doc__", None) or ""
    return getattr(one, "__module__", "") == controls.__name__ and doc.startswith("Draw ")


def declared_by(path: Path) -> Callable[[str], Any]:
    """What a page's own constants are, without running it."""
    module = ast.parse(path.read_text())
    kept: list[ast.stmt] = [
        node
        for node in module.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Assign) and is_constant(node.targets[0]))
        or (isinstance(node, ast.AnnAssign) and is_constant(node.target))
    ]
    space: dict[str, Any] = {"__file__": str(path)}
    exec(compile(ast.Module(kept, []), str(path), "exec"), space)  # noqa: S102
    return lambda expression: eval(expression, space)  # noqa: S307


def is_constant(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple):
        return all(map(is_constant, target.elts))
    return isinstance(target, ast.Name) and target.id.isupper()


def asked_of_the_presets(path: Path) -> tuple[Any, Any]:
    """A page's presets and its controls, as it hands them to `presets.row`."""
    (call,) = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "presets.row"
    )
    read = declared_by(path)
    presets, declared = (read(ast.unparse(argument)) for argument in call.args)
    return presets, declared


def test_presets_set_what_a_page_has_to_what_it_offers() -> None:
    declared = {id(control) for control in declarations()}
    problems = []
    assert len(PAGES) > 12
    for path in PAGES:
        presets, of_page = asked_of_the_presets(path)
        assert {id(control) for control in of_page} <= declared, path.stem
        for preset in presets:
            problems += misfits(preset.values, {*of_page, PICTURE}, f"{path.stem}, {preset.label}")
    assert problems == []


def misfits(values: Mapping[Any, object], of_page: set[Any], where: str) -> Iterator[str]:
    """What a preset sets that its page does not have, or sets to what is not on offer."""
    for control, value in values.items():
        if control not in of_page:
            yield f"{where}: {control.key} is not the page's"
        if found := problem(control, value):
            yield f"{where}: {found}"
