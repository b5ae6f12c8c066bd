package org.alberttf.demo

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.os.Debug
import android.os.Handler
import android.os.Looper
import android.provider.OpenableColumns
import android.view.View
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import java.io.File
import java.io.IOException
import java.io.InputStream

/** The one screen: draws what [Screen] says, and tells it what was done. */
internal class MainActivity : Activity() {
    lateinit var screen: Screen
        private set
    private lateinit var panels: List<Panel>
    private lateinit var tabs: TabBar
    private lateinit var selections: Selections
    private lateinit var saved: SavedTexts

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.activity_main)
        // A file for each window of the app: two may be open.
        saved = SavedTexts(File(noBackupFilesDir, "texts$taskId"))
        val kept = lastNonConfigurationInstance as Screen?
        screen = kept ?: makeScreen()
        panels = listOf(
            ClassifyPanel(this, screen), ComparePanel(this, screen), AnswerPanel(this, screen),
            TagPanel(this, screen), ChoosePanel(this, screen),
        )
        tabs = TabBar(child(R.id.tabs), screen::select)
        selections = Selections(FIELDS.map { child<EditText>(it) })
        child<Button>(R.id.open_model).setOnClickListener { chooseModel() }
        child<Button>(R.id.problem_dismiss).setOnClickListener { screen.dismissProblem() }
        child<Button>(R.id.model_remove).setOnClickListener { screen.state.tab?.let(screen::removeChosen) }
        child<Button>(R.id.broken_remove).setOnClickListener {
            screen.state.broken.keys.firstOrNull()?.let(screen::removeChosen)
        }
        screen.observer = ::draw
        if (kept == null) {
            val tab = savedInstanceState?.getString(TAB)?.let(Tab::of)
            screen.start(if (savedInstanceState == null) Texts() else saved.read(), tab)
        }
        draw(screen.state)
    }

    /** A turned phone keeps its models open and its work going. */
    @Deprecated("Android's own; androidx.lifecycle.ViewModel is the same.")
    override fun onRetainNonConfigurationInstance(): Any = screen

    override fun onRestoreInstanceState(savedInstanceState: Bundle) {
        super.onRestoreInstanceState(savedInstanceState)
        selections.restore(savedInstanceState)
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(TAB, screen.state.tab?.task)
        selections.save(outState)
        saved.write(screen.state.texts)
    }

    override fun onDestroy() {
        super.onDestroy()
        if (isFinishing) saved.delete()
        if (isChangingConfigurations) screen.observer = {} else screen.close()
    }

    @Deprecated("Android's own; androidx.activity has another.")
    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        val uri = data?.data
        if (requestCode == OPEN && resultCode == RESULT_OK && uri != null) {
            screen.choose({ nameOf(uri) }) { stream(uri) }
        }
    }

    private fun makeScreen(): Screen {
        val application = application as DemoApplication
        val main = Handler(Looper.getMainLooper())
        return Screen(
            application.shelf,
            application.runtime,
            { main.post(it) },
            { (Debug.getPss() * 1024).takeIf { it > 0 } },
        )
    }

    private fun chooseModel() {
        // No MIME type is registered for .tflite.
        val intent = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("*/*")
        try {
            startActivityForResult(intent, OPEN)
        } catch (error: ActivityNotFoundException) {
            screen.fail(getString(R.string.no_file_chooser))
        }
    }

    private fun nameOf(uri: Uri): String = displayName(uri) ?: uri.lastPathSegment.orEmpty()

    /** Returns a document's name; null where the other app fails at it. */
    private fun displayName(uri: Uri): String? = try {
        application.contentResolver.query(uri, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use {
            if (it.moveToFirst()) it.getString(0) else null
        }
    } catch (error: RuntimeException) {
        null
    }

    /** Opens a document; the other app may throw whatever it likes. */
    private fun stream(uri: Uri): InputStream = try {
        application.contentResolver.openInputStream(uri) ?: throw IOException("$uri is empty")
    } catch (error: SecurityException) {
        throw IOException("the other app does not allow it", error)
    } catch (error: RuntimeException) {
        throw IOException("the other app failed: ${error.message}", error)
    }

    private fun draw(state: ScreenState) {
        tabs.draw(state)
        panels.forEach { it.draw(state) }
        val problem = child<View>(R.id.problem)
        problem.isShown(state.problem != null)
        child<TextView>(R.id.problem_text).setTextIfNew(state.problem.orEmpty())
        child<View>(R.id.opening).isShown(state.isOpening)
        child<View>(R.id.no_model).isShown(state.tab == null && !state.isOpening)
        drawModel(state.tab?.let { state.models[it] })
        drawBroken(state.broken.values.firstOrNull())
        // A second tap would be about the model that comes next.
        listOf(R.id.model_remove, R.id.broken_remove).forEach { child<View>(it).isEnabled = !state.isOpening }
    }

    private fun drawModel(model: ModelInfo?) {
        child<View>(R.id.model).isShown(model != null)
        if (model == null) return
        child<TextView>(R.id.model_name).setTextIfNew(model.name)
        child<TextView>(R.id.model_figures).setTextIfNew(Figures.of(resources, model))
        child<View>(R.id.model_remove).isShown(!model.isShipped)
    }

    private fun drawBroken(name: String?) {
        child<View>(R.id.broken).isShown(name != null)
        child<TextView>(R.id.broken_text).setTextIfNew(getString(R.string.broken_model, name.orEmpty()))
    }

    private companion object {
        const val TAB = "tab"
        const val OPEN = 1
        val FIELDS = listOf(
            R.id.classify_text, R.id.classify_pair, R.id.compare_first, R.id.compare_second, R.id.question,
            R.id.passage, R.id.tag_text, R.id.choose_context, R.id.choose_question, R.id.choose_choices,
        )
    }
}
