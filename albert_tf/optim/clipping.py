"""Clips the gradient of the whole batch, also where replicas share it."""


class GlobalClipping:
    """Mixed into an optimizer: sums over replicas first, clips afterwards.

    Keras clips what each replica of a TensorFlow strategy has computed and
    then adds it up, so that two devices take another step than one. Where
    there is one device this changes nothing.
    """

    def _clip_gradients(self, grads):
        if self._has_replicas():
            return grads
        return super()._clip_gradients(grads)

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        if not self._has_replicas():
            super()._backend_update_step(
                grads, trainable_variables, learning_rate
            )
            return
        import tensorflow as tf

        values = [variable.value for variable in trainable_variables]
        reduced = self._all_reduce_sum_gradients(list(zip(grads, values)))
        clipped = super()._clip_gradients([grad for grad, _ in reduced])
        tf.__internal__.distribute.interim.maybe_merge_call(
            self._distributed_tf_update_step,
            self._distribution_strategy,
            list(zip(clipped, values)),
            learning_rate,
        )

    def _has_replicas(self):
        strategy = getattr(self, "_distribution_strategy", None)
        return strategy is not None and strategy.num_replicas_in_sync > 1
