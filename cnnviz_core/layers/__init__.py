"""The building blocks of a network: each layer, its formulas, and layers in a row."""
