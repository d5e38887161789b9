"""LeNet's pictures: on which scales the eye follows a value through a block."""

import pytest

from cnnviz_core.arrays import ByteArray
from cnnviz_core.layers.activation_facts import ActivationName
from cnnviz_core.layers.article import lenet as lenet_layers
from cnnviz_core.views.lenet import lenet
from cnnviz_core.views.sharing import Picture


@pytest.mark.parametrize(
    ("function", "is_one_scale"),
    [
        ("relu", True),
        ("leaky_relu", True),
        ("softplus", True),
        ("relu6", False),
        ("sigmoid", False),
        ("tanh", False),
    ],
)
def test_below_a_limit_a_convolution_has_a_scale_of_its_own(
    cat: ByteArray, function: ActivationName, is_one_scale: bool
) -> None:
    view = lenet(
        Picture("cat", cat),
        lenet_layers((3, 3), function=function),
        0,
        display="tiles",
        size="proportional",
        sharing="shared",
    )
    scales = [stage.picture.scale for stage in view.stages]
    for convolved, activated, pooled in (scales[:3], scales[3:]):
        assert activated == pooled
        assert (convolved == activated) == is_one_scale
