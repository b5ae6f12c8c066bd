"""What an update is where a batch comes in parts or to several replicas."""

import keras
from keras import ops


class WholeBatchUpdates:
    """Mixed into an optimizer: an update sees the whole batch, and counts once.

    - Keras clips what each replica of a TensorFlow strategy has computed and
      then adds it up, so that two devices take another step than one. Here
      replicas are summed first. Where there is one device nothing changes.
    - Keras moves a schedule on with every part of an accumulated batch, so
      that four parts reach its end in a quarter of the updates. Here it moves
      on with every update. So do the moving averages of `use_ema`.
    """

    def _get_current_learning_rate(self):
        schedule = self._learning_rate
        if isinstance(
            schedule, keras.optimizers.schedules.LearningRateSchedule
        ):
            return schedule(self.iterations)
        return super()._get_current_learning_rate()

    def _update_model_variables_moving_average(self, trainable_variables):
        num_parts = self.gradient_accumulation_steps or 1
        is_update = (self._iterations + 1) % num_parts == 0
        # The first update's weights are the first average.
        share = ops.where(
            ops.equal(self.iterations, 0), 1.0, 1 - self.ema_momentum
        )
        share = ops.where(is_update, share, 0.0)
        averages = self._model_variables_moving_average
        for weight, average in zip(trainable_variables, averages):
            if average is not None:
                change = ops.subtract(weight, average)
                average.assign_add(ops.cast(share, average.dtype) * change)

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
