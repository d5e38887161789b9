"""What a convolutional network does to a picture: arrays in, arrays out."""
