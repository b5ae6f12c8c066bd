package org.alberttf.inference

/**
 * The answer for one text, or for a pair.
 *
 * @property score on the scale of the training data.
 * @property numTokens length of the input in tokens.
 * @property isTruncated whether a text was longer than the model takes.
 */
public class Score internal constructor(
    public val score: Double,
    public val numTokens: Int,
    public val isTruncated: Boolean,
)

/**
 * Gives a text, or a pair of texts, one number: how much two texts mean the same,
 * for a model trained to tell that.
 *
 * @throws BundleException the session's model is of another task.
 *
 * Source: `albert_tf/edge/regressor.py`.
 */
public class Regressor(private val session: Session) {
    init {
        requireTask(session, Task.REGRESSION)
    }

    /**
     * Returns the number of one text, or of a pair.
     *
     * @param text cut at the end where it is too long, which the result tells.
     * @param pair second text, for models trained on pairs.
     * @throws IllegalArgumentException a text is empty, or there is a second one
     * for a model of single texts.
     */
    public fun score(text: String, pair: String? = null): Score {
        val packed = PackedTexts.of(session.bundle, text, pair)
        val logits = session.run(packed.row).getValue("logits")
        return Score(logits[0].toDouble(), packed.row.size, packed.isCut)
    }
}
