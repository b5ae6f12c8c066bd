package org.alberttf.demo

import android.graphics.Rect
import android.view.View
import android.widget.RadioButton
import android.widget.RadioGroup
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.RuntimeEnvironment

/** The tabs, all five of them. */
internal class TabBarTest : OpenedApp() {
    @Test
    fun `each tab is whole, and the one in front in sight`() {
        for (scale in listOf(1f, 2f)) {
            RuntimeEnvironment.setFontScale(scale)
            val activity = allOpened()
            picture(activity, "tabs_$scale")
            val tabs = activity.child<RadioGroup>(R.id.tabs)
            val buttons = (0 until tabs.childCount).map { tabs.getChildAt(it) as RadioButton }
            assertEquals(Tab.values().size, buttons.count { it.isShown })
            for (button in buttons) {
                assertEquals("${button.text}", 1, button.layout.lineCount)
                val room = button.width - button.compoundPaddingLeft - button.compoundPaddingRight
                assertTrue("${button.text}", button.layout.getLineWidth(0) <= room)
            }
            for ((id, name) in listOf(R.id.tab_classify to "first", R.id.tab_choose to "last")) {
                activity.view(id).performClick()
                picture(activity, "tabs_${name}_$scale")
                inSight(activity, id)
            }
        }
    }

    private fun allOpened(): MainActivity {
        val activity = opened().get()
        listOf("regressor", "answerer", "tagger", "chooser").forEach { choose(activity, it) }
        return activity
    }

    private fun inSight(activity: MainActivity, id: Int) {
        val tab: View = activity.view(id)
        val seen = Rect()
        assertTrue(tab.getGlobalVisibleRect(seen))
        assertEquals(tab.width, seen.width())
    }
}
