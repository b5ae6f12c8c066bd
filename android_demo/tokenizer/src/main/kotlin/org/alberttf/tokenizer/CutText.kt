package org.alberttf.tokenizer

/**
 * A text cut into pieces.
 *
 * @param normalized what the model's normalizer made of the source.
 * @param segments its pieces.
 */
internal class CutText(
    private val vocabulary: Vocabulary,
    private val normalized: SentencePieceNormalizer.Result,
    private val segments: Segments,
) {
    /** Ids of the pieces; an unknown run may have another, see [id]. */
    val ids: IntArray get() = segments.ids

    /** Number of pieces. */
    val size: Int get() = segments.ids.size

    /**
     * Returns the id of a piece by its text, as the reference does. It makes a
     * difference where unknown characters happen to spell a special piece.
     */
    fun id(index: Int): Int {
        val id = segments.ids[index]
        return if (id == vocabulary.unknownId) vocabulary.idOf(text(index)) else id
    }

    /** Returns the text of a piece. */
    fun text(index: Int): String {
        val id = segments.ids[index]
        if (id != vocabulary.unknownId) return vocabulary.text(id)
        return normalized.text.substring(segments.bounds[index], segments.bounds[index + 1])
    }

    /** Returns the source's bytes that a piece stands for, spaces included. */
    fun span(index: Int): Span =
        Span(origin(segments.bounds[index]), origin(segments.bounds[index + 1]))

    private fun origin(at: Int): Int =
        if (at < normalized.text.size) normalized.text.starts[at] else normalized.end
}
