"""Keras' `fit` under TensorFlow's MultiWorkerMirroredStrategy."""

import tensorflow as tf


class MultiWorkerStrategy(tf.distribute.MultiWorkerMirroredStrategy):
    """Takes the two reductions that `fit` of Keras 3 asks of a strategy.

    Keras reduces a whole batch, a structure, to learn its shapes, where the
    strategy takes one tensor; and it averages scalars over their axis 0, which
    they do not have.
    """

    def reduce(self, reduce_op, value, axis=None):
        """As the base class's; `value` may be a structure.

        Args:
            reduce_op: `"MEAN"` or `"SUM"`.
            value: per-replica tensor, or a structure of them.
            axis: int or None. Taken as None for scalars.

        Returns:
            tensor, or for a structure that of the first replica's tensors.
        """
        if isinstance(value, (tuple, list, dict)):
            return tf.nest.map_structure(self._first, value)
        if axis is not None and self._first(value).shape.rank == 0:
            axis = None
        return super().reduce(reduce_op, value, axis)

    def _first(self, value):
        return self.experimental_local_results(value)[0]
