package org.alberttf.tokenizer

/**
 * Which places of a double array are free, and which bases are not used yet.
 *
 * Free places are a list through two arrays. Those of all blocks but the last
 * few are given up: they are nearly full, and to look there costs more time
 * than it saves space.
 */
internal class FreePlaces {
    private var next = IntArray(0)
    private var previous = IntArray(0)
    private var isBase = BooleanArray(0)
    private var first = NONE
    private var last = NONE
    private var size = 0

    /** Appends [BLOCK_SIZE] free places. */
    fun addBlock() {
        val begin = size
        size += BLOCK_SIZE
        if (size > next.size) {
            next = next.copyOf(2 * size)
            previous = previous.copyOf(2 * size)
            isBase = isBase.copyOf(2 * size)
        }
        for (place in begin until size) append(place)
        while (first < size - SEARCHED) take(first)
    }

    /** Takes a place off the list, if it is still there. */
    fun take(place: Int) {
        val before = previous[place]
        val after = next[place]
        if (before == GONE) return
        if (before == NONE) first = after else next[before] = after
        if (after == NONE) last = before else previous[after] = before
        previous[place] = GONE
    }

    /** Notes that a base is in use. */
    fun useBase(base: Int) {
        isBase[base] = true
    }

    /**
     * Returns, and takes into use, a base at which the places of all labels
     * are free; negative if there is none.
     */
    fun findBase(labels: IntArray, numLabels: Int): Int {
        var place = first
        while (place != NONE) {
            val base = place xor labels[0]
            if (!isBase[base] && areFree(base, labels, numLabels)) {
                isBase[base] = true
                return base
            }
            place = next[place]
        }
        return NONE
    }

    private fun areFree(base: Int, labels: IntArray, numLabels: Int): Boolean {
        for (index in 1 until numLabels) {
            if (previous[base xor labels[index]] == GONE) return false
        }
        return true
    }

    private fun append(place: Int) {
        previous[place] = last
        next[place] = NONE
        if (last == NONE) first = place else next[last] = place
        last = place
    }

    companion object {
        /** A label is a byte, so that a node's children are in one block. */
        const val BLOCK_SIZE = 0x100
        private const val SEARCHED = 4 * BLOCK_SIZE
        private const val NONE = -1
        private const val GONE = -2
    }
}
