"""`python -m albert_tf.edge`: runs exported models from a shell."""

import sys

from albert_tf.edge.cli import main

sys.exit(main())
