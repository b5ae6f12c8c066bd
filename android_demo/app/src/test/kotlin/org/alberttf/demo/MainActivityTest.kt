package org.alberttf.demo

import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.net.Uri
import android.os.Looper
import android.text.style.BackgroundColorSpan
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import java.io.File
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The app with the runtime of the machine that runs the tests. */
internal class TestApplication : DemoApplication() {
    override val runtime: ModelRuntime get() = JvmRuntime
}

/** The app as a person sees and uses it, drawn by Android's own code. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], application = TestApplication::class, qualifiers = "w360dp-h720dp-xhdpi")
internal class MainActivityTest {
    private val controllers = ArrayList<ActivityController<MainActivity>>()

    @After
    fun close() = controllers.forEach { it.close() }

    @Test
    fun `type, see the label, turn the phone`() {
        val controller = opened()
        val activity = controller.get()
        assertEquals(activity.getString(R.string.classify_empty), title(activity))
        activity.edit(R.id.classify_text).setText(DARK)
        until { title(activity) == "lights" }
        picture(activity, "classify")
        val screen = activity.screen
        RuntimeEnvironment.setQualifiers("+land")
        controller.configurationChange()
        val turned = controller.get()
        assertNotSame(activity, turned)
        assertSame(screen, turned.screen)
        assertEquals(DARK, turned.edit(R.id.classify_text).text.toString())
        assertEquals("lights", title(turned))
        picture(turned, "landscape")
    }

    @Test
    fun `the system ends the app and it comes back`() {
        val kept = android.os.Bundle()
        val first = opened()
        first.get().edit(R.id.classify_text).setText(DARK)
        first.pause().stop().saveInstanceState(kept).destroy()
        val again = Robolectric.buildActivity(MainActivity::class.java).also(controllers::add)
        again.setup(kept)
        until { title(again.get()) == "lights" }
        assertEquals(DARK, again.get().edit(R.id.classify_text).text.toString())
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
    fun `a model from the device answers, marked at its place`() {
        val activity = opened().get()
        choose(activity, "answerer")
        until { activity.screen.state.tab == Tab.ANSWER }
        assertTrue(activity.view(R.id.tabs).isShown)
        activity.view(R.id.answer_example).performClick()
        activity.view(R.id.ask).performClick()
        until { activity.screen.state.reply is Work.Done }
        shadowOf(Looper.getMainLooper()).idle()
        val reply = (activity.screen.state.reply as Work.Done).value
        val passage = activity.edit(R.id.passage).text
        val marks = passage.getSpans(0, passage.length, BackgroundColorSpan::class.java)
        val places = marks.map { passage.getSpanStart(it) to passage.getSpanEnd(it) }
        assertEquals(reply.answer?.let { listOf(it.start to it.end) }.orEmpty(), places)
        picture(activity, "answer")
        activity.edit(R.id.passage).append("!")
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(0, passage.getSpans(0, passage.length, BackgroundColorSpan::class.java).size)
        activity.view(R.id.tab_classify).performClick()
        assertTrue(activity.edit(R.id.classify_text).isShown)
        assertFalse(activity.edit(R.id.passage).isShown)
    }

    @Test
    fun `entities are marked`() {
        val activity = opened().get()
        choose(activity, "tagger")
        until { activity.screen.state.tab == Tab.TAG }
        activity.view(R.id.tag_example).performClick()
        until { activity.screen.state.tagging is Work.Done }
        shadowOf(Looper.getMainLooper()).idle()
        val text = activity.edit(R.id.tag_text).text
        val found = (activity.screen.state.tagging as Work.Done).value.entities
        assertEquals(
            found.map { it.start to it.end },
            text.getSpans(0, text.length, BackgroundColorSpan::class.java)
                .map { text.getSpanStart(it) to text.getSpanEnd(it) }.sortedBy { it.first },
        )
        picture(activity, "tag")
    }

    @Test
    fun `a foreign file is refused in a sentence`() {
        val activity = opened().get()
        choose(activity, "make_bundles.py")
        until { activity.view(R.id.problem).isShown }
        picture(activity, "problem")
        activity.view(R.id.problem_dismiss).performClick()
        assertFalse(activity.view(R.id.problem).isShown)
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

    private fun opened(): ActivityController<MainActivity> {
        val controller = Robolectric.buildActivity(MainActivity::class.java).also(controllers::add)
        controller.setup()
        until { !controller.get().screen.state.isOpening }
        return controller
    }

    /** Plays the file chooser. */
    private fun choose(activity: MainActivity, name: String) {
        activity.view(R.id.open_model).performClick()
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, asked.intent.action)
        val file = File("../inference/golden", if ("." in name) name else "$name.tflite")
        val uri = Uri.parse("content://files/${file.name}")
        shadowOf(activity.contentResolver).registerInputStream(uri, file.inputStream())
        shadowOf(activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(uri))
        until { !activity.screen.state.isOpening }
    }

    /** Lets the main thread work until [isSo], 30 seconds at most. */
    private fun until(isSo: () -> Boolean) {
        val end = System.nanoTime() + 30_000_000_000
        shadowOf(Looper.getMainLooper()).idle()
        while (!isSo()) {
            check(System.nanoTime() < end) { "it did not come to that in 30 seconds" }
            Thread.sleep(10)
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    private fun picture(activity: Activity, name: String): Bitmap {
        shadowOf(Looper.getMainLooper()).idle()
        val view = activity.window.decorView
        val display = activity.resources.displayMetrics
        // A turned activity is not laid out by itself here.
        view.measure(exactly(display.widthPixels), exactly(display.heightPixels))
        view.layout(0, 0, display.widthPixels, display.heightPixels)
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val file = File("target/pictures/$name.png")
        file.parentFile?.mkdirs()
        file.outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
        return bitmap
    }

    private fun exactly(pixels: Int) = View.MeasureSpec.makeMeasureSpec(pixels, View.MeasureSpec.EXACTLY)

    private fun title(activity: Activity) =
        activity.view(R.id.panel_classify).child<TextView>(R.id.result_title).text.toString()

    private fun Activity.view(id: Int): View = child(id)

    private fun Activity.edit(id: Int): EditText = child(id)

    private fun Activity.views(): List<View> {
        val found = ArrayList<View>()
        fun walk(view: View) {
            found.add(view)
            if (view is ViewGroup) for (index in 0 until view.childCount) view.getChildAt(index)?.let(::walk)
        }
        walk(view(android.R.id.content))
        return found
    }

    private companion object {
        const val DARK = "it is far too dark in here"
    }
}
