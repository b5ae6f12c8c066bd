package org.alberttf.demo

import android.content.Context
import android.content.res.TypedArray
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import org.junit.Assert.assertEquals
import org.junit.Test
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** What themes and styles say. */
internal class LookTest : OpenedApp() {
    @Test
    fun `bars are light, with dark buttons`() = barsAre(isLight = true)

    @Test
    @Config(qualifiers = "+night")
    fun `bars are dark in the dark, with light buttons`() = barsAre(isLight = false)

    @Test
    fun `a keyboard leaves in sight what is typed into a turned phone`() {
        RuntimeEnvironment.setQualifiers("+land")
        val fields = opened().get().views().filterIsInstance<EditText>()
        val flags = EditorInfo.IME_FLAG_NO_FULLSCREEN or EditorInfo.IME_FLAG_NO_EXTRACT_UI
        assertEquals(fields.map { flags }, fields.map { it.imeOptions and flags })
        val actions = fields.associate { it.id to (it.imeOptions and EditorInfo.IME_MASK_ACTION) }
        assertEquals(EditorInfo.IME_ACTION_SEARCH, actions[R.id.question])
    }

    // Android 15 draws the background behind its bars; the older ones have colors.
    @Suppress("DEPRECATION")
    private fun barsAre(isLight: Boolean) {
        val activity = opened().get()
        for (attribute in listOf(android.R.attr.windowLightStatusBar, android.R.attr.windowLightNavigationBar)) {
            assertEquals(isLight, activity.themed(attribute) { it.getBoolean(0, !isLight) })
        }
        for (attribute in listOf(android.R.attr.statusBarColor, android.R.attr.navigationBarColor)) {
            assertEquals(activity.getColor(R.color.background), activity.themed(attribute) { it.getColor(0, 0) })
        }
    }

    private fun <T> Context.themed(attribute: Int, read: (TypedArray) -> T): T =
        obtainStyledAttributes(intArrayOf(attribute)).run { read(this).also { recycle() } }
}
