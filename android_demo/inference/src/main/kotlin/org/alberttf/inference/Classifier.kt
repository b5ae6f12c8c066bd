package org.alberttf.inference

/**
 * The answer for one text.
 *
 * @property label name of the likeliest class.
 * @property probability of that class, in 0..1.
 * @property probabilities by label, in the order of the logits.
 * @property numTokens length of the input in tokens.
 * @property isTruncated whether the text was longer than the model takes.
 * @property layersUsed layers that the model ran; null where it does not tell.
 */
public class Classification internal constructor(
    public val label: String,
    public val probability: Double,
    public val probabilities: Map<String, Double>,
    public val logits: FloatArray,
    public val numTokens: Int,
    public val isTruncated: Boolean,
    public val layersUsed: Int?,
)

/**
 * Gives a text, or a pair of texts, one label of a fixed set.
 *
 * @throws BundleException the session's model is of another task.
 */
public class Classifier(private val session: Session) {
    private val labels = session.bundle.manifest.labels

    init {
        requireTask(session, Task.CLASSIFICATION)
    }

    /**
     * Returns the label of one text, or of a pair.
     *
     * @param text cut at the end where it is too long, which the result tells.
     * @param pair second text, for models trained on pairs.
     * @throws IllegalArgumentException a text is empty, or there is a second one
     * for a model of single texts.
     */
    public fun classify(text: String, pair: String? = null): Classification {
        val packed = PackedTexts.of(session.bundle, text, pair)
        val outputs = session.run(packed.row)
        val logits = outputs.getValue("logits")
        val probabilities = softmax(logits)
        val best = indexOfLargest(probabilities)
        return Classification(
            labels[best], probabilities[best], labels.zip(probabilities.asList()).toMap(), logits,
            packed.row.size, packed.isCut, layersUsed(outputs),
        )
    }
}
