"""What can be asked of a shop: one plain typed function a file, the same for every model."""
