"""Takes a pretrained model on to longer sequences."""

import numpy as np

from albert_tf import AlbertForPreTraining
from albert_tf.checkpoints.names import named_variables

_TABLE = "albert.embeddings.position_embeddings.weight"


def extend_positions(model, num_positions):
    """Returns a model of the same weights with more positions.

    What heads have learned of neighbours holds for copies of the positions
    it was learned at: the new ones repeat the old ones, but for the first,
    which is `[CLS]`'s alone.

    Args:
        model: AlbertForPreTraining, with P positions.
        num_positions: int >= P.

    Returns:
        AlbertForPreTraining. For sequences of up to P tokens it is `model`.

    Source: arXiv:2004.05150 section 5, "copying" the positions. Differs:
    leaves out the first.
    """
    config = model.albert_config.replace(max_position_embeddings=num_positions)
    new = AlbertForPreTraining(config, dtype=model.dtype_policy)
    values = {v.hugging_face: v.to_array() for v in named_variables(model)}
    table = values[_TABLE]
    repeated = 1 + np.arange(num_positions - len(table)) % (len(table) - 1)
    values[_TABLE] = np.concatenate([table, table[repeated]])
    for variable in named_variables(new):
        variable.assign(values[variable.hugging_face])
    return new
