package org.alberttf.demo

import android.net.Uri
import android.os.Bundle
import android.view.View
import android.widget.Button
import android.widget.Switch
import android.widget.TextView
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** The app as a person sees and uses it, drawn by Android's own code. */
internal class MainActivityTest : OpenedApp() {
    @Test
    fun `type, see the label, turn the phone`() {
        val controller = opened()
        val activity = controller.get()
        assertEquals(activity.getString(R.string.classify_empty), title(activity))
        activity.edit(R.id.classify_text).setText(DARK)
        until { title(activity) == "lights" }
        picture(activity, "classify")
        activity.edit(R.id.classify_text).setSelection(3, 9)
        val bars = bars(activity)
        assertTrue("$bars", bars.first() > bars.last())
        val screen = activity.screen
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        val turned = controller.get()
        assertNotSame(activity, turned)
        assertSame(screen, turned.screen)
        val text = turned.edit(R.id.classify_text)
        assertEquals(DARK, text.text.toString())
        assertEquals(3 to 9, text.selectionStart to text.selectionEnd)
        assertEquals("lights", title(turned))
        assertEquals(bars, bars(turned))
        picture(turned, "landscape")
    }

    @Test
    fun `a phone that grows dark shows the same place`() {
        RuntimeEnvironment.setQualifiers("+land")
        val controller = opened()
        controller.get().edit(R.id.classify_text).setText(DARK)
        until { title(controller.get()) == "lights" }
        val bars = bars(controller.get())
        picture(controller.get(), "landscape_scrolled")
        controller.get().view(R.id.scroll).scrollTo(0, 100)
        assertEquals(100, controller.get().view(R.id.scroll).scrollY)
        RuntimeEnvironment.setQualifiers("+night")
        controller.configurationChange()
        picture(controller.get(), "landscape_dark")
        assertEquals(bars, bars(controller.get()))
        assertEquals(100, controller.get().view(R.id.scroll).scrollY)
    }

    @Test
    fun `the switch for two texts can be dragged and tapped`() {
        val controller = opened()
        val activity = controller.get()
        val switch = activity.child<Switch>(R.id.classify_pair_switch)
        val pair = activity.edit(R.id.classify_pair)
        assertFalse(switch.isChecked || pair.isShown)
        // What Switch does when a dragged thumb is let go.
        switch.isChecked = true
        assertTrue(activity.screen.state.texts.hasPair && pair.isShown)
        switch.performClick()
        assertFalse(activity.screen.state.texts.hasPair || pair.isShown)
        activity.screen.type(activity.screen.state.texts.copy(hasPair = true))
        assertTrue(switch.isChecked && pair.isShown)
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        assertTrue(controller.get().child<Switch>(R.id.classify_pair_switch).isChecked)
        assertTrue(controller.get().screen.state.texts.hasPair)
    }

    @Test
    fun `for a model of single texts there is one field`() {
        val activity = opened().get()
        val ids = listOf(R.id.classify_pair_switch, R.id.classify_pair_label, R.id.classify_pair)
        activity.screen.type(activity.screen.state.texts.copy(hasPair = true))
        assertTrue(ids.all { activity.view(it).isShown })
        val uri = Uri.parse("content://files/single.tflite")
        shadowOf(activity.contentResolver).registerInputStream(uri, TestModels.single().inputStream())
        choose(activity, uri)
        assertEquals("single.tflite", activity.screen.state.models[Tab.CLASSIFY]?.name)
        assertFalse(ids.any { activity.view(it).isShown })
    }

    @Test
    fun `a window that is closed leaves no texts`() {
        val activity = opened().get()
        val file = File(activity.noBackupFilesDir, "texts${activity.taskId}")
        controllers.single().pause().stop().saveInstanceState(Bundle())
        assertTrue(file.exists())
        activity.finish()
        controllers.single().destroy()
        assertFalse(file.exists())
    }

    @Test
    fun `the system ends the app and it comes back`() {
        val kept = Bundle()
        val first = opened()
        first.get().edit(R.id.classify_text).setText(DARK)
        first.get().edit(R.id.classify_text).setSelection(5)
        first.pause().stop().saveInstanceState(kept).destroy()
        val again = Robolectric.buildActivity(MainActivity::class.java).also(controllers::add)
        again.setup(kept)
        until { title(again.get()) == "lights" }
        assertEquals(DARK, again.get().edit(R.id.classify_text).text.toString())
        assertEquals(5, again.get().edit(R.id.classify_text).selectionStart)
    }

    @Test
    @Config(qualifiers = "+night")
    fun `in the dark`() {
        val activity = opened().get()
        activity.edit(R.id.classify_text).setText(DARK)
        until { title(activity) == "lights" }
        val picture = picture(activity, "classify_dark")
        assertEquals(activity.getColor(R.color.background), picture.getPixel(4, picture.height / 2))
    }

    @Test
    fun `in the largest letters nothing is cut off`() {
        RuntimeEnvironment.setFontScale(2f)
        val activity = opened().get()
        activity.edit(R.id.classify_text).setText(DARK)
        until { title(activity) == "lights" }
        picture(activity, "large_letters")
        for (view in activity.views().filterIsInstance<TextView>().filter { it.isShown }) {
            val layout = view.layout ?: continue
            assertTrue("${view.text}", layout.height <= view.height - view.compoundPaddingTop - view.compoundPaddingBottom)
            assertEquals("${view.text}", 0, (0 until layout.lineCount).sumOf { layout.getEllipsisCount(it) })
        }
    }

    @Test
    fun `a screen reader finds a name for all that can be touched`() {
        val activity = opened().get()
        choose(activity, "answerer")
        until { activity.screen.state.tab == Tab.ANSWER }
        val labelled = activity.views().map { it.labelFor }.toSet()
        for (view in activity.views().filter { it.isClickable && it.visibility == View.VISIBLE }) {
            val hasName = (view is Button && view.text.isNotEmpty()) || view.id in labelled
            assertTrue(activity.resources.getResourceName(view.id), hasName)
            if (view.isShown) assertTrue("${view.height}", view.height >= 48 * activity.resources.displayMetrics.density - 1)
        }
    }

    private companion object {
        const val DARK = "it is far too dark in here"
    }
}
