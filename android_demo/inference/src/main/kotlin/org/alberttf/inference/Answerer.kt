package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.alberttf.tokenizer.Answer
import org.alberttf.tokenizer.Answers
import org.alberttf.tokenizer.PackedQuestion
import org.alberttf.tokenizer.Passage

/**
 * The answer to one question.
 *
 * @property answer null where the model finds none in the passage.
 * @property candidates the likeliest first, whatever [answer] is.
 * @property nullProbability of no answer, in 0..1, for models trained to say
 * so; else 0.
 * @property nullOdds score of no answer less the best one's; null where the
 * passage holds nothing to answer with.
 * @property numWindows runs of the model that it took.
 * @property numCutTokens tokens at the end of the question that the model did
 * not see, since it was too long.
 * @property isTruncated whether the end of the passage was left out: it has
 * more than 200,000 UTF-16 units.
 */
public class Reply internal constructor(
    public val answer: Answer?,
    public val candidates: List<Answer>,
    public val nullProbability: Double,
    public val nullOdds: Double?,
    public val numWindows: Int,
    public val numCutTokens: Int,
    public val isTruncated: Boolean,
)

/**
 * Finds the part of a passage that answers a question.
 *
 * A long passage is read in overlapping windows, one run of the model each.
 * Places are in UTF-16 units of the passage, as Android's spans count them.
 *
 * @throws BundleException the session's model is of another task.
 */
public class Answerer(private val session: Session) {
    private val tokenizer = session.bundle.tokenizer
    private val settings: AnswerSettings

    /** The passage that was asked about last, which often comes again. */
    private var last: Passage? = null

    init {
        requireTask(session, Task.QUESTION_ANSWERING)
        settings = AnswerSettings.of(session.bundle.manifest)
    }

    /**
     * Returns the best answers to a question, with their places.
     *
     * @param question its end is cut off where it is too long, which the
     * result tells.
     * @param numBest candidates to return, at least 1.
     * @param onWindow called before each run with its number from 1 and their
     * total.
     * @param isCancelled asked before each run.
     * @throws IllegalArgumentException a text is empty, or [numBest] below 1.
     * @throws CancellationException [isCancelled] said so.
     */
    public fun answer(
        question: String,
        passage: String,
        numBest: Int = NUM_BEST,
        onWindow: (number: Int, total: Int) -> Unit = { _, _ -> },
        isCancelled: () -> Boolean = { false },
    ): Reply {
        require(numBest >= 1) { "`numBest` must be 1 or more. Received: $numBest." }
        requireText(question, "question")
        requireText(passage, "passage")
        val packed = PackedQuestion.pack(
            tokenizer, question, encoded(firstChars(passage)), settings.windows,
        )
        val outputs = packed.windows.mapIndexed { index, window ->
            if (isCancelled()) throw CancellationException()
            onWindow(index + 1, packed.windows.size)
            session.run(window.inputs)
        }
        val found = Answers.find(
            packed, outputs.map { it.getValue("start_logits") }, outputs.map { it.getValue("end_logits") },
            numBest, settings.maxAnswerLength, hasNull = settings.nullThreshold != null,
        )
        return Reply(
            answer = found.best(settings.nullThreshold),
            candidates = found.answers,
            nullProbability = found.nullProbability,
            nullOdds = found.nullOdds.takeIf { found.answers.isNotEmpty() },
            numWindows = packed.windows.size,
            numCutTokens = packed.numCutTokens,
            isTruncated = passage.length > MAX_TEXT_CHARS,
        )
    }

    private fun encoded(passage: String): Passage =
        last?.takeIf { it.text == passage } ?: Passage(tokenizer, passage).also { last = it }

    private companion object {
        const val NUM_BEST = 5
    }
}
