package org.alberttf.demo

import android.app.Activity
import android.view.View
import android.widget.Button
import android.widget.EditText
import org.alberttf.inference.Score
import org.alberttf.tokenizer.WhiteSpace

/** Scores two texts while they are typed: how much they are alike, of a model of that. */
internal class ComparePanel(activity: Activity, private val screen: Screen) : Panel {
    private val root = activity.child<View>(R.id.panel_compare)
    private val first = root.child<EditText>(R.id.compare_first)
    private val second = root.child<EditText>(R.id.compare_second)
    private val secondLabel = root.child<View>(R.id.compare_second_label)
    private val card = ResultCard(root)
    private val resources = activity.resources
    private val examples = resources.getStringArray(R.array.compare_first_examples)
        .zip(resources.getStringArray(R.array.compare_second_examples))

    /** What the card shows; its note is on the texts of that score. */
    private var drawn: Work<Score>? = null

    init {
        first.onTyped { screen.type(screen.state.texts.copy(first = it)) }
        second.onTyped { screen.type(screen.state.texts.copy(second = it)) }
        root.child<Button>(R.id.compare_example).setOnClickListener {
            val texts = screen.state.texts
            val next = examples[(examples.indexOf(texts.first to texts.second) + 1) % examples.size]
            screen.type(texts.copy(first = next.first, second = next.second))
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.COMPARE)
        val takesPairs = state.models[Tab.COMPARE]?.takesPairs ?: true
        second.isShown(takesPairs)
        secondLabel.isShown(takesPairs)
        first.setTextIfOther(state.texts.first)
        second.setTextIfOther(state.texts.second)
        val isAlone = takesPairs && WhiteSpace.isAllOf(state.texts.second)
        if (state.score != drawn) draw(state.score, isAlone)
    }

    private fun draw(work: Work<Score>, isAlone: Boolean) {
        drawn = work
        when (work) {
            is Work.None -> card.showMessage(resources.getString(R.string.compare_empty))
            is Work.Running -> Unit
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work, isAlone)
        }
    }

    private fun show(done: Work.Done<Score>, isAlone: Boolean) = card.show(
        resources.getString(R.string.score, done.value.score),
        emptyList(),
        remark(
            resources.getString(R.string.compare_alone).takeIf { isAlone },
            resources.getString(R.string.text_cut).takeIf { done.value.isTruncated },
        ),
        Figures.of(resources, done),
    )
}
