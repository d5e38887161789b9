"""What the pages of single layers share: controls, kernels, windows, steps."""
