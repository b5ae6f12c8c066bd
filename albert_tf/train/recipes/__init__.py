"""Published hyper-parameters, and the scores to expect with them."""
