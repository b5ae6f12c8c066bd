package org.alberttf.tokenizer

import java.io.File
import java.util.zip.GZIPInputStream
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Holds the tokenizer against texts that nobody chose. */
internal class FuzzTest {
    /** A tokenizer for each way to set its two switches. */
    private class Tokenizers(private val model: ByteArray) {
        private val made = HashMap<Pair<Boolean, Boolean>, AlbertTokenizer>()

        fun of(row: JSONObject): AlbertTokenizer {
            val doLowerCase = row.getBoolean("do_lower_case")
            val keepAccents = row.getBoolean("keep_accents")
            return made.getOrPut(doLowerCase to keepAccents) {
                AlbertTokenizer(model, doLowerCase, keepAccents)
            }
        }
    }

    @Test
    fun `every text of the fuzz file`() {
        val file = TestFiles.required(
            File(System.getenv("ALBERT_TF_FUZZ") ?: "target/fuzz.jsonl.gz"),
            "python -m android_demo.tokenizer.fuzz.make_fuzz makes it",
        )
        val lines = GZIPInputStream(file.inputStream()).bufferedReader()
        val header = JSONObject(lines.readLine())
        val tokenizers = Tokenizers(File(header.getString("model")).readBytes())
        var numTexts = 0
        var numDifferent = 0
        val shown = ArrayList<String>()
        lines.forEachLine { line ->
            val row = JSONObject(line)
            val differences = GoldenRow(row).differences(tokenizers.of(row))
            numTexts++
            if (differences.isNotEmpty()) numDifferent++
            if (shown.size < 20) shown += differences.map { it.take(2000) }
        }
        println("FuzzTest: $numDifferent of $numTexts texts differ")
        assertTrue(numTexts > 0, "$file holds no text")
        assertEquals(emptyList<String>(), shown)
    }
}
