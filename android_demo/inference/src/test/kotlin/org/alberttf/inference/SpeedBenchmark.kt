package org.alberttf.inference

import org.junit.jupiter.api.Test

/**
 * How long opening and answering take, with the model that the app ships:
 *
 *     mvn -q -f android_demo/pom.xml test -Dtest=SpeedBenchmark \
 *         -Dsurefire.failIfNoSpecifiedTests=false
 */
internal class SpeedBenchmark {
    @Test
    fun `shipped model, one thread`() {
        val opening = (0 until 15).map { milliseconds { Session(bundle(), JvmRuntime, numThreads = 1).close() } }
        Session(bundle(), JvmRuntime, numThreads = 1).use { session ->
            val classifier = Classifier(session)
            val running = (0 until 300).map { milliseconds { classifier.classify(TEXT) } }
            println(
                "open with self-test: first ${show(opening[0])} ms, then ${show(median(opening.drop(5)))} ms; " +
                    "text to label, ${classifier.classify(TEXT).numTokens} tokens: ${show(median(running.drop(50)))} ms",
            )
        }
    }

    private fun bundle() = Bundle.open(InferenceFiles.shipped)

    private fun milliseconds(work: () -> Unit): Double {
        val begun = System.nanoTime()
        work()
        return (System.nanoTime() - begun) / 1e6
    }

    private fun median(times: List<Double>) = times.sorted()[times.size / 2]

    private fun show(time: Double) = "%.2f".format(time)

    private companion object {
        const val TEXT = "could you turn the lights down a little in the living room and the kitchen please"
    }
}
