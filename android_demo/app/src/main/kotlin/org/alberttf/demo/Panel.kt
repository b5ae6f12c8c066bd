package org.alberttf.demo

import android.app.Activity
import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.widget.EditText
import android.widget.TextView

/** The part of the screen that belongs to one tab. */
internal interface Panel {
    /** Shows a state, or hides the panel where its tab is not in front. */
    fun draw(state: ScreenState)
}

/** Returns the view of an id, which the layout has. */
internal fun <T : View> View.child(id: Int): T = checkNotNull(findViewById(id))

internal fun <T : View> Activity.child(id: Int): T = checkNotNull(findViewById(id))

internal fun View.isShown(isShown: Boolean) {
    visibility = if (isShown) View.VISIBLE else View.GONE
}

/** Joins sentences below a result; null where there is none. */
internal fun remark(vararg sentences: String?): String? =
    sentences.filterNotNull().joinToString(" ").ifEmpty { null }

/** Sets a text unless it stands there: a screen reader speaks what changes. */
internal fun TextView.setTextIfNew(new: CharSequence) {
    if (text.toString() != new.toString()) text = new
}

/** Calls [onText] with each text that is typed, not with one that is set. */
internal fun EditText.onTyped(onText: (String) -> Unit) = addTextChangedListener(object : TextWatcher {
    override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit

    override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit

    override fun afterTextChanged(text: Editable) = onText(text.toString())
})

/** Sets a field's text where it is another, with the cursor at its end. */
internal fun EditText.setTextIfOther(new: String) {
    if (!text.contentEquals(new)) {
        setText(new)
        setSelection(text.length)
    }
}
