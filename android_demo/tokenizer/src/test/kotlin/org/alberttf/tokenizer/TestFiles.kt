package org.alberttf.tokenizer

import java.io.File
import org.json.JSONArray
import org.json.JSONObject
import org.junit.jupiter.api.Assumptions.assumeTrue

/** Finds the files that these tests share with the Python ones. */
internal object TestFiles {
    /** Tests run in the module's folder, `android_demo/tokenizer`. */
    private val checkout = File("../..").canonicalFile

    /** Returns a file below `tests/golden`. */
    fun golden(name: String): File = File(checkout, "tests/golden/$name")

    /**
     * Returns a file that is too large to ship with the project, or skips.
     *
     * The folder is `ALBERT_TF_SHARED`, or `shared` beside the checkout.
     */
    fun shared(name: String): File {
        val folder = System.getenv("ALBERT_TF_SHARED") ?: "${checkout.parent}/shared"
        return required(File(folder, name), "ALBERT_TF_SHARED names its folder")
    }

    /** Returns [file] or skips the test, and says so with [advice]. */
    fun required(file: File, advice: String): File {
        val reason = "$file is not here; $advice"
        if (!file.exists()) println("skipped: $reason")
        assumeTrue(file.exists(), reason)
        return file
    }

    /** The small model that every checkout has. */
    val smallModel: ByteArray by lazy { golden("small.spiece.model").readBytes() }

    /** The tokenizer of the small model. */
    val small: AlbertTokenizer by lazy { AlbertTokenizer(smallModel) }
}

/** One line of a golden file: a text and what the reference makes of it. */
internal class GoldenRow(row: JSONObject) {
    val text: String = row.getString("text")
    val normalized: String = row.getString("normalized")
    val pieces: List<String> = row.getJSONArray("pieces").map { it as String }
    val ids: List<Int> = row.getJSONArray("ids").map { it as Int }

    /** In code points; null where the file has none. */
    val offsets: List<Span>? = row.optJSONArray("offsets")?.map {
        val pair = it as JSONArray
        Span(pair.getInt(0), pair.getInt(1))
    }

    /** What [ids] are decoded to; null where the file does not say. */
    private val decoded: String? = row.opt("decoded") as String?

    /** Returns a sentence for each thing in which [tokenizer] differs. */
    fun differences(tokenizer: AlbertTokenizer): List<String> {
        val encoding = tokenizer.encode(text)
        return listOfNotNull(
            difference("normalized", normalized, tokenizer.normalize(text)),
            difference("pieces", pieces, encoding.pieces),
            difference("ids", ids, encoding.ids.asList()),
            difference("encodeIds", ids, tokenizer.encodeIds(text).asList()),
            decoded?.let { difference("decoded", it, tokenizer.decode(ids.toIntArray())) },
            offsets?.let { difference("offsets", it, encoding.codePointOffsets()) },
        )
    }

    private fun difference(name: String, expected: Any, actual: Any): String? =
        "$name of ${JSONObject.quote(text)}: expected $expected, was $actual"
            .takeIf { expected != actual }

    companion object {
        fun readAll(file: File): List<GoldenRow> =
            JSONArray(file.readText()).map { GoldenRow(it as JSONObject) }
    }
}
