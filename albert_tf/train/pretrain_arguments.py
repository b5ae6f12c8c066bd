"""The arguments of `albert pretrain`."""

import dataclasses

from albert_tf.train.options import PRECISIONS
from albert_tf.train.pretrain_options import OPTIMIZERS, PretrainOptions
from albert_tf.train.recipes.pretraining import RECIPES

STRATEGIES = ("none", "mirrored", "multi-worker", "tpu", "data-parallel")
_DATA = (
    ("--max-length", int, "longest sequence, in tokens"),
    ("--short-sequence-rate", float, "share of sequences cut shorter"),
    ("--repeated-rate", float, "share of sequences with a passage twice"),
    ("--masked-lm-rate", float, "share of tokens to predict"),
    ("--max-predictions", int, "most of a sequence; else that share"),
    ("--max-ngram", int, "longest run of words masked at once"),
    ("--shuffled-rows", int, "sequences that order is drawn among"),
)
_TRAINING = (
    ("--batch-size", int, "sequences an update, on all devices together"),
    ("--accumulation-steps", int, "parts that a batch is computed in"),
    ("--steps", int, "updates in all"),
    ("--warm-up-steps", int, "updates with rising rate; else 2.5 %%"),
    (
        "--learning-rate",
        float,
        "peak; else 0.00176 * sqrt(batch / 4096), 1e-4 with adamw, or 2e-3 "
        "with muon",
    ),
    ("--poly-power", float, "of the learning rate's decay; 0: none"),
    ("--weight-decay", float, "of matrices and embeddings"),
    ("--clip-norm", float, "largest norm of a gradient"),
    ("--steps-per-execution", int, "batches a device runs without asking"),
    ("--steps-per-evaluation", int, "updates; also between checkpoints"),
    ("--evaluation-batches", int, "most held-out batches to evaluate on"),
    ("--keep-checkpoints", int, "newest ones that are kept"),
    ("--seed", int, "of weights, masks and order"),
)


def add_pretrain(command):
    """Adds the arguments of `albert pretrain` to a parser."""
    add = command.add_argument
    add("--corpus", required=True, metavar="DIR", help="of albert prepare")
    add("--output", required=True, metavar="DIR", help="where the model goes")
    add("--preset", default="albert_edge_small", help="sizes from scratch")
    add("--config", metavar="FILE", help="JSON of sizes, else the preset")
    add("--model", metavar="DIR", help="weights to train on from")
    add(
        "--transfer-vocabulary",
        action="store_true",
        help="of the corpus is another one than the model's",
    )
    add(
        "--extend-positions",
        action="store_true",
        help="to --max-length, where the model has fewer",
    )
    add(
        "--initial-weights",
        choices=("random", "corpus"),
        help="from scratch; corpus: counts of words give a head start "
        "(default: random)",
    )
    add("--recipe", choices=tuple(RECIPES), help="a schedule; see docs")
    add("--dropout", type=float, metavar="N", help="else the preset's")
    _add_numbers(command, _DATA)
    add(
        "--favor-longer-ngrams",
        action="store_true",
        help="mask n words with a chance that rises with n",
    )
    add(
        "--single-pieces",
        action="store_true",
        help="mask pieces, not whole words",
    )
    add(
        "--length-buckets",
        action="store_true",
        help="batches of about one length each; more of the shorter ones",
    )
    _add_numbers(command, _TRAINING)
    _add_engine(command)
    add("--resume", action="store_true", help="go on with a stopped run")
    add("--overwrite", action="store_true", help="replace an earlier run")


def run_pretrain(options):
    """Runs `albert pretrain`."""
    from albert_tf.train.pretrain import pretrain

    names = [field.name for field in dataclasses.fields(PretrainOptions)]
    given = {n: getattr(options, n) for n in names}
    given = {n: value for n, value in given.items() if value is not None}
    recipe = RECIPES.get(options.recipe, {})
    pretrain(PretrainOptions(**{**recipe, **given}))


def _add_engine(command):
    add = command.add_argument
    add("--optimizer", choices=OPTIMIZERS, help="(default: lamb)")
    add(
        "--precision",
        choices=PRECISIONS,
        help="number format of the computation (default: float32)",
    )
    add(
        "--gradient-checkpointing",
        action="store_true",
        help="compute activations twice instead of keeping them",
    )
    add(
        "--jit",
        default="auto",
        choices=("auto", "yes", "no"),
        help="compile with XLA; auto: not on CPUs",
    )
    add(
        "--strategy",
        default="none",
        choices=STRATEGIES,
        help="devices to spread over; data-parallel is for JAX",
    )


def _add_numbers(command, rows):
    defaults = {f.name: f.default for f in dataclasses.fields(PretrainOptions)}
    for name, kind, text in rows:
        # Unset, not the default: a recipe comes between.
        default = defaults[name[2:].replace("-", "_")]
        if default is not None:
            text = f"{text} (default: {default})"
        command.add_argument(name, type=kind, help=text, metavar="N")
