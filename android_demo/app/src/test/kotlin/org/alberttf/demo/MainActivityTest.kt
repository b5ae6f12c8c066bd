package org.alberttf.demo

import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.net.Uri
import android.os.Looper
import android.text.Spanned
import android.text.style.BackgroundColorSpan
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.Switch
import android.widget.TextView
import java.io.File
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.tokenizer.Answer
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
    fun `the system ends the app and it comes back`() {
        val kept = android.os.Bundle()
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
    fun `a model is removed once, and its tab stays`() {
        val activity = opened().get()
        choose(activity, "answerer")
        choose(activity, "classifier")
        val button = activity.view(R.id.model_remove)
        assertTrue(button.isShown && button.isEnabled)
        button.performClick()
        assertFalse(button.isEnabled)
        until { !activity.screen.state.isOpening }
        assertEquals(Tab.CLASSIFY, activity.screen.state.tab)
        assertFalse(button.isShown)
        activity.view(R.id.tab_answer).performClick()
        assertTrue(button.isShown && button.isEnabled)
    }

    @Test
    fun `a kept model that no longer opens can be removed`() {
        val copy = File(RuntimeEnvironment.getApplication().filesDir, "models/question_answering/mine.tflite")
        copy.parentFile?.mkdirs()
        copy.writeText("torn")
        val activity = opened().get()
        activity.view(R.id.problem_dismiss).performClick()
        assertTrue(activity.view(R.id.broken).isShown)
        picture(activity, "broken")
        activity.view(R.id.broken_remove).performClick()
        assertFalse(activity.view(R.id.broken_remove).isEnabled)
        until { !activity.screen.state.isOpening }
        assertFalse(activity.view(R.id.broken).isShown)
        assertFalse(copy.exists())
    }

    @Test
    fun `another app that fails is told of`() {
        val provider = Robolectric.buildContentProvider(BrokenProvider::class.java).create("broken").get()
        val activity = opened().get()
        val documents = shadowOf(activity.contentResolver)
        val uri = Uri.parse("content://broken/a.tflite")
        documents.registerInputStreamSupplier(uri) { throw IllegalStateException("it ended") }
        choose(activity, uri)
        assertEquals(
            "The model file cannot be read: the other app failed: it ended. Choose it again.",
            activity.screen.state.problem,
        )
        assertEquals("albert-files", provider.askedOn?.name)
        documents.registerInputStream(uri, TestModels.golden("answerer").inputStream())
        choose(activity, uri)
        assertEquals("a.tflite", activity.screen.state.models.getValue(Tab.ANSWER).name)
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

    private fun choose(activity: MainActivity, name: String) {
        val file = File("../inference/golden", if ("." in name) name else "$name.tflite")
        val uri = Uri.parse("content://files/${file.name}")
        shadowOf(activity.contentResolver).registerInputStream(uri, file.inputStream())
        choose(activity, uri)
    }

    /** Plays the file chooser. */
    private fun choose(activity: MainActivity, uri: Uri) {
        activity.view(R.id.open_model).performClick()
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, asked.intent.action)
        shadowOf(activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(uri))
        until { !activity.screen.state.isOpening }
    }

    /** Asks the example's question, which has an answer. */
    private fun answered(activity: MainActivity): Answer {
        activity.view(R.id.answer_example).performClick()
        activity.view(R.id.ask).performClick()
        until { activity.screen.state.reply is Work.Done }
        return checkNotNull((activity.screen.state.reply as Work.Done).value.answer)
    }

    private fun marks(field: EditText): List<BackgroundColorSpan> =
        field.text.getSpans(0, field.length(), BackgroundColorSpan::class.java).asList()

    private fun places(field: EditText): List<Pair<Int, Int>> =
        marks(field).map { field.text.getSpanStart(it) to field.text.getSpanEnd(it) }.sortedBy { it.first }

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

    private fun title(activity: Activity, panel: Int = R.id.panel_classify) =
        activity.view(panel).child<TextView>(R.id.result_title).text.toString()

    private fun bars(activity: Activity): List<Int> {
        val rows = activity.view(R.id.panel_classify).child<LinearLayout>(R.id.result_rows)
        return (0 until rows.childCount).map { rows.getChildAt(it).child<ProgressBar>(R.id.row_bar).progress }
    }

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
