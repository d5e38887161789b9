"""What a transposed convolution makes of a whole picture, beside resizing before a convolution."""

from dataclasses import dataclass

from cnnviz_core import images
from cnnviz_core.arrays import FloatArray
from cnnviz_core.drawing.montage import enlarge
from cnnviz_core.drawing.rendered import Rendered, rendered
from cnnviz_core.drawing.rendering import PICTURE_SCALE, composite
from cnnviz_core.layers.typed_grids import parse_grid
from cnnviz_core.layers.upsampling import resize_convolve, transposed_convolution
from cnnviz_core.stepping.setups import TransposedSetup
from cnnviz_core.views.sharing import MAX_VIEWS, Picture, shared

# Of the picture that is enlarged: a checkerboard of single pixels must stay in sight.
LONGEST_SIDE = 100
# As wide as a picture is drawn at least.
WIDTH = 400


@dataclass(frozen=True, slots=True)
class UpsamplingView:
    """The reduced picture, and what both ways make of it, on the scale of a picture."""

    before: Rendered
    transposed: Rendered
    resized: Rendered


@shared(MAX_VIEWS)
def upsampled(picture: Picture, setup: TransposedSetup) -> UpsamplingView | None:
    """Enlarge a picture by the setup's stride in two ways, with the setup's kernel.

    Both results are as bright as the picture: what is painted is divided by the kernel's sum for
    each pixel that is added, what is resized by the sum. None if that is not more than 0: then
    nothing is left of the brightness.

    Raises
    ------
    ValueError
        As `setups.walk`.
    """
    kernel = parse_grid(setup.kernel, name="The kernel")
    total = float(kernel.sum())
    if total <= 0:
        return None
    pixels = images.fit(picture.pixels, LONGEST_SIDE)
    painted = transposed_convolution(
        pixels,
        kernel,
        stride=setup.stride,
        padding=setup.padding,
        output_padding=setup.output_padding,
    )
    return UpsamplingView(
        before=_drawn(pixels.astype("float32")),
        transposed=_drawn(painted * (setup.stride**2 / total)),
        resized=_drawn(resize_convolve(pixels, kernel, setup.stride) / total),
    )


def _drawn(values: FloatArray) -> Rendered:
    factor = -(-WIDTH // values.shape[1])
    return rendered(enlarge(composite(values, PICTURE_SCALE), factor), values, PICTURE_SCALE)
