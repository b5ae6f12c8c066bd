package org.alberttf.demo

import android.os.Bundle
import android.widget.EditText

/** Keeps where the cursors stand, for fields that keep nothing themselves. */
internal class Selections(private val fields: List<EditText>) {
    fun save(state: Bundle) =
        state.putIntArray(KEY, fields.flatMap { listOf(it.selectionStart, it.selectionEnd) }.toIntArray())

    /** Takes up what was saved, once the texts stand in their fields. */
    fun restore(state: Bundle) {
        val places = state.getIntArray(KEY) ?: return
        fields.forEachIndexed { index, field ->
            val ends = listOf(places[2 * index], places[2 * index + 1]).map { it.coerceIn(0, field.length()) }
            field.setSelection(ends[0], ends[1])
        }
    }

    private companion object {
        const val KEY = "selections"
    }
}
