package org.alberttf.demo

import android.net.Uri
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** Models of the person's own: chosen, refused, removed. */
internal class ModelFilesTest : OpenedApp() {
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
}
