package org.alberttf.tokenizer

import java.util.PriorityQueue
import kotlin.math.exp

/**
 * A part of a passage.
 *
 * @property text as the passage spells it.
 * @property start its first character, in UTF-16 units of the passage, as
 * `String.substring` and Android's spans count them.
 * @property end the one behind its last.
 * @property probability in 0..1, among the answers returned with it.
 * @property score start logit plus end logit.
 */
public data class Answer(
    val text: String,
    val start: Int,
    val end: Int,
    val probability: Double,
    val score: Double,
)

/**
 * What a model thinks of one question.
 *
 * @property answers the likeliest first, no two at the same place; empty only
 * where the passage has no token to answer with.
 * @property nullScore of "there is no answer".
 * @property nullOdds [nullScore] less the best answer's score: the higher, the
 * likelier is no answer.
 * @property nullProbability adds up to 1 with those of [answers]; 0 where the
 * model was not asked for it.
 */
public class Answers private constructor(
    public val answers: List<Answer>,
    public val nullScore: Double,
    public val nullOdds: Double,
    public val nullProbability: Double,
) {
    /**
     * Returns the best answer, or null for no answer.
     *
     * @param nullThreshold largest [nullOdds] that still counts as answered;
     * null always answers.
     */
    public fun best(nullThreshold: Double?): Answer? = when {
        nullThreshold != null && nullOdds > nullThreshold -> null
        else -> answers.firstOrNull()
    }

    private class Candidate(val score: Double, val first: Int, val last: Int)

    public companion object {
        /** Best first: the higher score, the earlier start, the shorter. */
        private val ORDER = Comparator<Candidate> { one, other ->
            when {
                one.score != other.score -> other.score.compareTo(one.score)
                one.first != other.first -> one.first.compareTo(other.first)
                else -> one.last.compareTo(other.last)
            }
        }

        /**
         * Finds the best answers over all windows of a question.
         *
         * An answer starts at a token in the window that shows most of its
         * surroundings, ends in the same window at that token or up to
         * `maxAnswerLength - 1` later, and starts and ends only where
         * [Passage] allows. Its score is the sum of both logits. The score of
         * no answer is the smallest sum of the logits at `[CLS]` over the
         * windows, since a window without the answer says nothing about the
         * others.
         *
         * @param startLogits one float[S] or longer a window; padding is not
         * looked at.
         * @param endLogits likewise.
         * @param numBest most answers to return, at least 1.
         * @param maxAnswerLength in tokens, at least 1.
         * @param hasNull whether no answer shares in the probabilities.
         * @throws IllegalArgumentException another number of windows, logits
         * shorter than a window, or a logit that is no number.
         *
         * Source: google-research/albert squad_utils.py `write_predictions`;
         * `albert_tf/text/answers.py`.
         */
        public fun find(
            packed: PackedQuestion,
            startLogits: List<FloatArray>,
            endLogits: List<FloatArray>,
            numBest: Int,
            maxAnswerLength: Int,
            hasNull: Boolean,
        ): Answers {
            require(numBest >= 1 && maxAnswerLength >= 1) {
                "`numBest` and `maxAnswerLength` must be 1 or more. Received: $numBest, $maxAnswerLength."
            }
            requireLogits(packed, startLogits)
            requireLogits(packed, endLogits)
            val best = PriorityQueue(numBest + 1, ORDER.reversed())
            for ((index, window) in packed.windows.withIndex()) {
                forEachCandidate(
                    packed.passage, window, startLogits[index], endLogits[index], maxAnswerLength,
                ) { candidate ->
                    best.add(candidate)
                    if (best.size > numBest) best.poll()
                }
            }
            val nullScore = packed.windows.indices.minOf {
                startLogits[it][0].toDouble() + endLogits[it][0]
            }
            return of(packed.passage, best.sortedWith(ORDER), nullScore, hasNull)
        }

        /** Sums are 64-bit: two 32-bit floats add up without rounding. */
        private inline fun forEachCandidate(
            passage: Passage,
            window: Window,
            starts: FloatArray,
            ends: FloatArray,
            maxAnswerLength: Int,
            action: (Candidate) -> Unit,
        ) {
            for (first in window.begin until window.end) {
                if (!window.isMaxContext[first - window.begin] || !passage.canStart[first]) continue
                val start = starts[window.position + first - window.begin].toDouble()
                for (last in first until minOf(window.end, first + maxAnswerLength)) {
                    if (!passage.canEnd[last]) continue
                    val score = start + ends[window.position + last - window.begin]
                    action(Candidate(score, first, last))
                }
            }
        }

        private fun of(
            passage: Passage,
            found: List<Candidate>,
            nullScore: Double,
            hasNull: Boolean,
        ): Answers {
            val scores = found.map { it.score } + if (hasNull) listOf(nullScore) else emptyList()
            val highest = scores.maxOrNull() ?: 0.0
            val powers = scores.map { exp(it - highest) }
            val sum = powers.sum()
            val answers = found.mapIndexed { index, candidate ->
                val place = passage.characters(candidate.first, candidate.last)
                Answer(
                    passage.text.substring(place.begin, place.end), place.begin, place.end,
                    powers[index] / sum, candidate.score,
                )
            }
            val best = found.firstOrNull()?.score ?: Double.NEGATIVE_INFINITY
            return Answers(answers, nullScore, nullScore - best, if (hasNull) powers.last() / sum else 0.0)
        }

        private fun requireLogits(packed: PackedQuestion, logits: List<FloatArray>) {
            require(logits.size == packed.windows.size) {
                "Expected logits of ${packed.windows.size} windows. Received: ${logits.size}."
            }
            for ((window, row) in packed.windows.zip(logits)) {
                val size = window.inputs.size
                require(row.size >= size && (0 until size).all { row[it].isFinite() }) {
                    "Expected $size logits, all of them numbers. Received ${row.size}, " +
                        "${row.count { it.isNaN() }} of them NaN. Export the model again."
                }
            }
        }
    }
}
