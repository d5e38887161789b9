"""Draw what eight filters of each block of VGG16 like best, the picture of the README.

.venv/bin/python -m benchmarks.filter_grid docs/filters.png
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from cnnviz_core import networks
from cnnviz_core.drawing import montage
from cnnviz_core.filter_ascent.ascent import ascend

BLOCKS, COLUMNS, STEPS, SIZE = range(1, 6), 8, 32, 128
# Pixels left out at each side, and a palette: a README need not load a megabyte.
MARGIN, COLORS = 12, 256


def main(path: Path) -> None:
    """Ascend, and print each layer's activations at the start and at the end."""
    network = networks.load("vgg16-edges")
    tiles = []
    for block in BLOCKS:
        layer = f"block{block}_conv1"
        last_channel = network.layer(layer).output_shape[-1] - 1
        filters = np.linspace(0, last_channel, COLUMNS).round().astype(int).tolist()
        states = list(ascend(network, layer, filters, steps=STEPS, size=SIZE))
        ends = (np.round(states[index].activations, 1).tolist() for index in (0, -1))
        print(layer, filters, *ends, sep="   ")
        inside = states[-1].images[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
        tiles += [np.rint(255 * image).astype(np.uint8) for image in inside]
    sheet = Image.fromarray(montage.montage(tiles, COLUMNS))
    sheet.quantize(COLORS).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
