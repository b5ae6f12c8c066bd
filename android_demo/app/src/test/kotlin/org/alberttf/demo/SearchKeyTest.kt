package org.alberttf.demo

import android.os.Looper
import android.view.KeyEvent
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputMethodManager
import android.widget.EditText
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** Asking by a key, in the field of the question. */
internal class SearchKeyTest : OpenedApp() {
    @Test
    fun `the keyboard's Search asks once, stays in the question and closes the keyboard`() {
        val activity = asking()
        val keyboard = checkNotNull(activity.getSystemService(InputMethodManager::class.java))
        keyboard.showSoftInput(question(activity), 0)
        assertTrue(shadowOf(keyboard).isSoftInputVisible)
        val numAsked = asked(activity) { it.onEditorAction(EditorInfo.IME_ACTION_SEARCH) }
        assertEquals(1, numAsked)
        assertTrue(question(activity).isFocused)
        assertFalse(shadowOf(keyboard).isSoftInputVisible)
    }

    @Test
    fun `a hardware Enter asks once and stays in the question`() {
        val activity = asking()
        val numAsked = asked(activity) { field ->
            for (action in listOf(KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP)) {
                field.dispatchKeyEvent(KeyEvent(action, KeyEvent.KEYCODE_ENTER))
            }
        }
        assertEquals(1, numAsked)
        assertTrue(question(activity).isFocused)
    }

    @Test
    fun `an Enter that is held asks once`() {
        val activity = asking()
        val numAsked = asked(activity) { field ->
            field.dispatchKeyEvent(enter(KeyEvent.ACTION_DOWN, numRepeats = 0))
            until { activity.screen.state.reply is Work.Done }
            field.dispatchKeyEvent(enter(KeyEvent.ACTION_DOWN, numRepeats = 1))
            field.dispatchKeyEvent(enter(KeyEvent.ACTION_UP, numRepeats = 0))
        }
        assertEquals(1, numAsked)
        assertTrue(question(activity).isFocused)
    }

    @Test
    fun `without a passage Search goes to where one is missing`() {
        val activity = asking()
        activity.edit(R.id.passage).setText("")
        question(activity).onEditorAction(EditorInfo.IME_ACTION_SEARCH)
        until { activity.edit(R.id.passage).isFocused }
        assertEquals(Work.None, activity.screen.state.reply)
    }

    private fun asking(): MainActivity {
        val activity = opened().get()
        choose(activity, "answerer")
        activity.view(R.id.answer_example).performClick()
        question(activity).requestFocus()
        return activity
    }

    private fun enter(action: Int, numRepeats: Int) = KeyEvent(0, 0, action, KeyEvent.KEYCODE_ENTER, numRepeats)

    private fun question(activity: MainActivity): EditText = activity.edit(R.id.question)

    /** Returns how often [press] asked, once there is an answer. */
    private fun asked(activity: MainActivity, press: (EditText) -> Unit): Int {
        var numAsked = 0
        val draw = activity.screen.observer
        activity.screen.observer = { state ->
            if (state.reply == Work.Running(0, 0)) numAsked++
            draw(state)
        }
        press(question(activity))
        until { activity.screen.state.reply is Work.Done }
        shadowOf(Looper.getMainLooper()).idle()
        until { activity.screen.state.reply is Work.Done }
        return numAsked
    }
}
