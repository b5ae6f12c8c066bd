"""Foreign and own checkpoint formats; importing it lets models load."""

from albert_tf.checkpoints.pretrained import load, save
from albert_tf.models.pretrained import checkpoint_io

checkpoint_io.update(load=load, save=save)
