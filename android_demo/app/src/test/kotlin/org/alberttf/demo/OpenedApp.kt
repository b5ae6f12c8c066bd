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
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.TextView
import java.io.File
import org.alberttf.inference.JvmRuntime
import org.alberttf.inference.ModelRuntime
import org.alberttf.tokenizer.Answer
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The app with the runtime of the machine that runs the tests. */
internal class TestApplication : DemoApplication() {
    override val runtime: ModelRuntime get() = JvmRuntime
}

/** What tests of the app need to open it and to see it as a person does. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], application = TestApplication::class, qualifiers = "w360dp-h720dp-xhdpi")
internal abstract class OpenedApp {
    protected val controllers = ArrayList<ActivityController<MainActivity>>()

    @After
    fun close() = controllers.forEach { it.close() }

    protected fun opened(): ActivityController<MainActivity> {
        val controller = Robolectric.buildActivity(MainActivity::class.java).also(controllers::add)
        controller.setup()
        until { !controller.get().screen.state.isOpening }
        return controller
    }

    protected fun choose(activity: MainActivity, name: String) {
        val file = File("../inference/golden", if ("." in name) name else "$name.tflite")
        val uri = Uri.parse("content://files/${file.name}")
        shadowOf(activity.contentResolver).registerInputStream(uri, file.inputStream())
        choose(activity, uri)
    }

    /** Plays the file chooser. */
    protected fun choose(activity: MainActivity, uri: Uri) {
        activity.view(R.id.open_model).performClick()
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, asked.intent.action)
        shadowOf(activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(uri))
        until { !activity.screen.state.isOpening }
    }

    /** Asks the example's question, which has an answer. */
    protected fun answered(activity: MainActivity): Answer {
        activity.view(R.id.answer_example).performClick()
        activity.view(R.id.ask).performClick()
        until { activity.screen.state.reply is Work.Done }
        return checkNotNull((activity.screen.state.reply as Work.Done).value.answer)
    }

    protected fun marks(field: EditText): List<BackgroundColorSpan> =
        field.text.getSpans(0, field.length(), BackgroundColorSpan::class.java).asList()

    protected fun places(field: EditText): List<Pair<Int, Int>> =
        marks(field).map { field.text.getSpanStart(it) to field.text.getSpanEnd(it) }.sortedBy { it.first }

    /** Lets the main thread work until [isSo], 30 seconds at most. */
    protected fun until(isSo: () -> Boolean) {
        val end = System.nanoTime() + 30_000_000_000
        shadowOf(Looper.getMainLooper()).idle()
        while (!isSo()) {
            check(System.nanoTime() < end) { "it did not come to that in 30 seconds" }
            Thread.sleep(10)
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    protected fun picture(activity: Activity, name: String): Bitmap {
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

    protected fun title(activity: Activity, panel: Int = R.id.panel_classify) =
        activity.view(panel).child<TextView>(R.id.result_title).text.toString()

    protected fun bars(activity: Activity): List<Int> {
        val rows = activity.view(R.id.panel_classify).child<LinearLayout>(R.id.result_rows)
        return (0 until rows.childCount).map { rows.getChildAt(it).child<ProgressBar>(R.id.row_bar).progress }
    }

    protected fun Activity.view(id: Int): View = child(id)

    protected fun Activity.edit(id: Int): EditText = child(id)

    protected fun Activity.views(): List<View> {
        val found = ArrayList<View>()
        fun walk(view: View) {
            found.add(view)
            if (view is ViewGroup) for (index in 0 until view.childCount) view.getChildAt(index)?.let(::walk)
        }
        walk(view(android.R.id.content))
        return found
    }
}
