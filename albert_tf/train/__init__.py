"""Training, evaluation and prediction, as the `albert` command does them."""
