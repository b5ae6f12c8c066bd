"""What ALBERT was fine-tuned with to find names.

    albert finetune --task tagging --train train.conll --model ALBERT --recipe
        --output O

Neither the paper nor Google tagged. With these numbers ALBERT-base v2 found
the names of CoNLL-2003's development data with an F1 of 93.4 %, in 5,268 steps
on 14,041 sentences, as the author of the model says; ALBERT-large v2 was
reported at 94.2 % with the same rate, batches of 16 and five epochs. Published
models lower-case their texts, which costs names. Not reproduced.

Source: https://huggingface.co/ArBert/albert-base-v2-finetuned-ner and
https://huggingface.co/Gladiator/albert-large-v2_ner_conll2003. Differs: they
name no weight decay; here it is 0.01.
"""

from albert_tf.train.recipes.recipe import Recipe

TAGGING = Recipe(2e-5, 8, None, 0, epochs=3, scores={"base_v2": 93.4})
