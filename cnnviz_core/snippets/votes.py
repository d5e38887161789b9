"""The program of the votes page: weights times means, added up, some of them left out."""

from collections.abc import Sequence

from cnnviz_core.arrays import FloatArray
from cnnviz_core.networks.network import Network
from cnnviz_core.snippets import pictures
from cnnviz_core.snippets.networks import load
from cnnviz_core.snippets.pictures import Source
from cnnviz_core.snippets.program import Cell, Program, check, number, tolerance


def program(
    network: Network,
    source: Source,
    layer: str,
    classes: tuple[int, int | None],
    ablated: Sequence[int],
    votes: FloatArray,
    total: float,
) -> Program:
    """Write the program of the votes for a class, or for one rather than another.

    Parameters
    ----------
    layer : str
        Whose channels vote: a dense layer follows their means.
    classes : (int, int or None)
        The class, and the one it is told from.
    ablated : sequence of int
        Channels that are silenced.
    votes : float32 (C,)
        As the page shows them, those of silenced channels included.
    total : float
        The sum of the others and the bias.
    """
    imports, picture = pictures.load(source)
    loading = load(network, source)
    target, against = classes
    chosen = f"[:, {target}]" if against is None else f"[:, {target}] - kernel[:, {against}]"
    bias = f"bias[{target}]" if against is None else f"bias[{target}] - bias[{against}]"
    strongest = int(abs(votes).argmax())
    cells = [
        picture,
        *loading.cells,
        Cell(
            f"The maps of the layer {layer}, and the mean of each channel.",
            f'layer = model.get_layer("{layer}")\n'
            "maps = keras.Model(model.input, layer.output)(batch).numpy()[0]\n"
            "means = maps.mean(axis=(0, 1))",
        ),
        Cell(
            "Each channel's vote is its mean times its weight for the class (Zhou et al., 2016, "
            "equation 2). The last layer with weights is the classifier.",
            "last = [layer for layer in model.layers if layer.get_weights()][-1]\n"
            "kernel, bias = last.get_weights()\n"
            "kernel = kernel.reshape(len(means), -1)\n"
            f"votes = means * (kernel{chosen})",
        ),
        check("votes", votes.shape, (strongest,), float(votes[strongest]), tolerance(10 * votes)),
        _sum(ablated, bias, total),
    ]
    return Program(
        name="votes",
        title="Votes: which channels speak for a class, and which against it.",
        imports=("import keras", "import numpy as np", *imports, *loading.imports),
        cells=tuple(cells),
        picture=Cell(
            "All votes, from the strongest against to the strongest for the class.",
            "plt.bar(range(len(votes)), np.sort(votes))",
        ),
    )


def _sum(ablated: Sequence[int], bias: str, total: float) -> Cell:
    if not ablated:
        return Cell(
            "All votes and the bias are the score.",
            f"score = votes.sum() + {bias}\nassert np.isclose(score, {number(total)}, atol=1e-3)",
        )
    return Cell(
        "The votes that are not silenced, and the bias.",
        f"silenced = {list(ablated)}\n"
        f"score = np.delete(votes, silenced).sum() + {bias}\n"
        f"assert np.isclose(score, {number(total)}, atol=1e-3)",
    )
