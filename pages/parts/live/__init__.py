"""Pictures that follow a slider while it is moved: what the browser needs to draw them itself."""
