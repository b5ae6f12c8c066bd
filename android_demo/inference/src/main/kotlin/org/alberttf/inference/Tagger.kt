package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.alberttf.tokenizer.Span
import org.alberttf.tokenizer.WordRow
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
 * @property numTokens length of the input in tokens, of all windows together.
 * @property numWindows runs of the model that it took.
 * @property isTruncated whether words at the end were left out: the text has
 * more than 200,000 UTF-16 units.
 * @property layersUsed layers that the model ran, in the window that took
 * most; null where it does not tell.
 */
public class Tagging internal constructor(
    public val words: List<Tag>,
    public val entities: List<Tag>,
    public val numTokens: Int,
    public val numWindows: Int,
    public val isTruncated: Boolean,
    public val layersUsed: Int?,
)

/**
 * Gives every word of a text a label.
 *
 * Words are encoded one by one and take the label of their first piece, as in
 * training on files of words. A long text is read in overlapping windows, one
 * run of the model each.
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
     * @param onWindow called before each run with its number from 1 and their
     * total.
     * @param isCancelled asked before each run.
     * @throws IllegalArgumentException the text is empty.
     * @throws CancellationException [isCancelled] said so.
     */
    public fun tag(
        text: String,
        onWindow: (number: Int, total: Int) -> Unit = { _, _ -> },
        isCancelled: () -> Boolean = { false },
    ): Tagging {
        requireText(text)
        val read = firstChars(text)
        val spans = splitter.split(read)
        val tokenizer = session.bundle.tokenizer
        val pieces = spans.map { tokenizer.encodeIds(read.substring(it.begin, it.end)) }
        val rows = WordRow.pack(tokenizer, pieces, session.bundle.manifest.maxLength)
        val tags = arrayOfNulls<Tag>(spans.size)
        val layers = rows.mapIndexed { index, row ->
            if (isCancelled()) throw CancellationException()
            onWindow(index + 1, rows.size)
            val outputs = session.run(row.inputs)
            val logits = outputs.getValue("logits")
            for ((word, place) in row.words.zip(row.places)) {
                tags[word] = tagOf(read, spans[word], logits, place)
            }
            layersUsed(outputs)
        }
        // A word of characters that the tokenizer drops has no tag.
        val words = tags.filterNotNull()
        return Tagging(
            words, entities(read, tags.asList()), rows.sumOf { it.inputs.size }, rows.size,
            read.length < text.length, layers.filterNotNull().maxOrNull(),
        )
    }

    private fun entities(text: String, words: List<Tag?>): List<Tag> =
        if (labels.none { it.startsWith("B-") || it.startsWith("I-") }) emptyList() else Entities.join(text, words)

    private fun tagOf(text: String, span: Span, logits: FloatArray, place: Int): Tag {
        val begin = place * labels.size
        val probabilities = softmax(logits.copyOfRange(begin, begin + labels.size))
        val best = indexOfLargest(probabilities)
        return Tag(text.substring(span.begin, span.end), span.begin, span.end, labels[best], probabilities[best])
    }
}
