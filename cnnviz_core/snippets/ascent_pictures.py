"""How the programs of ascents write pictures down, begin, and move them."""

from cnnviz_core.arrays import FloatArray
from cnnviz_core.snippets.program import Cell, literal, number


def waves(size: tuple[int, int], scale: float) -> Cell:
    """Return the cell that gives `scales`, what a wave of each frequency counts."""
    height, width = size
    return Cell(
        "A picture is a sum of waves, and one of frequency f counts 1/f, as in photographs (Field, "
        f"1987); times {scale:.4g}, so that noise of deviation 1 makes a picture of deviation 1.",
        f"rows, columns = np.fft.fftfreq({height}), np.fft.rfftfreq({width})\n"
        "frequencies = np.hypot(rows[:, np.newaxis], columns)\n"
        f"scales = {number(scale)} / np.maximum(frequencies, 1 / {max(size)})\n"
        "scales = np.float32(scales)",
    )


def mixing(colors: FloatArray) -> Cell:
    """Return the cell that gives `colors`, float32 (3, 3): of independent parts, one a column."""
    return Cell(
        "Colors vary together as in photographs: the principal directions of ImageNet's pixels "
        "(Krizhevsky, Sutskever and Hinton, 2012, section 4.1).",
        f"colors = np.float32(\n    {literal(colors, indent=4)}\n)",
    )


def from_waves(size: tuple[int, int], contrast: float) -> Cell:
    """Return the cell that gives `pictures`, a function from waves to pictures in 0..1."""
    code = (
        "def pictures(waves):\n"
        "    spectrum = tf.complex(waves[0] * scales, waves[1] * scales)\n"
        f"    parts = tf.signal.irfft2d(spectrum, fft_length={list(size)})\n"
        '    mixed = tf.einsum("nkhw,ck->nhwc", parts, colors)\n'
    )
    if not contrast:
        return Cell(
            "From waves to pictures: the inverse Fourier transform, mixed colors, and the logistic "
            "function (Olah, Mordvintsev and Schubert, 2017).",
            f"{code}    return tf.sigmoid(mixed)",
        )
    return Cell(
        "From waves to pictures: the inverse Fourier transform, mixed colors, and the logistic "
        "function (Olah, Mordvintsev and Schubert, 2017). One that is nearly gray gets more "
        "contrast, a factor without a gradient of its own.",
        f"{code}"
        "    mean = tf.reduce_mean(mixed, (1, 2), keepdims=True)\n"
        "    rest = mixed - mean\n"
        "    power = tf.reduce_mean(rest**2, (1, 2, 3), keepdims=True)\n"
        f"    factor = tf.maximum(1.0, {4 * contrast:g} / tf.sqrt(power + 1e-12))\n"
        "    return tf.sigmoid(mean + tf.stop_gradient(factor) * rest)",
    )


def begin_waves(size: tuple[int, int], start: str, seed: int) -> Cell:
    """Return the cell that gives `begin`, a function from how many to their first waves."""
    shape = f"(2, 3, {size[0]}, {size[1] // 2 + 1})"
    if start == "picture":
        return Cell(
            "All begin with the picture: its waves, by the way back.",
            f"{_shrunk(size)}"
            "kept = np.clip(small, 0.02, 0.98).astype(float)\n"
            "parts = np.log(kept / (1 - kept)) @ np.linalg.inv(colors).T\n"
            "spectrum = np.fft.rfft2(parts, axes=(0, 1)).transpose(2, 0, 1) / scales\n"
            "first = np.float32([spectrum.real, spectrum.imag])\n"
            "\n\n"
            "def begin(count):\n"
            "    return np.stack([first] * count, axis=1)",
        )
    if start == "gray":
        return Cell(
            "All begin with plain gray.",
            "def begin(count):\n"
            f"    return np.stack([np.zeros({shape}, np.float32)] * count, axis=1)",
        )
    return Cell(
        f"Each begins with noise of its own, from the seed {seed}.",
        "def begin(count):\n"
        f"    randoms = [np.random.default_rng(({seed}, index)) for index in range(count)]\n"
        f"    noise = [random.standard_normal({shape}) for random in randoms]\n"
        "    return np.float32(0.05 * np.stack(noise, axis=1))",
    )


