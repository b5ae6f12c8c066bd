package org.alberttf.tokenizer

import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Windows and answers of `tests/golden/question_answering.json`. */
internal class QuestionsTest {
    private val rows = JSONArray(TestFiles.golden("question_answering.json").readText()).map { it as JSONObject }

    @Test
    fun `passages know where their tokens stand`() {
        for (row in rows) {
            val passage = Passage(TestFiles.small, row.getString("context"))
            val places = passage.offsets.flatMap { listOf(it.begin, it.end) }
                .map { passage.text.codePointCount(0, it) }
            assertEquals(row.getJSONArray("offsets").flatMap { ints(it) }, places)
            assertEquals(ints(row["can_start"]), passage.canStart.map(::int))
            assertEquals(ints(row["can_end"]), passage.canEnd.map(::int))
        }
    }

    @Test
    fun `windows are the reference's`() {
        for (row in rows) {
            val packed = packed(row)
            assertEquals(row.getInt("num_cut_tokens"), packed.numCutTokens)
            val windows = row.getJSONArray("windows").map { it as JSONObject }
            assertEquals(windows.size, packed.windows.size)
            for ((wanted, window) in windows.zip(packed.windows)) {
                assertEquals(ints(wanted["token_ids"]), window.inputs.tokenIds.asList())
                assertEquals(ints(wanted["segment_ids"]), window.inputs.segmentIds.asList())
                assertEquals(wanted.getInt("context_position"), window.position)
                assertEquals(Span(wanted.getInt("begin"), wanted.getInt("end")), Span(window.begin, window.end))
                assertEquals(ints(wanted["is_max_context"]), window.isMaxContext.map(::int))
            }
        }
    }

    @Test
    fun `answers are the reference's`() {
        var numAnswers = 0
        for (row in rows) {
            val packed = packed(row)
            for (case in row.getJSONArray("cases").map { it as JSONObject }) {
                val found = Answers.find(
                    packed, floats(case["start_logits"]), floats(case["end_logits"]), case.getInt("num_best"),
                    case.getInt("max_answer_length"), case.getBoolean("has_null"),
                )
                assertEquals(case.getDouble("null_score"), found.nullScore)
                assertEquals(case.getDouble("null_odds"), found.nullOdds)
                assertEquals(case.getDouble("null_probability"), found.nullProbability, 1e-9)
                val wanted = case.getJSONArray("answers").map { it as JSONObject }
                assertEquals(wanted.map(::facts), found.answers.map { facts(packed.passage.text, it) })
                for ((theirs, ours) in wanted.zip(found.answers)) {
                    assertEquals(theirs.getDouble("probability"), ours.probability, 1e-9)
                }
                numAnswers += wanted.size
            }
        }
        assertTrue(rows.size == 6 && numAnswers > 100)
    }

    @Test
    fun `no answer above the threshold`() {
        val row = rows[0]
        val case = row.getJSONArray("cases").getJSONObject(0)
        val found = Answers.find(packed(row), floats(case["start_logits"]), floats(case["end_logits"]), 3, 8, true)
        assertEquals(found.answers[0], found.best(null))
        assertEquals(found.answers[0], found.best(found.nullOdds))
        assertEquals(null, found.best(found.nullOdds - 1e-6))
        assertEquals(1.0, found.nullProbability + found.answers.sumOf { it.probability }, 1e-12)
    }

    @Test
    fun `logits that are no numbers are refused`() {
        val packed = packed(rows[1])
        val size = packed.windows[0].inputs.size
        val good = FloatArray(size)
        for (bad in listOf(FloatArray(size) { Float.NaN }, FloatArray(size - 1))) {
            val error = assertThrows(IllegalArgumentException::class.java) {
                Answers.find(packed, listOf(good), listOf(bad), 1, 1, false)
            }
            assertTrue("Expected $size logits, all of them numbers." in error.message.orEmpty())
        }
    }

    @Test
    fun `lengths that suit short windows`() {
        assertEquals(WindowSettings(384, 128, 64), WindowSettings.fitting(384))
        assertEquals(WindowSettings(512, 128, 64), WindowSettings.fitting(512))
        assertEquals(WindowSettings(64, 16, 21), WindowSettings.fitting(64))
        for ((length, stride, query) in listOf(Triple(10, 0, 4), Triple(10, 2, 0), Triple(10, 2, 7))) {
            assertThrows(IllegalArgumentException::class.java) { WindowSettings(length, stride, query) }
        }
        assertThrows(IllegalArgumentException::class.java) { WindowSettings.fitting(7) }
    }

    private fun packed(row: JSONObject) = PackedQuestion.pack(
        TestFiles.small, row.getString("question"), Passage(TestFiles.small, row.getString("context")),
        WindowSettings(row.getInt("max_length"), row.getInt("doc_stride"), row.getInt("max_query_length")),
    )

    private fun facts(answer: JSONObject): List<Any> = listOf(
        answer.getString("text"), answer.getInt("start"), answer.getInt("end"), answer.getDouble("score"),
    )

    private fun facts(passage: String, answer: Answer): List<Any> = listOf(
        answer.text, passage.codePointCount(0, answer.start), passage.codePointCount(0, answer.end), answer.score,
    )

    private fun ints(array: Any): List<Int> = (array as JSONArray).map { (it as Number).toInt() }

    private fun floats(arrays: Any): List<FloatArray> =
        (arrays as JSONArray).map { row -> (row as JSONArray).map { (it as Number).toFloat() }.toFloatArray() }

    private fun int(value: Boolean): Int = if (value) 1 else 0
}
