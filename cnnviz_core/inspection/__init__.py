"""What is inside a network, its activations and its predictions."""
