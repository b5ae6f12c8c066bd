"""Trains `small.spiece.model`, the tokenizer of the tests that ship.

    python -m tests.golden.make_small_spiece

A Unigram model of 1,000 pieces with ALBERT's special pieces and symbols, from
text of the project: `small_corpus.txt` and the licence. Its normalizer is a
small table of our own in place of SentencePiece's, which alone takes 237,539
bytes. The table has a rule of every kind that occurs there: characters that
vanish, that turn to spaces, that grow, and sequences that are composed.
"""

import io
import pathlib
import tempfile

import sentencepiece

from tests.reference.tokenization import preprocess_text

HERE = pathlib.Path(__file__).parent
MODEL_PATH = HERE / "small.spiece.model"
TEXTS = (HERE / "small_corpus.txt", HERE.parents[1] / "LICENSE")
VOCAB_SIZE = 1000

REMOVED = [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]
SPACES = [
    *(0x09, 0x0A, 0x0C, 0x0D, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F),
    *(0x2581, 0x3000, 0xFEFF, 0xFFFD),
    *range(0x2000, 0x2010),
]
# What is composed or replaced, as NFKC has it.
REPLACED = {
    "\u00b2": "2",
    "\u00b3": "3",
    "\u00bc": "1\u20444",
    "\u00bd": "1\u20442",
    "\u2026": "...",
    "\u2122": "tm",
    "\u2167": "viii",
    "\u2460": "1",
    "\ufb01": "fi",
    "\uff0c": ",",
    "a\u0308": "\u00e4",
    "e\u0301": "\u00e9",
    "i\u0308": "\u00ef",
    "e\u0308": "\u00eb",
    "\u1112\u1161\u11ab": "\ud55c",
    "\u1100\u116e\u11a8": "\uad6d",
    "\u30ab\u3099": "\u30ac",
}


def rules():
    """Returns the normalizer's table as SentencePiece reads it: TSV, hex."""
    table = {chr(code): "" for code in REMOVED}
    table.update({chr(code): " " for code in SPACES})
    table.update({chr(0xFF10 + digit): str(digit) for digit in range(10)})
    table.update(REPLACED)
    return "".join(
        f"{_hex(source)}\t{_hex(target)}\n"
        for source, target in sorted(table.items())
    )


def _hex(text):
    return " ".join(f"{ord(character):X}" for character in text)


def lines():
    """Yields the text, cleaned as ALBERT's was before training."""
    for path in TEXTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield preprocess_text(line, lower=True)


def train():
    """Returns the bytes of the model."""
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.write(rules())
        table.flush()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=lines(),
            model_writer=model,
            vocab_size=VOCAB_SIZE,
            model_type="unigram",
            pad_id=0,
            unk_id=1,
            bos_id=-1,
            eos_id=-1,
            control_symbols=["[CLS]", "[SEP]", "[MASK]"],
            user_defined_symbols=["(", ")", '"', "-", ".", "–", "£", "€"],
            character_coverage=1.0,
            normalization_rule_tsv=table.name,
            num_threads=1,
            minloglevel=2,
        )
    return without_table_path(model.getvalue())


def without_table_path(model):
    """Blanks the temporary file's name, which differs with every run."""
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    proto.normalizer_spec.ClearField("normalization_rule_tsv")
    return proto.SerializeToString(deterministic=True)


if __name__ == "__main__":
    MODEL_PATH.write_bytes(train())
    print(f"{MODEL_PATH}: {MODEL_PATH.stat().st_size} bytes")
