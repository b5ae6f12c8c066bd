"""Text to token ids and back: everything a device needs too."""
