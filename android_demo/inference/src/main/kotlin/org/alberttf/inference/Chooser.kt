package org.alberttf.inference

import java.util.concurrent.CancellationException
import org.alberttf.tokenizer.PackedChoices
import org.alberttf.tokenizer.WhiteSpace

/**
 * The answer for one context.
 *
 * @property choices as they were given.
 * @property index of the likeliest choice.
 * @property choice its text.
 * @property probability of that choice, in 0..1.
 * @property probabilities one for each choice; they add up to 1.
 * @property logits one for each choice.
 * @property isTruncated whether a text was longer than the model takes.
 */
public class Choice internal constructor(
    public val choices: List<String>,
    public val index: Int,
    public val choice: String,
    public val probability: Double,
    public val probabilities: List<Double>,
    public val logits: FloatArray,
    public val isTruncated: Boolean,
)

/**
 * Tells which of several texts goes best with a first one.
 *
 * @throws BundleException the session's model is of another task.
 *
 * Source: `albert_tf/edge/chooser.py`.
 */
public class Chooser(private val session: Session) {
    init {
        requireTask(session, Task.MULTIPLE_CHOICE)
    }

    /**
     * Returns the likeliest choice, after one run of the model for each.
     *
     * @param context cut at its end where a row is too long. May be empty where
     * there is a question.
     * @param choices two texts or more.
     * @param question the choices answer it; where it holds `_` they stand in
     * its place. It is cut at its beginning where it takes more tokens, with its
     * choice, than in training.
     * @param onChoice called before each run with its number from 1 and their
     * total.
     * @param isCancelled asked before each run.
     * @throws IllegalArgumentException there are fewer than two choices; one is
     * empty, or both context and question are.
     * @throws CancellationException [isCancelled] said so.
     */
    public fun choose(
        context: String,
        choices: List<String>,
        question: String = "",
        onChoice: (number: Int, total: Int) -> Unit = { _, _ -> },
        isCancelled: () -> Boolean = { false },
    ): Choice {
        require(choices.size >= 2) {
            "Expected two choices or more to choose from. Received: ${choices.size}."
        }
        require(!WhiteSpace.isAllOf(context) || !WhiteSpace.isAllOf(question)) {
            "Context and question are empty. Expected one of them, for the choices to go with."
        }
        choices.forEach { requireText(it, "choice") }
        val answers = choices.map { PackedChoices.fill(question, it) }
        val packed = session.bundle.packChoices(firstChars(context), answers.map { lastChars(it) })
        val logits = packed.rows.mapIndexed { index, row ->
            if (isCancelled()) throw CancellationException()
            onChoice(index + 1, packed.rows.size)
            session.run(row).getValue("logits")[0]
        }.toFloatArray()
        val probabilities = softmax(logits)
        val best = indexOfLargest(probabilities)
        return Choice(
            choices, best, choices[best], probabilities[best], probabilities.asList(), logits,
            packed.isCut || (answers + context).any { it.length > MAX_TEXT_CHARS },
        )
    }
}

/** Returns the rows of a context with each answer, as a bundle's model was trained on them. */
internal fun Bundle.packChoices(context: String, answers: List<String>): PackedChoices = PackedChoices.pack(
    tokenizer, context, answers, manifest.maxLength,
    manifest.maxAnswerLength ?: PackedChoices.MAX_ANSWER_LENGTH,
)
