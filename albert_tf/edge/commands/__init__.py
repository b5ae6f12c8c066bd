"""The commands of the on-device runner, one a file, each with `add`."""
