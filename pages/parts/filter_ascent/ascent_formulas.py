"""What is maximized and how a step goes: in a line below the pictures, and in full in a part."""

from cnnviz_core.views.ascent_store import AscentQuestion
from cnnviz_core.views.filter_ascent import AscentView, StepFormulas, step_formulas
from pages.parts import layout
from pages.parts.texts import _, literal

OPEN = "ascent_step_formulas"


def formulas_of(view: AscentView, name: str) -> str:
    """Return the objective with the number of the first picture, and the step."""
    if view.question.settings.image == "fourier":
        said = _(
            "**{name}**: its activation $a$, and one step of Adam for the waves $w$ of its picture "
            "($\\hat{{m}}$ and $\\hat{{v}}$: running means of the gradient and of its square)"
        )
    else:
        said = _(
            "**{name}**: its activation $a$, and one step for the pixels $x$ of its picture "
            "($u$: the gradient, divided by the root of its mean square)"
        )
    return f"{said.format(name=literal(name))}\n\n" + _beside(
        (view.objective_formula, view.step_formula)
    )


def show_step(question: AscentQuestion) -> None:
    """Draw a part that opens, with all that a step computes."""
    opened = layout.more(_("How a step is computed"), key=OPEN, icon=":material/function:")
    if opened.open:
        formulas = step_formulas(question)
        paragraphs = (
            *_picture(formulas),
            *_direction(question, formulas),
            *_step(question, formulas),
        )
        opened.markdown("\n\n".join(paragraphs))


def _picture(formulas: StepFormulas) -> list[str]:
    if not formulas.picture:
        return []
    said = _(
        "**The picture.** The inverse Fourier transform $\\mathcal{F}^{-1}$ adds up the waves $w$, "
        "each multiplied by a factor $h$ that falls with its frequency $f$ as $1/f$, as in "
        "photographs. $K$ mixes the three results into colors $c$ that vary together, again as in "
        "photographs."
    )
    least = _(
        "Where the contrast is below the minimum, $k$ raises it around the mean color $\\mu$."
    )
    has_least = len(formulas.picture) > 2
    return [f"{said} {least}" if has_least else said, _beside(formulas.picture)]


def _direction(question: AscentQuestion, formulas: StepFormulas) -> list[str]:
    settings = question.settings
    said = [
        _(
            "**The direction.** The gradient of the activation says how each pixel should change. "
            "It is divided by the root of its mean square, so that all filters pull equally hard."
        )
    ]
    if formulas.is_moved:
        said.append(
            _(
                "The network sees the picture shifted, rotated and scaled at random, as the "
                "settings say. So the number below a picture was measured on such a copy; the "
                "comparison with the samples measures the picture itself."
            )
        )
    if question.copies > 1 and settings.diversity:
        said.append(
            _(
                "$s$ is how alike the textures of this picture and of the others of the same "
                "filter are: the mean cosine of their Gram matrices. $|a|$ counts as a constant."
            )
        )
    if settings.total_variation:
        said.append(_("$x_n$ are the neighbors below and to the right of a pixel."))
    return [" ".join(said), f"$${formulas.direction}$$"]


def _step(question: AscentQuestion, formulas: StepFormulas) -> list[str]:
    if not formulas.means:
        said = _("**The step.** The pixels move in this direction, but stay between 0 and 1.")
        return [said, f"$${formulas.step}$$", *_blur(formulas)]
    said = _(
        "**The step.** $g = (\\partial x / \\partial w)^{\\mathsf{T}}\\,u$ is the direction in "
        "which the waves should change. Adam (Kingma and Ba, 2015) keeps $m$, a running mean of "
        "$g$, and $v$, one of $g^2$. Both start at 0; the divisions correct for that. $t$ is the "
        "number of the step."
    )
    return [said, _beside(formulas.means), f"$${formulas.step}$$", *_blur(formulas)]


def _blur(formulas: StepFormulas) -> list[str]:
    if formulas.blur is None:
        return []
    return [_("**The blur** damps fine waves after each step."), f"$${formulas.blur}$$"]


def _beside(formulas: tuple[str, ...]) -> str:
    # In braces, a formula is not broken at the end of a line.
    return " $\\qquad$ ".join(f"${{{one}}}$" for one in formulas)
