"""Chinese text primitives: no knowledge of news, no input or output."""
