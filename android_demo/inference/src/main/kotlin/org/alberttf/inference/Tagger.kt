package org.alberttf.inference

import org.alberttf.tokenizer.ModelInputs
import org.alberttf.tokenizer.Span
import org.alberttf.tokenizer.WordSplitter

/**
 * A word, or an entity of several, with its label.
 *
 * @property text as it stands in the text.
 * @property start its first character, in UTF-16 units.
 * @property end the one behind its last.
 * @property label without `B-` and `I-` for an entity.
 * @property probability in 0..1; of an entity, its least sure word's.
 */
public data class Tag(
    val text: String,
    val start: Int,
    val end: Int,
    val label: String,
    val probability: Double,
)

/**
 * The answer for one text.
 *
 * @property words one tag a word.
 * @property entities words joined as labels that begin with `B-` and `I-` say;
 * empty where labels do not.
 * @property numTokens length of the input in tokens.
 * @property isTruncated whether words at the end were left out.
 * @property layersUsed layers that the model ran; null where it does not tell.
 */
public class Tagging internal constructor(
    public val words: List<Tag>,
    public val entities: List<Tag>,
    public val numTokens: Int,
    public val isTruncated: Boolean,
    public val layersUsed: Int?,
)

/**
 * Gives every word of a text a label.
 *
 * Words are encoded one by one and take the label of their first piece, as in
 * training on files of words.
 *
 * @throws BundleException the session's model is of another task.
 *
 * Source: `albert_tf/edge/tagger.py`.
 */
public class Tagger(private val session: Session) {
    private val labels = session.bundle.manifest.labels
    private val splitter = WordSplitter()

    init {
        requireTask(session, Task.TOKEN_CLASSIFICATION)
    }

    /**
     * Returns the labels of a text's words.
     *
     * @throws IllegalArgumentException the text is empty.
     */
    public fun tag(text: String): Tagging {
        requireText(text)
        val read = firstChars(text)
        val spans = splitter.split(read)
        val row = pack(read, spans)
        val outputs = session.run(row.inputs)
        val logits = outputs.getValue("logits")
        val words = spans.take(row.starts.size).mapIndexedNotNull { index, span ->
            // -1: a word of characters that the tokenizer drops.
            row.starts[index].takeIf { it >= 0 }?.let { tagOf(read, span, logits, it) }
        }
        return Tagging(
            words, Entities.join(read, words), row.inputs.size,
            row.starts.size < spans.size || read.length < text.length, layersUsed(outputs),
        )
    }

    private class Row(val inputs: ModelInputs, val starts: List<Int>)

    /** Packs as many words as fit, and tells where each of them starts. */
    private fun pack(text: String, spans: List<Span>): Row {
        val tokenizer = session.bundle.tokenizer
        val maxLength = session.bundle.manifest.maxLength
        val ids = ArrayList<Int>()
        val starts = ArrayList<Int>()
        for (span in spans) {
            val pieces = tokenizer.encodeIds(text.substring(span.begin, span.end))
            if (ids.size + pieces.size > maxLength - 2) break
            starts.add(if (pieces.isEmpty()) -1 else ids.size + 1)
            ids.addAll(pieces.asList())
        }
        return Row(tokenizer.pack(ids.toIntArray(), null, maxLength), starts)
    }

    private fun tagOf(text: String, span: Span, logits: FloatArray, place: Int): Tag {
        val begin = place * labels.size
        val probabilities = softmax(logits.copyOfRange(begin, begin + labels.size))
        val best = indexOfLargest(probabilities)
        return Tag(text.substring(span.begin, span.end), span.begin, span.end, labels[best], probabilities[best])
    }
}
