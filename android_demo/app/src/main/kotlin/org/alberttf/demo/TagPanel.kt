package org.alberttf.demo

import android.app.Activity
import android.text.Spanned
import android.text.style.BackgroundColorSpan
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
    private val resources = activity.resources
    private val markColor = activity.getColor(R.color.mark)

    init {
        text.onTyped { screen.type(screen.state.texts.copy(tag = it)) }
        root.child<Button>(R.id.tag_example).setOnClickListener {
            screen.type(screen.state.texts.copy(tag = resources.getString(R.string.example_tag)))
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.TAG)
        text.setTextIfOther(state.texts.tag)
        clearMarks()
        when (val work = state.tagging) {
            is Work.None -> card.showMessage(resources.getString(R.string.tag_empty))
            is Work.Running -> Unit
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work)
        }
    }

    private fun show(done: Work.Done<Tagging>) {
        val found = found(done.value)
        for (tag in found) {
            // While a new text is at work, the result is of the last one.
            if (text.text.startsWith(tag.text, tag.start)) {
                text.text.setSpan(BackgroundColorSpan(markColor), tag.start, tag.end, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
            }
        }
        card.show(
            resources.getQuantityString(R.plurals.entities, found.size, found.size),
            found.take(NUM_ROWS).map {
                ResultCard.Row(resources.getString(R.string.tagged, it.text, it.label), it.probability)
            },
            resources.getString(R.string.text_cut).takeIf { done.value.isTruncated },
            Figures.of(resources, done),
        )
    }

    /** Entities; words that have a label where the labels make no entities. */
    private fun found(tagging: Tagging): List<Tag> =
        tagging.entities.ifEmpty { tagging.words.filter { it.label != OUTSIDE } }

    private fun clearMarks() = text.text.run {
        getSpans(0, length, BackgroundColorSpan::class.java).forEach(::removeSpan)
    }

    private companion object {
        const val NUM_ROWS = 20
        const val OUTSIDE = "O"
    }
}
