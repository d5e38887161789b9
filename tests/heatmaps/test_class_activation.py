"""Each method against its paper's formula, written out in loops, and where two must agree."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz_core import images, networks
from cnnviz_core.heatmaps import class_activation
from cnnviz_core.heatmaps import maps as heatmap_maps
from cnnviz_core.heatmaps.class_activation import eigen_cam, weighted_sum
from cnnviz_core.heatmaps.class_gradients import ClassGradients, class_gradients
from cnnviz_core.inspection.layer_roles import PooledClassifier, pooled_classifier
from cnnviz_core.networks import Network
from tests.tiny_networks import network_of, picture, pooled, residual


def mapped(weigh: Callable[..., Any]) -> Callable[..., Any]:
    """The map of a method, of which the module has the weights."""

    @wraps(weigh)
    def map_of(found: ClassGradients, *more: Any) -> Any:
        return weighted_sum(found.activations, weigh(found, *more))

    return map_of


cam = mapped(class_activation.cam)
grad_cam = mapped(class_activation.grad_cam)
grad_cam_plus_plus = mapped(class_activation.grad_cam_plus_plus)
hires_cam = mapped(class_activation.hires_cam)
layer_cam = mapped(class_activation.layer_cam)
xgrad_cam = mapped(class_activation.xgrad_cam)

# Two channels of 1×2 positions, and derivatives to follow by hand.
ACTIVATIONS = [[[2, 1], [4, 3]]]
GRADIENTS = [[[1, -2], [3, 4]]]


def found(activations: Any, gradients: Any) -> ClassGradients:
    zero = np.zeros(1, np.float32)
    return ClassGradients("conv", np.float32(activations), np.float32(gradients), zero, zero + 1)


def both(seed: int, *, signed: bool = False) -> ClassGradients:
    random = np.random.default_rng(seed)
    activations, gradients = random.normal(size=(2, 3, 4, 5))
    return found(activations if signed else np.maximum(activations, 0), gradients)


def test_grad_cam_by_hand() -> None:
    # The means of the derivatives are 2 and 1.
    assert grad_cam(found(ACTIVATIONS, GRADIENTS)).tolist() == [[2 * 2 + 1, 4 * 2 + 3]]


def test_hires_cam_by_hand() -> None:
    assert hires_cam(found(ACTIVATIONS, GRADIENTS)).tolist() == [[2 - 2, 12 + 12]]


def test_layer_cam_by_hand() -> None:
    assert layer_cam(found(ACTIVATIONS, GRADIENTS)).tolist() == [[2, 12 + 12]]


def test_xgrad_cam_by_hand() -> None:
    # (2·1 + 4·3) / 6 and (1·−2 + 3·4) / 4.
    weights = 14 / 6, 10 / 4
    expected = [[2 * weights[0] + weights[1], 4 * weights[0] + 3 * weights[1]]]
    np.testing.assert_allclose(xgrad_cam(found(ACTIVATIONS, GRADIENTS)), expected, rtol=1e-6)


def test_grad_cam_plus_plus_by_hand() -> None:
    # α = g² / (2g² + g³ ΣA): 1 / (2 + 6) and 9 / (18 + 27·6); 4 has 16 / (32 + 64·4).
    weights = 1 / 8 * 1 + 9 / 180 * 3, 16 / 288 * 4
    expected = [[2 * weights[0] + weights[1], 4 * weights[0] + 3 * weights[1]]]
    computed = grad_cam_plus_plus(found(ACTIVATIONS, GRADIENTS))
    np.testing.assert_allclose(computed, expected, rtol=1e-6)


def test_eigen_cam_by_hand() -> None:
    # One direction, (3, 4) / 5: positions that lie 5 and 10 along it.
    assert eigen_cam(found([[[3, 4], [6, 8]]], GRADIENTS)) == pytest.approx(np.array([[5, 10]]))


def test_cam_by_hand() -> None:
    end = PooledClassifier("conv", np.float32([[2], [-1]]), np.float32([7]))
    assert cam(found(ACTIVATIONS, GRADIENTS), end).tolist() == [[2 * 2 - 1, 4 * 2 - 3]]


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_grad_cam_plus_plus_is_the_papers_quotient(seed: int) -> None:
    one = both(seed)
    a, g = one.activations.astype(float), one.gradients.astype(float)
    expected = np.zeros(a.shape[:2])
    for k in range(a.shape[2]):
        weight = 0.0
        for i, j in np.ndindex(*a.shape[:2]):
            alpha = g[i, j, k] ** 2 / (2 * g[i, j, k] ** 2 + a[..., k].sum() * g[i, j, k] ** 3)
            weight += alpha * max(g[i, j, k], 0)
        expected += weight * a[..., k]
    np.testing.assert_allclose(grad_cam_plus_plus(one), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4, 2), (1, 1, 3), (3, 3, 1)])
def test_eigen_cam_is_the_first_of_all_singular_vectors(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(5).random(shape)
    _, _, directions = np.linalg.svd(values.reshape(-1, shape[2]))
    expected = values @ directions[0]
    expected *= np.sign(expected.sum())
    np.testing.assert_allclose(eigen_cam(found(values, values)), expected, rtol=1e-5)


def test_a_direction_has_no_sign_of_its_own() -> None:
    one = both(3)
    flipped = eigen_cam(found(-one.activations, one.gradients))
    np.testing.assert_allclose(flipped, eigen_cam(one), rtol=1e-5)
    assert eigen_cam(one).min() >= -1e-6


def test_silent_and_balanced_channels_weigh_nothing() -> None:
    silent = found(np.zeros((2, 2, 3)), np.ones((2, 2, 3)))
    for method in (grad_cam, grad_cam_plus_plus, xgrad_cam, layer_cam, hires_cam, eigen_cam):
        np.testing.assert_array_equal(method(silent), np.zeros((2, 2)))
    assert not xgrad_cam(found([[[1], [-1]]], [[[1], [5]]])).any()
    # 2 + g ΣA = 0.
    assert np.isfinite(grad_cam_plus_plus(found([[[-1], [-1]]], [[[1], [1]]]))).all()


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_no_size_of_numbers_overflows(scale: float) -> None:
    one = both(1)
    scaled = found(one.activations, one.gradients * scale)
    for method in (grad_cam, grad_cam_plus_plus, xgrad_cam, layer_cam, hires_cam):
        assert np.isfinite(method(scaled)).all()
        assert method(scaled).any()


def weighed_alike(network: Network, image: Any, target: int) -> dict[str, Any]:
    one = class_gradients(network, image, target)
    end = pooled_classifier(network)
    assert end is not None
    positions = one.activations.shape[0] * one.activations.shape[1]
    maps = {"cam": cam(one, end) / positions}
    for method in (grad_cam, xgrad_cam, hires_cam):
        # The mean of equal derivatives is each of them.
        maps[method.__name__] = method(one)
    return maps


@pytest.mark.parametrize("target", [0, 1, 2])
def test_where_a_network_pools_and_weighs_they_are_all_cam(target: int) -> None:
    maps = weighed_alike(pooled(), picture(), target)
    for values in maps.values():
        np.testing.assert_allclose(values, maps["cam"], atol=1e-6)


def test_the_trained_network_too() -> None:
    maps = weighed_alike(networks.load("efficientnet-lite0"), images.sample("cat"), 285)
    for values in maps.values():
        np.testing.assert_allclose(values, maps["cam"], atol=1e-6)


def test_cam_has_the_logit_for_its_mean() -> None:
    network = pooled()
    end = pooled_classifier(network)
    assert end is not None
    for target in range(3):
        one = class_gradients(network, picture(), target)
        assert cam(one, end).mean() + end.bias[target] == pytest.approx(one.score, abs=1e-6)


def test_a_saturated_softmax_hides_nothing() -> None:
    # A probability of exactly 1, of which no derivative is left.
    network = pooled()
    layer = network.model.get_layer("classes")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel, bias + np.float32([0, 200, 0])])
    said = np.asarray(network.model(network.preprocess(picture()), training=False))[0]
    assert said[1] == 1
    maps = grad_cam(class_gradients(network, picture()))
    end = pooled_classifier(network)
    assert end is not None
    expected = cam(class_gradients(network, picture(), 1), end)
    np.testing.assert_allclose(maps * 30, expected, atol=1e-5)


def test_the_difference_of_two_classes_is_the_difference_of_their_maps() -> None:
    network = residual()
    first, second, contrast = (
        class_gradients(network, picture(), target, against=against)
        for target, against in ((0, None), (2, None), (0, 2))
    )
    assert contrast.score == pytest.approx(first.score - second.score, abs=1e-6)
    for method in (grad_cam, hires_cam, xgrad_cam):
        np.testing.assert_allclose(method(contrast), method(first) - method(second), atol=1e-6)


def test_no_class_is_the_top_class() -> None:
    network = residual()
    one = class_gradients(network, picture())
    top = int(one.logits.argmax())
    assert one.logit_weights.tolist() == [float(index == top) for index in range(3)]
    np.testing.assert_array_equal(one.gradients, class_gradients(network, picture(), top).gradients)
    other = (top + 1) % 3
    contrast = class_gradients(network, picture(), against=other)
    assert contrast.logit_weights[top] == 1
    assert contrast.logit_weights[other] == -1


@pytest.mark.parametrize("bias", [-50.0, 50.0])
def test_a_single_output_explains_both_of_its_classes(bias: float) -> None:
    network = pooled(1, "sigmoid")
    layer = network.model.get_layer("classes")
    layer.set_weights([layer.get_weights()[0], np.float32([bias])])
    zero, one, top = (class_gradients(network, picture(), target) for target in (0, 1, None))
    np.testing.assert_array_equal(zero.gradients, -one.gradients)
    assert zero.score == -one.score
    assert top.logit_weights.tolist() == [np.sign(bias)]
    assert class_gradients(network, picture(), 1, against=0).logit_weights.tolist() == [1]


@pytest.mark.parametrize(("target", "against"), [(1, 1), (3, None), (-1, None), (0, 3), (0.5, 1)])
def test_classes_that_are_none_are_refused(target: Any, against: Any) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        class_gradients(pooled(), picture(), target, against=against)


def test_the_top_class_cannot_be_told_from_itself() -> None:
    top = int(class_gradients(pooled(), picture()).logits.argmax())
    with pytest.raises(ValueError, match="against must be another class"):
        class_gradients(pooled(), picture(), against=top)


def test_cam_weighs_only_what_is_pooled() -> None:
    network = networks.load("efficientnet-lite0")
    with pytest.raises(ValueError, match="layer must be 'head_relu'"):
        heatmap_maps.raw_map(network, images.sample("cat"), method="cam", layer="stem_relu")
    with pytest.raises(ValueError, match="global average pooling"):
        heatmap_maps.raw_map(residual(), picture(), method="cam")


def test_damaged_weights_are_named_as_such() -> None:
    import keras

    layers = keras.layers
    conv = layers.Conv2D(2, 3)
    network = network_of(conv, layers.GlobalAveragePooling2D(), layers.Dense(2))
    conv.set_weights([np.full_like(value, np.nan) for value in conv.get_weights()])
    with pytest.raises(ValueError, match="NaN"):
        class_gradients(network, picture())
