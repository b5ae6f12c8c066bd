package org.alberttf.demo

import android.app.Activity
import android.view.View
import android.widget.Button
import android.widget.EditText
import org.alberttf.inference.Tag
import org.alberttf.inference.Tagging

/** Marks the entities in what is typed while it is typed. */
internal class TagPanel(activity: Activity, private val screen: Screen) : Panel {
    private val root = activity.child<View>(R.id.panel_tag)
    private val text = root.child<EditText>(R.id.tag_text)
    private val card = ResultCard(root)
    private val marks = Marks(text)
    private val resources = activity.resources

    /** What card and marks show: other tabs change the state, too. */
    private var drawn: Work<Tagging>? = null

    init {
        text.onTyped { screen.type(screen.state.texts.copy(tag = it)) }
        root.child<Button>(R.id.tag_example).setOnClickListener {
            screen.type(screen.state.texts.copy(tag = resources.getString(R.string.example_tag)))
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.TAG)
        text.setTextIfOther(state.texts.tag)
        if (state.tagging != drawn) draw(state.tagging)
    }

    private fun draw(work: Work<Tagging>) {
        drawn = work
        marks.clear()
        when (work) {
            is Work.None -> card.showMessage(resources.getString(R.string.tag_empty))
            is Work.Running -> card.showProgress(work)
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work)
        }
    }

    private fun show(done: Work.Done<Tagging>) {
        val found = found(done.value)
        found.take(MAX_MARKS).forEach { marks.add(it.text, it.start) }
        card.show(
            resources.getQuantityString(R.plurals.entities, found.size, found.size),
            found.take(NUM_ROWS).map {
                ResultCard.Row(resources.getString(R.string.tagged, it.text, it.label), it.probability)
            },
            remark(
                resources.getString(R.string.marks_cut, MAX_MARKS).takeIf { found.size > MAX_MARKS },
                resources.getString(R.string.text_cut).takeIf { done.value.isTruncated },
            ),
            Figures.of(resources, done),
        )
    }

    /** Entities; words that have a label where the labels make no entities. */
    private fun found(tagging: Tagging): List<Tag> =
        tagging.entities.ifEmpty { tagging.words.filter { it.label != OUTSIDE } }

    private companion object {
        const val NUM_ROWS = 20

        /** Android's texts take time by the square of their marks: 40,000 of them, 40 seconds. */
        const val MAX_MARKS = 1000
        const val OUTSIDE = "O"
    }
}
