"""What Google fine-tuned ALBERT with, task by task.

    albert finetune --task sst2 --data SST-2 --model ALBERT --recipe --output O

The weights are Google's published ones, at hand as any source that `--model`
takes. Google trained on TPUs; on two CPU cores a step of ALBERT-base with
batch 32 and short texts takes seconds, so that SST-2's 20,935 steps take
about a day: lower `--train-steps` there.

The scores are the publisher's, on development data, in percent: of GLUE
those of the xxlarge models, of SST-2, MNLI, RACE and SQuAD (F1) each size's.

Source: arXiv:1909.11942 table 14 (hyper-parameters) and table 9;
google-research/albert README and run_glue.sh.
"""

from albert_tf.train.recipes.recipe import Recipe

RECIPES = {
    "cola": Recipe(1e-5, 16, 5336, 320, scores={"xxlarge_v1": 71.4}),
    "stsb": Recipe(2e-5, 16, 3598, 214, scores={"xxlarge_v1": 93.0}),
    "sst2": Recipe(
        1e-5,
        32,
        20935,
        1256,
        scores={
            "base_v2": 92.9,
            "large_v2": 94.9,
            "xlarge_v2": 95.4,
            "xxlarge_v2": 96.8,
            "base_v1": 90.3,
            "large_v1": 91.7,
            "xlarge_v1": 92.4,
            "xxlarge_v1": 96.9,
        },
    ),
    "mnli": Recipe(
        3e-5,
        128,
        10000,
        1000,
        scores={
            "base_v2": 84.6,
            "large_v2": 86.5,
            "xlarge_v2": 87.9,
            "xxlarge_v2": 90.6,
            "base_v1": 81.6,
            "large_v1": 83.5,
            "xlarge_v1": 86.4,
            "xxlarge_v1": 90.8,
        },
    ),
    "qnli": Recipe(1e-5, 32, 33112, 1986, scores={"xxlarge_v1": 95.3}),
    "qqp": Recipe(5e-5, 128, 14000, 1000, scores={"xxlarge_v1": 92.2}),
    "rte": Recipe(3e-5, 32, 800, 200, scores={"xxlarge_v1": 89.2}),
    "mrpc": Recipe(2e-5, 32, 800, 200, scores={"xxlarge_v1": 90.9}),
    "wnli": Recipe(2e-5, 16, 2000, 250),
    "squad1": Recipe(
        5e-5,
        48,
        3649,
        365,
        max_length=384,
        scores={
            "base_v2": 90.2,
            "large_v2": 91.8,
            "xlarge_v2": 92.9,
            "xxlarge_v2": 94.6,
            "base_v1": 89.3,
            "large_v1": 90.6,
            "xlarge_v1": 92.5,
            "xxlarge_v1": 94.8,
        },
    ),
    "squad2": Recipe(
        3e-5,
        48,
        8144,
        814,
        scores={
            "base_v2": 82.1,
            "large_v2": 84.9,
            "xlarge_v2": 87.9,
            "xxlarge_v2": 89.8,
            "base_v1": 80.0,
            "large_v1": 82.3,
            "xlarge_v1": 86.1,
            "xxlarge_v1": 90.2,
        },
    ),
    "race": Recipe(
        2e-5,
        32,
        12000,
        1000,
        scores={
            "base_v2": 66.8,
            "large_v2": 75.2,
            "xlarge_v2": 80.7,
            "xxlarge_v2": 86.8,
            "base_v1": 64.0,
            "large_v1": 68.5,
            "xlarge_v1": 74.8,
            "xxlarge_v1": 86.5,
        },
    ),
}
