package org.alberttf.demo

import android.text.Spanned
import android.text.style.BackgroundColorSpan
import android.widget.EditText

/** Marks that a panel sets in a field's text; a keyboard's own are left alone. */
internal class Marks(private val field: EditText) {
    private val color = field.context.getColor(R.color.mark)
    private val spans = ArrayList<BackgroundColorSpan>()

    /** Marks a part where it stands: a result may be of the text before this one. */
    fun add(part: String, start: Int) {
        val text = field.text
        if (!text.startsWith(part, start)) return
        val span = BackgroundColorSpan(color).also(spans::add)
        text.setSpan(span, start, start + part.length, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
    }

    /** Removes what it marked, the last first: what lies behind a span is moved up. */
    fun clear() {
        spans.asReversed().forEach { field.text.removeSpan(it) }
        spans.clear()
    }
}
