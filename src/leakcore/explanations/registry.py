"""The explanations by their config names. This module imports nothing."""

EXPLANATIONS: dict[str, str] = {
    "gradient": "leakcore.explanations.gradient",
    "input-times-gradient": "leakcore.explanations.input_times_gradient",
    "integrated-gradients": "leakcore.explanations.integrated_gradients",
    "lrp": "leakcore.explanations.lrp",
    "deeplift": "leakcore.explanations.deeplift",
    "smoothgrad": "leakcore.explanations.smoothgrad",
    "lime": "leakcore.explanations.lime",
    "kernel-shap": "leakcore.explanations.kernel_shap",
}