def begin_pixels(size: tuple[int, int], start: str, seed: int) -> Cell:
    """Return the cell that gives `begin`, a function from how many to their first pixels."""
    shape = f"({size[0]}, {size[1]}, 3)"
    if start == "picture":
        return Cell(
            "All begin with the picture.",
            f"{_shrunk(size)}\n\ndef begin(count):\n    return np.stack([small] * count)",
        )
    if start == "gray":
        return Cell(
            "All begin with plain gray.",
            f"def begin(count):\n    return np.full((count, *{shape}), 0.5, np.float32)",
        )
    return Cell(
        f"Each begins with gray and a little noise of its own, from the seed {seed} (Chollet, "
        "2017, listing 5.38).",
        "def begin(count):\n"
        f"    randoms = [np.random.default_rng(({seed}, index)) for index in range(count)]\n"
        f"    noise = [random.uniform(-1, 1, {shape}) for random in randoms]\n"
        "    return np.float32(0.5 + 10 / 255 * np.stack(noise))",
    )


def turned(size: tuple[int, int]) -> Cell:
    """Return the cell that gives `turned`, a function of pictures and a matrix."""
    height, width = size
    return Cell(
        "Pictures turned and enlarged around their middle, with bilinear interpolation; what "
        "leaves on one side comes back on the other.",
        f"middle = np.float32([{(height - 1) / 2:g}, {(width - 1) / 2:g}])\n"
        f"grid = np.indices(({height}, {width}), np.float32).reshape(2, -1).T - middle\n"
        "\n\n"
        "def turned(pictures, matrix):\n"
        "    places = tf.matmul(grid, np.float32(matrix), transpose_b=True).numpy() + middle\n"
        "    corner = np.floor(places)\n"
        "    part = places - corner\n"
        f"    pixels = tf.reshape(pictures, (-1, {height * width}, 3))\n"
        "    moved = 0\n"
        "    for step in np.ndindex(2, 2):\n"
        f"        row, column = (np.int32(corner + step) % [{height}, {width}]).T\n"
        "        share = abs(1 - np.float32(step) - part).prod(axis=1)[:, np.newaxis]\n"
        f"        moved += share * tf.gather(pixels, row * {width} + column, axis=1)\n"
        "    return tf.reshape(moved, pictures.shape)",
    )


def moves(seed: int, jitter: int, rotation: float, scaling: float) -> tuple[str, str]:
    """Return the code of a step's random moves, and of the pictures `images` moved by them."""
    drawn, moved = "", "images"
    if jitter:
        drawn += (
            f"random = np.random.default_rng(({seed}, step, 0))\n"
            f"shift = random.integers(-{jitter}, {jitter}, 2, np.int32, endpoint=True)\n"
        )
        moved = "tf.roll(images, shift, (1, 2))"
    if rotation or scaling:
        angle = f"np.deg2rad({number(rotation)} * turn)" if rotation else ""
        zoom = f" / {number(1 + scaling)}**zoom" if scaling else ""
        drawn += f"turn, zoom = np.random.default_rng(({seed}, step, 1)).uniform(-1, 1, 2)\n"
        if angle:
            drawn += (
                f"cos, sin = np.cos({angle}), np.sin({angle})\n"
                f"matrix = np.array([[cos, -sin], [sin, cos]]){zoom}\n"
            )
        else:
            drawn += f"matrix = np.eye(2){zoom}\n"
        moved = f"turned({moved}, matrix)"
    return drawn, moved


def _shrunk(size: tuple[int, int]) -> str:
    height, width = size
    return (
        f"small = cv2.resize(np.float32(image), ({width}, {height}), "
        "interpolation=cv2.INTER_AREA) / 255\n"
    )
