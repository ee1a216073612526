"""Which data sets there are: config name -> module path. Imports nothing."""

DATASETS: dict[str, str] = {
    "adult": "leakcore.datasets.adult",
    "breast_cancer": "leakcore.datasets.breast_cancer",
    "cifar100": "leakcore.datasets.cifar100",
    "digits": "leakcore.datasets.digits",
    "dogfish": "leakcore.datasets.dogfish",
    "fish_carnivores": "leakcore.datasets.fish_carnivores",
    "hospital": "leakcore.datasets.hospital",
    "purchase": "leakcore.datasets.purchase",
    "texas": "leakcore.datasets.texas",
}
