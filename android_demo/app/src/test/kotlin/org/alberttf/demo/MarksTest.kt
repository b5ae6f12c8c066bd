package org.alberttf.demo

import android.os.Looper
import android.text.Spanned
import android.text.style.BackgroundColorSpan
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** What a model finds, marked in the text that it was found in. */
internal class MarksTest : OpenedApp() {
    @Test
    fun `a model from the device answers, marked at its place`() {
        val activity = opened().get()
        choose(activity, "answerer")
        until { activity.screen.state.tab == Tab.ANSWER }
        assertTrue(activity.view(R.id.tabs).isShown)
        val answer = answered(activity)
        val passage = activity.edit(R.id.passage)
        assertEquals(listOf(answer.start to answer.end), places(passage))
        picture(activity, "answer")
        passage.append("!")
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(emptyList<Any>(), places(passage))
        activity.view(R.id.tab_classify).performClick()
        assertTrue(activity.edit(R.id.classify_text).isShown)
        assertFalse(activity.edit(R.id.passage).isShown)
    }

    @Test
    fun `an answer goes with its passage`() {
        val activity = opened().get()
        choose(activity, "answerer")
        answered(activity)
        activity.edit(R.id.passage).setText("")
        assertEquals(Work.None, activity.screen.state.reply)
        assertEquals(activity.getString(R.string.answer_empty), title(activity, R.id.panel_answer))
    }

    @Test
    fun `only what stands in a field is marked`() {
        val field = opened().get().edit(R.id.passage)
        field.setText("It stands in Prague.")
        val marks = Marks(field)
        listOf("Prague" to 12, "Prague" to 100, "Prague" to 13).forEach { (part, start) -> marks.add(part, start) }
        assertEquals(listOf(13 to 19), places(field))
        marks.clear()
        assertEquals(emptyList<Any>(), places(field))
    }

    @Test
    fun `entities are marked`() {
        val activity = opened().get()
        choose(activity, "tagger")
        until { activity.screen.state.tab == Tab.TAG }
        activity.view(R.id.tag_example).performClick()
        until { activity.screen.state.tagging is Work.Done }
        shadowOf(Looper.getMainLooper()).idle()
        val found = (activity.screen.state.tagging as Work.Done).value.entities
        assertTrue(found.isNotEmpty())
        assertEquals(found.map { it.start to it.end }, places(activity.edit(R.id.tag_text)))
        picture(activity, "tag")
    }

    @Test
    fun `marks stay while nothing changes, and a keyboard's always`() {
        val activity = opened().get()
        choose(activity, "tagger")
        activity.view(R.id.tag_example).performClick()
        until { activity.screen.state.tagging is Work.Done }
        val field = activity.edit(R.id.tag_text)
        val ours = marks(field)
        assertTrue(ours.isNotEmpty())
        val keyboards = BackgroundColorSpan(0)
        field.text.setSpan(keyboards, 0, 3, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE or Spanned.SPAN_COMPOSING)
        activity.edit(R.id.question).setText("Who?")
        assertEquals((ours + keyboards).toSet(), marks(field).toSet())
        val last = activity.screen.state.tagging
        field.append("!")
        until { activity.screen.state.tagging !== last }
        assertEquals(setOf(keyboards), marks(field).toSet() intersect (ours + keyboards).toSet())
    }

    @Test
    fun `of very many places the first are marked, and that is said`() {
        val activity = opened().get()
        choose(activity, "tagger")
        val field = activity.edit(R.id.tag_text)
        field.setText("Ada Lovelace wrote to Charles Babbage in London. ".repeat(400))
        until { (activity.screen.state.tagging as? Work.Done)?.value?.entities.orEmpty().size > 1000 }
        val entities = (activity.screen.state.tagging as Work.Done).value.entities
        assertEquals(entities.take(1000).map { it.start to it.end }, places(field))
        val note = activity.view(R.id.panel_tag).child<TextView>(R.id.result_note)
        assertTrue(note.isShown)
        assertEquals("Only the first 1,000 are marked.", note.text.toString())
        activity.view(R.id.tag_example).performClick()
        until { (activity.screen.state.tagging as? Work.Done)?.value?.entities.orEmpty().size in 1..999 }
        assertFalse(note.isShown)
    }
}
