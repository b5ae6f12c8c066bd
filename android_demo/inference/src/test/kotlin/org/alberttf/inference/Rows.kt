package org.alberttf.inference

import org.junit.jupiter.api.Assertions.assertEquals

/** Holds answers against rows of Python's, whatever the model. */
internal object Rows {
    /** Returns by how much the logits of each row differ from Python's. */
    fun classify(classifier: Classifier, rows: List<Golden>): List<Double> = rows.map { row ->
        val text = row.text("text")
        val answer = classifier.classify(text, row.textOrNull("pair"))
        assertEquals(row.text("label"), answer.label, text)
        assertEquals(row.boolean("is_truncated"), answer.isTruncated, text)
        assertEquals(row.int("num_tokens"), answer.numTokens, text)
        val logits = row.numbers("logits")
        assertEquals(logits.size, answer.logits.size, text)
        logits.indices.maxOf { Math.abs(logits[it] - answer.logits[it]) }
    }

    /** Returns by how much the score of each row differs from Python's. */
    fun score(regressor: Regressor, rows: List<Golden>): List<Double> = rows.map { row ->
        val text = row.text("text")
        val answer = regressor.score(text, row.textOrNull("pair"))
        assertEquals(row.boolean("is_truncated"), answer.isTruncated, text)
        assertEquals(row.int("num_tokens"), answer.numTokens, text)
        Math.abs(row.number("score") - answer.score)
    }

    /** Returns by how much the logits and probabilities of each row differ from Python's. */
    fun choose(chooser: Chooser, rows: List<Golden>): List<Double> = rows.map { row ->
        val context = row.text("context")
        val choices = row.texts("choices")
        val answer = chooser.choose(context, choices, row.text("question"))
        assertEquals(row.int("index"), answer.index, context)
        assertEquals(choices[answer.index], answer.choice)
        assertEquals(row.boolean("is_truncated"), answer.isTruncated, context)
        val wanted = row.numbers("logits") + row.numbers("probabilities")
        val got = answer.logits.map { it.toDouble() } + answer.probabilities
        assertEquals(wanted.size, got.size, context)
        wanted.zip(got).maxOf { (theirs, ours) -> Math.abs(theirs - ours) }
    }

    /** Returns by how much the scores of each row differ from Python's. */
    fun answer(answerer: Answerer, rows: List<Golden>): List<Double> = rows.map { row ->
        val passage = row.text("context")
        val reply = answerer.answer(row.text("question"), passage)
        fun place(start: Int, end: Int) =
            listOf(Golden.codePoints(passage, start), Golden.codePoints(passage, end))
        val wanted = row.lists("candidates")
        assertEquals(
            wanted.map { it.take(2).map { place -> (place as Double).toInt() } },
            reply.candidates.map { place(it.start, it.end) }, "${row.text("question")} $passage",
        )
        assertEquals(
            row.listOrNull("answer")?.map { (it as Double).toInt() },
            reply.answer?.let { place(it.start, it.end) }, row.text("question"),
        )
        assertEquals(row.int("num_windows"), reply.numWindows)
        assertEquals(row.int("num_cut_tokens"), reply.numCutTokens)
        reply.candidates.forEach { assertEquals(passage.substring(it.start, it.end), it.text) }
        val odds = row.numberOrNull("null_odds")
        assertEquals(odds == null, reply.nullOdds == null)
        val differences = wanted.zip(reply.candidates).flatMap { (theirs, ours) ->
            listOf(ours.score - theirs[2] as Double, ours.probability - theirs[3] as Double)
        } + (reply.nullProbability - row.number("null_probability")) + ((reply.nullOdds ?: 0.0) - (odds ?: 0.0))
        differences.maxOf { Math.abs(it) }
    }
}
