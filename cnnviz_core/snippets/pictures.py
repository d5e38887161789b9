"""How a program comes to its picture, and how it shows pictures by matplotlib."""

from dataclasses import dataclass

from cnnviz_core import images
from cnnviz_core.snippets.program import Cell

OWN_FILE = "your-picture.jpg"


@dataclass(frozen=True, slots=True)
class Source:
    """A picture that a program begins with: which sample it is, if one, and its size."""

    sample: str | None
    height: int
    width: int


def load(source: Source) -> tuple[tuple[str, ...], Cell]:
    """Return the imports and the cell that give `image`, uint8 (height, width, 3)."""
    size = f"({source.width}, {source.height})"
    if source.sample is None:
        return ("import cv2", "import numpy as np", "from PIL import Image, ImageOps"), Cell(
            "Your own picture, upright, in red, green and blue, as large as the page has it.",
            f'image = ImageOps.exif_transpose(Image.open("{OWN_FILE}")).convert("RGB")\n'
            f"image = cv2.resize(np.array(image), {size}, interpolation=cv2.INTER_AREA)",
        )
    crop = _crop(source.sample)
    # Only Chelsea is smaller than what pages show.
    method = "CUBIC" if source.sample == "cat" else "AREA"
    resize = f"image = cv2.resize({{}}, {size}, interpolation=cv2.INTER_{method})"
    if source.sample == "cat":
        return ("import cv2", "from skimage import data"), Cell(
            f"Chelsea the cat, cut to her face, {source.height} pixels high.",
            f"cat = data.chelsea(){crop}\n" + resize.format("cat"),
        )
    (sample,) = (one for one in images.SAMPLES if one.name == source.sample)
    return ("from importlib.resources import files", "import cv2"), Cell(
        f"{sample.title}, a picture that comes with scikit-image, {source.height} pixels high.",
        f'path = files("skimage") / "data" / "{sample.file}"\n'
        f"image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB){crop}\n" + resize.format("image"),
    )


def _crop(sample: str) -> str:
    """Return, as code, the part that is cut out of a sample; nothing for all of it."""
    window = images.WINDOWS.get(sample)
    if window is None:
        return ""
    parts = (f"{one.start}:{one.stop}" if one.stop else ":" for one in window)
    return f"[{', '.join(parts)}]"


def show_maps(name: str, num_maps: int) -> Cell:
    """Return the cell that shows maps (H, W, N): blue below zero, red above, on one scale."""
    if num_maps == 1:
        return Cell(
            "Blue is below zero, red above.",
            f"reach = abs({name}).max()\n"
            f'plt.imshow({name}.squeeze(), cmap="RdBu_r", vmin=-reach, vmax=reach)\n'
            "plt.colorbar()",
        )
    columns = min(num_maps, 8)
    rows = -(-num_maps // columns)
    return Cell(
        "One picture for each map, all on one scale: blue is below zero, red above.",
        f"reach = abs({name}).max()\n"
        f"figure, axes = plt.subplots({rows}, {columns}, figsize=(12, {2 * rows}))\n"
        f"for index, axis in enumerate(axes.flat):\n"
        f'    axis.axis("off")\n'
        f"    if index < {num_maps}:\n"
        f'        axis.imshow({name}[..., index], cmap="RdBu_r", vmin=-reach, vmax=reach)',
    )
