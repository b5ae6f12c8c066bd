"""The tasks a bundle can be for, as `albert.json` names them."""

CLASSIFICATION = "classification"
REGRESSION = "regression"
TOKEN_CLASSIFICATION = "token_classification"
QUESTION_ANSWERING = "question_answering"
MULTIPLE_CHOICE = "multiple_choice"
MASKED_LM = "masked_lm"
