package org.alberttf.demo

import android.widget.LinearLayout
import android.widget.TextView
import org.alberttf.inference.Choice
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment

/** A text, choices, and the likeliest of them. */
internal class ChoosePanelTest : OpenedApp() {
    @Test
    fun `the likeliest choice comes first, while they are typed`() {
        val activity = choosing()
        assertEquals(activity.getString(R.string.choose_empty), title(activity, R.id.panel_choose))
        activity.edit(R.id.choose_context).setText("It rained all day. We took")
        activity.edit(R.id.choose_choices).setText("a tent\n\n")
        assertEquals(Work.None, activity.screen.state.choice)
        activity.edit(R.id.choose_choices).append(" umbrellas \nthe piano")
        val choice = done(activity)
        assertEquals(listOf("a tent", "umbrellas", "the piano"), choice.choices)
        assertEquals(choice.choice, title(activity, R.id.panel_choose))
        val likeliest = choice.choices.indices.sortedByDescending { choice.probabilities[it] }
        assertEquals(likeliest.map { choice.choices[it] }, rows(activity))
        picture(activity, "choose")
    }

    @Test
    fun `a question alone is enough, and all stays when the phone is turned`() {
        val controller = opened()
        choose(controller.get(), "chooser")
        controller.get().view(R.id.choose_example).performClick()
        done(controller.get())
        controller.get().edit(R.id.choose_context).setText("")
        val before = done(controller.get())
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        val turned = controller.get()
        assertEquals(turned.getString(R.string.example_asked), turned.edit(R.id.choose_question).text.toString())
        assertEquals(before.choice, title(turned, R.id.panel_choose))
        turned.edit(R.id.choose_question).setText("")
        assertEquals(turned.getString(R.string.choose_empty), title(turned, R.id.panel_choose))
    }

    @Test
    fun `of a long question alone it says which end is missing`() {
        val activity = choosing()
        activity.edit(R.id.choose_choices).setText("a tent\na lamp")
        activity.edit(R.id.choose_question).setText("What did they take?")
        assertFalse(done(activity).isTruncated)
        val note = activity.view(R.id.panel_choose).child<TextView>(R.id.result_note)
        assertFalse(note.isShown)
        activity.edit(R.id.choose_question).setText("It rained all day. ".repeat(20) + "What did they take?")
        assertTrue(done(activity).isTruncated)
        assertEquals(activity.getString(R.string.choose_cut), note.text.toString())
        assertTrue(note.isShown)
    }

    private fun choosing(): MainActivity {
        val activity = opened().get()
        choose(activity, "chooser")
        assertEquals(Tab.CHOOSE, activity.screen.state.tab)
        assertTrue(activity.edit(R.id.choose_choices).isShown)
        return activity
    }

    /** Returns the choice of what stands in the fields now. */
    private fun done(activity: MainActivity): Choice {
        val before = activity.screen.state.choice
        until { activity.screen.state.choice.let { it is Work.Done && it !== before } }
        return (activity.screen.state.choice as Work.Done).value
    }

    private fun rows(activity: MainActivity): List<String> {
        val rows = activity.view(R.id.panel_choose).child<LinearLayout>(R.id.result_rows)
        return (0 until rows.childCount).map { rows.getChildAt(it).child<TextView>(R.id.row_text).text.toString() }
    }
}
