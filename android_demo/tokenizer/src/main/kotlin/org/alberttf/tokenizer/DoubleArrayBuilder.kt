package org.alberttf.tokenizer

/**
 * Builds a [DoubleArray] from keys.
 *
 * Goes through the trie level by level. The keys that share a prefix are a
 * range of [order]; sorting each range by the byte that follows, one level
 * after the other, sorts them all. A node's children are put at
 * `base xor label`, for the first base at which all those places are free.
 *
 * A unit remembers its label but not its parent, so no two nodes may share a
 * base: then a place that holds the label sought belongs to the node that
 * seeks it, since another node's child with that label would have that base.
 *
 * @param keys strings, none empty, without byte 0.
 * @param values one a key, not negative.
 */
internal class DoubleArrayBuilder(
    private val keys: Array<ByteArray>,
    private val values: IntArray,
) {
    private val order = IntArray(keys.size) { it }
    private val places = FreePlaces()
    private var units = IntArray(0)
    private var size = 0

    // Labels of the children of the node at hand, and where each one's keys
    // end in [order].
    private val labels = IntArray(0x100)
    private val ends = IntArray(0x100)
    private var numLabels = 0

    // The branches that wait: for each, the range of keys, the length of the
    // prefix that they share, and its node.
    private var waiting = IntArray(1024)
    private var numWaiting = 0

    /** Returns the trie. */
    fun build(): DoubleArray {
        addBlock()
        units[0] = 0
        places.take(0)
        wait(0, keys.size, 0, 0)
        var at = 0
        while (at < numWaiting) {
            grow(waiting[at], waiting[at + 1], waiting[at + 2], waiting[at + 3])
            at += 4
        }
        return DoubleArray(units.copyOf(size))
    }

    private fun grow(begin: Int, end: Int, depth: Int, node: Int) {
        sort(begin, end, depth)
        findLabels(begin, end, depth)
        val base = findBase()
        units[node] = units[node] or ((node xor base) shl 10)
        var first = begin
        for (index in 0 until numLabels) {
            val label = labels[index]
            val child = base xor label
            places.take(child)
            if (label == 0) {
                requireOnce(first, ends[index])
                units[node] = units[node] or DoubleArray.HAS_LEAF
                units[child] = values[order[first]] or UNUSED
            } else {
                units[child] = label
                wait(first, ends[index], depth + 1, child)
            }
            first = ends[index]
        }
    }

    /** Sorts a range by one byte, by insertion: nearly all are short. */
    private fun sort(begin: Int, end: Int, depth: Int) {
        if (end - begin > MANY) return sortMany(begin, end, depth)
        for (index in begin + 1 until end) {
            val key = order[index]
            val label = label(key, depth)
            var at = index
            while (at > begin && label(order[at - 1], depth) > label) {
                order[at] = order[at - 1]
                at--
            }
            order[at] = key
        }
    }

    /** Sorts a range by one byte, by counting. */
    private fun sortMany(begin: Int, end: Int, depth: Int) {
        val starts = IntArray(0x101)
        for (index in begin until end) starts[label(order[index], depth) + 1]++
        for (label in 0 until 0x100) starts[label + 1] += starts[label]
        val unsorted = order.copyOfRange(begin, end)
        for (key in unsorted) order[begin + starts[label(key, depth)]++] = key
    }

    private fun findLabels(begin: Int, end: Int, depth: Int) {
        numLabels = 0
        for (index in begin until end) {
            val label = label(order[index], depth)
            if (numLabels == 0 || labels[numLabels - 1] != label) labels[numLabels++] = label
            ends[numLabels - 1] = index + 1
        }
    }

    /** Returns the byte of a key that comes after [depth] others, 0 at its end. */
    private fun label(key: Int, depth: Int): Int {
        val bytes = keys[key]
        return if (depth < bytes.size) bytes[depth].toInt() and 0xFF else 0
    }

    private fun findBase(): Int {
        var base = places.findBase(labels, numLabels)
        if (base < 0) {
            base = size
            addBlock()
            places.useBase(base)
        }
        return base
    }

    private fun addBlock() {
        require(size < MAX_UNITS) {
            "The vocabulary is too large: ${keys.size} pieces. Expected what " +
                "fits a trie of $MAX_UNITS units. Train a smaller one."
        }
        val begin = size
        size += FreePlaces.BLOCK_SIZE
        if (size > units.size) units = units.copyOf(2 * size)
        units.fill(UNUSED, begin, size)
        places.addBlock()
    }

    private fun wait(begin: Int, end: Int, depth: Int, node: Int) {
        if (numWaiting == waiting.size) waiting = waiting.copyOf(2 * numWaiting)
        waiting[numWaiting++] = begin
        waiting[numWaiting++] = end
        waiting[numWaiting++] = depth
        waiting[numWaiting++] = node
    }

    private fun requireOnce(begin: Int, end: Int) = require(end == begin + 1) {
        "The SentencePiece model is broken: the piece " +
            "${String(keys[order[begin]], Charsets.UTF_8)} is there twice. " +
            "Expected the `spiece.model` that comes with the weights. Copy it " +
            "again, as binary."
    }

    private companion object {
        const val MANY = 64
        const val MAX_UNITS = 1 shl 21
        const val UNUSED = 1 shl 31
    }
}
