package org.alberttf.tokenizer

import java.io.File
import kotlin.system.measureNanoTime

/** Takes results, so that the compiler cannot leave out what makes them. */
private var sink = 0

/**
 * Measures the tokenizer on one thread. `benchmark/speed.py` starts this.
 *
 * Prints milliseconds to load the model, the first time in this process and
 * the median of 20 more, and bytes of memory that the tokenizer holds. Then,
 * for each line `ids` or `offsets` on standard input, the seconds that one
 * pass over all texts takes.
 */
internal fun main(arguments: Array<String>) {
    val model = File(arguments[0]).readBytes()
    val lines = File(arguments[1]).readLines()
    val firstLoad = loadMillis(model)
    val load = List(20) { loadMillis(model) }.sorted()[10]
    // The first times, the virtual machine drops things of its own too.
    val held = List(4) { heldBytes(model) }.last()
    println("$firstLoad $load $held")
    val tokenizer = AlbertTokenizer(model)
    while (true) {
        val onlyIds = (readlnOrNull() ?: return) == "ids"
        val nanos = measureNanoTime {
            for (line in lines) {
                val ids = if (onlyIds) tokenizer.encodeIds(line) else tokenizer.encode(line).ids
                sink += ids.size
            }
        }
        println(nanos / 1e9)
    }
}

private fun loadMillis(model: ByteArray): Double =
    measureNanoTime { sink += AlbertTokenizer(model).vocabSize } / 1e6

private fun heldBytes(model: ByteArray): Long {
    var tokenizer: AlbertTokenizer? = AlbertTokenizer(model)
    val with = usedBytes()
    sink += tokenizer?.vocabSize ?: 0
    tokenizer = null
    return with - usedBytes()
}

private fun usedBytes(): Long {
    repeat(3) {
        System.gc()
        Thread.sleep(50)
    }
    return Runtime.getRuntime().run { totalMemory() - freeMemory() }
}
