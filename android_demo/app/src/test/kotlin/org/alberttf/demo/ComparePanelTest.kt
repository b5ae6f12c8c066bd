package org.alberttf.demo

import android.os.Bundle
import android.widget.TextView
import org.alberttf.inference.Score
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment

/** Two texts and their score. */
internal class ComparePanelTest : OpenedApp() {
    @Test
    fun `two texts are scored while they are typed`() {
        val activity = comparing()
        assertTrue(activity.edit(R.id.compare_first).isShown && activity.edit(R.id.compare_second).isShown)
        assertEquals(activity.getString(R.string.compare_empty), title(activity, R.id.panel_compare))
        activity.edit(R.id.compare_first).setText(ONE)
        val alone = score(activity, other = null)
        assertEquals(activity.getString(R.string.compare_alone), note(activity))
        activity.edit(R.id.compare_second).setText(OTHER)
        assertEquals(activity.getString(R.string.compare_alone), note(activity))
        val both = score(activity, other = alone)
        assertNotEquals(alone.score, both.score, 1e-3)
        assertEquals("Score: %.3f".format(both.score), title(activity, R.id.panel_compare))
        assertTrue(both.numTokens > alone.numTokens)
        assertFalse(activity.view(R.id.panel_compare).child<TextView>(R.id.result_note).isShown)
        picture(activity, "compare")
        activity.edit(R.id.compare_first).setText(" ")
        assertEquals(activity.getString(R.string.compare_empty), title(activity, R.id.panel_compare))
    }

    @Test
    fun `examples come in turn`() {
        val activity = comparing()
        val seen = (1..3).map {
            activity.view(R.id.compare_example).performClick()
            activity.edit(R.id.compare_first).text.toString() to activity.edit(R.id.compare_second).text.toString()
        }
        assertEquals(listOf(true, false), listOf(seen[0] == seen[2], seen[0] == seen[1]))
        score(activity, other = null)
    }

    @Test
    fun `texts and score stay when the phone is turned`() {
        val controller = opened()
        choose(controller.get(), "regressor")
        controller.get().view(R.id.compare_example).performClick()
        val score = score(controller.get(), other = null)
        controller.get().edit(R.id.compare_second).setSelection(2, 5)
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        val turned = controller.get()
        val second = turned.edit(R.id.compare_second)
        assertEquals(turned.resources.getStringArray(R.array.compare_second_examples)[0], second.text.toString())
        assertEquals(2 to 5, second.selectionStart to second.selectionEnd)
        assertEquals("Score: %.3f".format(score.score), title(turned, R.id.panel_compare))
    }

    @Test
    fun `texts are there again after the system ended the app`() {
        val kept = Bundle()
        val first = opened()
        choose(first.get(), "regressor")
        first.get().view(R.id.compare_example).performClick()
        first.pause().stop().saveInstanceState(kept).destroy()
        val again = Robolectric.buildActivity(MainActivity::class.java).also(controllers::add)
        again.setup(kept)
        val score = score(again.get(), other = null)
        assertEquals(Tab.COMPARE, again.get().screen.state.tab)
        assertEquals("Score: %.3f".format(score.score), title(again.get(), R.id.panel_compare))
    }

    private fun comparing(): MainActivity {
        val activity = opened().get()
        choose(activity, "regressor")
        assertEquals(Tab.COMPARE, activity.screen.state.tab)
        return activity
    }

    /** Returns a score that is there and not the [other]. */
    private fun score(activity: MainActivity, other: Score?): Score {
        fun now() = (activity.screen.state.score as? Work.Done)?.value
        until { now() != null && now() !== other }
        return checkNotNull(now())
    }

    private fun note(activity: MainActivity) =
        activity.view(R.id.panel_compare).child<TextView>(R.id.result_note).text.toString()

    private companion object {
        const val ONE = "A man is playing the guitar."
        const val OTHER = "The ferry leaves at nine."
    }
}
