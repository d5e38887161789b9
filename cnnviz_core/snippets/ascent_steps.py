"""How the programs of ascents go uphill, step by step."""

import textwrap

from cnnviz_core.snippets import ascent_pictures
from cnnviz_core.snippets.ascent_asked import Ascent
from cnnviz_core.snippets.program import Cell, number


def ascent(asked: Ascent) -> Cell:
    """Return the cell that gives `ascend`, from channels to pictures and what they come to."""
    drawn, moved = ascent_pictures.moves(asked.seed, asked.jitter, asked.rotation, asked.scaling)
    returned, raised = ("values, worth", "worth") if asked.is_diverse else ("values", "values")
    step = [
        *drawn.splitlines(),
        *(_FROM_WAVES if asked.is_fourier else ()),
        "with tf.GradientTape() as tape:",
        "    tape.watch(images)",
        f"    {returned} = objective({moved}, channels)",
        "measured.append(values.numpy())",
        f"slope = tape.gradient({raised}, images)",
        "size = tf.sqrt(tf.reduce_mean(slope**2, (1, 2, 3), keepdims=True))",
        "slope = tf.math.divide_no_nan(slope, size)",
        *_penalties(asked),
    ]
    step += _wave_step(asked) if asked.is_fourier else _pixel_step(asked)
    how = "Adam (Kingma and Ba, 2015)" if asked.is_fourier else "a step along it"
    before = _BEFORE_WAVES if asked.is_fourier else _BEFORE_PIXELS
    body = textwrap.indent("\n".join(step), " " * 8)
    return Cell(
        f"{asked.steps} steps uphill: the gradient by the pixels, brought to one size, then {how}."
        f"{_told(asked)}",
        "def ascend(channels):\n"
        f"{before.format(size=number(asked.step_size))}"
        "    measured = []\n"
        f"    for step in range({asked.steps + 1}):\n"
        f"{body}\n"
        "    return shown.numpy(), np.array(measured)",
    )


_FROM_WAVES = ("with tf.GradientTape() as outer:", "    images = pictures(waves)")
_BEFORE_WAVES = (
    "    waves = tf.Variable(begin(len(channels)))\n"
    "    adam = keras.optimizers.Adam({size}, beta_1=0.5, epsilon=1e-8)\n"
)
_BEFORE_PIXELS = "    images = tf.constant(begin(len(channels)))\n"


def _told(asked: Ascent) -> str:
    """Return what else a step does, in sentences."""
    told = ""
    if asked.jitter:
        told += f" The network sees the pictures shifted by up to {asked.jitter} pixels."
    if asked.is_turned:
        told += " They are turned and enlarged a little, too."
    if asked.blur:
        told += " Each step ends with a blur, which damps high frequencies."
    return told


def _penalties(asked: Ascent) -> list[str]:
    lines = []
    if asked.total_variation:
        lines += [
            "with tf.GradientTape() as tape:",
            "    tape.watch(images)",
            "    differences = tf.image.total_variation(images)",
            f"slope -= {number(asked.total_variation)} * tape.gradient(differences, images)",
        ]
    if asked.l2:
        lines.append(f"slope -= {number(2 * asked.l2)} * (images - 0.5)")
    return lines


def _wave_step(asked: Ascent) -> list[str]:
    lines = [
        "adam.apply([-outer.gradient(images, waves, slope)], [waves])",
        "shown = images",
    ]
    if asked.blur:
        damping = f"np.exp(-2 * (np.pi * {number(asked.blur)} * frequencies) ** 2)"
        lines.append(f"waves.assign(waves * np.float32({damping}))")
    return lines


def _pixel_step(asked: Ascent) -> list[str]:
    size = number(255 * asked.step_size)
    lines = [
        "shown = images",
        f"images = tf.clip_by_value(images + {size} / 255 * slope, 0, 1)",
    ]
    if asked.blur:
        height, width = asked.size
        lines += [
            f"rows, columns = np.fft.fftfreq({height}), np.fft.rfftfreq({width})",
            "f = np.hypot(rows[:, np.newaxis], columns)",
            f"damping = np.exp(-2 * (np.pi * {number(asked.blur)} * f) ** 2)",
            "spectrum = tf.signal.rfft2d(tf.transpose(images, (0, 3, 1, 2)))",
            f"smooth = tf.signal.irfft2d(spectrum * damping, fft_length={list(asked.size)})",
            "images = tf.transpose(smooth, (0, 2, 3, 1))",
        ]
    return lines
