"""The attacks by their names in the config. This module imports nothing."""

ATTACKS: dict[str, str] = {
    "network": "leakcore.attacks.network",
    "loss-threshold": "leakcore.attacks.loss_threshold",
    "norm-tree": "leakcore.attacks.norm_tree",
    "normalised-network": "leakcore.attacks.normalised_network",
}
