"""Code for the kernels that are named after what they do."""

from collections.abc import Mapping

from cnnviz_core.layers.kernels import NamedKernel
from cnnviz_core.layers.named_kernels import KernelName, named_kernel
from cnnviz_core.snippets.program import Cell, literal, number

# Smaller kernels are written out, if their weights are whole numbers.
MAX_WRITTEN = 5

_PLACES = "row, column = np.indices(({size}, {size})) - {middle}\n"
_TURNED = "angle = np.radians({angle})\nacross = row * np.cos(angle) + column * np.sin(angle)\n"
_LAPLACIAN = (
    _PLACES + "distance = (row**2 + column**2) / (2 * {sigma} ** 2)\n"
    "kernel = (distance - 1) * np.exp(-distance)\n"
    "kernel = kernel - kernel.mean()\n"
    "kernel = -4 * kernel / kernel[{center}, {center}]"
)
_SOBEL = (
    "def binomial(count):\n"
    "    return np.array([comb(count - 1, k) for k in range(count)])\n"
    "\n"
    "\n"
    "kernel = np.outer(binomial({size}), np.convolve(binomial({size} - 2), [-1, 0, 1]))\n"
    "kernel = 4 * kernel / kernel[kernel > 0].sum()"
)
_IDENTITY = "kernel = np.zeros(({size}, {size}))\nkernel[{center}, {center}] = 1"
_CODE: Mapping[KernelName, str] = {
    "identity": _IDENTITY,
    "box_blur": "kernel = np.full(({size}, {size}), 1 / {size}**2)",
    "gaussian_blur": (
        _PLACES + "kernel = np.exp(-(row**2 + column**2) / (2 * {sigma} ** 2))\n"
        "kernel = kernel / kernel.sum()"
    ),
    "motion_blur": (
        _PLACES + _TURNED + "along = column * np.cos(angle) - row * np.sin(angle)\n"
        "inside = np.clip({half} - np.abs(along), 0, 1)\n"
        "kernel = np.clip(1 - np.abs(across), 0, None) * inside\n"
        "kernel = kernel / kernel.sum()"
    ),
    "sharpen": _LAPLACIAN + "\nkernel = -kernel\nkernel[{center}, {center}] += 1",
    "sobel_x": _SOBEL,
    "sobel_y": _SOBEL + "\nkernel = kernel.T",
    "laplacian": _LAPLACIAN,
    "emboss": (
        _PLACES + "kernel = (row + column) * 2 / ({size} - 1)\nkernel[{center}, {center}] += 1"
    ),
    "gabor": (
        _PLACES + _TURNED + "envelope = np.exp(-(row**2 + column**2) / (2 * ({size} / 5) ** 2))\n"
        "wave = envelope * np.cos(2 * np.pi * across / ({size} / 2))\n"
        "kernel = wave - envelope * wave.sum() / envelope.sum()\n"
        "kernel = kernel / np.abs(kernel).sum()"
    ),
}
_SENTENCES: Mapping[KernelName, str] = {
    "identity": "One weight is 1, and all others are 0: nothing changes.",
    "box_blur": "All weights are equal and add up to 1: each value is the mean of its window.",
    "gaussian_blur": "Weights fall off from the middle as a bell does, and add up to 1.",
    "motion_blur": "Weights along a line at {angle}°, which add up to 1: as if the camera moved.",
    "sharpen": "The picture minus its Laplacian: each pixel moves away from its neighbors.",
    "sobel_x": "Sobel's kernel: what lies at the right minus what lies at the left.",
    "sobel_y": "Sobel's kernel: what lies below minus what lies above.",
    "laplacian": "The Laplacian: the pixels around minus the one in the middle.",
    "emboss": (
        "What lies below and at the right minus what lies above and at the left, plus the pixel."
    ),
    "gabor": "A wave under a bell, at {angle}°: it answers to stripes (Daugman, 1985).",
}


def kernel_cell(choice: NamedKernel) -> tuple[Cell, tuple[str, ...]]:
    """Return the cell that gives `kernel`, and the imports that it needs."""
    size = choice.size
    kernel = named_kernel(choice.name, size, angle=choice.angle)
    sentence = _SENTENCES[choice.name].format(angle=number(choice.angle))
    if size <= MAX_WRITTEN and (kernel == kernel.round()).all():
        return Cell(sentence, f"kernel = np.array(\n    {literal(kernel, indent=4)}\n)"), ()
    code = _CODE[choice.name].format(
        size=size,
        center=(size - 1) // 2,
        middle=number((size - 1) / 2),
        half=number((size + 1) / 2),
        sigma=round(0.3 * ((size - 1) * 0.5 - 1) + 0.8, 9),
        angle=number(choice.angle),
    )
    return Cell(sentence, code), ("from math import comb",) if "comb(" in code else ()
