package org.alberttf.inference

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** Holds Kotlin against Python on real data, where `make_large.py` put some. */
internal class LargeTest {
    @TestFactory
    fun `every row has Python's answer`(): List<DynamicTest> {
        val folder = InferenceFiles.made("large")
        val files = folder.listFiles().orEmpty().filter { it.extension == "json" }
        assertTrue(files.isNotEmpty(), "$folder holds no rows; python -m android_demo.inference.golden.make_large makes them")
        return files.map { rows ->
            DynamicTest.dynamicTest(rows.nameWithoutExtension) {
                Session(Bundle.open(rows.resolveSibling("${rows.nameWithoutExtension}.tflite")), JvmRuntime)
                    .use { compare(rows.nameWithoutExtension, it, Golden.read(rows)) }
            }
        }
    }

    private fun compare(name: String, session: Session, rows: List<Golden>) {
        val differences = when (session.bundle.manifest.task) {
            Task.CLASSIFICATION -> Rows.classify(Classifier(session), rows)
            Task.REGRESSION -> Rows.score(Regressor(session), rows)
            else -> Rows.answer(Answerer(session), rows)
        }
        val largest = differences.maxOrNull() ?: Double.NaN
        println(
            "$name (${session.bundle.manifest.quantization}): ${rows.size} rows, scores differ from Python's by " +
                "$largest at most, on ${differences.count { it > 1e-4 }} rows by more than 1e-4",
        )
        val isFloat = session.bundle.manifest.quantization == "float32"
        assertTrue(largest <= if (isFloat) 1e-4 else 0.05, "$largest")
    }
}
